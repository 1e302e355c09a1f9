"""What a contact does not want from us: questions about our service, or calls. Theirs to say, and to take back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.db import transaction

from makegood.life.aftercare.models import Wish
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact
from makegood.life.reports import ledger

_SALT = "makegood.no-surveys"
PATH = "/no-surveys/"


def of(contact: Contact) -> Wish:
    """What they do not want; an unsaved row if they never said."""
    return Wish.objects.filter(contact=contact).first() or Wish(contact=contact)


def of_many(contacts: Iterable[int]) -> dict[int, Wish]:
    """Contact id → what they do not want, in one query."""
    return {wish.contact_id: wish for wish in Wish.objects.filter(contact__in=list(contacts))}


def refuse_surveys(contact: Contact, refused: bool, *, by: Actor, at: datetime) -> None:
    """No more questions about our service, or (False) ask again; the same twice is one."""
    _set(contact, "no_surveys_at", "survey.refused", refused, by=by, at=at)


def refuse_calls(contact: Contact, refused: bool, *, by: Actor, at: datetime) -> None:
    """No calls, or (False) calls are fine again; the same twice is one."""
    _set(contact, "no_calls_at", "calls.refused", refused, by=by, at=at)


def unsubscribe_address(contact: Contact) -> str:
    """Where one POST ends surveys for them (RFC 8058); it never expires, because the mail does not."""
    return f"{settings.BASE_URL}{PATH}{quote(signing.dumps(contact.pk, salt=_SALT), safe='')}/"


def contact_of(token: str) -> Contact | None:
    """Whose token it is, if it is one of ours."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Contact.objects.filter(pk=key).first() if isinstance(key, int) else None


def _set(contact: Contact, name: str, kind: str, refused: bool, *, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        wish, _is_new = Wish.objects.select_for_update().get_or_create(contact=contact)
        if (getattr(wish, name) is not None) == refused:
            return
        setattr(wish, name, at if refused else None)
        wish.by_name = by.name
        wish.save(update_fields=[name, "by_name"])
        ledger.record(None, kind, by=by, at=at, data={"contact": contact.pk, "refused": refused})
