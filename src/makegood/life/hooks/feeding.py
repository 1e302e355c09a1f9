"""From ledger entries to deliveries: in the same transaction in which the worker first looks at the entries.

Why here and not by a cursor of each endpoint over the ledger: numbers of the ledger commit out of order on PostgreSQL,
so a cursor either skips some or must look back; the worker sees every entry exactly because it marks each. A crash in
between tells it twice, and the unique (endpoint, entry) makes the second nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.db import Error, transaction

from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.life.hooks import bodies
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.reports.models import LedgerEntry, Message, Report

JOB = "hooks.feed"


def feed(entries: Iterable[LedgerEntry], *, now: datetime) -> int:
    """Write the deliveries that follow from ``entries``; how many there may be. Without endpoints: one tiny query."""
    listening = _listening()
    told = list(entries) if listening else []
    _forget_taken_back(told)
    return sum(feed_one(endpoint, told, now=now) for endpoint in listening)


def _listening() -> list[Endpoint]:
    return rows.read(Endpoint, "is_active = %s ORDER BY id", [True])


def _forget_taken_back(entries: list[LedgerEntry]) -> None:
    """A message withdrawn inside its undo window has not left: nor may its words leave by another door."""
    for entry in entries:
        if entry.kind == "message.withdrawn":
            waiting = Delivery.objects.filter(state=Delivery.WAITING, attempts=0, entry__kind="message.said")
            waiting.filter(entry__report=entry.report_id, entry__data__message=entry.data.get("message")).delete()


def feed_safely(entries: list[LedgerEntry], *, now: datetime) -> None:
    """``feed`` for the worker's main loop: what goes wrong becomes a job with its reason and holds up nobody."""
    if not _listening():
        return
    try:
        with transaction.atomic():
            feed(entries, now=now)
    except Error:
        raise  # the database itself is away: the whole round is done again
    except Exception as trouble:  # noqa: BLE001 - told in the job, tried again from there
        ids = [entry.pk for entry in entries]
        enqueue(JOB, f"{ids[0]}-{ids[-1]}-{len(ids)}", {"entries": ids, "why": repr(trouble)[:500]}, run_at=now)


def feed_again(payload: dict[str, Any], now: datetime) -> None:
    """The job: feed entries that could not be fed in passing."""
    feed(LedgerEntry.objects.filter(pk__in=payload["entries"]).order_by("pk"), now=now)


def feed_one(endpoint: Endpoint, entries: list[LedgerEntry], *, now: datetime) -> int:
    """The same for one endpoint; what it was told already is left alone."""
    wanted = [entry for entry in entries if wants(endpoint.kinds, entry.kind)]
    if not wanted:
        return 0
    reports = rows.by_key(Report, (entry.report_id for entry in wanted))
    messages = bodies.spoken_of(wanted) if endpoint.include_words else {}
    made = []
    for entry in wanted:
        message = messages.get(entry.pk)
        if message is not None and message.withdrawn_at:  # taken back before it left: nobody is told its words
            if entry.kind == "message.said":
                continue
            message = None
        made.append(_delivery(endpoint, entry, reports.get(entry.report_id or 0), message, now=now))
    Delivery.objects.bulk_create(made, ignore_conflicts=True, batch_size=100)
    return len(made)


def wants(patterns: list[str], kind: str) -> bool:
    """Whether an endpoint that names ``patterns`` is told of ``kind``. No pattern: of everything."""
    return not patterns or any(fnmatchcase(kind, pattern) for pattern in patterns)


def _delivery(
    endpoint: Endpoint, entry: LedgerEntry, report: Report | None, message: Message | None, *, now: datetime
) -> Delivery:
    leaves = message.visible_at if message is not None else now
    return Delivery(
        endpoint=endpoint,
        entry_id=entry.pk,
        kind=entry.kind,
        report_number=entry.report_id,
        body=bodies.body_of(entry, report, with_words=endpoint.include_words, message=message),
        next_at=max(now, leaves),
        made_at=now,
    )
