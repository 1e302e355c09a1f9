"""What is held, what arrived; raw bytes and words of a mail; the mail behind a message."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import QuerySet

from makegood.engine import files
from makegood.lib import mail as mails
from makegood.lib.mail import Parsed
from makegood.life.post.models import IncomingMail
from makegood.life.reports.models import Message

HEAD_SHOWN = 20_000


def held() -> QuerySet[IncomingMail]:
    """Mails that wait for a person to look at them, newest first."""
    waiting = IncomingMail.objects.filter(outcome=IncomingMail.QUARANTINED, decided_at=None)
    return waiting.order_by("-id")


def unreadable() -> QuerySet[IncomingMail]:
    """Mails put aside because they break a limit or cannot be read, which nobody has dealt with yet, newest first."""
    return IncomingMail.objects.filter(outcome=IncomingMail.PARKED, decided_at=None).order_by("-id")


def put_away(*, since: datetime) -> QuerySet[IncomingMail]:
    """Held mails that somebody put away since then, newest first."""
    gone = IncomingMail.objects.filter(outcome__in=IncomingMail.FOR_A_PERSON, decision="discarded")
    gone = gone.filter(decided_at__gte=since, decided_at__isnull=False)
    return gone.order_by("-decided_at", "-id")


def arrived() -> QuerySet[IncomingMail]:
    """Every mail that arrived, newest first, with report and mailbox."""
    return IncomingMail.objects.select_related("report", "mailbox").order_by("-received_at", "-id")


def waiting_for(*, now: datetime) -> timedelta:
    """How long the oldest mail that is kept and not yet filed has been waiting."""
    first = IncomingMail.objects.filter(outcome="").order_by("id").values_list("received_at", flat=True).first()
    return max(now - first, timedelta(0)) if first else timedelta(0)


def parsed_of(incoming: IncomingMail) -> Parsed:
    """The mail as it is read today. Raises Poisoned, FileNotFoundError."""
    return mails.parse(raw_of(incoming), trusted=incoming.mailbox.authserv_id if incoming.mailbox else "")


def raw_of(incoming: IncomingMail) -> bytes:
    """The mail byte for byte as it came. FileNotFoundError when the bytes are missing, or were erased."""
    with files.open_file(incoming.storage_key) as stream:
        return stream.read()


def head_of(raw: bytes) -> str:
    """The head of a mail as it came, as far as it is shown to people."""
    head = re.split(rb"\r?\n\r?\n", raw[: HEAD_SHOWN * 2], maxsplit=1)[0]
    return head[:HEAD_SHOWN].decode("utf-8", "replace")


def mail_of_message(message: Message) -> IncomingMail | None:
    """The mail that became ``message``, if it came by mail."""
    return IncomingMail.objects.filter(message=message).order_by("id").first()
