"""Following a report or a problem, and no longer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from makegood.lib.statements import Statement
from makegood.life.colleagues.models import Watch
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report


def _which(thing: Report | Problem) -> dict[str, Report | Problem]:
    return {"report": thing} if isinstance(thing, Report) else {"problem": thing}


def watch(agent: Agent, thing: Report | Problem, *, at: datetime) -> bool:
    """Follow ``thing`` from now on; False if it was followed already."""
    _row, is_new = Watch.objects.get_or_create(agent=agent, **_which(thing), defaults={"since": at})
    return is_new


def unwatch(agent: Agent, thing: Report | Problem) -> bool:
    """Follow it no longer; False if it was not followed."""
    return bool(Watch.objects.filter(agent=agent, **_which(thing)).delete()[0])


def watchers(thing: Report | Problem) -> list[Agent]:
    """Who follows it, by name."""
    return [row.agent for row in _FOLLOWING[type(thing)](thing.pk)]


def _following(**which: int) -> QuerySet[Watch]:
    return Watch.objects.filter(**which, agent__is_active=True).select_related("agent").order_by("agent__name")


_FOLLOWING: dict[type, Statement[Watch]] = {
    Report: Statement(lambda report: _following(report=report)),
    Problem: Statement(lambda problem: _following(problem=problem)),
}


def is_watched(agent: Agent, thing: Report | Problem) -> bool:
    return Watch.objects.filter(agent=agent, **_which(thing)).exists()
