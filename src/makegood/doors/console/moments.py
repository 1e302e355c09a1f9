"""Moments as people type and choose them, in their own zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal

# Further away is a slip of the keyboard, and can be counted with no longer.
YEARS = range(1900, 2200)


class NotATime(Refusal):
    """The time typed cannot be read."""


def typed_moment(text: str, *, now: datetime) -> datetime | None:
    """What a ``datetime-local`` field or a quick choice says, in the reader's zone; None if empty. Raises NotATime."""
    text = text.strip()
    if not text:
        return None
    quick = {"1h": timedelta(hours=1), "4h": timedelta(hours=4)}
    if text in quick:
        return now + quick[text]
    if text in {"tomorrow", "monday"}:
        local = timezone.localtime(now)
        days = 1 if text == "tomorrow" else 7 - local.weekday()
        return (local + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise NotATime(
            _("“%(text)s” is not a time we can read. Use day, month, year and hour:minute.") % {"text": text}
        )
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def local_value(moment: datetime | None) -> str:
    """A moment as a ``datetime-local`` field wants it, in the reader's zone."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def end_of_day(now: datetime) -> datetime:
    """The next midnight of whoever reads."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
