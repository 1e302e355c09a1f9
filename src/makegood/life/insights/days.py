"""Whole days, weeks and periods. Pure: dates in, dates out; the zone is the desk's, so that a figure is one figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK, MONTH = "day", "week", "month"
ONE = timedelta(days=1)
# Longer periods are drawn by the week.
MOST_DAYS = 120


@dataclass(frozen=True)
class Slot:
    """A stretch of whole days, both ends included; ``is_whole``: no end was cut off by the period."""

    first: date
    last: date
    unit: str
    is_whole: bool = True


@dataclass(frozen=True)
class Period:
    """Whole days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The period of the same length that ends where this one begins; before a whole month, the month before."""
        if self.first.day == 1 and (self.last + ONE).day == 1 and self.first.month == self.last.month:
            last = self.first - ONE
            return Period(last.replace(day=1), last)
        return Period(self.first - self.length * ONE, self.first - ONE)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """[first midnight, the midnight after the last day)."""
        return begin_of(self.first, zone), begin_of(self.last + ONE, zone)

    def days(self) -> list[Slot]:
        return [Slot(day, day, DAY) for day in _each(self.first, self.last)]

    def weeks(self) -> list[Slot]:
        """Weeks from Monday to Sunday; the first and the last may be cut off."""
        found, monday = [], self.first - self.first.weekday() * ONE
        while monday <= self.last:
            first, last = max(monday, self.first), min(monday + 6 * ONE, self.last)
            found.append(Slot(first, last, WEEK, (last - first).days == 6))
            monday += 7 * ONE
        return found

    def months(self) -> list[Slot]:
        found, begin = [], self.first.replace(day=1)
        while begin <= self.last:
            end = (begin + 32 * ONE).replace(day=1) - ONE
            first, last = max(begin, self.first), min(end, self.last)
            found.append(Slot(first, last, MONTH, first == begin and last == end))
            begin = end + ONE
        return found

    def slots(self) -> list[Slot]:
        """Days, or weeks where days would be too many to tell apart."""
        return self.days() if self.length <= MOST_DAYS else self.weeks()


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def span_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[midnight, next midnight): 23 or 25 hours where clocks are changed."""
    return begin_of(day, zone), begin_of(day + ONE, zone)


def whole_week_before(day: date) -> Period:
    """The last week from Monday to Sunday that was over when ``day`` began."""
    monday = day - day.weekday() * ONE
    return Period(monday - 7 * ONE, monday - ONE)


def whole_month_before(day: date) -> Period:
    last = day.replace(day=1) - ONE
    return Period(last.replace(day=1), last)


def _each(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE
