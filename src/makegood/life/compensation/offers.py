"""The reporter's side: what they are offered, yes or no, their code. Nothing of a proposal is visible here before it is
approved, and nothing of how it was decided ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.life.compensation import booking, deciding, letters, states, vouchers
from makegood.life.compensation.models import Compensation
from makegood.life.compensation.settling import TooLate
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

OPEN, ACCEPTED, REFUSED, EXPIRED, WITHDRAWN, USED, GIVEN = (
    *("open", "accepted", "refused", "expired", "withdrawn"),
    *("used", "given"),
)


@dataclass(frozen=True)
class Offer:
    """What the reporter sees. ``state``: open, accepted, refused, expired, withdrawn, used, or given without asking."""

    key: str
    state: str
    what: str
    kind: str
    letter: str
    terms: str
    until: datetime | None
    answered_at: datetime | None
    has_code: bool

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


def offers_of(report: Report, contact: Contact, *, now: datetime, language: str) -> list[Offer]:
    """What ``contact`` was offered on their report, newest first; nobody else's, and nothing that was not approved."""
    rows = Compensation.objects.filter(report=report, contact=contact).exclude(state=states.PROPOSED)
    found = [
        _offer(one, now=now, language=language)
        for one in rows.select_related("policy").prefetch_related("entries").order_by("-id")[:5]
    ]
    return [one for one in found if one is not None]


def accept(report: Report, contact: Contact, key: str, *, by: Actor, at: datetime) -> str:
    """Yes: it is issued. The code where there is one, shown this once; empty otherwise. Raises NotNow, TooLate."""
    with transaction.atomic():
        fresh = _open_offer(report, contact, key, at=at)
        deciding.issue(fresh, by=by, at=at)
        return vouchers.mint(fresh, at=at) if fresh.kind in states.CODED else ""


def refuse(report: Report, contact: Contact, key: str, *, by: Actor, at: datetime, said: str = "") -> None:
    """No, thank you; the money is free again. Raises NotNow, TooLate."""
    with transaction.atomic():
        fresh = _open_offer(report, contact, key, at=at)
        booking.write(fresh, states.DECLINED, by=by, at=at, reason=said.replace("\x00", "").strip()[:2000])


def new_code(report: Report, contact: Contact, key: str, *, by: Actor, at: datetime) -> str:
    """Another code in place of one that was lost; the lost one ends. Raises NotNow, TooLate."""
    with transaction.atomic():
        fresh = booking.lock(_theirs(report, contact, key))
        entry = booking.newest(fresh)
        if entry is None or entry.state != states.ISSUED or fresh.kind not in states.CODED:
            raise booking.NotNow(booking.told_why(entry.state if entry else ""))
        if fresh.redeem_until is not None and fresh.redeem_until <= at:
            raise TooLate(_("The time to redeem it is over."))
        booking.note_new_code(fresh, entry, by=by, at=at)
        return vouchers.mint(fresh, at=at)


def _open_offer(report: Report, contact: Contact, key: str, *, at: datetime) -> Compensation:
    fresh = booking.lock(_theirs(report, contact, key))
    entry = booking.newest(fresh)
    if entry is None or entry.state != states.APPROVED:
        raise booking.NotNow(_("You have answered this already, or it is no longer offered."))
    if fresh.offer_until is not None and fresh.offer_until <= at:
        raise TooLate(_("The time to answer this offer is over. Write to us if you still want it."))
    return fresh


def _theirs(report: Report, contact: Contact, key: str) -> Compensation:
    found = Compensation.objects.filter(key=key, report=report, contact=contact).exclude(state=states.PROPOSED).first()
    if found is None or _offer(found, now=found.state_at, language="en") is None:
        raise NotFound(key)
    return found


def _offer(one: Compensation, *, now: datetime, language: str) -> Offer | None:
    """How it looks from outside; None for what nobody outside was ever told of."""
    entries = {entry.state: entry for entry in one.entries.all()}
    approved = entries.get(states.APPROVED)
    if approved is None:
        return None
    state = _SHOWN[one.state]
    if state == OPEN and one.offer_until is not None and one.offer_until <= now:
        state = EXPIRED
    issued = entries.get(states.ISSUED)
    if state in (ACCEPTED, USED) and issued is not None and issued.actor_kind != "contact":
        state = GIVEN
    return Offer(
        key=one.key,
        state=state,
        what=letters.what(one.kind, one.amount, one.days, language=language),
        kind=one.kind,
        letter=letters.read_there(one.letter),
        terms=one.policy.terms_in(language),
        until=one.offer_until if state == OPEN else one.redeem_until,
        answered_at=one.state_at,
        has_code=one.kind in states.CODED,
    )


_SHOWN = {
    states.APPROVED: OPEN,
    states.ISSUED: ACCEPTED,
    states.REDEEMED: USED,
    states.DECLINED: REFUSED,
    states.EXPIRED: EXPIRED,
    states.REVERSED: WITHDRAWN,
}
