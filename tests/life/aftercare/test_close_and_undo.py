"""Closing leaves nobody behind; a step can be taken back until its words have left."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions, queries, undo
from makegood.life.escalation import actions as escalations
from makegood.life.escalation.models import Escalation
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import actions as reports
from makegood.life.reports import states
from makegood.life.reports.actions import Conflict
from makegood.life.reports.conversation import AlreadyGone
from makegood.life.reports.undo import CannotUndo
from tests.life.case import fresh, pending, told

SECOND = timedelta(seconds=1)
FOUND = {"cause": "The pool was full.", "solution": "It is larger.", "words": "It works again."}


def newest(report, kind):
    return report.ledger.filter(kind=kind).order_by("-id").first()


def test_a_report_in_work_is_not_closed_for_silence_or_agreement(report, cast, monday):
    for reason in ("silence", "confirmed", "answered"):
        with pytest.raises(actions.CannotClose):
            actions.close(report, reason=reason, by=cast.dora.actor, at=monday)
    assert queries.closing_reasons(report) == ["withdrawn", "duplicate", "spam"]


def test_spam_is_closed_without_a_word(report, cast, monday):
    assert actions.close(report, reason="spam", by=cast.dora.actor, at=monday) is None
    assert fresh(report).state == states.CLOSED
    assert pending(report) == []
    assert told(report) == []


def test_a_duplicate_is_not_closed_without_words_to_its_own_reporter(report, cast, monday):
    with pytest.raises(actions.NeedsWords):
        actions.close(report, reason="duplicate", by=cast.dora.actor, at=monday)
    actions.close(report, reason="duplicate", words="We tell you there.", by=cast.dora.actor, at=monday)
    assert told(report)[-1].is_final


def test_closing_calls_the_escalation_off(report, cast, monday):
    made = escalations.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    actions.withdraw_report(report, by=cast.ana.actor, at=monday, said="Never mind.")
    assert Escalation.objects.get(pk=made.pk).state == Escalation.CALLED_OFF
    assert pending(report) == []


def test_staff_say_why_they_open_it_again(report, cast, monday):
    actions.close(report, reason="spam", by=cast.dora.actor, at=monday)
    with pytest.raises(actions.NeedsWords):
        actions.reopen(report, by=cast.dora.actor, at=monday + SECOND)
    actions.reopen(report, reason="It was meant.", by=cast.dora.actor, at=monday + SECOND)
    assert pending(report) == [kinds.HEAR_BACK]
    assert fresh(report).severity == "medium"


def test_solving_can_be_taken_back_until_the_words_have_left(report, cast, monday):
    made = escalations.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    before = pending(report)
    actions.solve(report, by=cast.dora.actor, at=monday + SECOND, **FOUND)
    undo.undo(newest(report, "report.solved"), by=cast.dora.actor, at=monday + 5 * SECOND)
    assert fresh(report).state == states.INVESTIGATING
    assert pending(report) == before
    assert queries.current(report) is None
    assert told(report) == []
    assert Escalation.objects.get(pk=made.pk).is_open
    assert fresh(report).is_escalated


def test_afterwards_it_is_too_late(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, **FOUND)
    with pytest.raises(AlreadyGone):
        undo.undo(newest(report, "report.solved"), by=cast.dora.actor, at=monday + 11 * SECOND)
    assert fresh(report).state == states.SOLVED
    assert queries.current(report)


def test_closing_and_reopening_can_be_taken_back(report, cast, monday):
    actions.solve(report, by=cast.dora.actor, at=monday, **FOUND)
    before = pending(report)
    at = monday + timedelta(minutes=1)
    actions.close(report, reason="silence", by=cast.dora.actor, at=at)
    undo.undo(newest(report, "report.closed"), by=cast.dora.actor, at=at + SECOND)
    assert (fresh(report).state, pending(report)) == (states.SOLVED, before)
    actions.reopen(report, reason="Wrong.", is_unsolved=True, by=cast.dora.actor, at=at + 2 * SECOND)
    undo.undo(newest(report, "report.reopened"), by=cast.dora.actor, at=at + 3 * SECOND)
    now = fresh(report)
    assert (now.state, now.severity, now.reopened_count, pending(report)) == (states.SOLVED, "medium", 0, before)


def test_a_change_of_severity_is_taken_back_with_its_clocks(report, cast, monday):
    reports.set_severity(report, "critical", by=cast.dora.actor, at=monday + SECOND)
    promises.change_severity(report, by=cast.dora.actor, at=monday + SECOND)
    undo.undo(newest(report, "report.severity_changed"), by=cast.dora.actor, at=monday + 2 * SECOND)
    assert fresh(report).severity == "medium"
    assert Promise.objects.filter(report=report, state="open").exists()


def test_labels_and_assignee_are_taken_back_once(report, cast, monday):
    reports.set_labels(report, ["vip", "login"], by=cast.dora.actor, at=monday)
    reports.assign(report, cast.dora, by=cast.dora.actor, at=monday)
    for kind in ("report.labelled", "report.assigned", "report.assigned"):
        undo.undo(newest(report, kind), by=cast.dora.actor, at=monday + SECOND)
    assert not report.labels.exists()
    assert fresh(report).assignee is None
    assert report.ledger.filter(kind="report.change_undone").count() == 2


def test_what_somebody_changed_since_is_not_taken_back(report, cast, monday):
    reports.assign(report, cast.dora, by=cast.dora.actor, at=monday)
    mine = newest(report, "report.assigned")
    reports.assign(report, cast.emil, by=cast.emil.actor, at=monday + SECOND)
    with pytest.raises(Conflict):
        undo.undo(mine, by=cast.dora.actor, at=monday + 2 * SECOND)
    assert fresh(report).assignee == cast.emil


def test_after_a_day_it_stays(report, cast, monday):
    reports.assign(report, cast.dora, by=cast.dora.actor, at=monday)
    with pytest.raises(CannotUndo):
        undo.undo(newest(report, "report.assigned"), by=cast.dora.actor, at=monday + timedelta(hours=25))
