"""Tallies of a period, added up. One query a measure; what is added up is a row a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from makegood.life.insights.days import Period, Slot
from makegood.life.insights.models import Tally


@dataclass
class Added:
    """A stretch of days of one measure and scope, added up."""

    count: int = 0
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)

    def part(self, name: str) -> Counter[str]:
        return self.parts.get(name, Counter())

    def spread(self, name: str = "minutes") -> dict[int, int]:
        """A part whose values are numbers, such as durations in minutes."""
        return {int(value): count for value, count in self.part(name).items()}

    def add(self, count: int, parts: dict[str, Any]) -> None:
        self.count += count
        for name, values in parts.items():
            if name == "people" and isinstance(values, list):
                self.people.update(values)
            else:
                self.parts.setdefault(name, Counter()).update(values)


@dataclass(frozen=True)
class Days:
    """The days of one measure and scope, to be added up by slot."""

    rows: dict[date, tuple[int, dict[str, Any]]]

    def over(self, slot: Slot | Period) -> Added:
        found = Added()
        for day, (count, parts) in self.rows.items():
            if slot.first <= day <= slot.last:
                found.add(count, parts)
        return found

    def whole(self) -> Added:
        found = Added()
        for count, parts in self.rows.values():
            found.add(count, parts)
        return found


def days(measure: str, period: Period, scope: str = "") -> Days:
    rows = _rows(measure, scope).filter(day__gte=period.first, day__lte=period.last)
    return Days({day: (count, parts) for day, count, parts in rows.values_list("day", "count", "parts")})


def by_group(measure: str, period: Period, group: str, *, with_parts: bool = True) -> dict[str, Added]:
    """Of each value of a group (its number or word): the whole period added up."""
    rows = Tally.objects.filter(measure=measure, group=group, day__gte=period.first, day__lte=period.last)
    found: dict[str, Added] = {}
    if not with_parts:
        counted = rows.order_by().values_list("key").annotate(n=Sum("count"))
        return {key: Added(count) for key, count in counted}
    for key, count, parts in rows.values_list("key", "count", "parts"):
        found.setdefault(key, Added()).add(count, parts)
    return found


def count_until(measure: str, day: date, scope: str = "") -> int:
    """How many there ever were before ``day``."""
    return _rows(measure, scope).filter(day__lt=day).aggregate(whole=Sum("count"))["whole"] or 0


def _rows(measure: str, scope: str) -> QuerySet[Tally]:
    """``scope``: one value of a group, such as ``category:3``; empty for all."""
    group, _colon, key = scope.partition(":")
    return Tally.objects.filter(measure=measure, group=group, key=key).order_by()


def fill(slots: Iterable[Slot], found: Days) -> list[Added]:
    """One sum a slot, in order; each day is looked at once."""
    slots = list(slots)
    made = [Added() for _slot in slots]
    place = 0
    for day in sorted(found.rows):
        while place < len(slots) and slots[place].last < day:
            place += 1
        if place < len(slots) and slots[place].first <= day:
            made[place].add(*found.rows[day])
    return made
