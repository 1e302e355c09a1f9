"""Which mails belong together for one person's mail program: theirs to us and ours to them, by Message-ID."""

from __future__ import annotations

import re
from datetime import datetime
from operator import itemgetter

from makegood.lib.statements import Statement
from makegood.life.people.models import Contact
from makegood.life.reports.models import Message, OutgoingMail, Report

# Mail programs need the first mail and the latest ones; a header line of a thousand names helps nobody.
MOST = 12
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}@[^<>\s]{1,190}>")
_MARKS = re.compile(r"(?:\s*(?:re|aw|antw|sv|fw|fwd|wg|tr|rif|res|odp|vs)(?:\[\d{1,3}\])?\s*:)+\s*", re.IGNORECASE)


def thread_of(report: Report, contact: Contact, *, is_first: bool = False) -> tuple[str, ...]:
    """Message-IDs of the conversation with ``contact``, oldest first. ``is_first``: we mailed nothing on it yet.

    The mail a report began with counts for everybody: whoever was copied on it has it too.
    """
    heard = [] if is_first and report.channel != "mail" else _heard(report, contact)
    sent = [] if is_first else _sent(report, contact)
    # At one moment what was heard stands before what was said to it; the sort keeps that order.
    known = list(dict.fromkeys(name for _at, name in sorted([*heard, *reversed(sent)], key=itemgetter(0))))
    return tuple(known[:1] + known[1:][-MOST + 1 :])


def is_message_id(text: str) -> bool:
    """Whether ``text`` is one Message-ID that may stand in a header of ours."""
    return bool(_MESSAGE_ID.fullmatch(text)) and text.isascii()


def subject_of(report: Report, contact: Contact) -> str:
    """What ``contact`` wrote as the subject of their first mail, without "Re:" and number; empty if nothing proved
    that the mail was theirs: a stranger's words are never mailed to anybody."""
    if report.channel != "mail":
        return ""
    return plain_subject(_SUBJECT.first(report.pk, contact.pk) or "", report.number)


def plain_subject(subject: str, number: str) -> str:
    """A subject without the marks that mail programs and we put around it."""
    words = " ".join(subject.replace(f"[{number}]", " ").split())
    return _MARKS.sub("", words, count=1).strip() if _MARKS.match(words) else words


def _heard(report: Report, contact: Contact) -> list[tuple[datetime, str]]:
    fit = [row for row in _MAILS(report.pk) if is_message_id(row[1])]
    return [(at, name) for n, (at, name, who) in enumerate(fit) if n == 0 or who == contact.pk]


_SUBJECT: Statement[str] = Statement(
    lambda report, contact: (
        Message.objects.filter(report=report, contact=contact, channel="mail")
        .exclude(subject="")
        .order_by("id")
        .values_list("subject", flat=True)[:1]
    )
)
_MAILS: Statement[tuple[datetime, str, int | None]] = Statement(
    lambda report: (
        Message.objects.filter(report=report, channel="mail", is_internal=False)
        .exclude(rfc_id="")
        .order_by("id")
        .values_list("at", "rfc_id", "contact_id")[:200]
    )
)


def _sent(report: Report, contact: Contact) -> list[tuple[datetime, str]]:
    mails = OutgoingMail.objects.filter(report=report, to_email=contact.email or "")
    gone = mails.exclude(state__in=["withdrawn", "suppressed"]).order_by("-id")
    return list(gone.values_list("made_at", "rfc_id")[:MOST])
