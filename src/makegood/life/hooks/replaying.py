"""Telling again: one delivery, or all since a moment. The id stays, so a receiver that had it can drop it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.hooks import feeding
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry

AT_MOST = 50_000
_SLICE = 500


class TooMany(Refusal):
    """More entries than are told again at once."""


def again(delivery: Delivery, *, at: datetime) -> None:
    """Put one delivery in line again from its first try."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.WAITING, attempts=0, next_at=at, done_at=None, last_reason=""
    )


def all_since(endpoint: Endpoint, since: datetime, *, by: Actor, at: datetime, also_sent: bool = False) -> int:
    """Put in line what ``endpoint`` did not take since a moment, and what it was not told while it was off.

    ``also_sent``: what it took, too, for a receiver that lost what it had. Returns how many. Raises TooMany.
    """
    entries = LedgerEntry.objects.filter(at__gte=since, delivered_at__isnull=False).order_by("pk")
    if entries.count() > AT_MOST:
        raise TooMany(
            _("More than %s things happened since then. Choose a later moment.")
            % number_format(AT_MOST, force_grouping=True)
        )
    states = [Delivery.FAILED, Delivery.SENT] if also_sent else [Delivery.FAILED]
    with transaction.atomic():
        old = endpoint.deliveries.filter(entry__at__gte=since, state__in=states)
        count = old.update(state=Delivery.WAITING, attempts=0, next_at=at, done_at=None, last_reason="")
        before, told = endpoint.deliveries.count(), endpoint.deliveries.filter(entry__isnull=False).values("entry")
        missed, wanted = entries.exclude(pk__in=told), []
        for entry in missed.iterator(_SLICE):
            wanted.append(entry)
            if len(wanted) == _SLICE:
                feeding.feed_one(endpoint, wanted, now=at)
                wanted = []
        feeding.feed_one(endpoint, wanted, now=at)
        count += endpoint.deliveries.count() - before
        data = {"what": "hook", "id": endpoint.pk, "name": endpoint.name, "since": since.isoformat(), "count": count}
        ledger.record(None, "hook.replayed", by=by, at=at, data=data)
    return count
