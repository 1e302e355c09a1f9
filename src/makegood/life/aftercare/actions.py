"""The verbs of the last stage. Each changes, speaks to the reporter, moves promises and records, in one transaction.

A report is closed when its reporter agrees and somebody has followed up, or after reminders nobody answered; never for
want of attention. Until then something is owed (P2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.aftercare import queries, timing, trying, words
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import Answer
from makegood.life.escalation import actions as escalation
from makegood.life.escalation import queries as escalations
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises import undo as promise_undo
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access, conversation, ledger, states
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Message, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import hearing

AT_ONCE = timedelta(0)


class NeedsWords(Refusal):
    """Something has to be written down, or said, before this can be done."""


class NotSolved(Refusal):
    """Only a solved report can be confirmed or followed up."""


class CannotClose(Refusal):
    """Closing would leave the reporter behind; the text says what is missing."""


class TooLateToReopen(Refusal):
    """The report has been closed for long; a new one, linked to it, is the honest way."""


class Solution(TypedDict, total=False):
    """``cause`` and ``solution`` are for us, ``words`` and ``to_do`` for the reporter (default: the script).

    ``purpose``, ``unmailed`` and ``asks``: as for ``updates.actions.reply``.
    """

    cause: str
    solution: str
    words: str
    to_do: str
    undo: timedelta
    idempotency_key: str | None
    purpose: str
    unmailed: Collection[int]
    asks: bool


def solve(report: Report, *, by: Actor, at: datetime, **found: Unpack[Solution]) -> Resolution:
    """Write down what it was and what was done; tell the reporter, ask whether it works, promise to follow up.

    The same ``idempotency_key`` again returns the first. Raises NeedsWords, NotAMove, and as ``updates.actions.reply``.
    """
    cause, solution = found.get("cause", "").strip(), found.get("solution", "").strip()
    if not solution or (not cause and report.kind == states.ERROR):
        raise NeedsWords(_("Write down the cause and what was done, even if the cause is only suspected."))
    with transaction.atomic():
        fresh = access.lock(report)
        key = found.get("idempotency_key")
        earlier = key and Resolution.objects.filter(report=report, message__idempotency_key=key).first()
        if earlier:
            return earlier
        reports.check_move(fresh.state, states.SOLVED)
        made = escalations.open_of(report)
        fields = {"state": states.SOLVED, "solved_at": at, "snoozed_until": None}
        data = {"escalation": made.pk if made else None}
        reports.change(report, "report.solved", by=by, at=at, fields=fields, data=data)
        kind = kinds.CONFIRM if report.kind == states.QUESTION else kinds.FOLLOW_UP
        moment = words.moment_of_solving(report)
        next_at = promised_time(kind, report.severity, at, report.team)
        said = found.get("words", "").strip() or words.words_for(moment, report, by=by, at=at, next_at=next_at)
        said = words.complete(said, solution=solution, to_do=found.get("to_do", ""))
        message = updates.reply(
            report,
            said,
            by=by,
            at=at,
            next_at=next_at,
            kind=kind,
            script=words.script_of(moment),
            undo=found.get("undo", updates.UNDO),
            idempotency_key=key,
            purpose=found.get("purpose", ""),
            unmailed=found.get("unmailed", ()),
            asks=found.get("asks", False),
        )
        resolution = _resolved(report, message, fresh.state, by=by, at=at, **found)
        if kind != kinds.CONFIRM:
            promises.make(report, kinds.CONFIRM, by=by, at=at, message=message)
        if made:
            escalation.mark_solved(made, by=by, at=at)
        promises.ensure_owed(report, by=by, at=at)
    _refresh(report)
    return resolution


def confirm(report: Report, answer: str, *, by: Actor, at: datetime, said: str = "") -> Resolution:
    """The reporter's word on "is it solved for you?": yes, no or not_yet; the same answer twice is one.

    yes: closed once somebody has followed up. no: open again, one step more severe. not_yet: we ask again.
    Raises NotSolved, TooLateToReopen.
    """
    if answer not in dict(Resolution.ANSWERS):
        raise NotSolved(_("Answer yes, no or not checked yet."))
    with transaction.atomic():
        fresh, resolution = access.lock(report), queries.current(report)
        if resolution is None or fresh.state not in (states.SOLVED, states.CLOSED):
            if answer == Resolution.NO and (first := queries.refused_as(report, said)):
                return first
            raise NotSolved(_("This report is not marked as solved; we are still working on it."))
        if resolution.answer == answer and answer != Resolution.NOT_YET:
            return resolution
        if answer == Resolution.NOT_YET and fresh.state == states.CLOSED:
            raise NotSolved(_("This report has been closed meanwhile. Write to us when you have tried it."))
        if said.strip():
            conversation.say(report, said, by=by, at=at)
        if answer == Resolution.NO:
            _answered(resolution, answer, said, at=at, remind_at=None)
            reopen(report, by=by, at=at, is_unsolved=True)
        elif answer == Resolution.YES:
            _agreed(report, resolution, said, by=by, at=at)
        else:
            _ask_later(report, resolution, said, by=by, at=at)
    _refresh(report)
    return resolution


class Outcome(TypedDict, total=False):
    """``way``: call or mail. ``outcome``: of ``FollowUp.OUTCOMES``. ``words``: said to the reporter.

    Asking by mail sends the mail: with these words, or with the script. ``undo``: how long it can be taken back.
    ``asks``: as for ``updates.actions.reply``.
    """

    way: str
    outcome: str
    notes: str
    words: str
    undo: timedelta
    asks: bool


def follow_up(report: Report, *, by: Actor, at: datetime, **how: Unpack[Outcome]) -> FollowUp:
    """We asked again, and this came of it (T3). It works: closed. Not solved: open again. Not reached: tomorrow again.

    Raises NotSolved.
    """
    way, outcome = how.get("way", ""), how.get("outcome", "")
    if way not in dict(FollowUp.WAYS) or outcome not in dict(FollowUp.OUTCOMES):
        raise NotSolved(_("Say whether you called or wrote, and what came of it."))
    if way == "mail" and outcome in FollowUp.GOES_ON:
        raise NotSolved(_("That is what comes of a call, not of a mail."))
    with transaction.atomic():
        if access.lock(report).state != states.SOLVED:
            raise NotSolved(_("Only a solved report is followed up."))
        resolution = queries.current(report)
        owed = Promise.objects.filter(report=report, kind=kinds.FOLLOW_UP, state__in=Promise.PENDING).first()
        row = FollowUp.objects.create(
            report=report,
            resolution=resolution,
            promise=owed,
            way=way,
            outcome=outcome,
            notes=how.get("notes", "").strip(),
            before={"promises": promise_undo.pending_ids(report), "answer": trying.answer_of(resolution)},
            agent_id=by.id if by.is_staff else None,
            by_name=by.name,
            at=at,
        )
        data = {"follow_up": row.pk, "way": way, "outcome": outcome}
        ledger.record(report, "follow_up.done", by=by, at=at, data=data, reason=row.notes)
        promises.keep(report, kinds.FOLLOW_UP, by=by, at=at)
        if outcome in FollowUp.GOES_ON:
            trying.go_on(report, outcome, by=by, at=at)
        else:
            row.message = _act_on(report, resolution, by=by, at=at, **how)
            row.save(update_fields=["message"])
        promises.ensure_owed(report, by=by, at=at)
    _refresh(report)
    return row


class LastWords(TypedDict, total=False):
    """``words``: said to the reporter (default: the script). ``undo``, ``asks``: as for ``updates.actions.reply``."""

    words: str
    undo: timedelta
    asks: bool


def close(report: Report, *, reason: str, by: Actor, at: datetime, **last: Unpack[LastWords]) -> Message | None:
    """End the report and say so, with the way back; spam gets no answer. Returns what was said.

    Raises CannotClose, NeedsWords, and as ``updates.actions.reply``.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        if fresh.state == states.CLOSED:
            return None
        if reason not in queries.closing_reasons(fresh):
            raise CannotClose(_not_closable(reason))
        if reason == "duplicate" and not last.get("words", "").strip():
            raise NeedsWords(_("Tell the reporter how it goes on for them; their own report ends here."))
        message = _close(report, reason, by=by, at=at, **last)
    _refresh(report)
    return message


