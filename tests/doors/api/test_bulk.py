"""Many reports at once: each row once, bad ones named, history left in peace."""

import pytest

from makegood.life.promises.models import Promise
from makegood.life.reports.models import OutgoingMail, Report
from tests.doors.api.knocking import program_of
from tests.life.case import work

pytestmark = pytest.mark.django_db


def row(reference, **more):
    return {
        "reference": reference,
        "title": f"Old trouble {reference}",
        "reporter": {"name": "Ana", "email": "ana@example.org"},
        "received_at": "2026-01-05T09:00:00Z",
        **more,
    }


CLOSED = {
    "state": "closed",
    "closed_at": "2026-01-07T09:00:00+01:00",
    "messages": [
        {"by": "contact", "body": "It broke.", "at": "2026-01-05T09:00:00Z"},
        {"by": "agent", "name": "Old Hand", "body": "Repaired.", "at": "2026-01-06T09:00:00Z"},
    ],
}


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


def test_history_is_written_once_without_mail_or_promise(emil, monday):
    body = {"source": "crm", "historic": True, "rows": [row("1", **CLOSED), row("2", **CLOSED)]}
    told = emil.post("/reports/bulk", body, status=200)
    assert (told["filed"], told["known"], told["refused"]) == (2, 0, 0)
    work(monday)
    again = emil.post("/reports/bulk", body, status=200)
    assert (again["filed"], again["known"]) == (0, 2)
    assert [r["number"] for r in again["rows"]] == [r["number"] for r in told["rows"]]
    assert Report.objects.count() == 2
    assert not OutgoingMail.objects.exists()
    assert not Promise.objects.exists()
    said = emil.get(f"/reports/{told['rows'][0]['number']}/messages")["items"]
    assert [message["body"] for message in said] == ["It broke.", "Repaired."]


def test_an_open_historic_report_owes_news_from_now_on(emil):
    told = emil.post("/reports/bulk", {"source": "crm", "historic": True, "rows": [row("1")]}, status=200)
    assert emil.get(f"/reports/{told['rows'][0]['number']}")["owed"]


def test_new_reports_are_acknowledged_like_any_other(emil, monday):
    told = emil.post("/reports/bulk", {"source": "shop", "historic": False, "rows": [row("1")]}, status=200)
    kinds = [p["kind"] for p in emil.get(f"/reports/{told['rows'][0]['number']}/promises")["items"]]
    assert "hear_back" in kinds


def test_a_bad_row_says_why_and_the_others_go_on(emil):
    rows = [row("1"), row("2", title=""), row("3", reporter={}), row("4")]
    told = emil.post("/reports/bulk", {"source": "crm", "historic": True, "rows": rows}, status=200)
    assert [one["outcome"] for one in told["rows"]] == ["filed", "refused", "refused", "filed"]
    assert all(one["problem"] for one in told["rows"] if one["outcome"] == "refused")


def test_five_hundred_at_most(emil):
    rows = [row(str(n)) for n in range(501)]
    emil.ask("POST", "/reports/bulk", {"source": "crm", "historic": True, "rows": rows}, status=422)
    assert emil.told()["errors"][0]["pointer"] == "#/rows"


def test_agents_do_not_import(desk):
    program_of(desk.dora).ask("POST", "/reports/bulk", {}, status=403)
