"""Stretches of time as people write them in a query: ``4h``, ``7d``, ``2026-11``, ``2026-11-01..2026-11-30``. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_DATE = re.compile(r"([12]\d{3})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")

# The first day, and the first day after; None where a side is open.
Days = tuple[date | None, date | None]


def duration(text: str) -> timedelta | None:
    """``30min``, ``4h``, ``2d``, ``1w``; a bare number means hours."""
    found = re.fullmatch(r"(\d{1,4})(m|min|h|d|w)?", text)
    return timedelta(minutes=int(found[1]) * _UNITS[found[2] or "h"]) if found else None


def days(text: str, *, today: date) -> Days | None:
    """The days ``text`` names: a day, a month, a year, ``today``, ``yesterday``, or ``from..until`` with both ends in
    it, one of which may be missing. None if it names none; the second never lies before the first."""
    begin, dots, end = text.partition("..")
    if not dots:
        return _named(text, today)
    first, last = (_named(begin, today), _named(end, today))
    if (begin and first is None) or (end and last is None) or not (begin or end):
        return None
    since, until = (first[0] if first else None), (last[1] if last else None)
    return None if since and until and until <= since else (since, until)


def _named(text: str, today: date) -> tuple[date, date] | None:
    if text in {"today", "yesterday"}:
        day = today - timedelta(days=text == "yesterday")
        return day, day + timedelta(days=1)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day_of_month = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day_of_month)
    except ValueError:
        return None
    if found[3]:
        return first, first + timedelta(days=1)
    return first, date(year + 1, 1, 1) if not found[2] or month == 12 else date(year, month + 1, 1)
