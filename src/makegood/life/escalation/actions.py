"""The verbs of an escalation. Each locks the report, checks, changes, records and leaves P2 true, in one transaction.

Words to the reporter are said by ``updates.escalating``, which calls ``escalate``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.escalation import handover
from makegood.life.escalation.models import Escalation, TechnicalNote
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.people.models import Team
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds, reasons
from makegood.life.promises.actions import Wish
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access, conversation, ledger, states
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Component, Message, Report


class CannotEscalate(Refusal):
    """The report is not in a condition to be escalated; the text says why."""


class AlreadyEscalated(Refusal):
    """A technical team has the report already."""


class AlreadyAccepted(Refusal):
    """Somebody else was quicker."""


class EscalationOver(Refusal):
    """The escalation has ended."""


class NeedsWords(Refusal):
    """This step has to say something."""


class To(TypedDict, total=False):
    """Where an escalation goes. ``reason``: what the desk says to the team. ``next_at``: the news promised.

    ``is_told``: the caller tells the reporter in the same transaction, and promises the news with the words.
    """

    team: Team | None
    component: Component | None
    severity: str | None
    reason: str
    next_at: datetime | None
    is_told: bool


def escalate(report: Report, *, by: Actor, at: datetime, **to: Unpack[To]) -> Escalation:
    """Hand ``report`` to a technical team with the document as it is now; promise acceptance, answer and news (E1).

    Raises CannotEscalate, AlreadyEscalated, handover.NoTeam, handover.Incomplete.
    """
    with transaction.atomic():
        _refuse_unfit(access.lock(report))
        team = to.get("team") or handover.team_for(report, to.get("component"))
        severity = to.get("severity") or report.severity
        handover.refuse_incomplete(report, severity, reason=to.get("reason", ""))
        if reports.set_severity(report, severity, by=by, at=at):
            promises.change_severity(report, by=by, at=at)
        component = to.get("component") or report.component
        if component and component.pk != report.component_id:
            reports.set_component(report, component, by=by, at=at)
        if report.state == states.RECEIVED:
            reports.set_state(report, states.INVESTIGATING, by=by, at=at)
        escalation = _made(report, team, component, reason=to.get("reason", ""), by=by, at=at)
        _promise(report, team, by=by, at=at, next_at=to.get("next_at"), is_told=to.get("is_told", False))
        handover.fill(escalation, at=at)
        promises.ensure_owed(report, by=by, at=at)
    return escalation


def accept(escalation: Escalation, *, by: Actor, at: datetime) -> Escalation:
    """Take it: the technical team answers from now on. Twice by the same person does nothing.

    Raises AlreadyAccepted naming who has it, EscalationOver.
    """
    with transaction.atomic():
        escalation = _locked(escalation)
        if escalation.accepted_by_id == by.id and escalation.accepted_at:
            return escalation
        if escalation.accepted_at:
            name = str(escalation.accepted_by or _("Somebody"))
            raise AlreadyAccepted(_("%s has accepted this already.") % name)
        escalation.state, escalation.accepted_by_id, escalation.accepted_at = Escalation.ACCEPTED, by.id, at
        escalation.save(update_fields=["state", "accepted_by", "accepted_at"])
        promises.keep(escalation.report, kinds.ACCEPT, by=by, at=at)
        return _recorded(escalation, "escalation.accepted", by=by, at=at)


def ask_back(escalation: Escalation, question: str, *, by: Actor, at: datetime) -> Escalation:
    """Ask the desk; the clock of the technical answer waits meanwhile. Asking accepts, if nobody has. As ``accept``."""
    _demand(question, _("Write what you need to know."))
    with transaction.atomic():
        escalation = _with_owner(escalation, by=by, at=at)
        message = _write(escalation, TechnicalNote.QUESTION, question, by=by, at=at)
        escalation.state, escalation.asked_back_at = Escalation.ASKED_BACK, at
        escalation.save(update_fields=["state", "asked_back_at"])
        promises.pause(escalation.report, kinds.FIRST_ANSWER, by=by, at=at, reason=reasons.DESK_ASKED)
        return _recorded(escalation, "escalation.asked_back", by=by, at=at, message=message)


def answer_back(escalation: Escalation, words: str, *, by: Actor, at: datetime) -> Escalation:
    """The desk answers; the technical clock goes on. Raises EscalationOver, NeedsWords."""
    _demand(words, _("Write the answer first."))
    with transaction.atomic():
        escalation = _locked(escalation)
        message = _write(escalation, TechnicalNote.ANSWER_BACK, words, by=by, at=at)
        escalation.state = _state_of_work(escalation)
        escalation.save(update_fields=["state"])
        promises.resume(escalation.report, kinds.FIRST_ANSWER, by=by, at=at)
        return _recorded(escalation, "escalation.answered_back", by=by, at=at, message=message)


def answer(escalation: Escalation, words: str, *, by: Actor, at: datetime, state: str = "") -> Escalation:
    """Say what is found so far, to the desk; the first such answer keeps its promise. ``state``: of the report from now
    on (cause_found, fixing). Raises EscalationOver, AlreadyAccepted, NeedsWords, NotAMove."""
    _demand(words, _("Write the answer first."))
    with transaction.atomic():
        escalation = _with_owner(escalation, by=by, at=at)
        message = _write(escalation, TechnicalNote.ANSWER, words, by=by, at=at)
        escalation.state, escalation.answered_at = Escalation.ANSWERED, escalation.answered_at or at
        escalation.save(update_fields=["state", "answered_at"])
        promises.keep(escalation.report, kinds.FIRST_ANSWER, by=by, at=at, message=message)
        if state:
            reports.set_state(escalation.report, state, by=by, at=at)
        return _recorded(escalation, "escalation.answered", by=by, at=at, message=message)


def hand_back(escalation: Escalation, *, reason: str, by: Actor, at: datetime) -> Escalation:
    """Give the report back to the desk, with the reason. Raises EscalationOver, NeedsWords."""
    _demand(reason, _("Say why it goes back, so that the desk knows what to do."))
    with transaction.atomic():
        escalation = _locked(escalation)
        message = conversation.note(escalation.report, reason, by=by, at=at)
        _end(escalation, Escalation.HANDED_BACK, by=by, at=at, reason=reason)
        return _recorded(escalation, "escalation.handed_back", by=by, at=at, reason=reason, message=message)


def call_off(escalation: Escalation, *, reason: str, by: Actor, at: datetime) -> Escalation:
    """The desk no longer needs the technical team. Raises EscalationOver, NeedsWords."""
    _demand(reason, _("Say why the technical team is no longer needed."))
    with transaction.atomic():
        escalation = _locked(escalation)
        _end(escalation, Escalation.CALLED_OFF, by=by, at=at, reason=reason)
        return _recorded(escalation, "escalation.called_off", by=by, at=at, reason=reason)


def mark_solved(escalation: Escalation, *, by: Actor, at: datetime) -> Escalation:
    """End it because the report is solved; called by ``aftercare``. An engineer's solution is the technical answer."""
    with transaction.atomic():
        escalation = _locked(escalation)
        if by.role == roles.ENGINEER:
            promises.keep(escalation.report, kinds.ACCEPT, kinds.FIRST_ANSWER, by=by, at=at)
        _end(escalation, Escalation.SOLVED, by=by, at=at, reason=_("Solved."))
        return _recorded(escalation, "escalation.solved", by=by, at=at)


