"""The one way an entry is written: lock, look at the newest, add the next, show it on the head, record it.

Locks are taken in one order, report, compensation, purse, so that nobody waits for somebody who waits for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.compensation import states
from makegood.life.compensation.models import Compensation, Entry, Purse
from makegood.life.people.actors import Actor
from makegood.life.reports import access, ledger


class NotNow(Refusal):
    """What became of it meanwhile does not let this happen; nothing was written."""


class More(TypedDict, total=False):
    """What an entry says besides what happened; see ``models.Entry``."""

    reason: str
    alone_minor: int
    limit_minor: int
    is_automatic: bool
    over_budget: bool
    budget_month: str
    details: dict[str, Any]


def lock(compensation: Compensation) -> Compensation:
    """The row, fresh, with its report and the money of its currency held until the transaction ends."""
    if compensation.report is not None:
        access.lock(compensation.report)
    fresh = rows.lock(Compensation, compensation.pk)
    hold_purse(fresh.currency)
    return fresh


def hold_purse(currency: str) -> None:
    """From here on one at a time decides on money of this currency."""
    purse, _made = Purse.objects.get_or_create(currency=currency)
    rows.lock(Purse, purse.pk)


def newest(compensation: Compensation) -> Entry | None:
    """The entry that says where it stands."""
    return Entry.objects.filter(compensation=compensation).order_by("-step").first()


def first(compensation: Compensation, *, proposer: int | None, by: Actor, at: datetime, **more: Unpack[More]) -> Entry:
    """The entry that proposes it. Within the transaction that makes the head."""
    return _write(compensation, None, states.PROPOSED, proposer=proposer, by=by, at=at, **more)


def write(compensation: Compensation, state: str, *, by: Actor, at: datetime, **more: Unpack[More]) -> Entry:
    """The next entry of a locked compensation. Raises NotNow."""
    before = newest(compensation)
    if before is None or not states.may_follow(before.state, state):
        raise NotNow(told_why(before.state if before else ""))
    return _write(compensation, before, state, proposer=before.proposer_id, by=by, at=at, **more)


def _write(
    compensation: Compensation,
    before: Entry | None,
    state: str,
    *,
    proposer: int | None,
    by: Actor,
    at: datetime,
    **more: Unpack[More],
) -> Entry:
    details = more.pop("details", {})
    entry = Entry(
        compensation=compensation,
        step=before.step + 1 if before else 1,
        before=before.state if before else "",
        state=state,
        currency=compensation.currency,
        minor=compensation.minor,
        booked=_booked(compensation, before, state),
        proposer_id=proposer,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        is_related=compensation.is_related,
        at=at,
        **{"budget_month": before.budget_month if before else "", **more},
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        found = newest(compensation)
        if before is not None and found is not None and found.step > before.step:
            raise NotNow(told_why(found.state)) from None
        raise
    _show(compensation, state, at)
    _record(compensation, entry, by=by, at=at, details=details)
    return entry


def note_new_code(compensation: Compensation, entry: Entry, *, by: Actor, at: datetime) -> None:
    """Record that a lost code was replaced; where the compensation stands does not change."""
    ledger.record(
        compensation.report,
        "compensation.code_renewed",
        by=by,
        at=at,
        data={"compensation": facts(compensation, entry)},
        about=compensation.about,
    )


def told_why(state: str) -> str:
    """Why it cannot be done, from where it stands."""
    words = {
        states.PROPOSED: _("It still waits for a decision."),
        states.APPROVED: _("It has been approved already."),
        states.ISSUED: _("It has been issued already."),
        states.REDEEMED: _("It has been redeemed already."),
        states.DECLINED: _("It has been declined already."),
        states.EXPIRED: _("It has expired."),
        states.REVERSED: _("It was taken back."),
    }
    return words.get(state, _("It is not there any more."))


def facts(compensation: Compensation, entry: Entry) -> dict[str, Any]:
    """What the ledger, and through it webhooks, tell of it: numbers and keys, nothing a person wrote."""
    amount = compensation.amount
    contact = compensation.contact
    return {
        "key": compensation.key,
        "kind": compensation.kind,
        "state": entry.state,
        "amount": {
            "minor": amount.minor,
            "currency": amount.currency,
            "exponent": amount.exponent,
            "value": amount.plain(),
        }
        if amount
        else None,
        "days": compensation.days,
        "customer": contact.key if contact else None,
        "organisation": contact.organisation.key if contact and contact.organisation else None,
        "policy": f"{compensation.policy.slug}@{compensation.policy.version}",
        "redeem_until": compensation.redeem_until.isoformat() if compensation.redeem_until else None,
        "is_automatic": entry.is_automatic,
    }


def _booked(compensation: Compensation, before: Entry | None, state: str) -> int:
    if state == states.APPROVED:
        return compensation.minor
    if state in states.RELEASED and before is not None and before.state != states.PROPOSED:
        return -compensation.minor
    return 0


def _show(compensation: Compensation, state: str, at: datetime) -> None:
    rows.update(compensation, state=state, state_at=at, is_standing=state in states.STANDING)


def _record(compensation: Compensation, entry: Entry, *, by: Actor, at: datetime, details: dict[str, Any]) -> None:
    data = {"compensation": {**facts(compensation, entry), **details}}
    ledger.record(
        compensation.report,
        f"compensation.{entry.state}",
        by=by,
        at=at,
        data=data,
        reason=entry.reason,
        about=compensation.about,
    )