def withdraw_report(report: Report, *, by: Actor, at: datetime, said: str = "") -> None:
    """The reporter takes the report back."""
    with transaction.atomic():
        if said.strip():
            conversation.say(report, said, by=by, at=at)
        close(report, reason="withdrawn", by=by, at=at, undo=AT_ONCE)


def reopen(
    report: Report,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    words: str = "",
    is_unsolved: bool | None = None,
    asks: bool = False,
) -> Message:
    """Open a solved or closed report again, in a new cycle of promises, and say so.

    ``is_unsolved``: it proved not to be solved, so it becomes one step more severe (default: whether we had said so).
    ``asks``: as for ``updates.actions.reply``. Raises as it, and NeedsWords (staff say why), TooLateToReopen, NotAMove.
    """
    if by.is_staff and not reason.strip():
        raise NeedsWords(_("Say why it is opened again."))
    with transaction.atomic():
        fresh = access.lock(report)
        if by.kind == "contact" and not queries.can_reopen(fresh, now=at):
            raise TooLateToReopen(
                _("This report has been closed for more than two weeks. Please report it anew and name %s.")
                % fresh.number
            )
        if is_unsolved is None:
            is_unsolved = queries.current(fresh) is not None
        message = _reopen(report, fresh.state, reason, words, by=by, at=at, is_unsolved=is_unsolved, asks=asks)
    _refresh(report)
    return message