def reinstate(escalation: Escalation, *, by: Actor, at: datetime) -> Escalation:
    """Let an ended escalation go on, because what ended it was taken back. Its promises are restored by the caller."""
    with transaction.atomic():
        report = access.lock(escalation.report)
        escalation.state = _state_of_work(escalation) if escalation.accepted_at else Escalation.WAITING
        escalation.ended_at, escalation.end_reason = None, ""
        escalation.save(update_fields=["state", "ended_at", "end_reason"])
        Report.objects.filter(pk=report.pk).update(is_escalated=True)
        return _recorded(escalation, "escalation.reinstated", by=by, at=at)


# The parts the verbs are made of.


def _refuse_unfit(report: Report) -> None:
    if report.state not in states.IN_WORK:
        raise CannotEscalate(_("This report is solved or closed. Reopen it first, then escalate it."))
    if report.kind == states.QUESTION:
        raise CannotEscalate(_("This is a question, not an error. Make it an error report first, then escalate it."))
    earlier = Escalation.objects.filter(report=report, ended_at=None).select_related("team", "accepted_by").first()
    if earlier and earlier.accepted_by:
        told = {"team": earlier.team, "name": earlier.accepted_by}
        raise AlreadyEscalated(_("%(team)s has this already; %(name)s accepted it.") % told)
    if earlier:
        raise AlreadyEscalated(_("%s has this already and was called.") % earlier.team)


