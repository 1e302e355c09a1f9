"""One change over many reports, by a program: the job of the console's list, with the same rights."""

from datetime import datetime

import pytest
from django.utils import timezone

from makegood.life.reports.models import BulkRun, Report
from tests.doors.api.knocking import program_of
from tests.life.case import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(dora):
    told = {"reporter": {"email": "ana@example.org"}}
    return [dora.post("/reports", {"what": f"The page {n} is white.", **told})["number"] for n in range(3)]


def states_of(numbers):
    return [Report.objects.get(pk=int(number[3:])).state for number in numbers]


def test_named_reports_are_changed_followed_and_taken_back(dora, many):
    begun = dora.post("/changes", {"reports": many, "change": "severity", "value": "critical"})
    assert (begun["state"], begun["total"], begun["done"]) == ("queued", 3, 0)
    assert dora.last["Location"].endswith(f"/api/v1/changes/{begun['key']}")
    work(timezone.now())
    told = dora.get(f"/changes/{begun['key']}")
    assert (told["state"], told["done"], told["failures"], told["can_undo"]) == ("done", 3, [], True)
    assert {dora.get(f"/reports/{number}")["severity"] for number in many} == {"critical"}
    dora.post(f"/changes/{begun['key']}/undo", status=200)
    work(timezone.now())
    assert dora.get(f"/changes/{begun['key']}")["state"] == "undone"
    assert {dora.get(f"/reports/{number}")["severity"] for number in many} == {"medium"}


def test_a_query_means_what_it_means_now_and_a_number_not_seen_is_refused(dora, many):
    wish = {"q": "state:open", "change": "assignee", "value": "me"}
    dora.post("/changes", {**wish, "expected": 2}, status=409)
    assert dora.told()["code"] == "other_reports"
    assert not BulkRun.objects.exists()
    assert dora.post("/changes", {**wish, "expected": 3})["total"] == 3
    work(timezone.now())
    assert dora.get(f"/reports/{many[0]}")["assignee"]["name"] == "Dora Dahl"


def test_what_cannot_be_changed_is_named_and_the_rest_goes_on(dora, many):
    dora.post(f"/reports/{many[1]}/close", {"reason": "spam"}, status=200)
    begun = dora.post("/changes", {"reports": many, "change": "state", "value": "investigating"})
    work(timezone.now())
    told = dora.get(f"/changes/{begun['key']}")
    assert [one["report"] for one in told["failures"]] == [many[1]]
    assert states_of(many) == ["investigating", "closed", "investigating"]


def test_sent_twice_under_one_key_it_is_one_and_stopped_it_stays_stopped(dora, many):
    wish = {"reports": many, "change": "label", "value": "+vip"}
    keys = {dora.post("/changes", wish, idempotency_key="vip")["key"] for _time in range(2)}
    assert [row["key"] for row in dora.get("/changes")["items"]] == list(keys)
    assert dora.post(f"/changes/{keys.pop()}/stop", status=200)["state"] == "cancelled"
    work(timezone.now())
    assert dora.get(f"/reports/{many[0]}")["labels"] == []


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ({"reports": ["MG-999999"], "change": "label", "value": "+x"}, "#/reports/0"),
        ({"change": "label", "value": "+x"}, "#/reports"),
        ({"q": "state:open", "reports": ["MG-1"], "change": "label", "value": "+x"}, "#/reports"),
        ({"q": "colour:red", "change": "label", "value": "+x"}, "#/q"),
        ({"q": "state:open", "change": "team", "value": "nobody"}, "#/value"),
        ({"q": "state:open", "change": "assignee", "value": "nobody"}, "#/value"),
        ({"q": "state:open", "change": "snooze", "value": "tomorrow"}, "#/value"),
        ({"q": "state:open", "change": "snooze", "value": datetime(2020, 1, 1).isoformat() + "Z"}, "#/value"),
        ({"q": "state:open", "change": "problem", "value": "PRB-999999"}, "#/value"),
        ({"q": "state:open", "change": "close", "value": "silence"}, "#/value"),
    ],
)
def test_what_is_wrong_is_named_before_anything_begins(dora, many, wish, place):
    dora.post("/changes", wish, status=422)
    assert dora.told()["errors"][0]["pointer"].startswith(place)
    assert not BulkRun.objects.exists()


def test_engineers_change_one_at_a_time_and_nobody_sees_the_runs_of_others(desk, dora, many):
    program_of(desk.eve).post("/changes", {"reports": many, "change": "label", "value": "+x"}, status=403)
    begun = dora.post("/changes", {"reports": many, "change": "label", "value": "+x"})
    emil = program_of(desk.emil)
    emil.get(f"/changes/{begun['key']}", status=404)
    emil.post(f"/changes/{begun['key']}/undo", status=404)
    assert emil.get("/changes")["items"] == []


def test_putting_many_into_a_problem_takes_the_scope_for_problems_too(desk, dora, many):
    fault = dora.post("/problems", {"title": "White pages"})["number"]
    wish = {"reports": many, "change": "problem", "value": fault}
    program_of(desk.dora, scopes=["reports:write"]).post("/changes", wish, status=403)
    dora.post("/changes", wish)
    work(timezone.now())
    assert len(dora.get(f"/problems/{fault}/members")["items"]) == 3
