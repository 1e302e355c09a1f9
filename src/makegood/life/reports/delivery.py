"""Mails we owe: decided and rendered once, kept as rows; the clock's door sends them. And what came back of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from makegood.lib import rows
from makegood.lib.keys import public_key
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Contact
from makegood.life.reports import ledger
from makegood.life.reports.models import Message, OutgoingMail, Report


@dataclass(frozen=True)
class Heading:
    """How a mail stands in its reader's mail program.

    sender    address and name it comes from; empty: the desk's
    reply_to  where answers go, if not to the sender
    thread    Message-IDs of the conversation, oldest first; the last is the one answered
    unsubscribe  address that ends mails of this sort by one POST (RFC 8058)
    """

    sender: tuple[str, str] = ("", "")
    reply_to: str = ""
    thread: tuple[str, ...] = ()
    unsubscribe: str = ""


PLAIN = Heading()


def queue_mail(
    report: Report | None,
    *,
    to: tuple[str, str],
    subject: str,
    text: str,
    purpose: str,
    key: str,
    at: datetime,
    html: str = "",
    language: str = "en",
    send_after: datetime | None = None,
    message: Message | None = None,
    is_automatic: bool = True,
    is_first: bool = False,
    heading: Heading = PLAIN,
) -> OutgoingMail:
    """Owe one mail to one person, ``to`` = (address, name). The same ``key`` again returns the first row unchanged.

    ``is_first``: nothing was ever mailed about this report, so that no second one can be meant.

    The Message-ID is fixed now: however often sending is tried, the receiver can tell it is the same mail.
    """
    mail = rows.new(
        OutgoingMail,
        key=key,
        report=report,
        message=message,
        purpose=purpose,
        to_email=to[0],
        to_name=_one_line(to[1]),
        language=language,
        subject=_one_line(subject)[:250],
        text=text,
        html=html,
        rfc_id=f"<{public_key(20)}@{host()}>",
        in_reply_to=heading.thread[-1] if heading.thread else "",
        references=" ".join(heading.thread),
        from_email=heading.sender[0],
        from_name=_one_line(heading.sender[1])[:200],
        reply_to=heading.reply_to,
        unsubscribe_url=heading.unsubscribe,
        is_automatic=is_automatic,
        made_at=at,
        send_after=send_after or at,
    )
    if is_first:
        rows.insert(mail)
        return mail
    try:
        with transaction.atomic():
            rows.insert(mail)
    except IntegrityError:
        return OutgoingMail.objects.get(key=key)
    return mail


def record_bounce(
    mail: OutgoingMail | str, *, recipient: str, reason: str, is_permanent: bool, at: datetime
) -> OutgoingMail | None:
    """Write down that a mail of ours, or the one with this Message-ID, came back; None if we sent no such mail.

    For good: the contact is marked, so that the desk calls instead, but only where the address that failed is the one
    we wrote to. The same news twice is written once.
    """
    with transaction.atomic():
        which = {"pk": mail.pk} if isinstance(mail, OutgoingMail) else {"rfc_id": mail}
        found = OutgoingMail.objects.select_for_update(of=("self",)).filter(**which).select_related("report").first()
        why = _one_line(reason)[:500]
        if found is None or (found.bounced_at and found.bounce_reason == why):
            return found
        rows.update(found, bounced_at=at, bounce_reason=why)
        is_theirs = not recipient or recipient.strip().lower() == found.to_email.lower()
        if is_permanent and is_theirs:
            Contact.objects.filter(email=found.to_email.lower()).update(mail_problem=why[:300])
        data = {"mail": found.pk, "purpose": found.purpose, "to": found.to_email, "permanent": is_permanent}
        ledger.record(found.report, "mail.bounced", by=SYSTEM, at=at, data=data, reason=why)
    return found


def host() -> str:
    """The name behind the @ of our Message-IDs."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def loop_mark() -> str:
    """What ``X-Makegood`` says in every mail of ours: whoever reads it in a mail that comes in has sent it himself."""
    return _mark_of(host())


@lru_cache(8)
def _mark_of(name: str) -> str:
    return hashlib.sha256(f"makegood:{name}".encode()).hexdigest()[:24]


def _one_line(words: str) -> str:
    """No line break may reach a header."""
    return " ".join(words.split())
