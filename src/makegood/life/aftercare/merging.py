"""Two reports of one person about one thing: the later words go on in the other; a link, taken back whole.

Not for different people: their reports join a problem, and each keeps their own thread.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.errors import Refusal
from makegood.life.aftercare import actions, undo
from makegood.life.people.actors import Actor
from makegood.life.reports import access, states
from makegood.life.reports import actions as reports
from makegood.life.reports.models import LedgerEntry, Report


class CannotMerge(Refusal):
    """These two reports do not go together; the text says why."""


def merge(report: Report, into: Report, *, by: Actor, at: datetime) -> None:
    """Go on in ``into``: ``report`` is linked to it and closed, and its reporter is told where it goes on.

    The same again does nothing. Raises CannotMerge.
    """
    with transaction.atomic():
        for one in sorted((report, into), key=lambda one: one.pk):
            access.lock(one)
        fresh, target = access.lock(report), access.lock(into)
        if fresh.duplicate_of_id == target.pk and fresh.state == states.CLOSED:
            return
        _refuse(fresh, target)
        reports.mark_duplicate(report, into, by=by, at=at)
        if fresh.state != states.CLOSED:
            with override(fresh.language):
                words = _(
                    "You told us of this in %(number)s too. We go on with both there, so that you hear of it once. "
                    "Nothing you wrote is lost."
                ) % {"number": target.number}
            actions.close(report, reason="duplicate", by=by, at=at, words=words)


def take_back(report: Report, *, by: Actor, at: datetime) -> None:
    """Take a merge back at once: until what we said has left, everything is exactly as it was; later as ``unmerge``.

    Raises CannotMerge.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        linked, closed = _newest(fresh, "report.marked_duplicate"), _newest(fresh, "report.closed")
        if fresh.duplicate_of_id is None or linked is None:
            raise CannotMerge(_("This report has not been merged into another."))
        is_closed_by_it = fresh.state == states.CLOSED and closed is not None and closed.at == linked.at
        if is_closed_by_it and closed is not None and undo.can_undo(closed, now=at):
            undo.undo(closed, by=by, at=at)
            undo.undo(linked, by=by, at=at)
        else:
            unmerge(report, by=by, at=at)


def _newest(report: Report, kind: str) -> LedgerEntry | None:
    return report.ledger.filter(kind=kind).order_by("-id").first()


def unmerge(report: Report, *, by: Actor, at: datetime) -> None:
    """Take a merge back: the link goes, and the report is open again as it was. Raises CannotMerge."""
    with transaction.atomic():
        fresh = access.lock(report)
        if fresh.duplicate_of_id is None:
            raise CannotMerge(_("This report has not been merged into another."))
        reports.mark_duplicate(report, None, by=by, at=at)
        if fresh.state == states.CLOSED and fresh.close_reason == "duplicate":
            with override(fresh.language):
                words = _("We go on with this report by itself again.")
            actions.reopen(report, by=by, at=at, reason=_("The merge was taken back."), words=words, is_unsolved=False)


def _refuse(fresh: Report, target: Report) -> None:
    if fresh.pk == target.pk:
        raise CannotMerge(_("A report cannot be merged into itself."))
    if fresh.contact_id != target.contact_id:
        raise CannotMerge(
            _("They are of different people. Join both to a problem instead: each keeps their own conversation.")
        )
    if target.duplicate_of_id:
        raise CannotMerge(_("That report goes on in MG-%d itself; choose that one.") % target.duplicate_of_id)
    if target.state == states.CLOSED:
        raise CannotMerge(_("That report is closed. Open it again first, or merge the other way round."))
    if fresh.duplicates.exists():
        raise CannotMerge(_("Other reports go on in this one. Merge the other way round."))
