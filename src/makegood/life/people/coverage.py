"""Where a rota has holes: stretches of the coming days in which nobody is on duty. Pure; no Django, no clock.

A hole is an escalation of its own (the ladder goes straight to its next rung), so it is better seen before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Weekly:
    """Duty every week on ``weekday`` (0 Monday) from ``starts``; ``until`` at or before it means the next morning."""

    weekday: int
    starts: time
    until: time
    zone: ZoneInfo


@dataclass(frozen=True)
class Stretch:
    start: datetime
    end: datetime


def gaps(weekly: Iterable[Weekly], once: Iterable[Stretch], *, now: datetime, days: int = 30) -> list[Stretch]:
    """The stretches from ``now`` on, for ``days`` days, that no duty covers, in order."""
    end = now + timedelta(days=days)
    covered = sorted([*_weeks(weekly, now, end), *once], key=lambda stretch: stretch.start)
    found, reached = [], now
    for stretch in covered:
        if stretch.start >= end:
            break
        if stretch.start > reached:
            found.append(Stretch(reached, stretch.start))
        reached = max(reached, stretch.end)
    if reached < end:
        found.append(Stretch(reached, end))
    return found


def covered_share(holes: Iterable[Stretch], *, days: int = 30) -> float:
    """How much of the time somebody is on duty, 0 to 1."""
    missing = sum(((hole.end - hole.start) for hole in holes), timedelta())
    return max(0.0, 1 - missing / timedelta(days=days))


def _weeks(weekly: Iterable[Weekly], start: datetime, end: datetime) -> Iterator[Stretch]:
    for duty in weekly:
        day = start.astimezone(duty.zone).date() - timedelta(days=1)
        while day <= end.astimezone(duty.zone).date():
            if day.weekday() == duty.weekday:
                yield Stretch(_at(day, duty.starts, duty.zone), _until(day, duty))
            day += timedelta(days=1)


def _until(day: date, duty: Weekly) -> datetime:
    overnight = duty.until <= duty.starts
    return _at(day + timedelta(days=1) if overnight else day, duty.until, duty.zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    # In UTC, because subtracting two moments of one zone would count wall time across a change of the clocks.
    return datetime.combine(day, clock, tzinfo=zone).astimezone(ZoneInfo("UTC"))
