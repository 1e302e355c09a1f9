"""Somebody is unhappy: a lead owes a call within a business day, is reminded, and says what came of it."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions, feedback, recovery, wishes
from makegood.life.aftercare.models import Csat, Recovery
from makegood.life.colleagues.models import Notice
from makegood.life.escalation.models import Page
from makegood.life.people.models import Contact
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.sweep import sweep
from makegood.life.reports import queries
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report
from makegood.life.updates import actions as updates
from tests.life.aftercare.after import HOUR, rated, solved, works
from tests.life.case import fresh, pending, work

DAY = timedelta(days=1)


def low(cast, at, score=2, **why):
    """Ana gave a low score three hours ago; the lead owes her a call."""
    report = rated(cast, at, score, **why)
    work(at + 2 * HOUR)
    return report, Recovery.objects.filter(report=report).first()


def promise_of(report):
    return Promise.objects.filter(report=report, kind=kinds.RECOVERY, state=Promise.OPEN).get()


@pytest.mark.parametrize(("score", "opens"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_low_score_asks_for_a_call(cast, monday, score, opens):
    report, row = low(cast, monday, score)
    assert (row is not None) == opens
    assert (kinds.RECOVERY in pending(report)) == opens


def test_the_lead_owes_it_within_one_business_day_and_hears_at_once(cast, monday):
    report, row = low(cast, monday)
    promise = promise_of(report)
    assert (promise.agent, row.owner) == (cast.emil, cast.emil)
    assert row.due_at == promise.due_at == monday + 2 * HOUR + DAY
    assert Notice.objects.get(why="unhappy").agent == cast.emil
    mail = OutgoingMail.objects.get(purpose="notice")
    assert mail.to_email == cast.emil.email
    assert "unhappy" in mail.subject


def test_it_says_what_asked_for_it(cast, monday):
    _report, row = low(cast, monday, 1, words="Useless, I will call my lawyer.")
    assert row.why == [{"csat": Csat.objects.get().pk, "score": 1, "words": ["useless", "lawyer*"]}]


def test_hostile_words_beside_a_good_score_ask_for_it_too(cast, monday):
    report, row = low(cast, monday, 4)
    assert row is None
    feedback.explain(report, by=cast.ana.actor, at=monday + 3 * HOUR, words="Fixed, but rude on the phone.")
    work(monday + 3 * HOUR)
    assert Recovery.objects.get().why[0]["words"] == ["rude"]


def test_words_explained_later_join_the_call_that_is_owed(cast, monday):
    report, _row = low(cast, monday, 1)
    feedback.explain(report, by=cast.ana.actor, at=monday + 3 * HOUR, words="Ridiculous.")
    work(monday + 3 * HOUR)
    assert Recovery.objects.get().why == [{"csat": Csat.objects.get().pk, "score": 1, "words": ["ridiculous"]}]
    assert pending(report, kinds.RECOVERY) == [kinds.RECOVERY]


def test_hostile_words_after_solving_ask_for_a_call_and_before_they_do_not(cast, monday):
    report = solved(cast, monday + HOUR)
    actions.hear(report, "This is ridiculous.", by=cast.ana.actor, at=monday + 2 * HOUR)
    work(monday + 2 * HOUR)
    assert Recovery.objects.get().why[0]["words"] == ["ridiculous"]
    other = solved(cast, monday + 5 * HOUR, key="ana-0002")
    message = other.messages.filter(said_by="contact").first()
    type(message).objects.filter(pk=message.pk).update(body="ridiculous", at=monday)
    entry = LedgerEntry(report=other, kind="message.said", at=monday, data={"message": message.pk})
    recovery.look_at_words(entry, monday)
    assert Recovery.objects.count() == 1


def test_no_with_hostile_words_opens_the_report_and_asks_for_a_call(cast, monday):
    report = solved(cast, monday)
    actions.confirm(report, "no", by=cast.ana.actor, at=monday + HOUR, said="Still broken. What a waste of time.")
    work(monday + HOUR)
    assert fresh(report).state == "investigating"
    assert Recovery.objects.get().why[0]["words"] == ["waste of time"]


def test_what_our_own_people_write_is_not_judged(cast, monday):
    report = solved(cast, monday)
    updates.reply(report, "That was a ridiculous mistake of ours.", by=cast.dora.actor, at=monday + HOUR)
    work(monday + HOUR)
    assert not Recovery.objects.exists()


def test_it_is_owed_also_when_the_report_is_closed(cast, monday):
    report, _row = low(cast, monday)
    actions.follow_up(report, way="mail", outcome="works", by=cast.dora.actor, at=monday + 3 * HOUR)
    assert fresh(report).state == "closed"
    assert pending(report) == [kinds.RECOVERY]
    assert fresh(report).owed_kind == kinds.RECOVERY


def test_the_queue_finds_it_by_what_is_owed_also_when_the_report_is_closed(cast, monday):
    quiet = solved(cast, monday, key="ana-0002")
    report, row = low(cast, monday)
    actions.follow_up(report, way="mail", outcome="works", by=cast.dora.actor, at=monday + 3 * HOUR)
    found = queries.find(cast.emil, "owed:recovery", now=monday + 4 * HOUR)
    assert (found.order, queries.page(found).reports) == ("owed", [fresh(report)])
    assert list(queries.find(cast.emil, "-owed:recovery", now=monday + 4 * HOUR).reports) == [quiet]
    recovery.keep_call(row, outcome=Recovery.MADE_GOOD, by=cast.emil.actor, at=monday + 4 * HOUR)
    assert not queries.find(cast.emil, "owed:recovery", now=monday + 4 * HOUR).reports.exists()


def test_the_lead_is_reminded_and_a_broken_one_climbs(cast, monday):
    report, row = low(cast, monday)
    Report.objects.filter(pk=report.pk).update(assignee=cast.dora)
    promise = promise_of(report)
    sweep(promise.at_risk_at + timedelta(minutes=1))
    work(promise.at_risk_at + timedelta(minutes=1))
    assert Page.objects.get(promise=promise).agent == cast.emil
    cast.desk.manager = cast.ada
    cast.desk.save()
    sweep(promise.due_at + 5 * HOUR)
    work(promise.due_at + 5 * HOUR)
    called = set(Page.objects.filter(promise=promise, channel="mail").values_list("agent__name", flat=True))
    assert called == {"Emil Ek", "Ada Adeyemi"}
    recovery.keep_call(row, outcome="made_good", by=cast.emil.actor, at=promise.due_at + 6 * HOUR)
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("kept", promise.due_at)


def test_a_call_keeps_it_and_what_came_of_it_is_kept(cast, monday):
    report, row = low(cast, monday)
    recovery.keep_call(
        row, outcome="made_good", notes="A voucher helps.", score=4, by=cast.emil.actor, at=monday + 4 * HOUR
    )
    assert kinds.RECOVERY not in pending(report)
    assert (row.outcome, row.score_after, row.notes, row.attempts) == ("made_good", 4, "A voucher helps.", 1)
    assert not row.is_open
    with pytest.raises(recovery.NotOpen):
        recovery.keep_call(row, outcome="made_good", by=cast.emil.actor, at=monday + 5 * HOUR)


def test_whoever_is_not_reached_is_called_again_tomorrow(cast, monday):
    report, row = low(cast, monday)
    first_due = row.due_at
    recovery.keep_call(row, outcome="not_reached", by=cast.emil.actor, at=monday + 4 * HOUR)
    promise = promise_of(report)
    assert (row.attempts, row.is_open, row.due_at) == (1, True, first_due)
    assert promise.due_at == monday + 4 * HOUR + DAY
    assert promise.agent == cast.emil


def test_who_wants_no_calls_is_left_in_peace(cast, monday):
    report, row = low(cast, monday)
    recovery.keep_call(row, outcome="no_calls", by=cast.emil.actor, at=monday + 4 * HOUR)
    assert wishes.of(cast.ana).no_calls_at == monday + 4 * HOUR
    assert kinds.RECOVERY not in pending(report)


@pytest.mark.parametrize("outcome", ["made_good", "not_reached", "no_calls"])
def test_a_slip_is_taken_back_whole(cast, monday, outcome):
    report, row = low(cast, monday)
    before = Recovery.objects.values().get()
    promise = promise_of(report)
    call = recovery.keep_call(row, outcome=outcome, notes="Oops.", by=cast.emil.actor, at=monday + 4 * HOUR)
    recovery.take_back(call, by=cast.emil.actor, at=monday + 4 * HOUR + timedelta(minutes=1))
    assert Recovery.objects.values().get() == before
    assert promise_of(report) == promise
    assert promise_of(report).due_at == promise.due_at
    assert wishes.of(cast.ana).no_calls_at is None


def test_asked_again_they_answer_once_and_the_first_answer_stays(cast, monday):
    report, row = low(cast, monday)
    with pytest.raises(feedback.NotAScore):
        feedback.rate_again(report, 5, by=cast.ana.actor, at=monday + 3 * HOUR)
    recovery.keep_call(row, outcome="made_good", asks_again=True, by=cast.emil.actor, at=monday + 4 * HOUR)
    mail = OutgoingMail.objects.filter(purpose="survey", key__startswith="survey-again").get()
    assert mail.text.count("/now/") == 5
    assert mail.unsubscribe_url
    feedback.rate_again(report, 4, by=cast.ana.actor, at=monday + 5 * HOUR)
    feedback.rate_again(report, 1, by=cast.ana.actor, at=monday + 6 * HOUR)
    row.refresh_from_db()
    assert (row.score_after, Csat.objects.get().score) == (4, 2)


def test_the_question_that_was_mailed_cannot_be_unasked(cast, monday):
    _report, row = low(cast, monday)
    call = recovery.keep_call(row, outcome="made_good", asks_again=True, by=cast.emil.actor, at=monday + 4 * HOUR)
    OutgoingMail.objects.filter(purpose="survey").update(state="sent")
    with pytest.raises(recovery.NotOpen):
        recovery.take_back(call, by=cast.emil.actor, at=monday + 5 * HOUR)


def test_looking_twice_at_the_same_opens_one(cast, monday):
    report, _row = low(cast, monday)
    for entry in LedgerEntry.objects.filter(kind="feedback.given"):
        recovery.look_at_feedback(entry, monday + 3 * HOUR)
    assert Recovery.objects.filter(report=report).count() == 1
    assert LedgerEntry.objects.filter(kind="recovery.opened").count() == 1


def test_only_those_who_may_see_the_report_see_it(cast, monday):
    report, row = low(cast, monday)
    assert list(recovery.visible_recoveries(cast.dora)) == [row]
    assert not recovery.visible_recoveries(cast.eve).exists()
    Report.objects.filter(pk=report.pk).update(is_protected=True, team=cast.platform)
    assert not recovery.visible_recoveries(cast.dora).exists()


def test_a_report_without_a_team_falls_to_the_lead_of_the_desk(cast, monday):
    report = works(cast, monday)
    Report.objects.filter(pk=report.pk).update(team=None)
    feedback.rate(fresh(report), 1, by=cast.ana.actor, at=monday + HOUR)
    work(monday + HOUR)
    assert Recovery.objects.get().owner == cast.emil


def test_without_a_lead_it_is_the_teams(cast, monday):
    cast.desk.lead = None
    cast.desk.save()
    report, row = low(cast, monday)
    assert row.owner is None
    assert promise_of(report).team == cast.desk


def test_nobody_is_asked_again_by_mail_who_wants_none(cast, monday):
    _report, row = low(cast, monday)
    Contact.objects.filter(pk=cast.ana.pk).update(mail_problem="no such user")
    row.refresh_from_db()
    recovery.keep_call(row, outcome="made_good", asks_again=True, by=cast.emil.actor, at=monday + 4 * HOUR)
    assert not OutgoingMail.objects.filter(key__startswith="survey-again").exists()


def test_a_good_answer_is_nobody_s_duty(cast, monday):
    report = works(cast, monday)
    feedback.rate(report, 5, by=cast.ana.actor, at=monday + HOUR, words="Thank you, quick and kind.")
    work(monday + HOUR)
    assert not Recovery.objects.exists()
