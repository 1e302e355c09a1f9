"""Promises about something other than a report: ``about`` names it, such as ``problem:12``.

The same rows, terms, sweep and ladder as all promises; only what is locked and shown differs, which is the caller's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.promises import book
from makegood.life.promises.actions import Details, Wish, built, demand, note_if_late, told
from makegood.life.promises.models import Promise
from makegood.life.reports import ledger, states


def make(about: str, kind: str, *, by: Actor, at: datetime, **details: Unpack[Details]) -> Promise:
    """Promise ``kind`` about ``about``, due by policy (medium, unless ``severity``) or at the time named.

    Raises InThePast.
    """
    severity = details.get("severity") or states.MEDIUM
    with transaction.atomic():
        promise = built(Wish(kind, **details), severity, book.current(at), by=by, at=at)
        promise.about = about
        promise.save(force_insert=True)
        _record(about, "promise.made", [promise], by=by, at=at)
    return promise


def keep(about: str, *which: str, by: Actor, at: datetime) -> list[Promise]:
    """Keep the pending promises of the kinds ``which`` about ``about``; a late one counts as broken."""
    with transaction.atomic():
        kept = _pending(about, which)
        for promise in kept:
            note_if_late(promise, at)
            promise.state, promise.kept_at, promise.next_step_at = Promise.KEPT, at, None
        Promise.objects.bulk_update(kept, ["state", "kept_at", "broken_at", "next_step_at"])
        if kept:
            late = {promise.pk: {"late": promise.broken_at is not None} for promise in kept}
            _record(about, "promise.kept", kept, by=by, at=at, more=late)
    return kept


def withdraw(about: str, *which: str, by: Actor, at: datetime, reason: str) -> list[Promise]:
    """Take pending promises back. The overdue stay broken. Raises NeedsReason."""
    demand(reason)
    with transaction.atomic():
        gone = _pending(about, which)
        for promise in gone:
            note_if_late(promise, at)
            promise.state, promise.withdrawn_at, promise.next_step_at = Promise.WITHDRAWN, at, None
        Promise.objects.bulk_update(gone, ["state", "withdrawn_at", "broken_at", "next_step_at"])
        if gone:
            _record(about, "promise.withdrawn", gone, by=by, at=at, reason=reason)
    return gone


def hand(about: str, *, team: Team | None, agent: Agent | None) -> None:
    """Let others owe what is pending about ``about``; the caller records why."""
    Promise.objects.filter(about=about, state__in=Promise.PENDING).update(team=team, agent=agent)


def pending(about: str, *which: str) -> list[Promise]:
    """What is owed about something, soonest first."""
    rows = Promise.objects.filter(about=about, state__in=Promise.PENDING)
    return list((rows.filter(kind__in=which) if which else rows).order_by("due_at", "id"))


def _pending(about: str, which: tuple[str, ...]) -> list[Promise]:
    rows = Promise.objects.select_for_update().filter(about=about, state__in=Promise.PENDING)
    return list((rows.filter(kind__in=which) if which else rows).order_by("id"))


def _record(about: str, kind: str, promises: list[Promise], *, by: Actor, at: datetime, **more: Any) -> None:
    extra = more.pop("more", {})
    data = {"promises": [{**told(promise), **extra.get(promise.pk, {})} for promise in promises]}
    ledger.record(None, kind, by=by, at=at, data=data, about=about, **more)
