"""Who knows this? People who solved or answered reports of the same problem, that read alike, or of the same kind; the
recent ones weigh more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from makegood.life.escalation.models import TechnicalNote
from makegood.life.people.models import Agent
from makegood.life.problems import known, queries
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.access import on_visible
from makegood.life.reports.models import LedgerEntry, Report

LEDGER = LedgerEntry.objects
LOOK_BACK = timedelta(days=365)
HALF_LIFE_DAYS = 90
MOST_ROWS = 2_000
SAME_PROBLEM, ALIKE, SAME_COMPONENT, SAME_CATEGORY = "problem", "alike", "component", "category"
WORTH = {SAME_PROBLEM: 4.0, ALIKE: 3.0, SAME_COMPONENT: 3.0, SAME_CATEGORY: 1.0}
MOST_ALIKE, MOST_MEMBERS = 10, 300


@dataclass(frozen=True)
class Knower:
    """Somebody to ask: how many like it they had a hand in, which (for the seeker to see), and when last; ``why`` says
    what these have in common with it, the strongest first."""

    agent: Agent
    count: int
    last_at: datetime
    reports: tuple[int, ...]
    weight: float
    why: tuple[str, ...] = ()


def who_knows(seeker: Agent, report: Report, *, now: datetime, most: int = 5) -> list[Knower]:
    """Up to ``most`` people, best first.

    Only reports the seeker may see are counted or named; the seeker is not among the answers.
    """
    parts = frozenset({report.component_id} if report.component_id else ())
    siblings, alike = _near(seeker, report, now)
    kind = _Kind(report.category_id, parts, siblings, alike, besides=report.pk)
    return _best(seeker, kind, now=now, most=most)


def who_knows_problem(seeker: Agent, problem: Problem, *, now: datetime, most: int = 5) -> list[Knower]:
    """The same of a problem: its own reports weigh most, then others of its components and its category."""
    parts = frozenset(problem.components.values_list("pk", flat=True))
    members = queries.every_member(problem).order_by("-pk").values_list("pk", flat=True)[:MOST_ROWS]
    return _best(seeker, _Kind(problem.category_id, parts, frozenset(members)), now=now, most=most)


@dataclass(frozen=True)
class _Kind:
    """What counts as like it: the category, the components, reports of the problem and those that read alike; not
    ``besides``."""

    category: int | None
    components: frozenset[int]
    siblings: frozenset[int]
    alike: frozenset[int] = field(default_factory=frozenset)
    besides: int | None = None

    def condition(self) -> Q:
        same = Q(report__in=[*self.siblings, *self.alike])
        if self.category:
            same |= Q(report__category=self.category)
        if self.components:
            same |= Q(report__component__in=self.components)
        return same

    def shared(self, report: int, category: int | None, component: int | None) -> frozenset[str]:
        """What a report has in common with it."""
        facts = {
            SAME_PROBLEM: report in self.siblings,
            ALIKE: report in self.alike,
            SAME_COMPONENT: component is not None and component in self.components,
            SAME_CATEGORY: category is not None and category == self.category,
        }
        return frozenset(reason for reason, is_so in facts.items() if is_so)


@dataclass(frozen=True)
class _Hand:
    """One report somebody had a hand in: when, what that is worth now, and what it has in common."""

    at: datetime
    worth: float
    why: frozenset[str]


def _near(seeker: Agent, report: Report, now: datetime) -> tuple[frozenset[int], frozenset[int]]:
    """Reports of the same problem; those the index finds alike, and members of the problems it finds. By number."""
    own = queries.seen_on(seeker, report)
    found = known.like(seeker, report, now=now, most=MOST_ALIKE)
    problems = {one.problem.pk for one in found if one.problem} | ({own.pk} if own else set())
    rows = Membership.objects.filter(problem__in=problems, left_at=None).exclude(report=report).order_by("-id")
    members = list(rows.values_list("problem_id", "report_id")[:MOST_MEMBERS]) if problems else []
    siblings = frozenset(pk for problem, pk in members if own and problem == own.pk)
    return siblings, frozenset(_numbers(found, members)) - siblings


def _numbers(found: Iterable[known.Suggestion], members: Iterable[tuple[int, int]]) -> Iterable[int]:
    yield from (one.report.pk for one in found if one.report)
    yield from (pk for _problem, pk in members)


def _best(seeker: Agent, kind: _Kind, *, now: datetime, most: int) -> list[Knower]:
    found: dict[int, dict[int, _Hand]] = defaultdict(dict)
    for who, pk, at, category, component in _hands(kind, seeker, now):
        why = kind.shared(pk, category, component)
        days = max(0.0, (now - at).total_seconds() / 86_400)
        worth = sum(WORTH[reason] for reason in why) * 0.5 ** (days / HALF_LIFE_DAYS)
        if pk not in found[who] or worth > found[who][pk].worth:
            found[who][pk] = _Hand(at, worth, why)
    people = Agent.objects.filter(pk__in=found, is_active=True, is_service=False).exclude(pk=seeker.pk)
    knowers = [_knower(person, found[person.pk]) for person in people if found[person.pk]]
    return sorted(knowers, key=lambda one: -one.weight)[:most]


def _knower(person: Agent, hands: dict[int, _Hand]) -> Knower:
    newest = sorted(hands, key=lambda pk: hands[pk].at, reverse=True)
    weight = sum(hand.worth for hand in hands.values())
    why = frozenset[str]().union(*(hand.why for hand in hands.values()))
    shared = tuple(reason for reason in WORTH if reason in why)
    return Knower(person, len(hands), hands[newest[0]].at, tuple(newest[:3]), weight, shared)


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
