"""Whom a report waited for, and who had it when a promise about it was broken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext_lazy

from makegood.life.escalation.models import Escalation
from makegood.life.problems.models import Surge
from makegood.life.promises import book
from makegood.life.reports.models import LedgerEntry

# In this order; the first that is true is given.
SURGE, TECHNICAL, OFF_HOURS, DESK = "surge", "technical", "off_hours", "desk"
WHY = {
    SURGE: gettext_lazy("more reports of its kind than usual were coming in"),
    TECHNICAL: gettext_lazy("it was with a technical team"),
    OFF_HOURS: gettext_lazy("it fell due outside the desk's hours"),
    DESK: gettext_lazy("it was with the desk, in its hours"),
}
PAUSED, RESUMED = "promise.paused", "promise.resumed"


def of_reports(spans: Mapping[int, tuple[datetime, datetime]]) -> dict[int, int]:
    """Minutes each report waited for its reporter between two moments: from our clocks' stops to their going on."""
    rows = LedgerEntry.objects.filter(report__in=list(spans), kind__in=(PAUSED, RESUMED)).order_by("id")
    turns: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    for report, kind, at in rows.values_list("report_id", "kind", "at"):
        turns[report].append((at, kind == PAUSED))
    return {report: _minutes(turns[report], *spans[report]) for report in turns}


def _minutes(turns: list[tuple[datetime, bool]], begun: datetime, ended: datetime) -> int:
    whole = 0.0
    for (at, is_theirs), (until, _next) in pairwise([*turns, (ended, False)]):
        if is_theirs:
            whole += max(0.0, (min(until, ended) - max(at, begun)).total_seconds())
    return int(whole // 60)


def who_had_it(due: Mapping[int, datetime], reports: Mapping[int, int | None]) -> dict[int, str]:
    """For each broken promise (its id → when it fell due) one word of WHY."""
    if not due:
        return {}
    keys = {report for report in (reports[pk] for pk in due) if report}
    technical = _stretches(keys)
    surges = _surges(min(due.values()))
    open_at = open_hours()
    return {pk: _word(at, reports[pk] or 0, technical, surges, open_at) for pk, at in due.items()}


def _word(
    at: datetime,
    report: int,
    technical: dict[int, list[tuple[datetime, datetime | None]]],
    surges: list[tuple[datetime, datetime | None, frozenset[int]]],
    open_at: Callable[[datetime], bool],
) -> str:
    if any(begun <= at and (ended is None or at < ended) and report in few for begun, ended, few in surges):
        return SURGE
    if any(begun <= at and (ended is None or at < ended) for begun, ended in technical.get(report, ())):
        return TECHNICAL
    return DESK if open_at(at) else OFF_HOURS


def _stretches(reports: set[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for report, begun, ended in Escalation.objects.filter(report__in=reports).values_list("report", "at", "ended_at"):
        found[report].append((begun, ended))
    return found


def _surges(since: datetime) -> list[tuple[datetime, datetime | None, frozenset[int]]]:
    rows = Surge.objects.exclude(ended_at__lt=since).values_list("began_at", "ended_at", "reports")
    return [(began, ended, frozenset(reports)) for began, ended, reports in rows]


def open_hours() -> Callable[[datetime], bool]:
    """Whether the desk is open at a moment, by its usual calendar as it stood then."""

    def is_open(at: datetime) -> bool:
        terms = book.current(at)
        versions = terms.versions[terms.default_calendar]
        version = next((one for one in reversed(versions) if one.valid_from <= at), versions[0])
        return terms.hours(version).is_open(at)

    return is_open
