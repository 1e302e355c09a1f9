"""Solved is told, asked, followed up and closed; or it was not solved after all."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions, feedback, queries
from makegood.life.aftercare.models import Csat, Resolution
from makegood.life.escalation import actions as escalations
from makegood.life.escalation.models import Escalation
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import states
from makegood.life.reports.models import Report
from tests.life.case import fresh, pending, told

HOUR = timedelta(hours=1)
FOUND = {"cause": "The connection pool was full.", "solution": "The pool is larger now."}
WORDS = "The claims page works again."


@pytest.fixture
def solved(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, words=WORDS, **FOUND)
    return fresh(report)


def confirm(report, answer, cast, at, **more):
    return actions.confirm(report, answer, by=cast.ana.actor, at=at, **more)


def follow_up(report, outcome, cast, at, way="call", **more):
    return actions.follow_up(report, way=way, outcome=outcome, by=cast.dora.actor, at=at, **more)


def test_solving_writes_it_down_and_tells_the_reporter(solved, cast, monday):
    resolution = queries.current(solved)
    assert (resolution.cause, resolution.solution) == (FOUND["cause"], FOUND["solution"])
    message = told(solved)[-1]
    assert message.body.startswith(WORDS)
    assert FOUND["cause"] not in message.body
    assert solved.mails.filter(message=message).count() == 1
    assert (solved.state, solved.solved_at) == (states.SOLVED, monday)


def test_the_message_names_when_we_ask_again_and_that_is_the_follow_up(solved, cast, monday):
    promise = Promise.objects.get(report=solved, kind=kinds.FOLLOW_UP)
    assert told(solved)[-1].named_time == promise.due_at
    assert pending(solved) == [kinds.CONFIRM, kinds.FOLLOW_UP]


def test_what_the_reporter_must_do_is_never_left_out(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, words=WORDS, to_do="Please sign in anew.", **FOUND)
    assert "Please sign in anew." in told(report)[-1].body


def test_without_words_the_script_speaks_with_the_solution_in_it(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, to_do="", **FOUND)
    body = told(report)[-1].body
    assert FOUND["solution"] in body
    assert "{{" not in body


@pytest.mark.parametrize("missing", ["cause", "solution"])
def test_an_error_is_not_solved_without_cause_and_solution(report, cast, monday, missing):
    with pytest.raises(actions.NeedsWords):
        actions.solve(report, by=cast.dora.actor, at=monday, words=WORDS, **{**FOUND, missing: " "})
    assert fresh(report).state == states.RECEIVED


def test_solving_ends_the_escalation_and_an_engineer_s_solution_is_the_answer(report, cast, monday):
    made = escalations.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    actions.solve(report, by=cast.eve.actor, at=monday + timedelta(minutes=3), words=WORDS, **FOUND)
    assert Escalation.objects.get(pk=made.pk).state == Escalation.SOLVED
    assert Promise.objects.get(report=report, kind=kinds.FIRST_ANSWER).state == "kept"
    assert not fresh(report).is_escalated


def test_yes_waits_for_the_follow_up_and_then_closes(solved, cast, monday):
    confirm(solved, "yes", cast, monday + HOUR)
    assert fresh(solved).state == states.SOLVED
    assert pending(solved) == [kinds.FOLLOW_UP]
    follow_up(solved, "works", cast, monday + 2 * HOUR, notes="She is glad.")
    now = fresh(solved)
    assert (now.state, now.close_reason) == (states.CLOSED, "confirmed")
    assert pending(solved) == []
    assert told(solved)[-1].is_final
    assert Promise.objects.get(report=solved, kind=kinds.FOLLOW_UP).state == "kept"


def test_yes_after_the_follow_up_closes_at_once(solved, cast, monday):
    follow_up(solved, "no_answer", cast, monday + HOUR)
    assert fresh(solved).state == states.SOLVED
    confirm(solved, "yes", cast, monday + 2 * HOUR)
    assert fresh(solved).close_reason == "confirmed"


def test_no_opens_it_again_more_severe_with_new_promises_and_an_apology(solved, cast, monday):
    confirm(solved, "no", cast, monday + HOUR, said="Still error 500.")
    now = fresh(solved)
    assert (now.state, now.severity, now.reopened_count) == (states.INVESTIGATING, "high", 1)
    assert pending(solved) == [kinds.HEAR_BACK]
    promise = Promise.objects.get(report=solved, kind=kinds.HEAR_BACK, state="open")
    assert (promise.cycle, promise.severity) == (1, "high")
    assert told(solved)[-1].named_time == promise.due_at == monday + HOUR + timedelta(minutes=30)
    assert "sorry" in told(solved)[-1].body
    assert queries.current(solved).answer == Resolution.NO
    assert solved.messages.filter(said_by="contact", body="Still error 500.").exists()


def test_the_same_answer_twice_is_one(solved, cast, monday):
    first = confirm(solved, "no", cast, monday + HOUR)
    assert confirm(solved, "no", cast, monday + HOUR) == first
    with pytest.raises(actions.NotSolved):
        confirm(solved, "no", cast, monday + HOUR, said="And the button is gone.")
    assert fresh(solved).reopened_count == 1
    assert queries.current(solved).answer == Resolution.NO


def test_not_checked_yet_asks_again_later(solved, cast, monday):
    resolution = confirm(solved, "not_yet", cast, monday + HOUR)
    assert resolution.remind_at > monday + timedelta(days=1)
    assert pending(solved) == [kinds.CONFIRM, kinds.FOLLOW_UP]
    assert fresh(solved).state == states.SOLVED


def test_a_report_in_work_cannot_be_confirmed(report, cast, monday):
    with pytest.raises(actions.NotSolved):
        confirm(report, "yes", cast, monday)


def test_a_follow_up_that_finds_it_broken_opens_it_again(solved, cast, monday):
    row = follow_up(solved, "not_solved", cast, monday + HOUR, notes="She still sees it.")
    assert fresh(solved).state == states.INVESTIGATING
    assert fresh(solved).severity == "high"
    assert row.message.named_time
    assert pending(solved) == [kinds.HEAR_BACK]


def test_a_follow_up_by_mail_asks_and_promises_the_next_time(solved, cast, monday):
    row = follow_up(solved, "no_answer", cast, monday + HOUR, way="mail", words="How is it going?")
    assert row.message.body.startswith("How is it going?")
    assert pending(solved) == [kinds.CONFIRM]
    assert Promise.objects.get(report=solved, kind=kinds.CONFIRM, state="open").due_at == row.message.named_time


def test_an_answered_question_needs_no_follow_up_call(report, cast, monday):
    Report.objects.filter(pk=report.pk).update(kind="question")
    report = fresh(report)
    actions.solve(report, by=cast.dora.actor, at=monday, solution="Under Documents.", words="Look under Documents.")
    assert pending(report) == [kinds.CONFIRM]
    confirm(report, "yes", cast, monday + HOUR)
    assert fresh(report).state == states.CLOSED


def test_one_question_on_how_we_served_and_the_first_answer_counts(solved, cast, monday):
    with pytest.raises(feedback.NotAScore):
        feedback.rate(solved, 5, by=cast.ana.actor, at=monday)
    confirm(solved, "yes", cast, monday + HOUR)
    feedback.rate(solved, 5, by=cast.ana.actor, at=monday + HOUR, words="Quick.")
    assert feedback.rate(solved, 1, by=cast.ana.actor, at=monday + HOUR).score == 5
    assert Csat.objects.count() == 1
    with pytest.raises(feedback.NotAScore):
        feedback.rate(solved, 6, by=cast.ana.actor, at=monday)


def test_asking_by_mail_without_words_sends_the_script(solved, cast, monday):
    row = follow_up(solved, "no_answer", cast, monday + HOUR, way="mail")
    assert row.message.named_time
    assert "{{" not in row.message.body
    assert solved.mails.filter(message=row.message).count() == 1


def test_words_with_a_time_that_is_not_promised_leave_the_report_as_it_was(report, cast, monday):
    from makegood.life.updates.actions import TimesDisagree

    with pytest.raises(TimesDisagree):
        actions.solve(report, by=cast.dora.actor, at=monday, **{**FOUND, "words": "We call you by 23:45 today."})
    assert fresh(report).state == states.RECEIVED
    assert not Resolution.objects.exists()


def test_a_form_sent_twice_solves_once(report, cast, monday):
    first = actions.solve(report, by=cast.dora.actor, at=monday, words=WORDS, idempotency_key="form-1", **FOUND)
    again = actions.solve(report, by=cast.dora.actor, at=monday + HOUR, words=WORDS, idempotency_key="form-1", **FOUND)
    assert first == again
    assert len(told(report)) == 1