def hear(
    report: Report, body: str, *, by: Actor, at: datetime, channel: str = "web", idempotency_key: str | None = None
) -> Message:
    """Keep what the reporter writes, whatever the state: closed lately, it opens again; solved, somebody looks at it.

    Raises EmptyMessage, TooLong, TooLateToReopen.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        if fresh.state == states.CLOSED and not queries.can_reopen(fresh, now=at):
            raise TooLateToReopen(_("This report has been closed for more than two weeks. Please report it anew."))
        newest = _NEWEST.first(report.pk) or 0
        message = hearing.hear(report, body, by=by, at=at, channel=channel, idempotency_key=idempotency_key)
        if message.pk > newest:
            if fresh.state == states.CLOSED:
                reopen(report, by=by, at=at, is_unsolved=False)
            elif fresh.state == states.SOLVED:
                promises.make(report, kinds.HEAR_BACK, by=by, at=at, team=report.team, message=message)
    _refresh(report)
    return message


def hear_answers(
    report: Report, answers: Mapping[str, str], *, by: Actor, at: datetime, source: str = "portal"
) -> list[Answer]:
    """Keep what the reporter answers to our questions (slug → words), and as ``hear`` whatever the state.

    Raises NotAnAnswer, TooLateToReopen.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        if fresh.state == states.CLOSED and not queries.can_reopen(fresh, now=at):
            raise TooLateToReopen(too_late())
        kept = diagnosis.answer_many(report, answers, by=by, at=at, source=source)
        if kept and fresh.state == states.CLOSED:
            reopen(report, by=by, at=at, is_unsolved=False)
        elif kept and fresh.state == states.SOLVED:
            promises.make(report, kinds.HEAR_BACK, by=by, at=at, team=report.team)
    _refresh(report)
    return kept


def too_late() -> str:
    """What whoever writes on a report closed for long can do where messages are taken."""
    return _("This report has been closed for more than two weeks. Send it as a message, and we open a new one.")


