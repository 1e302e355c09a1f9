"""Priorities, following and handing over by a program: as in the console, with the same words in the history."""

import pytest
from django.utils import timezone

from makegood.life.colleagues.models import Watch
from makegood.life.reports.models import LedgerEntry
from tests.doors.api.knocking import program_of
from tests.life.case import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(dora):
    return dora.post("/problems", {"title": "The claims page answers 500"})["number"]


@pytest.mark.parametrize("what", ["reports", "problems"])
def test_a_priority_is_overruled_with_a_reason_and_computed_again(dora, report, fault, what):
    work(timezone.now())
    path = f"/{what}/{report if what == 'reports' else fault}/priority"
    before = dora.get(path)
    tag = dora.last["ETag"]
    assert before["decided_by"] == ""
    assert before["reasons"][0]["what"] == "severity"
    dora.patch(path, {"priority": 1}, status=422)
    dora.patch(path, {"priority": 5, "reason": "x"}, status=422)
    told = dora.patch(path, {"priority": 1, "reason": "The minister asked."}, if_match=tag)
    assert (told["priority"], told["computed"]) == (1, before["computed"])
    assert (told["decided_by"], told["decided_because"]) == ("Dora Dahl", "The minister asked.")
    dora.patch(path, {"priority": 2, "reason": "No."}, if_match=tag, status=412)
    assert dora.patch(path, {"priority": None, "reason": "Over."})["priority"] == before["priority"]
    assert LedgerEntry.objects.filter(kind=f"{what[:-1]}.priority_changed", actor_name="Dora Dahl").count() == 2


@pytest.mark.parametrize("what", ["reports", "problems"])
def test_following_is_for_oneself_and_ends(desk, dora, report, fault, what):
    path = f"/{what}/{report if what == 'reports' else fault}/watch"
    for _time in range(2):
        told = dora.post(path, status=200)
    assert (told["is_watched"], [one["name"] for one in told["watchers"]]) == (True, ["Dora Dahl"])
    assert program_of(desk.emil).get(path)["is_watched"] is False
    dora.delete(path)
    assert not Watch.objects.exists()


def test_a_report_is_handed_over_with_what_they_need_to_know(desk, dora, report):
    path = f"/reports/{report}/hand-over"
    dora.post(path, {"assignee": desk.emil.key, "note": " "}, status=422)
    dora.post(path, {"note": "Who?"}, status=409)
    told = dora.post(path, {"assignee": desk.emil.key, "note": "Ana waits for a call."}, status=200)
    assert told["assignee"]["name"] == "Emil Ek"
    assert dora.get(f"/reports/{report}/messages")["items"][-1]["body"] == "Ana waits for a call."
    assert LedgerEntry.objects.filter(kind="report.handed_over").count() == 1


def test_to_somebody_who_has_left_nothing_is_handed(desk, dora, report):
    dora.post(f"/reports/{report}/hand-over", {"assignee": desk.fay.key, "note": "Yours."}, status=422)
    assert dora.get(f"/reports/{report}")["assignee"] is None
