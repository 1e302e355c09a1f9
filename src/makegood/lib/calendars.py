"""Appointments as iCalendar (RFC 5545): escaped, folded at 75 octets, moments in UTC. No models, no domain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))
_LONGEST = 75


@dataclass(frozen=True)
class Appointment:
    """``uid`` stays through every change; ``changes`` counts them, so that a calendar takes the newest."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    changes: int
    title: str
    text: str = ""
    link: str = ""
    is_cancelled: bool = False


def calendar(name: str, appointments: Iterable[Appointment], *, product: str) -> str:
    """The whole file, lines ended as the standard wants."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{escaped(product)}//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", f"NAME:{escaped(name)}"]
    for one in appointments:
        lines += _appointment(one)
    return "\r\n".join(folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def escaped(text: str) -> str:
    """``text`` as a value of the type TEXT."""
    for plain, written in _ESCAPES:
        text = text.replace(plain, written)
    return "".join(char for char in text if char.isprintable())


def folded(line: str) -> str:
    """A long line broken into lines of at most 75 octets, never within a character."""
    parts, room = [""], _LONGEST
    for char in line:
        size = len(char.encode())
        if size > room:
            parts.append("")
            room = _LONGEST - 1
        parts[-1] += char
        room -= size
    return "\r\n ".join(parts)


def _appointment(one: Appointment) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{escaped(one.uid)}", f"DTSTAMP:{_moment(one.changed_at)}"]
    lines += [f"LAST-MODIFIED:{_moment(one.changed_at)}", f"SEQUENCE:{one.changes}"]
    lines += [f"DTSTART:{_moment(one.starts_at)}", f"DTEND:{_moment(one.ends_at)}"]
    lines += [f"SUMMARY:{escaped(one.title)}"]
    if one.text:
        lines.append(f"DESCRIPTION:{escaped(one.text)}")
    if one.link:
        lines.append(f"URL:{one.link}")
    lines += [f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT"]
    return lines


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
