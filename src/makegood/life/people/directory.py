"""Finding people: contacts by address, agents, whoever is on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from makegood.lib import rows
from makegood.life.people.models import Agent, Contact, Shift, Team


def canonical_email(address: str) -> str:
    """The one form in which addresses are stored and compared: trimmed, lower case."""
    return address.strip().lower()


def find_or_add_contact(*, email: str, at: datetime, name: str = "", phone: str = "", language: str = "en") -> Contact:
    """The contact with this address, else with this phone number, else a new one.

    Known facts are never overwritten by what an unverified form says; empty ones are filled while nobody has proved
    that the address is theirs.
    """
    email = canonical_email(email)
    contact = None
    if email:
        contact = next(iter(rows.read(Contact, "email = %s", [email])), None)
    elif phone:
        contact = Contact.objects.filter(phone=phone, email=None).first()
    if contact is None:
        contact = rows.new(Contact, email=email or None, name=name, phone=phone, language=language, created_at=at)
        rows.insert(contact)
        return contact
    # Who has proved the address speaks for it: nobody else may add a number for us to call.
    given = () if contact.email_verified_at else (("name", name), ("phone", phone))
    missing = {k: v for k, v in given if v and not getattr(contact, k)}
    if missing:
        rows.update(contact, **missing)
    return contact


def on_duty(team: Team, *, level: int, now: datetime) -> Agent | None:
    """Who of ``team`` is on duty at ``level`` (1 first, 2 backup) at ``now``; one-off shifts beat weekly ones."""
    shifts = list(
        Shift.objects.filter(team=team, level=level, agent__is_active=True)
        .filter(Q(weekday__isnull=False) | Q(starts_at__lte=now, until_at__gt=now))
        .select_related("agent")
        .order_by("-starts_at", "pk")
    )
    once = [shift for shift in shifts if shift.weekday is None]
    weekly = [shift for shift in shifts if shift.weekday is not None and _covers(shift, now)]
    chosen = once or weekly
    return chosen[0].agent if chosen else None


def _covers(shift: Shift, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(shift.time_zone or settings.DESK_TIME_ZONE))
    if shift.starts is None or shift.until is None:
        return False
    overnight = shift.until <= shift.starts
    if local.weekday() == shift.weekday and local.time() >= shift.starts:
        return overnight or local.time() < shift.until
    yesterday = (local - timedelta(days=1)).weekday()
    return overnight and yesterday == shift.weekday and local.time() < shift.until
