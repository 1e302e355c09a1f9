"""Taking back a step together with what it meant for words and promises. P2 is true again afterwards.

A change of fields: within a day, if nothing changed since. Solving, closing and reopening by one of us: until the
message has left; later the other verb is the honest way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.aftercare import trying, wishes
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.escalation import actions as escalation
from makegood.life.escalation.models import Escalation
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.problems import undo as problems
from makegood.life.promises import actions as promises
from makegood.life.promises import undo as promise_undo
from makegood.life.reports import access, ledger
from makegood.life.reports import undo as fields
from makegood.life.reports.actions import Conflict
from makegood.life.reports.models import LedgerEntry, Message, Report
from makegood.life.reports.undo import CannotUndo
from makegood.life.updates import actions as updates

STEPS = ("report.solved", "report.closed", "report.reopened")
FOLLOW_UP = "follow_up.done"
MEMBERSHIP = ("problem.joined", "problem.left")
# Taking a change back is the change again: it takes the same right.
TAKES = {
    "report.state_changed": "report.set_state",
    "report.severity_changed": "report.set_severity",
    "report.category_changed": "report.set_category",
    "report.component_changed": "report.set_category",
    "report.kind_changed": "report.set_kind",
    "report.assigned": "report.assign",
    "report.team_changed": "report.assign",
    "report.snoozed": "report.snooze",
    "report.woken": "report.snooze",
    "report.marked_duplicate": "report.label",
    "report.unmarked_duplicate": "report.label",
    "report.labelled": "report.label",
    "report.solved": "report.solve",
    "report.closed": "report.close",
    "report.reopened": "report.reopen",
    FOLLOW_UP: "report.follow_up",
    "problem.joined": "problem.join",
    "problem.left": "problem.join",
}


class NotYours(Refusal):
    """Whoever may not make the change may not take it back either."""


def can_undo(entry: LedgerEntry, *, now: datetime) -> bool:
    """Whether undo may be offered for this entry."""
    if entry.kind in MEMBERSHIP:
        return problems.can_undo(entry, now=now)
    if entry.kind in STEPS:
        return entry.actor_kind == "agent" and now - entry.at < updates.UNDO
    if entry.kind == FOLLOW_UP:
        return _follow_up_of(entry) is not None and now - entry.at < fields.WINDOW
    return fields.can_undo(entry, now=now)


def undo(entry: LedgerEntry, *, by: Actor, at: datetime) -> LedgerEntry:
    """Take back what ``entry`` tells of; the same twice is one. Raises NotYours, CannotUndo, Conflict, AlreadyGone."""
    if entry.report is None:
        raise CannotUndo(_("This can no longer be taken back."))
    if by.kind == "agent" and not roles.may(by.role, TAKES.get(entry.kind, "report.close")):
        raise NotYours(_("You may not make this change, so you can't take it back. Ask a colleague at the desk."))
    with transaction.atomic():
        report = access.lock(entry.report)
        if entry.kind in MEMBERSHIP:
            return problems.undo(entry, by=by, at=at)
        if entry.kind in STEPS:
            return _undo_step(entry, by=by, at=at)
        if entry.kind == FOLLOW_UP:
            return _undo_follow_up(entry, report, by=by, at=at)
        undone = fields.undo(entry, by=by, at=at)
        report.refresh_from_db()
        if entry.kind == "report.severity_changed":
            promises.change_severity(report, by=by, at=at)
        promises.ensure_owed(report, by=by, at=at)
    return undone


def _undo_step(entry: LedgerEntry, *, by: Actor, at: datetime) -> LedgerEntry:
    key = f"undo-{entry.pk}"
    earlier = LedgerEntry.objects.filter(key=key).first()
    if earlier:
        return earlier
    report = access.lock(entry.report)  # type: ignore[arg-type]
    if report.state != entry.data["to"]["state"] or report.ledger.filter(kind__in=STEPS, pk__gt=entry.pk).exists():
        raise Conflict(_("The report has moved on meanwhile, so this can't be taken back by itself."))
    message = _message_of(entry)
    if message is None and not at - entry.at < fields.WINDOW:
        raise CannotUndo(_("This can no longer be taken back."))
    fields.restore(report, entry, at=at)
    report.refresh_from_db()
    if message is not None:
        updates.unsay(message, by=by, at=at)
        Resolution.objects.filter(report=report, message=message).update(withdrawn_at=at, remind_at=None)
    _undo_severity(entry, by=by, at=at)
    _reinstate(entry, by=by, at=at)
    report.refresh_from_db()
    promises.ensure_owed(report, by=by, at=at)
    data = {"undone": entry.pk, "kind": entry.kind, "to": entry.data["from"]}
    return ledger.record(report, "report.change_undone", by=by, at=at, data=data, key=key)


def _undo_follow_up(entry: LedgerEntry, report: Report, *, by: Actor, at: datetime) -> LedgerEntry:
    """What was said is taken back, what was owed is owed again, and the call or mail was never there."""
    key = f"undo-{entry.pk}"
    earlier = LedgerEntry.objects.filter(key=key).first()
    if earlier:
        return earlier
    row = _follow_up_of(entry)
    if row is None:
        raise CannotUndo(_("This can no longer be taken back."))
    after = report.ledger.filter(kind__in=(*STEPS, FOLLOW_UP, "report.confirmed"), pk__gt=entry.pk)
    if after.exclude(at=entry.at).exists():
        raise Conflict(_("The report has moved on meanwhile, so this can't be taken back by itself."))
    step = report.ledger.filter(kind__in=STEPS, at=entry.at, pk__gt=entry.pk).first()
    if step is not None:
        _undo_step(step, by=by, at=at)
    elif row.message is not None:
        updates.unsay(row.message, by=by, at=at)
    if row.resolution is not None and row.before.get("answer"):
        trying.restore_answer(row.resolution, row.before["answer"])
    if row.outcome == FollowUp.NO_CALLS:
        wishes.refuse_calls(report.contact, False, by=by, at=at)
    promise_undo.restore(report, row.before.get("promises", ()), by=by, at=at)
    report.refresh_from_db()
    promises.ensure_owed(report, by=by, at=at)
    row.delete()
    data = {"undone": entry.pk, "kind": entry.kind}
    return ledger.record(report, "report.change_undone", by=by, at=at, data=data, key=key)


def _follow_up_of(entry: LedgerEntry) -> FollowUp | None:
    rows = FollowUp.objects.filter(pk=entry.data.get("follow_up") or 0)
    return rows.select_related("resolution", "message").first()


def _message_of(entry: LedgerEntry) -> Message | None:
    said = Message.objects.filter(report=entry.report, at=entry.at, is_internal=False, withdrawn_at=None)
    return said.exclude(said_by="contact").order_by("-id").first()


def _undo_severity(entry: LedgerEntry, *, by: Actor, at: datetime) -> None:
    """A reopening made it more severe in the same moment."""
    raised = LedgerEntry.objects.filter(
        report=entry.report, kind="report.severity_changed", at=entry.at, pk__gt=entry.pk
    ).first()
    if entry.kind == "report.reopened" and raised:
        undo(raised, by=by, at=at)


def _reinstate(entry: LedgerEntry, *, by: Actor, at: datetime) -> None:
    made = Escalation.objects.filter(pk=entry.data.get("escalation") or 0, ended_at__isnull=False).first()
    if made is not None:
        escalation.reinstate(made, by=by, at=at)
