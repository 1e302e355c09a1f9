"""Mails we owe: decided and rendered once, kept as rows; the clock's door sends them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from makegood.lib import rows
from makegood.lib.keys import public_key
from makegood.life.reports.models import Message, OutgoingMail, Report


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
) -> OutgoingMail:
    """Owe one mail to one person, ``to`` = (address, name). The same ``key`` again returns the first row unchanged.

    ``is_first``: nothing was ever mailed about this report, which saves looking.

    The Message-ID is fixed now: however often sending is tried, the receiver can tell it is the same mail.
    """
    earlier = (
        OutgoingMail.objects.filter(report=report)
        .exclude(key=key)
        .order_by("-id")
        .values_list("rfc_id", flat=True)
        .first()
        if report and not is_first
        else None
    )
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    mail = OutgoingMail(
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
        rfc_id=f"<{public_key(20)}@{host}>",
        in_reply_to=earlier or "",
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


def _one_line(words: str) -> str:
    """No line break may reach a header."""
    return " ".join(words.split())