# The parts the verbs are made of.


def _resolved(
    report: Report, message: Message, from_state: str, *, by: Actor, at: datetime, **found: Any
) -> Resolution:
    return Resolution.objects.create(
        report=report,
        cycle=report.reopened_count,
        cause=found.get("cause", "").strip(),
        solution=found["solution"].strip(),
        reporter_words=message.body,
        to_do=found.get("to_do", "").strip(),
        message=message,
        agent_id=by.id if by.is_staff else None,
        by_name=by.name,
        at=at,
        from_state=from_state,
        remind_at=timing.next_step(report, 0, at=at),
    )


def _answered(resolution: Resolution, answer: str, said: str, *, at: datetime, remind_at: datetime | None) -> None:
    resolution.answer, resolution.answer_words, resolution.answered_at = answer, said.strip(), at
    resolution.remind_at = remind_at
    resolution.save(update_fields=["answer", "answer_words", "answered_at", "remind_at", "reminders"])


def _agreed(report: Report, resolution: Resolution, said: str, *, by: Actor, at: datetime) -> None:
    _answered(resolution, Resolution.YES, said, at=at, remind_at=None)
    data = {"resolution": resolution.pk}
    ledger.record(report, "report.confirmed", by=by, at=at, data=data, reason=said.strip())
    if report.state == states.CLOSED:
        return
    promises.keep(report, kinds.CONFIRM, by=by, at=at)
    if report.kind == states.QUESTION or queries.is_followed_up(report, resolution):
        _close(report, "confirmed", by=SYSTEM, at=at, undo=AT_ONCE)
    promises.ensure_owed(report, by=by, at=at)


def _ask_later(report: Report, resolution: Resolution, said: str, *, by: Actor, at: datetime) -> None:
    resolution.reminders = 0
    step_at = timing.next_step(report, 0, at=at)
    _answered(resolution, Resolution.NOT_YET, said, at=at, remind_at=step_at)
    ledger.record(report, "report.not_checked_yet", by=by, at=at, data={"resolution": resolution.pk}, reason=said)
    promises.keep(report, kinds.CONFIRM, by=by, at=at)
    promises.make(report, kinds.CONFIRM, by=by, at=at, due_at=timing.confirm_by(report, step_at, at=at))


def _act_on(
    report: Report, resolution: Resolution | None, *, by: Actor, at: datetime, **how: Unpack[Outcome]
) -> Message | None:
    outcome, said, undo = how["outcome"], how.get("words", ""), how.get("undo", updates.UNDO)
    asks = how.get("asks", False)
    has_agreed = resolution is not None and resolution.answer == Resolution.YES
    if outcome == FollowUp.NOT_SOLVED:
        reason = _("At the follow-up the reporter said that it is not solved.")
        return reopen(report, by=by, at=at, reason=reason, words=said, is_unsolved=True, asks=asks)
    if outcome == FollowUp.WORKS or has_agreed:
        if resolution and not has_agreed:
            _answered(resolution, Resolution.YES, "", at=at, remind_at=None)
            ledger.record(report, "report.confirmed", by=by, at=at, data={"resolution": resolution.pk})
        promises.keep(report, kinds.CONFIRM, by=by, at=at)
        return _close(report, "confirmed", by=by, at=at, words=said, undo=undo, asks=asks)
    if how["way"] == "mail" and outcome == FollowUp.NO_ANSWER and not said.strip():
        said = words.words_for("follow_up", report, by=by, at=at)
    if not said.strip():
        return None
    step_at = (resolution and resolution.remind_at) or timing.next_step(report, 0, at=at)
    next_at = timing.confirm_by(report, max(step_at, at), at=at)
    promises.keep(report, kinds.CONFIRM, by=by, at=at)
    to: updates.How = {"next_at": next_at, "kind": kinds.CONFIRM, "script": "follow-up", "undo": undo}
    to["asks"] = asks
    return updates.reply(report, said, by=by, at=at, **to)


