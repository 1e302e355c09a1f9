"""Nobody answers: we remind, remind again, and close with the way back; but never what nobody followed up."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions, queries, silence
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.sweep import sweep
from makegood.life.reports import states
from tests.life.case import fresh, pending, told

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FOUND = {"cause": "The pool was full.", "solution": "It is larger.", "words": "It works again."}


@pytest.fixture
def solved(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, **FOUND)
    return fresh(report)


def let_pass(start, days):
    """Every hour of so many days, the worker comes round."""
    for hour in range(days * 24):
        now = start + timedelta(hours=hour)
        sweep(now)
        silence.break_silence(now)
    return start + days * DAY


def scripts(report):
    return [message.script for message in told(report)]


def test_two_reminders_in_open_days_then_closing_with_the_way_back(solved, cast, monday):
    actions.follow_up(solved, way="call", outcome="no_answer", by=cast.dora.actor, at=monday + MINUTE)
    let_pass(monday + MINUTE, 20)
    assert scripts(solved) == ["fixed", "confirm-reminder", "confirm-reminder", "closed-silence"]
    reminders = [message.at.date() for message in told(solved)[1:]]
    assert [(day - monday.date()).days for day in reminders] == [2, 7, 10]  # Wednesday, Monday, Thursday
    now = fresh(solved)
    assert (now.state, now.close_reason) == (states.CLOSED, "silence")
    assert told(solved)[-1].is_final
    assert not Promise.objects.filter(report=solved, kind=kinds.CONFIRM, broken_at__isnull=False).exists()


def test_a_reminder_is_sent_once_however_often_the_worker_looks(solved, cast, monday):
    due = queries.current(solved).remind_at
    for _again in range(3):
        silence.break_silence(due)
    assert scripts(solved).count("confirm-reminder") == 1


def test_what_nobody_followed_up_is_not_closed_by_silence(solved, cast, monday):
    let_pass(monday, 25)
    assert fresh(solved).state == states.SOLVED
    assert kinds.FOLLOW_UP in pending(solved)
    assert Promise.objects.get(report=solved, kind=kinds.FOLLOW_UP).broken_at


def test_an_answer_ends_the_reminders(solved, cast, monday):
    actions.confirm(solved, "yes", by=cast.ana.actor, at=monday + DAY)
    let_pass(monday + DAY, 12)
    assert "confirm-reminder" not in scripts(solved)


def test_a_reply_within_two_weeks_opens_it_again(solved, cast, monday):
    actions.follow_up(solved, way="call", outcome="no_answer", by=cast.dora.actor, at=monday + MINUTE)
    now = let_pass(monday + MINUTE, 20)
    actions.hear(fresh(solved), "It is broken again.", by=cast.ana.actor, at=now)
    report = fresh(solved)
    assert (report.state, report.reopened_count) == (states.INVESTIGATING, 1)
    assert pending(report) == [kinds.HEAR_BACK]


def test_after_two_weeks_it_is_a_new_report(solved, cast, monday):
    actions.follow_up(solved, way="call", outcome="works", by=cast.dora.actor, at=monday + MINUTE)
    with pytest.raises(actions.TooLateToReopen):
        actions.hear(fresh(solved), "It is broken again.", by=cast.ana.actor, at=monday + 15 * DAY)
    assert fresh(solved).state == states.CLOSED
    assert not solved.messages.filter(body="It is broken again.").exists()


def test_words_on_a_solved_report_are_owed_an_answer(solved, cast, monday):
    actions.hear(solved, "Thanks. One more thing.", by=cast.ana.actor, at=monday + MINUTE)
    assert kinds.HEAR_BACK in pending(solved)
