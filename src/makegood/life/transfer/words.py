"""Their words in ours: states, severities, kinds, moments. Pure; a mapping of the importer comes before the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from makegood.life.reports.states import (
    CLOSED,
    CRITICAL,
    ERROR,
    FIXING,
    HIGH,
    INVESTIGATING,
    LOW,
    MEDIUM,
    QUESTION,
    RECEIVED,
    SEVERITIES,
    STATES,
)

# What was solved elsewhere is closed here: to ask its reporter again would be a promise nobody made.
_STATES = {
    **{state: state for state in STATES},
    "solved": CLOSED,
    "new": RECEIVED,
    "open": INVESTIGATING,
    "reopened": INVESTIGATING,
    "in progress": INVESTIGATING,
    "pending": INVESTIGATING,
    "pending reminder": INVESTIGATING,
    "waiting": INVESTIGATING,
    "hold": INVESTIGATING,
    "on-hold": INVESTIGATING,
    "on hold": INVESTIGATING,
    "resolved": CLOSED,
    "done": CLOSED,
    "pending close": CLOSED,
    "merged": CLOSED,
    "removed": CLOSED,
    "deleted": CLOSED,
    "archived": CLOSED,
    "neu": RECEIVED,
    "offen": INVESTIGATING,
    "in arbeit": INVESTIGATING,
    "in bearbeitung": INVESTIGATING,
    "wartend": INVESTIGATING,
    "gelöst": CLOSED,
    "erledigt": CLOSED,
    "geschlossen": CLOSED,
    "fixing": FIXING,
}
_SEVERITIES = {
    **{severity: severity for severity in SEVERITIES},
    "urgent": CRITICAL,
    "blocker": CRITICAL,
    "p1": CRITICAL,
    "very high": CRITICAL,
    "major": HIGH,
    "p2": HIGH,
    "3 high": HIGH,
    "normal": MEDIUM,
    "2 normal": MEDIUM,
    "p3": MEDIUM,
    "minor": LOW,
    "trivial": LOW,
    "p4": LOW,
    "1 low": LOW,
    "kritisch": CRITICAL,
    "dringend": CRITICAL,
    "hoch": HIGH,
    "mittel": MEDIUM,
    "gering": LOW,
    "niedrig": LOW,
}
_KINDS = {
    "error": ERROR,
    "incident": ERROR,
    "problem": ERROR,
    "bug": ERROR,
    "task": ERROR,
    "fehler": ERROR,
    "question": QUESTION,
    "how-to": QUESTION,
    "frage": QUESTION,
}
TABLES = {"state": _STATES, "severity": _SEVERITIES, "kind": _KINDS}
DEFAULTS = {"state": RECEIVED, "severity": MEDIUM, "kind": ERROR}

_ISO_ZONE = re.compile(r"\s*(UTC|GMT|Z)$", re.IGNORECASE)
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: Uhr)?$")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?$")


class Unclear(ValueError):
    """The text says no moment, or more than one."""


def ours(field: str, value: Any, chosen: Mapping[str, str] | None = None) -> str | None:
    """``value`` of ``field`` (state, severity or kind) in our word; None if it says nothing we know."""
    given = " ".join(str(value or "").lower().split())
    if not given:
        return DEFAULTS[field]
    for their, our in (chosen or {}).items():
        if " ".join(their.lower().split()) == given:
            return our if our in TABLES[field].values() else None
    return TABLES[field].get(given)


def moment(value: Any, *, zone: tzinfo = UTC, order: str = "") -> datetime | None:
    """A moment from ISO 8601, ``16.11.2026 09:00``, ``11/16/2026`` or seconds since 1970; None for nothing.

    Without a zone it is in ``zone``. Slashes need ``order`` (dmy, mdy) unless a number above 12 tells. Raises Unclear.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    given = " ".join(str(value if value is not None else "").split())
    if not given:
        return None
    try:
        found = _parsed(given, order)
    except (ValueError, OverflowError, OSError) as trouble:
        raise Unclear(f"“{given[:40]}” is not a moment we understand") from trouble
    if not 1990 <= found.year <= 2100:
        raise Unclear(f"“{given[:40]}” is too far away")
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _parsed(given: str, order: str) -> datetime:
    if given.isascii() and given.isdigit() and 9 <= len(given) <= 10:
        return datetime.fromtimestamp(int(given), UTC)
    if dotted := _DOTTED.fullmatch(given):
        return _built(dotted, "dmy", "")
    if slashed := _SLASHED.fullmatch(given):
        return _built(slashed, order or _order_of(slashed), slashed[7] or "")
    return datetime.fromisoformat(_SPACED_OFFSET.sub("", _ISO_ZONE.sub("+00:00", given)))


def _order_of(found: re.Match[str]) -> str:
    first, second = int(found[1]), int(found[2])
    if first > 12 or second > 12:
        return "dmy" if first > 12 else "mdy"
    raise ValueError("day and month cannot be told apart")


def _built(found: re.Match[str], order: str, half: str) -> datetime:
    day, month = (int(found[1]), int(found[2])) if order == "dmy" else (int(found[2]), int(found[1]))
    hour = int(found[4] or 0)
    if half:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(int(found[3]), month, day, hour, int(found[5] or 0), int(found[6] or 0))  # noqa: DTZ001 - zone is added
