"""Where in a thing the words stand: the message of a report, a piece of a file. Marked, never as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.engine.search import Reader
from makegood.lib import signatures
from makegood.life.people.actors import SYSTEM
from makegood.life.reports.models import Message, Report

# (piece, is it a hit)
Marked = list[tuple[str, bool]]
_COLUMNS = ("pk", "key", "report_id", "is_internal", "said_by", "name", "body", "at")


@dataclass(frozen=True)
class Passage:
    """What somebody said, and the piece of it that fits. ``newer``: how many were said after it."""

    message: Message
    words: Marked
    newer: int = 0


def said_on(reports: Iterable[int]) -> dict[int, list[Message]]:
    """What people said on some reports, newest first. Automatic words and what was taken back are nobody's find."""
    rows = Message.objects.filter(report__in=list(reports), withdrawn_at=None).exclude(said_by=SYSTEM.kind)
    found: dict[int, list[Message]] = {}
    for message in rows.order_by("report", "-id").only(*_COLUMNS):
        found.setdefault(message.report_id, []).append(message)
    return found


def best(said: list[Message], reader: Reader) -> Passage | None:
    """The newest that fits altogether, else the newest of those in which most occurs."""
    most, chosen = 0, None
    for place, message in enumerate(said):
        share = reader.share(message.body)
        if share > most:
            most, chosen = share, (place, message)
            if share == len(reader.wanted.groups):
                break
    if chosen is None:
        return None
    return Passage(chosen[1], reader.excerpt(chosen[1].body), chosen[0])


def fitting(said: list[Message], reader: Reader) -> list[Passage]:
    """Every message that fits by itself, newest first."""
    return [
        Passage(message, reader.excerpt(message.body), place)
        for place, message in enumerate(said)
        if reader.fits(message.body)
    ]


def facts(report: Report, reader: Reader) -> Marked:
    """What of a report's own facts fits: the reporter, where they belong, and the page it is about."""
    contact = report.contact
    page = signatures.without_query(str((report.environment or {}).get("page") or ""))
    parts = [contact.called, contact.email or "", contact.phone, contact.member_number, str(report.organisation or "")]
    parts.append(page)
    return reader.marked(" · ".join(dict.fromkeys(part for part in parts if part and reader.share(part))))
