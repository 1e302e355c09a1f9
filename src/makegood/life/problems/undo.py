"""Taking back one act on a problem or its members, by the ledger entry that tells of it, within a day.

Opening, joining, leaving, splitting, merging and moving are reversible, because none of them touches a report. What has
changed again since is left alone and said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, membership
from makegood.life.problems.actions import Conflict
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.models import LedgerEntry

WINDOW = timedelta(hours=24)
# Taking a change back is the change again: it takes the same right.
TAKES = {
    "problem.opened": "problem.edit",
    "problem.joined": "problem.join",
    "problem.left": "problem.join",
    "problem.split": "problem.edit",
    "problem.merged": "problem.merge",
    "problem.state_changed": "problem.edit",
    "problem.came_back": "problem.edit",
}
# What happens to a problem without anybody having worked on it.
_HARMLESS = ("problem.joined", "problem.left", "problem.priority_changed", "problem.change_undone")
_MOMENTS = frozenset({"cause_known_at", "released_at", "watching_until", "resolved_at", "came_back_at"})


class CannotUndo(Refusal):
    """There is nothing to take back, or it is too late."""


class NotYours(Refusal):
    """Whoever may not make the change may not take it back either."""


def can_undo(entry: LedgerEntry, *, now: datetime) -> bool:
    """Whether undo may be offered; whether it still fits is only known when it is tried."""
    return entry.kind in TAKES and now - entry.at <= WINDOW


def undo(entry: LedgerEntry, *, by: Actor, at: datetime) -> LedgerEntry:
    """Take back what ``entry`` tells of; the same twice is one. Raises CannotUndo, NotYours, Conflict, CannotJoin."""
    problem = Problem.objects.filter(pk=entry.data.get("problem") or 0).first()
    if problem is None or not can_undo(entry, now=at):
        raise CannotUndo(_("This can no longer be taken back."))
    if by.kind == "agent" and not roles.may(by.role, TAKES[entry.kind]):
        raise NotYours(_("You may not make this change, so you can't take it back. Ask a lead."))
    key = f"undo-{entry.pk}"
    with transaction.atomic():
        access.lock(problem)
        earlier = LedgerEntry.objects.filter(key=key).first()
        if earlier:
            return earlier
        _BACK[entry.kind](entry, problem, by, at)
        data = {"undone": entry.pk, "kind": entry.kind}
        return actions.record(problem, "problem.change_undone", by=by, at=at, report=entry.report, data=data, key=key)


def _unopen(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    """Whoever joined as it was opened is where they were before, and the problem is gone."""
    if not _is_untouched(problem, since=entry.at):
        raise _moved_on()
    for row in _members(problem):
        _out(row, _joined(row), by, at)
    actions.withdraw(problem, by=by, at=at)


def _unjoin(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    """The report leaves again; if it came from another problem, it goes back there."""
    row = _row(entry)
    if row.left_at is not None:
        raise _moved_on()
    _out(row, entry, by, at)


def _out(row: Membership, entry: LedgerEntry | None, by: Actor, at: datetime) -> None:
    """Take a report out, and back into the problem it left for this one, as it belonged there."""
    membership.leave(row.report, by=by, at=at, reason=_("Taken back."))
    rows = Problem.objects.filter(pk=(entry and entry.data.get("before")) or 0).select_related("merged_into")
    before = rows.first()
    earlier = membership.last_row(before, row.report) if before else None
    if earlier is None or before is None:
        return
    if before.merged_into is None:
        membership.rejoin(earlier, by=by, at=at, reason=_("Taken back."))
    else:  # it would have gone over with the others
        membership.join(before.merged_into, row.report, by=by, at=at, how=earlier.how, reason=_("Taken back."))


def _rejoin(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    row = _row(entry)
    if membership.member_row(row.report) is not None:
        raise _moved_on()
    membership.rejoin(row, by=by, at=at, reason=_("Taken back."))


def _unsplit(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    """What was split off goes back as it was. The problem made for it is gone, or points here if more came of it."""
    other = Problem.objects.filter(pk=entry.data.get("other") or 0).first()
    if other is None or other.merged_into_id or other.withdrawn_at:
        raise _moved_on()
    if not _is_untouched(other, since=entry.at):
        membership.merge(other, problem, by=by, at=at)
        return
    for row in _members(other):
        _out(row, _joined(row), by, at)
    actions.withdraw(other, by=by, at=at)


def _is_untouched(problem: Problem, *, since: datetime) -> bool:
    """Whether nothing was done to a problem after the moment it was opened, and nobody joined later."""
    after = LedgerEntry.objects.filter(about=problem.about, at__gt=since).exclude(kind__in=_HARMLESS)
    return not after.exists() and not _members(problem).exclude(joined_at=since).exists()


def _members(problem: Problem) -> QuerySet[Membership]:
    return Membership.objects.filter(problem=problem, left_at=None).select_related("report", "problem")


def _joined(row: Membership) -> LedgerEntry | None:
    """The entry that tells how a membership began."""
    told = LedgerEntry.objects.filter(about=row.problem.about, kind="problem.joined", data__membership=row.pk)
    return told.order_by("id").first()


def _unmerge(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    membership.unmerge(problem, by=by, at=at)


def _move_back(entry: LedgerEntry, problem: Problem, by: Actor, at: datetime) -> None:
    """The state and the moments that went with it, as they were; not by the table of moves, which knows no way back."""
    fresh = access.lock(problem)
    old, new = entry.data["from"], entry.data["to"]
    if fresh.state != new["state"]:
        raise _moved_on()
    fields: dict[str, Any] = {
        name: parse_datetime(value) if name in _MOMENTS and value else value for name, value in old.items()
    }
    actions.put(problem, fresh, "problem.state_changed", by=by, at=at, fields=fields, reason=_("Taken back."))


def _row(entry: LedgerEntry) -> Membership:
    row = Membership.objects.filter(pk=entry.data.get("membership") or 0).select_related("report").first()
    if row is None:
        raise CannotUndo(_("This can no longer be taken back."))
    return row


def _moved_on() -> Conflict:
    return Conflict(_("This was changed again meanwhile, so the earlier change can't be taken back by itself."))


_BACK: dict[str, Callable[[LedgerEntry, Problem, Actor, datetime], None]] = {
    "problem.opened": _unopen,
    "problem.joined": _unjoin,
    "problem.left": _rejoin,
    "problem.split": _unsplit,
    "problem.merged": _unmerge,
    "problem.state_changed": _move_back,
    "problem.came_back": _move_back,
}
