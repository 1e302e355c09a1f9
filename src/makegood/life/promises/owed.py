"""Keeps ``Report.owed_at``, ``owed_kind`` and ``owed_state`` in step with the promises, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from makegood.lib import rows
from makegood.life.promises.clocks import PAUSED
from makegood.life.promises.models import Promise, ring_of
from makegood.life.reports.models import Report

# A report whose promises all wait for the reporter is owed nothing by us for now. A moment, not NULL, because the
# databases disagree on where NULL sorts and the queue is a walk along the index of owed_at.
PARKED = datetime(9000, 1, 1, tzinfo=UTC)


def show_owed(report: Report, *, at: datetime, promises: Iterable[Promise] | None = None) -> None:
    """Write what is owed next on ``report``, which need not be filed yet.

    ``promises`` spares the query when they are all known.
    """
    if promises is None:
        promises = Promise.objects.filter(report_id=report.pk, state__in=Promise.PENDING)
    pending = [promise for promise in promises if promise.is_pending]
    running = [promise for promise in pending if promise.state == Promise.OPEN]
    owed: tuple[datetime | None, str, str] = (None, "", "")
    if running:
        first = min(running, key=_place)
        owed = (first.due_at, first.kind, ring_of(first.due_at, first.at_risk_at, at))
    elif pending:
        first = min(pending, key=_place)
        owed = (PARKED, first.kind, PAUSED)
    if (report.owed_at, report.owed_kind, report.owed_state) == owed:
        return
    if report.pk is None:
        report.owed_at, report.owed_kind, report.owed_state = owed
    else:
        rows.update(report, owed_at=owed[0], owed_kind=owed[1], owed_state=owed[2])


def _place(promise: Promise) -> tuple[datetime, int]:
    """The sooner first; of two at one moment the one made first, whatever order the database gives them in."""
    return promise.due_at, promise.pk or 0
