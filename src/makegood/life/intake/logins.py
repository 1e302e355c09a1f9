"""All my reports, without an account: a link by mail, used once, good for a few hours in the browser that used it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.keys import secret_token, token_hash
from makegood.life.intake.models import ReporterLogin
from makegood.life.people.models import Contact
from makegood.life.reports.models import Report

LINK_LIFE = timedelta(hours=24)
SESSION = timedelta(hours=12)


class LinkUsedUp(Refusal):
    """The link was used before, is too old, or never was."""


def make(contact: Contact, *, at: datetime) -> str:
    """A new link's secret for ``contact``."""
    secret = secret_token()
    ReporterLogin.objects.create(contact=contact, token_hash=token_hash(secret), made_at=at, expires_at=at + LINK_LIFE)
    return secret


def use(secret: str, *, at: datetime) -> ReporterLogin:
    """Use the link up. It came by mail, so the address is theirs from now on. Raises LinkUsedUp."""
    with transaction.atomic():
        fresh = ReporterLogin.objects.filter(token_hash=token_hash(secret or "-"), used_at=None, revoked_at=None)
        if not secret or not fresh.filter(expires_at__gt=at).update(used_at=at, until=at + SESSION):
            raise LinkUsedUp(_("This link was used before or is too old. Ask for a new one."))
        login = ReporterLogin.objects.select_related("contact").get(token_hash=token_hash(secret))
        Contact.objects.filter(pk=login.contact_id, email_verified_at=None).update(email_verified_at=at)
        return login


def signed_in(login_id: int, *, now: datetime) -> Contact | None:
    """Whose list this login shows; None if it is over."""
    found = ReporterLogin.objects.filter(pk=login_id, until__gt=now, revoked_at=None).select_related("contact").first()
    return found.contact if found else None


def leave(login_id: int, *, at: datetime) -> None:
    """End a login."""
    ReporterLogin.objects.filter(pk=login_id, revoked_at=None).update(revoked_at=at)


def revoke_all(contact: Contact, *, at: datetime) -> int:
    """End every login and unused link of ``contact``."""
    return ReporterLogin.objects.filter(contact=contact, revoked_at=None).update(revoked_at=at)


def reports_of(contact: Contact) -> QuerySet[Report]:
    """The contact's own reports, newest first."""
    return contact.reports.select_related("category").order_by("-received_at", "-id")


def forget_old(now: datetime) -> int:
    """Remove links long dead. Work of the clock."""
    return ReporterLogin.objects.filter(made_at__lt=now - timedelta(days=30)).delete()[0]
