"""Problems over the API: found, opened, changed with care, joined and left, published; what a report tells of them."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.life.problems import actions
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report
from tests.doors.api.knocking import program_of

pytestmark = pytest.mark.django_db
WORDS = {"public_titles": {"en": "Claims page"}, "public_texts": {"en": "It shows an error."}}


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


@pytest.fixture
def fault(dora, report):
    """Opened from the report, which is its first member."""
    return dora.post("/problems", {"title": "The claims page answers 500", "of": report})["number"]


def fresh(number):
    return Problem.objects.get(pk=int(number[4:]))


def test_it_is_opened_from_a_report_and_found_again(dora, report, fault):
    read = dora.get(f"/problems/{fault}")
    assert (read["title"], read["state"], read["reports_count"]) == ("The claims page answers 500", "open", 1)
    assert dora.last["ETag"]
    assert [row["number"] for row in dora.get("/problems?q=state:open")["items"]] == [fault]
    assert [row["report"] for row in dora.get(f"/problems/{fault}/members")["items"]] == [report]
    assert dora.get(f"/reports/{report}")["problem"] == fault
    assert [row["problem"] for row in dora.get("/reports")["items"]] == [fault]
    assert [row["number"] for row in dora.get(f"/reports?q=problem:{fault}")["items"]] == [report]


def test_a_query_nobody_understands_is_refused(dora, fault):
    told = dora.get("/problems?q=state:nowhere", status=422)
    assert told["type"].endswith("/api/v1/errors#query-not-understood")


def test_the_list_is_walked_to_its_end(dora, desk):
    for n in range(5):
        actions.open_problem(f"Fault {n}", by=desk.dora.actor, at=datetime(2026, 11, 16, 9, n, tzinfo=UTC))
    seen, cursor = [], ""
    while True:
        page = dora.get(f"/problems?limit=2&cursor={cursor}")
        seen += [row["title"] for row in page["items"]]
        if not (cursor := page["next"]):
            break
    assert seen == [f"Fault {n}" for n in (4, 3, 2, 1, 0)]


def test_changing_holds_against_what_was_read(dora, desk, fault):
    dora.get(f"/problems/{fault}")
    tag = dora.last["ETag"]
    changed = dora.patch(f"/problems/{fault}", {"cause": "A full disk.", "signatures": ["E500"]}, if_match=tag)
    assert (changed["state"], changed["cause"], changed["is_known_error"]) == ("cause_known", "A full disk.", True)
    dora.patch(f"/problems/{fault}", {"cause": "Something else."}, if_match=tag, status=412)
    assert fresh(fault).cause == "A full disk."
    moved = dora.patch(f"/problems/{fault}", {"state": "released", "fixed_in": "4.19", "owner": "me"})
    assert (moved["state"], moved["fixed_in"], moved["owner"]["name"]) == ("released", "4.19", "Dora Dahl")
    told = dora.patch(f"/problems/{fault}", {"state": "open"}, status=409)
    assert told["code"] == "not_a_move"


def test_all_of_a_change_or_nothing(dora, fault):
    dora.patch(f"/problems/{fault}", {"symptom": "White page.", "state": "watching"}, status=409)
    assert fresh(fault).symptom == ""


def test_publishing_and_merging_are_for_leads(dora, emil, fault):
    dora.patch(f"/problems/{fault}", WORDS)
    dora.post(f"/problems/{fault}/publish", {}, status=403)
    due = (datetime.now(UTC) + timedelta(hours=3)).replace(microsecond=0)
    told = emil.post(f"/problems/{fault}/publish", {"next_news_at": due.isoformat()}, status=200)
    assert (told["is_public"], told["public"]["titles"]) == (True, {"en": "Claims page"})
    assert datetime.fromisoformat(told["next_news_at"]) == due
    owed = [row for row in dora.get("/promises")["items"] if row["problem"] == fault]
    assert [row["kind"] for row in owed] == ["public_news"]
    sooner, later = due - timedelta(hours=1), due + timedelta(hours=1)
    body = {"due_at": sooner.isoformat(), "reason": "The fix is near."}
    assert datetime.fromisoformat(emil.patch(f"/promises/{owed[0]['id']}", body)["due_at"]) == sooner
    assert fresh(fault).next_news_at == sooner
    # A later one is named by news: the public was told this one.
    refused = emil.patch(f"/promises/{owed[0]['id']}", body | {"due_at": later.isoformat()}, status=409)
    assert (refused["code"], fresh(fault).next_news_at) == ("must_be_told", sooner)
    dora.patch(f"/problems/{fault}", {"public_titles": {"en": "Mine"}}, status=403)
    dora.patch(f"/problems/{fault}", {"is_protected": True, "reason": "x"}, status=403)
    other = dora.post("/problems", {"title": "The same"})["number"]
    dora.post(f"/problems/{fault}/merge", {"into": other}, status=403)
    assert emil.post(f"/problems/{fault}/merge", {"into": other}, status=200)["merged_into"] == other
    assert emil.post(f"/problems/{fault}/unmerge", status=200)["merged_into"] is None
    assert not emil.post(f"/problems/{fault}/unpublish", {"reason": "Fixed."}, status=200)["is_public"]


def test_joining_leaving_and_splitting(dora, report, fault):
    second = dora.post("/reports", {"what": "It fails too.", "reporter": {"email": "cem@example.org"}})["number"]
    sent = {"report": second, "reason": "Same message."}
    first = dora.post(f"/problems/{fault}/members", sent, idempotency_key="join-1")
    assert dora.post(f"/problems/{fault}/members", sent, idempotency_key="join-1") == first
    assert fresh(fault).reports_count == 2
    made = dora.post(f"/problems/{fault}/split", {"reports": [second], "title": "Only on phones"})
    assert (made["reports_count"], fresh(fault).reports_count) == (1, 1)
    dora.delete(f"/problems/{fault}/members/{second}", status=404)
    dora.delete(f"/problems/{fault}/members/{report}")
    assert dora.get(f"/reports/{report}")["problem"] is None


def test_notes_are_kept_once_and_the_ledger_tells_all(dora, fault):
    for _twice in range(2):
        dora.post(f"/problems/{fault}/notes", {"body": "Seen in March.", "key": "n1"})
    assert [row["body"] for row in dora.get(f"/problems/{fault}/notes")["items"]] == ["Seen in March."]
    told = [row["kind"] for row in dora.get(f"/problems/{fault}/ledger")["items"]]
    assert told == ["problem.opened", "problem.joined", "problem.noted"]


def test_what_is_not_theirs_to_see_is_not_there(dora, desk, report, fault):
    actions.protect(fresh(fault), True, by=desk.emil.actor, at=datetime.now(UTC), reason="Names a member.")
    Problem.objects.filter(pk=fresh(fault).pk).update(team=desk.platform)
    for path in ("", "/members", "/notes", "/ledger"):
        dora.get(f"/problems/{fault}{path}", status=404)
    assert dora.get("/problems")["items"] == []
    assert dora.get(f"/reports/{report}")["problem"] is None
    other = dora.post("/problems", {"title": "Mine"})["number"]
    dora.post(f"/problems/{other}/members", {"report": report}, status=409)
    eve = program_of(desk.eve)
    assert eve.get(f"/problems/{fault}")["number"] == fault
    assert eve.get(f"/problems/{fault}/members")["items"] == []
    Report.objects.filter(pk=int(report[3:])).update(technical_team=desk.platform)
    assert [row["report"] for row in eve.get(f"/problems/{fault}/members")["items"]] == [report]


@pytest.mark.django_db(transaction=True)  # the feed shows what is committed
def test_the_feed_tells_of_problems_one_may_see(dora, desk, report, fault):
    kinds = [row["kind"] for row in dora.get("/ledger?kinds=problem.*")["items"]]
    assert kinds == ["problem.opened", "problem.joined"]
    actions.protect(fresh(fault), True, by=desk.emil.actor, at=datetime.now(UTC), reason="Names a member.")
    Problem.objects.filter(pk=fresh(fault).pk).update(team=desk.platform)
    assert dora.get("/ledger?kinds=problem.*")["items"] == []
    assert len(program_of(desk.emil).get("/ledger?kinds=problem.*")["items"]) == 3
