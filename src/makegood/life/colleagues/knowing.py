"""Who knows this? People who solved or answered reports of the same kind, the recent ones weighing more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from makegood.life.escalation.models import TechnicalNote
from makegood.life.people.models import Agent
from makegood.life.problems import queries
from makegood.life.problems.models import Problem
from makegood.life.reports.access import on_visible
from makegood.life.reports.models import LedgerEntry, Report

LEDGER = LedgerEntry.objects
LOOK_BACK = timedelta(days=365)
HALF_LIFE_DAYS = 90
MOST_ROWS = 2_000
SAME_COMPONENT, SAME_CATEGORY, SIMILAR, SAME_PROBLEM = 3.0, 1.0, 3.0, 4.0


@dataclass(frozen=True)
class Knower:
    """Somebody to ask: how many like it they had a hand in, which (for the seeker to see), and when last."""

    agent: Agent
    count: int
    last_at: datetime
    reports: tuple[int, ...]
    weight: float


def who_knows(
    seeker: Agent, report: Report, *, now: datetime, similar: Iterable[int] = (), most: int = 5
) -> list[Knower]:
    """Up to ``most`` people, best first. ``similar``: ids of reports that read alike, from the index.

    Only reports the seeker may see are counted or named; the seeker is not among the answers.
    """
    parts = frozenset({report.component_id} if report.component_id else ())
    kind = _Kind(report.category_id, parts, dict.fromkeys(similar, SIMILAR), besides=report.pk)
    return _best(seeker, kind, now=now, most=most)


def who_knows_problem(seeker: Agent, problem: Problem, *, now: datetime, most: int = 5) -> list[Knower]:
    """The same of a problem: its own reports weigh most, then others of its components and its category."""
    parts = frozenset(problem.components.values_list("pk", flat=True))
    members = queries.every_member(problem).order_by("-pk").values_list("pk", flat=True)[:MOST_ROWS]
    kind = _Kind(problem.category_id, parts, dict.fromkeys(members, SAME_PROBLEM))
    return _best(seeker, kind, now=now, most=most)


@dataclass(frozen=True)
class _Kind:
    """What counts as like it: the category, the components, single reports with their weight; not ``besides``."""

    category: int | None
    components: frozenset[int]
    alike: dict[int, float]
    besides: int | None = None

    def condition(self) -> Q:
        same = Q(report__in=list(self.alike))
        if self.category:
            same |= Q(report__category=self.category)
        if self.components:
            same |= Q(report__component__in=self.components)
        return same

    def weight(self, report: int, category: int | None, component: int | None) -> float:
        weight = self.alike.get(report, 0.0)
        weight += SAME_CATEGORY * (category is not None and category == self.category)
        return weight + SAME_COMPONENT * (component is not None and component in self.components)


def _best(seeker: Agent, kind: _Kind, *, now: datetime, most: int) -> list[Knower]:
    found: dict[int, dict[int, tuple[datetime, float]]] = defaultdict(dict)
    for who, pk, at, category, component in _hands(kind, seeker, now):
        days = max(0.0, (now - at).total_seconds() / 86_400)
        worth = kind.weight(pk, category, component) * 0.5 ** (days / HALF_LIFE_DAYS)
        if worth > found[who].get(pk, (at, 0.0))[1]:
            found[who][pk] = (at, worth)
    people = Agent.objects.filter(pk__in=found, is_active=True, is_service=False).exclude(pk=seeker.pk)
    knowers = [_knower(person, found[person.pk]) for person in people if found[person.pk]]
    return sorted(knowers, key=lambda one: -one.weight)[:most]


def _knower(person: Agent, hands: dict[int, tuple[datetime, float]]) -> Knower:
    newest = sorted(hands, key=lambda pk: hands[pk][0], reverse=True)
    weight = sum(worth for _at, worth in hands.values())
    return Knower(person, len(hands), hands[newest[0]][0], tuple(newest[:3]), weight)


def _hands(kind: _Kind, seeker: Agent, now: datetime) -> list[tuple[Any, ...]]:
    """(agent, report, moment, category, component) of technical answers and of reports solved."""
    since, same = now - LOOK_BACK, kind.condition()
    columns = ("report__pk", "at", "report__category", "report__component")
    solved = (
        LEDGER.filter(same, on_visible(seeker), kind="report.solved", actor_kind="agent", at__gt=since)
        .exclude(report=kind.besides)
        .order_by("-id")
        .values_list("actor_id", *columns)[:MOST_ROWS]
    )
    notes = TechnicalNote.objects.filter(
        _through("escalation", same),
        on_visible(seeker, "escalation__report"),
        kind=TechnicalNote.ANSWER,
        at__gt=since,
    )
    answered = (
        notes.exclude(escalation__report=kind.besides)
        .exclude(message__agent=None)
        .order_by("-id")
        .values_list(
            "message__agent",
            "escalation__report__pk",
            "at",
            "escalation__report__category",
            "escalation__report__component",
        )[:MOST_ROWS]
    )
    return [*solved, *answered]


def _through(step: str, condition: Q) -> Q:
    """The same condition asked of a row one step further away."""
    moved = Q()
    for child in condition.children:
        name, value = child  # type: ignore[misc]
        moved |= Q(**{f"{step}__{name}": value})
    return moved