def _made(
    report: Report, team: Team, component: Component | None, *, reason: str, by: Actor, at: datetime
) -> Escalation:
    escalation = Escalation.objects.create(
        report=report,
        team=team,
        component=component,
        severity=report.severity,
        cycle=report.reopened_count,
        reason=reason.strip(),
        agent_id=by.id if by.is_staff else None,
        by_name=by.name,
        at=at,
    )
    if reason.strip():
        conversation.note(report, reason, by=by, at=at)
    fields = {"is_escalated": True, "technical_team": team}
    data = {"escalation": escalation.pk, "team": team.pk, "team_name": team.name, "severity": report.severity}
    reports.change(report, "escalation.made", by=by, at=at, fields=fields, data=data, reason=reason)
    return escalation


def _promise(report: Report, team: Team, *, by: Actor, at: datetime, next_at: datetime | None, is_told: bool) -> None:
    wishes = [Wish(kinds.ACCEPT, team=team), Wish(kinds.FIRST_ANSWER, team=team)]
    if not is_told:
        due_at = next_at or promised_time(kinds.AFTER_ESCALATION, report.severity, at, report.team)
        wishes.append(Wish(kinds.NEXT_UPDATE, due_at=due_at, team=report.team))
    promises.make_many(report, wishes, by=by, at=at)


def _locked(escalation: Escalation) -> Escalation:
    """The escalation fresh, its report locked. Raises EscalationOver."""
    report = access.lock(escalation.report)
    fresh = Escalation.objects.select_related("team", "accepted_by").get(pk=escalation.pk)
    fresh.report = report
    if not fresh.is_open:
        raise EscalationOver(_("This escalation has ended meanwhile."))
    return fresh


def _with_owner(escalation: Escalation, *, by: Actor, at: datetime) -> Escalation:
    fresh = _locked(escalation)
    return fresh if fresh.accepted_at else accept(fresh, by=by, at=at)


def _state_of_work(escalation: Escalation) -> str:
    if escalation.answered_at:
        return Escalation.ANSWERED
    return Escalation.ACCEPTED if escalation.accepted_at else Escalation.WAITING


def _write(escalation: Escalation, kind: str, words: str, *, by: Actor, at: datetime) -> Message:
    message = conversation.note(escalation.report, words, by=by, at=at)
    TechnicalNote.objects.create(escalation=escalation, kind=kind, message=message, at=at)
    return message


def _end(escalation: Escalation, state: str, *, by: Actor, at: datetime, reason: str) -> None:
    escalation.state, escalation.ended_at, escalation.end_reason = state, at, reason.strip()
    escalation.save(update_fields=["state", "ended_at", "end_reason"])
    report = escalation.report
    promises.withdraw(report, kinds.ACCEPT, kinds.FIRST_ANSWER, by=by, at=at, reason=reason)
    Report.objects.filter(pk=report.pk).update(is_escalated=False, version=report.version + 1, updated_at=at)
    report.is_escalated, report.version, report.updated_at = False, report.version + 1, at


def _recorded(
    escalation: Escalation,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    message: Message | None = None,
    reason: str = "",
) -> Escalation:
    data: dict[str, Any] = {"escalation": escalation.pk, "team": escalation.team_id, "team_name": escalation.team.name}
    if message is not None:
        data["message"] = message.pk
    ledger.record(escalation.report, kind, by=by, at=at, data=data, reason=reason)
    promises.ensure_owed(escalation.report, by=by, at=at)
    return escalation


def _demand(words: str, sentence: str) -> None:
    if not words.strip():
        raise NeedsWords(sentence)
