"""More reports than usual, noticed within a minute of the third customer, told to whoever leads, over when it is over.

Each minute the last hour is compared with the same hour of the week in the eight weeks before, for every category and
component that had at least three reports. What is judged is in ``spikes``; here counts are fetched and kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import ranking, spikes
from makegood.life.problems.models import Surge
from makegood.life.problems.spikes import Spike
from makegood.life.reports import ledger
from makegood.life.reports.models import Category, Component, Report

WINDOW = ranking.SURGE_WINDOW
# It is over when an hour has passed without anything unusual.
CALM = timedelta(hours=1)
MOST_REPORTS = 500
KINDS = {"category": Category, "component": Component}


def watch(now: datetime) -> int:
    """Periodic: begin, prolong and end surges; return how many began or ended."""
    changed = 0
    for kind in KINDS:
        for key, found in _unusual(kind, now).items():
            changed += _seen(kind, key, *found, now=now)
    for surge in Surge.objects.filter(ended_at=None, seen_at__lte=now - CALM):
        changed += _end(surge, now)
    return changed


def _unusual(kind: str, now: datetime) -> dict[int, tuple[Spike, list[int]]]:
    """Of each category or component with a spike in the last hour: the spike, and its reports, oldest first."""
    column = f"{kind}_id"
    recent = Report.objects.filter(received_at__gt=now - WINDOW, received_at__lte=now).exclude(**{column: None})
    rows = list(recent.order_by("id").values_list(column, "contact_id", "pk")[: 20 * MOST_REPORTS])
    counts = Counter(key for key, _who, _pk in rows)
    people: dict[int, set[int]] = defaultdict(set)
    for key, who, _pk in rows:
        people[key].add(who)
    many = [key for key, count in counts.items() if count >= spikes.LEAST and len(people[key]) >= spikes.LEAST]
    before = _before(column, many, now)
    found = {key: spikes.judge(counts[key], len(people[key]), before[key]) for key in many}
    return {
        key: (spike, [pk for of, _who, pk in rows if of == key][:MOST_REPORTS]) for key, spike in found.items() if spike
    }


def _before(column: str, keys: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """How many reports each had in the same hour of each of the weeks before."""
    counts: dict[int, list[int]] = {key: [] for key in keys}
    if not counts:
        return counts
    for week in range(1, spikes.WEEKS + 1):
        end = now - week * timedelta(days=7)
        then = Report.objects.filter(received_at__gt=end - WINDOW, received_at__lte=end, **{f"{column}__in": counts})
        of = Counter(then.order_by().values_list(column, flat=True))
        for key, numbers in counts.items():
            numbers.append(of[key])
    return counts


def _seen(kind: str, key: int, spike: Spike, reports: list[int], *, now: datetime) -> int:
    """Prolong the surge that runs, or begin one; 1 if it begins."""
    figures = {"count": spike.count, "people": spike.people, "expected": spike.expected, "chance": spike.chance}
    running = Surge.objects.filter(ended_at=None, **{f"{kind}_id": key}).first()
    if running:
        known = set(running.reports)
        further = [pk for pk in reports if pk not in known][: MOST_REPORTS - len(known)]
        Surge.objects.filter(pk=running.pk).update(seen_at=now, reports=[*running.reports, *further], **figures)
        ranking.rank_problems_of(further, at=now)
        return 0
    try:
        with transaction.atomic():
            surge = Surge.objects.create(began_at=now, seen_at=now, reports=reports, **{f"{kind}_id": key}, **figures)
            data = {"surge": surge.pk, kind: key, "name": surge.of.slug, "reports": reports, **figures}
            ledger.record(None, "surge.began", by=SYSTEM, at=now, data=data, key=f"surge:{surge.pk}")
    except IntegrityError:
        return 0  # another worker saw it first
    ranking.rank_surge(surge, at=now)
    return 1


def _end(surge: Surge, now: datetime) -> int:
    with transaction.atomic():
        if not Surge.objects.filter(pk=surge.pk, ended_at=None).update(ended_at=now):
            return 0
        data = {"surge": surge.pk, "name": surge.of.slug}
        ledger.record(None, "surge.ended", by=SYSTEM, at=now, data=data, key=f"surge:{surge.pk}:end")
    ranking.rank_surge(surge, at=now)
    return 1
