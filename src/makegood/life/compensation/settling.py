"""After it is issued: redeemed once, taken back with a reason, or expired by the clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.compensation import booking, states, vouchers
from makegood.life.compensation.deciding import NeedsReason
from makegood.life.compensation.models import Compensation, Voucher
from makegood.life.people.actors import SYSTEM, Actor

MOST_AT_ONCE = 200


class NoSuchCode(Refusal):
    """The code is none of ours, or a newer one took its place."""


class TooLate(Refusal):
    """The time to redeem it, or to answer, is over."""


class TakesACode(Refusal):
    """Only whoever shows the code redeems this."""


def redeem_code(code: str, *, by: Actor, at: datetime, reference: str = "") -> Compensation:
    """Redeem what the code stands for; ``reference``: of the order or booking. Raises NoSuchCode, NotNow, TooLate."""
    found = vouchers.of_code(code)
    if found is None:
        raise NoSuchCode(_("No code of ours reads like that. Look at it letter by letter."))
    return _redeem(found, by=by, at=at, reference=reference, code=code)


def carry_out(compensation: Compensation, *, by: Actor, at: datetime, reference: str = "") -> Compensation:
    """It was paid, credited, extended or done again: what takes no code. Raises TakesACode, NotNow, TooLate."""
    if compensation.kind in states.CODED:
        raise TakesACode(_("This is redeemed with its code."))
    return _redeem(compensation, by=by, at=at, reference=reference)


def reverse(compensation: Compensation, *, by: Actor, at: datetime, reason: str) -> Compensation:
    """Take back what was approved, issued or redeemed; the money is free again. Raises NotNow, NeedsReason."""
    if not reason.strip():
        raise NeedsReason(_("Say why it is taken back; it stays with the history."))
    with transaction.atomic():
        fresh = booking.lock(compensation)
        booking.write(fresh, states.REVERSED, by=by, at=at, reason=reason.strip()[:2000])
        Voucher.objects.filter(compensation=fresh, ended_at=None).update(ended_at=at)
    compensation.refresh_from_db()
    return compensation


def expire_due(now: datetime) -> int:
    """Periodic: offers nobody answered and codes nobody redeemed in time; returns how many."""
    offered = Compensation.objects.filter(state=states.APPROVED, offer_until__lte=now)
    issued = Compensation.objects.filter(state=states.ISSUED, redeem_until__lte=now)
    due = [*offered.order_by("offer_until")[:MOST_AT_ONCE], *issued.order_by("redeem_until")[:MOST_AT_ONCE]]
    return sum(_expire(one, now) for one in due)


def _redeem(compensation: Compensation, *, by: Actor, at: datetime, reference: str, code: str = "") -> Compensation:
    with transaction.atomic():
        fresh = booking.lock(compensation)
        entry = booking.newest(fresh)
        if entry is None or entry.state != states.ISSUED:
            raise booking.NotNow(booking.told_why(entry.state if entry else ""))
        if code and vouchers.of_code(code) != fresh:
            raise NoSuchCode(_("A newer code took the place of this one."))
        if fresh.redeem_until is not None and fresh.redeem_until <= at:
            raise TooLate(_("The time to redeem it is over."))
        reference = reference.strip()[:200]
        booking.write(fresh, states.REDEEMED, by=by, at=at, reason=reference, details={"reference": reference})
        Voucher.objects.filter(compensation=fresh, ended_at=None).update(ended_at=at)
    compensation.refresh_from_db()
    return compensation


def _expire(compensation: Compensation, now: datetime) -> bool:
    with transaction.atomic():
        fresh = booking.lock(compensation)
        entry = booking.newest(fresh)
        until = {states.APPROVED: fresh.offer_until, states.ISSUED: fresh.redeem_until}
        ends = until.get(entry.state) if entry else None
        if ends is None or ends > now:
            return False
        booking.write(fresh, states.EXPIRED, by=SYSTEM, at=now)
        Voucher.objects.filter(compensation=fresh, ended_at=None).update(ended_at=now)
    return True
