"""Taking back, within its undo window, what a message of ours did to the promises."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from makegood.life.people.actors import Actor
from makegood.life.promises import actions, reasons
from makegood.life.promises.models import Promise
from makegood.life.promises.owed import show_owed
from makegood.life.reports import access, ledger
from makegood.life.reports.models import Message, Report


def pending_ids(report: Report) -> list[int]:
    """What is owed on a report now, to be handed to ``take_back`` later."""
    return list(Promise.objects.filter(report=report, state__in=Promise.PENDING).values_list("pk", flat=True))


def take_back(report: Report, message: Message, before: Collection[int], *, by: Actor, at: datetime) -> list[Promise]:
    """Withdraw what ``message`` promised and owe again what was owed ``before`` it. Returns the promises owed again."""
    with transaction.atomic():
        access.lock(report)
        made = list(Promise.objects.filter(report=report, message=message, state__in=Promise.PENDING))
        again = list(
            Promise.objects.filter(report=report, pk__in=before)
            .exclude(state__in=Promise.PENDING)
            .select_related("policy", "hours", "report")
        )
        if made:
            actions._withdraw(report, made, by=by, at=at, reason=reasons.TAKEN_BACK)
        _owe_again(report, again, by=by, at=at)
        show_owed(report, at=at)
    return again


def restore(report: Report, before: Collection[int], *, by: Actor, at: datetime) -> None:
    """Owe exactly what was owed ``before`` again: what came since is withdrawn."""
    with transaction.atomic():
        access.lock(report)
        rows = Promise.objects.filter(report=report).select_related("policy", "hours", "report")
        since = list(rows.filter(state__in=Promise.PENDING).exclude(pk__in=before))
        again = list(rows.filter(pk__in=before).exclude(state__in=Promise.PENDING))
        if since:
            actions._withdraw(report, since, by=by, at=at, reason=reasons.CAUSE_TAKEN_BACK)
        _owe_again(report, again, by=by, at=at)
        show_owed(report, at=at)


def _owe_again(report: Report, promises: list[Promise], *, by: Actor, at: datetime) -> None:
    if not promises:
        return
    for promise in promises:
        promise.state, promise.kept_at, promise.withdrawn_at, promise.kept_by_message = Promise.OPEN, None, None, None
        if promise.broken_at and not promise.steps.filter(kind="broken").exists():
            promise.broken_at = None
    fields = ["state", "kept_at", "withdrawn_at", "kept_by_message", "broken_at"]
    Promise.objects.bulk_update(promises, fields)
    actions._retime(promises, at=at)
    data = {"promises": [actions.told(promise) for promise in promises]}
    ledger.record(report, "promise.restored", by=by, at=at, data=data)
