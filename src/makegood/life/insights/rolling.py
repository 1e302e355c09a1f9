"""Tallies kept by the clock: what the ledger says was touched since last time is counted anew, day by day.

The ledger names every change, so the days a late fact belongs to are those of its report's own moments, of everything
that was ever written about it, and of its promises. Counting a day anew replaces its rows in one transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min

from makegood.life.insights import facts, snapshots
from makegood.life.insights.days import ONE, day_of
from makegood.life.insights.facts import Day, Fact
from makegood.life.insights.models import Roll, Tally
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, Report

EVERY = timedelta(minutes=1)
# How many days one round counts, and how many ledger entries it looks at: a round is to take seconds.
MOST_DAYS, MOST_ENTRIES = 20, 5_000
_OWN = ("received_at", "first_answered_at", "solved_at", "closed_at")
# Only here are people counted once each over many days; lists are long.
_WITH_PEOPLE = ("received",)


def zone() -> ZoneInfo:
    """The zone in which days begin: the desk's, for everybody."""
    return ZoneInfo(settings.DESK_TIME_ZONE)


def roll(now: datetime) -> int:
    """Periodic: count anew what was touched since last time, the newest days first; return how many days."""
    state = _state(now)
    waiting = set(state.waiting) | {day.isoformat() for day in _touched(state)}
    today = day_of(now, zone())
    if state.today is None or state.today < today:
        waiting |= {today.isoformat(), *([state.today.isoformat()] if state.today else [])}
    chosen = sorted(waiting, reverse=True)[:MOST_DAYS]
    for day in chosen:
        count(date.fromisoformat(day), now=now)
    state.waiting, state.today, state.rolled_at = sorted(waiting - set(chosen), reverse=True), today, now
    state.save()
    return len(chosen)


def rebuild(now: datetime) -> int:
    """Count every day there ever was anew; return how many."""
    with transaction.atomic():
        Tally.objects.all().delete()
        Roll.objects.all().delete()
    state = _state(now)
    for day in state.waiting:
        count(date.fromisoformat(day), now=now)
    done = len(state.waiting)
    state.waiting, state.today, state.rolled_at = [], day_of(now, zone()), now
    state.save()
    return done


def count(day: date, *, now: datetime) -> None:
    """Count one day anew and replace its rows."""
    at = Day(day, zone(), now)
    with transaction.atomic():
        made = [row for measure, work in facts.MEASURES.items() for row in _tallies(day, measure, work(at))]
        made += snapshots.of_day(at)
        Tally.objects.filter(day=day).delete()
        Tally.objects.bulk_create(made, batch_size=500)


def _tallies(day: date, measure: str, found: Iterable[Fact]) -> list[Tally]:
    counts: Counter[str] = Counter()
    parts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    people: dict[str, set[int]] = defaultdict(set)
    for fact in found:
        for scope in ("", *fact.groups):
            counts[scope] += 1
            for name, value, much in fact.parts:
                parts[scope][name][value] += much
            if fact.person and measure in _WITH_PEOPLE:
                people[scope].add(fact.person)
    return [
        Tally(day=day, measure=measure, group=group, key=key, count=n, parts=_plain(parts[scope], people.get(scope)))
        for scope, n in counts.items()
        for group, _colon, key in (scope.partition(":"),)
    ]


def _plain(parts: dict[str, Counter[str]], people: set[int] | None) -> dict[str, object]:
    named: dict[str, object] = {name: dict(values) for name, values in parts.items()}
    return named | ({"people": sorted(people)} if people else {})


def _state(now: datetime) -> Roll:
    """How far we are; at first, and when the desk moved to another zone, everything waits to be counted."""
    name = settings.DESK_TIME_ZONE
    state, is_new = Roll.objects.get_or_create(pk=1, defaults={"zone": name})
    if is_new or state.zone != name:
        Tally.objects.all().delete()
        state.mark = LedgerEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        state.zone, state.waiting = name, [day.isoformat() for day in _every_day(now)]
        state.save()
    return state


def _every_day(now: datetime) -> list[date]:
    """From the first report to today, newest first."""
    first = Report.objects.aggregate(first=Min("received_at"))["first"]
    if first is None:
        return []
    day, found = day_of(now, zone()), []
    while day >= day_of(first, zone()):
        found.append(day)
        day -= ONE
    return found


def _touched(state: Roll) -> set[date]:
    """The days that entries written since the mark may have changed; moves the mark."""
    rows = LedgerEntry.objects.filter(pk__gt=state.mark).order_by("pk")
    entries = list(rows.values_list("pk", "report_id", "about", "at")[:MOST_ENTRIES])
    if not entries:
        return set()
    state.mark = entries[-1][0]
    reports = {report for _pk, report, _about, _at in entries if report}
    moments = {at for _pk, _report, _about, at in entries}
    moments.update(*Report.objects.filter(pk__in=reports).values_list(*_OWN))
    moments.update(LedgerEntry.objects.filter(report__in=reports).order_by().values_list("at", flat=True))
    moments.update(Promise.objects.filter(report__in=reports).values_list("due_at", flat=True))
    abouts = {about for _pk, _report, about, _at in entries if about}
    moments.update(Promise.objects.filter(about__in=abouts).values_list("due_at", flat=True))
    today = max(at for _pk, _report, _about, at in entries)
    return {day_of(at, zone()) for at in moments if at and at <= today + ONE}


def standing() -> Roll | None:
    """How far the tallies are kept; None before the clock first looked."""
    return Roll.objects.filter(pk=1).first()