def _close(report: Report, reason: str, *, by: Actor, at: datetime, **last: Unpack[LastWords]) -> Message | None:
    made = escalations.open_of(report)
    fields = {
        "state": states.CLOSED,
        "closed_at": at,
        "close_reason": reason,
        "snoozed_until": None,
        "waiting_for_reporter": False,
    }
    data = {"escalation": made.pk if made else None}
    reports.change(report, "report.closed", by=by, at=at, fields=fields, data=data)
    message = None
    if reason != "spam":
        said = last.get("words", "").strip()
        how: updates.How = {"final": True, "script": words.script_of(reason), "undo": last.get("undo", updates.UNDO)}
        how["asks"] = bool(said) and last.get("asks", False)
        message = updates.reply(report, said or words.words_for(reason, report, by=by, at=at), by=by, at=at, **how)
    if made:
        escalation.call_off(made, reason=_("The report was closed."), by=by, at=at)
    Resolution.objects.filter(report=report, remind_at__isnull=False).update(remind_at=None)
    promises.ensure_owed(report, by=by, at=at)
    return message


def _reopen(
    report: Report, from_state: str, reason: str, said: str, *, by: Actor, at: datetime, is_unsolved: bool, asks: bool
) -> Message:
    reports.check_move(from_state, states.INVESTIGATING)
    fields = {
        "state": states.INVESTIGATING,
        "solved_at": None,
        "closed_at": None,
        "close_reason": "",
        "reopened_count": report.reopened_count + 1,
    }
    data = {"is_unsolved": is_unsolved}
    reports.change(report, "report.reopened", by=by, at=at, fields=fields, data=data, reason=reason)
    if is_unsolved:
        reports.set_severity(report, states.one_up(report.severity), by=by, at=at, reason=_("Not solved after all."))
    Resolution.objects.filter(report=report, remind_at__isnull=False).update(remind_at=None)
    speaker, moment = (by, "reopened") if by.is_staff else (SYSTEM, "not_solved_sorry" if is_unsolved else "reopened")
    next_at = promised_time(kinds.HEAR_BACK, report.severity, at, report.team)
    body = said.strip() or words.words_for(moment, report, by=speaker, at=at, next_at=next_at)
    message = updates.reply(
        report,
        body,
        by=speaker,
        at=at,
        next_at=next_at,
        kind=kinds.HEAR_BACK,
        script=words.script_of(moment),
        undo=updates.UNDO if by.is_staff else AT_ONCE,
        asks=asks and bool(said.strip()),
    )
    # After the reply, so that taking it back restores these too.
    promises.withdraw(report, kinds.FOLLOW_UP, kinds.CONFIRM, by=by, at=at, reason=_("The report is open again."))
    promises.change_severity(report, by=by, at=at)
    promises.ensure_owed(report, by=by, at=at)
    return message


def _not_closable(reason: str) -> str:
    if reason == "confirmed":
        return _("The reporter has not said yet that it works. Follow up with them first.")
    if reason == "silence":
        return _("We are not waiting for the reporter. Solve the report, or ask them what is missing.")
    if reason == "answered":
        return _("This is an error, not a question. Solve it, so that the reporter learns what was done.")
    return _("Say why it is closed.")


def _refresh(report: Report) -> None:
    """The caller's copy as it stands after all the steps."""
    [fresh] = rows.read(Report, "id = %s", [report.pk])
    for name in _MOVED:
        setattr(report, name, getattr(fresh, name))


_MOVED = (
    "state",
    "severity",
    "severity_rank",
    "reopened_count",
    "version",
    "owed_at",
    "owed_kind",
    "owed_state",
    "is_escalated",
    "closed_at",
    "close_reason",
    "solved_at",
)
_NEWEST: Statement[int] = Statement(
    lambda report: Message.objects.filter(report=report).order_by("-id").values_list("pk", flat=True)[:1]
)
