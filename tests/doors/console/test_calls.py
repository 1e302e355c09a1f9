"""The day's calls in the console: who stands there, what the sheet says, what each button does; and many at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import calling, feedback, recovery, wishes
from makegood.life.aftercare.models import FollowUp, Recovery
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, Report
from tests.doors.console.report_cast import signed_in
from tests.life.aftercare.after import solved, works
from tests.life.case import fresh, work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def long_ago():
    """Long enough ago that every follow-up is due, whatever the day of the week."""
    return timezone.now() - 12 * DAY


@pytest.fixture
def emil(cast):
    return signed_in(cast.emil)


def reachable(cast, **more):
    Contact.objects.filter(pk=cast.ana.pk).update(phone="+49 30 1234", preferred_way="phone", **more)
    cast.ana.refresh_from_db()


def owed(report, kind=kinds.FOLLOW_UP):
    return Promise.objects.filter(report=report, kind=kind, state="open").latest("id")


def page(client, path="/console/calls/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_likes_the_telephone_is_called_and_everybody_else_written_to(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    shown = dora.get("/console/calls/").context
    assert [call.report.pk for call in shown["calls"]] == [report.pk]
    Contact.objects.update(preferred_way="email")
    shown = dora.get("/console/calls/").context
    assert ([call.report.pk for call in shown["letters"]], shown["calls"]) == ([report.pk], [])
    Report.objects.update(severity="critical")
    assert dora.get("/console/calls/").context["count"] == 1
    Report.objects.update(severity="low")
    Contact.objects.update(mail_problem="no such user")
    assert dora.get("/console/calls/").context["count"] == 1
    wishes.refuse_calls(cast.ana, True, by=cast.dora.actor, at=long_ago)
    assert dora.get("/console/calls/").context["count"] == 0


def test_whoever_has_said_that_it_works_is_not_asked_it_again(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    sheet = f"/console/calls/{owed(report).pk}/"
    assert "Does it work for you now?" in page(dora, sheet)
    aftercare.confirm(report, "yes", by=cast.ana.actor, at=long_ago)
    assert "Does it work for you now?" not in page(dora, sheet)
    assert "and then that it works again" in page(dora, sheet)


def test_what_is_due_later_does_not_stand_there(cast, dora):
    reachable(cast)
    solved(cast, timezone.now())
    assert dora.get("/console/calls/").context["count"] == 0


@pytest.mark.parametrize("hour", [3, 10, 23])
def test_whoever_is_unhappy_stands_there_at_once_and_after_a_call_in_vain_when_the_next_is_due(
    cast, emil, monkeypatch, hour
):
    reachable(cast)
    at = timezone.now().replace(hour=hour, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: at)
    report = works(cast, at - DAY)
    feedback.rate(report, 1, by=cast.ana.actor, at=at)
    work(at)
    assert [call.is_recovery for call in calling.told(calling.owed(cast.emil, until=at), cast.emil)] == [True]
    recovery.keep_call(Recovery.objects.get(), outcome="not_reached", by=cast.emil.actor, at=at)
    assert not calling.owed(cast.emil, until=at).exists()
    assert calling.owed(cast.emil, until=Recovery.objects.get().due_at + 5 * DAY).exists()


def test_what_was_due_first_stands_on_top(cast, dora, long_ago):
    reachable(cast)
    second = solved(cast, long_ago + DAY, key="ana-0002")
    first = solved(cast, long_ago)
    assert [call.report.pk for call in dora.get("/console/calls/").context["calls"]] == [first.pk, second.pk]


def test_the_sheet_says_what_one_must_know(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    sheet = page(dora, f"/console/calls/{owed(report).pk}/")
    for words in (
        "tel:+49 30 1234",
        "The claims page shows error 500.",
        "Made room.",
        "this is Dora Dahl",
        "What came of it",
    ):
        assert words in sheet
    for command in ("pick_1", "pick_5", "report_after", "back"):
        assert (f'data-command="{command}"' in sheet) == (command != "report_after")


@pytest.mark.parametrize(
    ("outcome", "state", "owes"),
    [
        ("works", "closed", []),
        ("not_solved", "investigating", [kinds.HEAR_BACK]),
        ("not_reached", "solved", [kinds.CONFIRM, kinds.FOLLOW_UP]),
        ("no_calls", "solved", [kinds.CONFIRM, kinds.FOLLOW_UP]),
    ],
)
def test_each_button_does_what_it_says_and_is_undone(cast, dora, long_ago, outcome, state, owes):
    reachable(cast)
    report = solved(cast, long_ago)
    promise = owed(report)
    before = sorted(Promise.objects.filter(report=report, state="open").values_list("pk", "due_at"))
    answer = dora.post(f"/console/calls/{promise.pk}/", {"outcome": outcome, "notes": "Said so."})
    assert (answer.status_code, answer["Location"]) == (302, "/console/calls/")
    pending = Promise.objects.filter(report=report, state="open").order_by("kind").values_list("kind", flat=True)
    assert (fresh(report).state, list(pending)) == (state, owes)
    assert FollowUp.objects.get().notes == "Said so."
    entry = LedgerEntry.objects.get(kind="follow_up.done")
    back = dora.post(f"/console/calls/undo/{entry.pk}/")
    assert back["Location"] == f"/console/calls/{promise.pk}/"
    assert sorted(Promise.objects.filter(report=report, state="open").values_list("pk", "due_at")) == before
    assert fresh(report).state == "solved"


def test_pressed_twice_it_is_kept_once(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    path = f"/console/calls/{owed(report).pk}/"
    dora.post(path, {"outcome": "not_reached"})
    again = dora.post(path, {"outcome": "not_reached"})
    assert again.status_code == 409
    assert "already" in again.content.decode()
    assert FollowUp.objects.count() == 1
    assert "This call has been made." in page(dora, path)


def test_one_call_leads_to_the_next(cast, dora, long_ago):
    reachable(cast)
    first, second = solved(cast, long_ago), solved(cast, long_ago + DAY, key="ana-0002")
    answer = dora.post(f"/console/calls/{owed(first).pk}/", {"outcome": "works"})
    assert answer["Location"] == f"/console/calls/{owed(second).pk}/"


def test_a_slip_keeps_what_was_typed(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    path = f"/console/calls/{owed(report).pk}/"
    for told, at in (({"notes": "Typed."}, "c-outcome"), ({"notes": "x" * 5001, "outcome": "works"}, "c-notes")):
        answer = dora.post(path, told)
        assert answer.status_code == 422
        assert f'id="{at}-error"' in answer.content.decode()
        assert told["notes"] in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_a_recovery_is_the_lead_s(cast, dora, emil, long_ago):
    report = works(cast, long_ago)
    reachable(cast)
    feedback.rate(report, 1, by=cast.ana.actor, at=long_ago + DAY, words="Useless.")
    work(long_ago + DAY)
    path = f"/console/calls/{owed(report, kinds.RECOVERY).pk}/"
    assert dora.get(path).status_code == 404
    assert dora.post(path, {"outcome": "made_good"}).status_code == 404
    assert dora.get("/console/calls/").context["count"] == 1  # the follow-up
    assert emil.get("/console/calls/").context["count"] == 2
    sheet = page(emil, path)
    assert "They gave us 1 of 5." in sheet
    assert "“useless”" in sheet
    emil.post(path, {"outcome": "made_good", "notes": "A letter.", "score": "4"})
    row = Recovery.objects.get()
    assert (row.outcome, row.score_after, row.is_open) == ("made_good", 4, False)
    entry = LedgerEntry.objects.get(kind="recovery.tried")
    assert dora.post(f"/console/calls/undo/{entry.pk}/").status_code == 404
    emil.post(f"/console/calls/undo/{entry.pk}/")
    assert Recovery.objects.get().is_open


def test_the_report_says_that_somebody_is_unhappy(cast, dora, emil, long_ago):
    report = works(cast, long_ago)
    feedback.rate(report, 2, by=cast.ana.actor, at=long_ago + DAY, words="Rude.")
    work(long_ago + DAY)
    assert "a lead owes them a call" in page(dora, f"/console/reports/{report.pk}/")
    assert "Make the call" in page(emil, f"/console/reports/{report.pk}/")
    assert "Call to an unhappy reporter" in page(emil, "/console/promises/")
    told = page(emil, "/console/for-you/")
    assert "Somebody is unhappy with us, and you call them" in told
    assert "asks the lead to call" not in told


def test_protected_reports_stay_with_those_who_may_see_them(cast, dora, emil, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=cast.platform)
    assert dora.get("/console/calls/").context["count"] == 0
    assert dora.get(f"/console/calls/{owed(report).pk}/").status_code == 404
    assert emil.get("/console/calls/").context["count"] == 1


def test_the_list_asks_as_much_for_one_as_for_ten(cast, dora, long_ago):
    reachable(cast)
    solved(cast, long_ago)
    page(dora)
    with CaptureQueriesContext(connection) as few:
        page(dora)
    for number in range(9):
        solved(cast, long_ago, key=f"more-{number:04}")
    page(dora)
    with CaptureQueriesContext(connection) as many:
        page(dora)
    assert len(many.captured_queries) <= len(few.captured_queries)


@pytest.fixture
def problem(cast, long_ago):
    """Three of Ana's solved reports, of which one works for her, and one of Cem's without an address."""
    one = problems.open_problem("A full disk", by=cast.dora.actor, at=long_ago)
    for number in range(4):
        report = (works if number == 0 else solved)(cast, long_ago, key=f"ana-{number:04}")
        membership.join(one, report, by=cast.dora.actor, at=long_ago)
        if number == 3:
            Report.objects.filter(pk=report.pk).update(contact=cast.cem)
    Contact.objects.filter(pk=cast.cem.pk).update(email=None)
    one.refresh_from_db()
    return one


def letter(client, problem, **more):
    path = f"/console/calls/letters/?problem={problem.number}"
    shown = client.get(path)
    texts = {f"text-{one['code']}": one["value"] for one in shown.context["languages"]}
    return client.post(path, {**texts, "count": shown.context["total"], "deed": "send", **more})


def test_many_of_one_problem_are_one_mail_looked_at_first(cast, dora, problem):
    assert f"3 follow-ups</b> of {problem.number}" in page(dora).replace("4 follow", "3 follow")
    shown = dora.get(f"/console/calls/letters/?problem={problem.number}").context
    assert (shown["asked_count"], shown["thanked_count"], shown["left_count"], shown["total"]) == (2, 1, 1, 3)
    assert "Hello Ana" in shown["samples"][0]["body"]
    answer = letter(dora, problem)
    assert answer.status_code == 302
    work(timezone.now())
    assert sorted(FollowUp.objects.values_list("outcome", flat=True)) == ["no_answer", "no_answer", "works"]


def test_other_people_than_those_looked_at_stop_it(cast, dora, problem):
    answer = letter(dora, problem, count="7")
    assert answer.status_code == 422
    assert "Meanwhile it reaches 3 reports" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_a_gap_nobody_fills_stops_it_beside_the_field(cast, dora, problem):
    answer = letter(dora, problem, **{"text-en": "Hello {{ nickname }}, still well?"})
    assert answer.status_code == 422
    assert 'id="text-en-error"' in answer.content.decode()
    assert "still well?" in answer.content.decode()


def test_engineers_follow_up_with_nobody(cast, problem):
    assert signed_in(cast.eve).get("/console/calls/").status_code == 403


def test_who_wants_no_calls_may_change_their_mind(cast, dora, long_ago):
    reachable(cast)
    report = solved(cast, long_ago)
    dora.post(f"/console/calls/wishes/{cast.ana.key}/", {"calls": "no"})
    assert wishes.of(cast.ana).no_calls_at
    assert "They may be called again" in page(dora, f"/console/calls/{owed(report).pk}/")
    dora.post(f"/console/calls/wishes/{cast.ana.key}/", {"calls": "yes"})
    assert wishes.of(cast.ana).no_calls_at is None
    assert dora.post("/console/calls/wishes/nothing/", {"calls": "no"}).status_code == 404
