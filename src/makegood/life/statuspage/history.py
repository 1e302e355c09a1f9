"""Days and shares out of kept changes of state. Pure: the same changes give the same bars, whoever draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from makegood.life.statuspage import standing

DAYS = 90
Change = tuple[datetime, str]


@dataclass(frozen=True)
class Day:
    """One day of a component: the worst it was, and how long in each state but the best. ``is_known``: it was shown."""

    on: date
    worst: str
    is_known: bool
    lasted: dict[str, timedelta] = field(default_factory=dict)


def days(changes: Sequence[Change], *, now: datetime, zone: tzinfo, count: int = DAYS) -> list[Day]:
    """The last ``count`` days up to today in ``zone``, oldest first. ``changes``: moment and state, oldest first."""
    today = now.astimezone(zone).date()
    return [_day(changes, today - timedelta(days=back), now, zone) for back in range(count - 1, -1, -1)]


def free_of_outages(found: Sequence[Day], changes: Sequence[Change], *, now: datetime, zone: tzinfo) -> float | None:
    """The percentage of the known time of ``found`` in which there was no outage, partial or major; None if unknown."""
    if not found or not changes:
        return None
    begins = max(changes[0][0], _midnight(found[0].on, zone))
    known = now - begins
    if known <= timedelta(0):
        return None
    out = sum(
        (one.lasted.get(state, timedelta(0)) for one in found for state in (standing.PARTIAL, standing.MAJOR)),
        timedelta(0),
    )
    return 100 * (1 - out / known)


def _day(changes: Sequence[Change], on: date, now: datetime, zone: tzinfo) -> Day:
    begins, ends = _midnight(on, zone), min(_midnight(on + timedelta(days=1), zone), now)
    lasted: dict[str, timedelta] = {}
    met = []
    for place, (at, state) in enumerate(changes):
        until = changes[place + 1][0] if place + 1 < len(changes) else now
        length = min(until, ends) - max(at, begins)
        if length > timedelta(0) or begins <= at == now == ends:
            met.append(state)
            if length and state != standing.OPERATIONAL:
                lasted[state] = lasted.get(state, timedelta(0)) + length
    return Day(on, standing.worst(met), bool(met), lasted)


def _midnight(on: date, zone: tzinfo) -> datetime:
    """In UTC: between two moments of one zone Python would count as if no clock were ever changed."""
    return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
