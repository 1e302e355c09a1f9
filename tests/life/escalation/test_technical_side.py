"""Accept, ask back, answer, hand back."""

from datetime import timedelta

import pytest

from makegood.life.escalation import actions
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import Agent, Membership
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import access
from makegood.life.reports.models import OutgoingMail
from tests.life.case import fresh, pending, work


@pytest.fixture
def made(report, cast, monday):
    return actions.escalate(report, by=cast.dora.actor, at=monday, reason="Cannot be worked around.")


@pytest.fixture
def erik(cast, monday):
    erik = Agent.objects.create(email="erik@desk.example", name="Erik", role="engineer", created_at=monday)
    Membership.objects.create(agent=erik, team=cast.platform)
    return erik


def test_accepting_keeps_its_promise(made, cast, monday):
    made = actions.accept(made, by=cast.eve.actor, at=monday + timedelta(minutes=9))
    assert (made.state, made.accepted_by) == (Escalation.ACCEPTED, cast.eve)
    promise = Promise.objects.get(report=made.report, kind=kinds.ACCEPT)
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_the_second_is_told_who_was_quicker(made, erik, cast, monday):
    actions.accept(made, by=cast.eve.actor, at=monday)
    with pytest.raises(actions.AlreadyAccepted, match="Eve Eriksen"):
        actions.accept(made, by=erik.actor, at=monday)
    assert Escalation.objects.get(pk=made.pk).accepted_by == cast.eve


def test_the_same_person_twice_is_one_acceptance(made, cast, monday):
    actions.accept(made, by=cast.eve.actor, at=monday)
    again = actions.accept(made, by=cast.eve.actor, at=monday + timedelta(hours=1))
    assert again.accepted_at == monday
    assert made.report.ledger.filter(kind="escalation.accepted").count() == 1


def test_a_question_to_the_desk_stops_the_technical_clock_only(made, cast, monday):
    made = actions.ask_back(made, "Which browser?", by=cast.eve.actor, at=monday)
    assert made.state == Escalation.ASKED_BACK
    assert Promise.objects.get(report=made.report, kind=kinds.FIRST_ANSWER).state == "paused"
    assert Promise.objects.filter(report=made.report, kind=kinds.NEXT_UPDATE, state="open").exists()
    actions.answer_back(made, "Firefox.", by=cast.dora.actor, at=monday + timedelta(hours=1))
    assert Promise.objects.get(report=made.report, kind=kinds.FIRST_ANSWER).state == "open"


def test_the_reporter_never_reads_what_is_said_between_us(made, cast, monday):
    actions.ask_back(made, "Is Ana really a member?", by=cast.eve.actor, at=monday)
    actions.answer(made, "The pool was full.", by=cast.eve.actor, at=monday)
    public = access.public_messages(made.report, now=monday + timedelta(days=1))
    assert not [m for m in public if "member?" in m.body or "pool" in m.body]


def test_the_first_answer_keeps_its_promise_and_may_move_the_report(made, cast, monday):
    actions.answer(made, "The pool was full.", by=cast.eve.actor, at=monday, state="cause_found")
    assert fresh(made.report).state == "cause_found"
    assert pending(made.report, kinds.ACCEPT, kinds.FIRST_ANSWER) == []
    assert Promise.objects.get(report=made.report, kind=kinds.FIRST_ANSWER).state == "kept"


def test_handing_back_ends_it_and_the_desk_still_owes_news(made, cast, monday):
    made = actions.hand_back(made, reason="It is the member's browser.", by=cast.eve.actor, at=monday)
    assert not made.is_open
    assert not fresh(made.report).is_escalated
    assert pending(made.report, kinds.ACCEPT, kinds.FIRST_ANSWER) == []
    assert pending(made.report, kinds.NEXT_UPDATE) == [kinds.NEXT_UPDATE]
    with pytest.raises(actions.EscalationOver):
        actions.accept(made, by=cast.eve.actor, at=monday)


def test_handing_back_says_why(made, cast, monday):
    with pytest.raises(actions.NeedsWords):
        actions.hand_back(made, reason=" ", by=cast.eve.actor, at=monday)


def test_it_can_be_escalated_again_after_it_came_back(made, cast, monday):
    actions.hand_back(made, reason="Not ours.", by=cast.eve.actor, at=monday)
    again = actions.escalate(made.report, by=cast.dora.actor, at=monday + timedelta(hours=1), reason="It is.")
    assert again.pk != made.pk


def test_whoever_waits_on_the_other_side_gets_a_mail_without_the_words(made, cast, monday):
    actions.ask_back(made, "Is her claim about cancer?", by=cast.eve.actor, at=monday)
    work(monday)
    mail = OutgoingMail.objects.get(key__startswith="told:")
    assert mail.to_email == cast.dora.email
    assert "asks you something" in mail.subject
    assert "cancer" not in mail.subject + mail.text
