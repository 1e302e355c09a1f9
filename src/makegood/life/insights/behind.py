"""The reports behind a figure: the same facts that were counted, walked through day by day, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from makegood.life.insights import facts, scopes
from makegood.life.insights.days import ONE, Period
from makegood.life.insights.facts import Day, Fact
from makegood.life.insights.plots.base import Behind
from makegood.life.insights.plots.flow import AGES
from makegood.life.insights.rolling import zone
from makegood.life.people.models import Agent
from makegood.life.problems.models import Surge
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import Report

MOST = 200
OPEN, SURGE = "open", "surge"
MEASURES = (*facts.MEASURES, OPEN, SURGE)


@dataclass(frozen=True)
class Found:
    """One fact and its report. ``minutes``: how long it took, if that is what was measured."""

    at: datetime
    report: Report
    minutes: int | None


@dataclass(frozen=True)
class Reports:
    """``count``: facts of the figure; ``hidden``: those of reports the seeker may not see, or of no report at all."""

    shown: list[Found]
    count: int
    hidden: int
    is_cut: bool


def find(seeker: Agent, wanted: Behind, *, now: datetime) -> Reports:
    """The reports of ``wanted`` that ``seeker`` may see, at most MOST."""
    if wanted.measure in (OPEN, SURGE):
        return _of_rows(seeker, wanted, now)
    chosen: list[Fact] = []
    is_cut = False
    for fact in _walk(wanted, now):
        if len(chosen) == MOST:
            is_cut = True
            break
        chosen.append(fact)
    seen = _seen(seeker, {fact.report for fact in chosen if fact.report})
    shown = [Found(fact.at, seen[fact.report], _minutes(fact)) for fact in chosen if fact.report in seen]
    return Reports(shown, len(chosen), len(chosen) - len(shown), is_cut)


def _walk(wanted: Behind, now: datetime) -> Iterator[Fact]:
    day = wanted.last
    while day >= wanted.first:
        if wanted.weekday is None or day.weekday() == wanted.weekday:
            found = facts.MEASURES[wanted.measure](Day(day, zone(), now))
            yield from sorted((fact for fact in found if _fits(fact, wanted)), key=lambda fact: fact.at, reverse=True)
        day -= ONE


def _fits(fact: Fact, wanted: Behind) -> bool:
    if wanted.scope and wanted.scope not in fact.groups:
        return False
    values = {value for name, value, much in fact.parts if name == wanted.part and much}
    return not wanted.part or (wanted.value in values if wanted.value else bool(values))


def _of_rows(seeker: Agent, wanted: Behind, now: datetime) -> Reports:
    """Figures that are counted from rows and not from days: open ones by their age, the reports of a spike."""
    rows = Report.objects.filter(_aged(wanted, now) if wanted.measure == OPEN else _of_surge(wanted))
    keys = list(rows.order_by("-received_at").values_list("pk", flat=True)[: MOST + 1])
    seen = _seen(seeker, set(keys[:MOST]))
    shown = [Found(seen[key].received_at, seen[key], None) for key in keys[:MOST] if key in seen]
    return Reports(shown, len(keys[:MOST]), len(keys[:MOST]) - len(shown), len(keys) > MOST)


def _aged(wanted: Behind, now: datetime) -> Q:
    older = Q()
    for key, _name, span in AGES:
        younger = Q(received_at__gt=now - span) if span else Q()
        if key == wanted.value:
            return ~Q(state="closed") & scopes.of_reports(wanted.scope) & younger & older
        older = Q(received_at__lte=now - span) if span else Q()
    return ~Q(state="closed") & scopes.of_reports(wanted.scope)


def _of_surge(wanted: Behind) -> Q:
    surge = Surge.objects.filter(pk=int(wanted.value)).first() if wanted.value.isdecimal() else None
    return Q(pk__in=surge.reports if surge else [])


def _seen(seeker: Agent, keys: set[int]) -> dict[int, Report]:
    rows = visible_reports(seeker).filter(pk__in=keys).select_related("category", "team")
    return {report.pk: report for report in rows}


def _minutes(fact: Fact) -> int | None:
    return next((int(value) for name, value, _much in fact.parts if name == "minutes"), None)


def period_of(wanted: Behind) -> Period:
    return Period(wanted.first, wanted.last)
