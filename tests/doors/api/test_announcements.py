"""A word to everybody over the API: written, looked at, sent with its number, followed."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.learning.models import Recurrence
from makegood.life.reports.models import OutgoingMail, Report
from tests.doors.api.knocking import program_of
from tests.life.announcements.crowd import FIXED, NEWS, crowd, go_out, open_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def problem(desk, now):
    problem = open_problem(desk, now)
    crowd(problem, 3, now, by=desk.emil.actor)
    problem.refresh_from_db()
    return problem


@pytest.fixture
def emil(desk):
    return program_of(desk.emil)


def draft(program, problem, now, **more):
    told = {"kind": "news", "texts": NEWS, "next_news_at": (now + timedelta(hours=8)).isoformat(), **more}
    return program.post(f"/problems/{problem.number}/announcements", told)


def test_from_the_words_to_the_last_reader(emil, problem, now):
    path = f"/announcements/{draft(emil, problem, now)['key']}"
    look = emil.get(f"{path}/preview")
    assert (look["reach"]["reports"], look["reach"]["mails"], look["reach"]["hidden"]) == (3, 3, 0)
    assert "Hello Person2" in look["samples"][0]["text"]
    people = emil.get(f"{path}/recipients")["items"]
    assert [one["contact"]["name"] for one in people] == ["Person2", "Person1", "Person0"]
    assert {(one["state"], one["way"]) for one in people} == {("waiting", "mail")}
    emil.post(f"{path}/send", {"expected": 300}, status=409)
    assert emil.told()["code"] == "people_changed"
    tag = (emil.get(path), emil.last["ETag"])[1]
    sent = emil.post(f"{path}/send", {"expected": 3}, status=200, if_match=tag, idempotency_key="once")
    assert sent["state"] == "queued"
    emil.post(f"{path}/begin", status=200)
    go_out(Announcement.objects.get(), now + timedelta(minutes=1))
    told = emil.get(path)
    assert (told["state"], told["progress"]["said"], told["deliveries"]["sent"]) == ("done", 3, 3)
    rows = emil.get(f"{path}/recipients?state=said&limit=2")
    assert (len(rows["items"]), rows["items"][0]["mail"]) == (2, "sent")
    assert len(emil.get(f"{path}/recipients?state=said&limit=2&cursor={rows['next']}")["items"]) == 1
    assert OutgoingMail.objects.filter(purpose="announcement").count() == 3


def test_sent_again_under_its_key_it_is_sent_once(emil, problem, now):
    path = f"/announcements/{draft(emil, problem, now)['key']}"
    for _time in range(2):
        emil.post(f"{path}/send", {"expected": 3}, status=200, idempotency_key="once")
    assert Recipient.objects.count() == 3


def test_other_words_than_those_that_were_read_do_not_leave(emil, problem, now):
    path = f"/announcements/{draft(emil, problem, now)['key']}"
    tag = (emil.get(path), emil.last["ETag"])[1]
    draft(emil, problem, now, texts={"en": "Other words, {{ first_name }}. {{ promised_time }}"})
    emil.post(f"{path}/send", {"expected": 3}, status=412, if_match=tag)
    assert Announcement.objects.get().is_draft


def test_a_text_with_a_gap_is_named_and_stays_a_draft(emil, problem, now):
    path = f"/announcements/{draft(emil, problem, now, texts={'en': 'New: {{ news }}'})['key']}"
    emil.post(f"{path}/send", {"expected": 3}, status=422)
    assert "news" in emil.told()["detail"]
    assert emil.get(path)["state"] == "draft"


def test_it_stops_goes_on_and_is_thrown_away(emil, problem, now):
    path = f"/announcements/{draft(emil, problem, now)['key']}"
    emil.post(f"{path}/send", {"expected": 3}, status=200)
    assert emil.post(f"{path}/stop", status=200)["state"] == "cancelled"
    assert emil.post(f"{path}/go-on", {}, status=200)["state"] == "queued"
    emil.delete(path, status=409)
    other = f"/announcements/{draft(emil, problem, now)['key']}"
    emil.delete(other)
    emil.get(other, status=404)


def test_a_trial_goes_to_the_owner_of_the_token_and_to_nobody_else(emil, problem, now, desk):
    path = f"/announcements/{draft(emil, problem, now)['key']}"
    assert emil.post(f"{path}/test", {"language": "en"}, status=200)["to"] == desk.emil.email
    assert OutgoingMail.objects.get(purpose="announcement_test").to_email == desk.emil.email


def test_a_fix_without_evidence_takes_a_lead_and_a_reason(emil, problem, now, desk):
    emil.patch(f"/problems/{problem.number}", {"cause": "A full disk.", "fix": "A larger one.", "owner": desk.eve.key})
    eve = program_of(desk.eve)
    mine = draft(eve, problem, now, kind="fixed", texts=FIXED, next_news_at=None)
    assert eve.get(f"/announcements/{mine['key']}/preview")["is_tested"] is False
    eve.post(f"/announcements/{mine['key']}/send", {"expected": 3, "reason": "I am sure."}, status=409)
    path = f"/announcements/{draft(emil, problem, now, kind='fixed', texts=FIXED, next_news_at=None)['key']}"
    emil.post(f"{path}/send", {"expected": 3}, status=409)
    told = emil.post(f"{path}/send", {"expected": 3, "reason": "Tried by hand."}, status=200)
    assert (told["override_by"], told["override_reason"]) == (desk.emil.name, "Tried by hand.")


def test_whoever_may_not_tell_reads_of_it_and_drafts_are_ones_own(emil, dora, problem, now, desk):
    key = draft(emil, problem, now)["key"]
    dora.get(f"/announcements/{key}", status=404)
    assert dora.get(f"/problems/{problem.number}/announcements")["items"] == []
    emil.post(f"/announcements/{key}/send", {"expected": 3}, status=200)
    assert dora.get(f"/announcements/{key}")["state"] == "queued"
    dora.post(f"/announcements/{key}/stop", status=403)


def test_nobody_learns_of_reports_they_may_not_see(emil, problem, now, desk):
    hidden = Report.objects.order_by("-pk").first()
    Report.objects.filter(pk=hidden.pk).update(is_protected=True, team=None)
    emil.patch(f"/problems/{problem.number}", {"owner": desk.eve.key})
    eve = program_of(desk.eve)
    key = draft(eve, problem, now)["key"]
    look = eve.get(f"/announcements/{key}/preview")
    assert look["reach"]["reports"] == 3
    assert look["reach"]["hidden"] >= 1
    assert hidden.number not in {one["report"] for one in eve.get(f"/announcements/{key}/recipients")["items"]}


def test_what_may_have_come_back_is_listed_and_a_person_decides(emil, problem, now, desk):
    report = Report.objects.order_by("pk").first()
    row = Recurrence.objects.create(
        problem=problem, report=report, sign="likeness", reasons=["much alike"], state=Recurrence.SUSPECTED, at=now
    )
    path = f"/problems/{problem.number}/recurrences"
    assert [(one["report"], one["state"]) for one in emil.get(path)["items"]] == [(report.number, "suspected")]
    assert emil.post(f"{path}/{row.pk}", {"came_back": False}, status=200)["state"] == "dismissed"
    emil.post(f"{path}/{row.pk}", {"came_back": True}, status=409)
