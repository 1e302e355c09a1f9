"""Problems as a seeker may see them. Missing and forbidden answer alike."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from makegood.lib import rows
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound

_NUMBER = re.compile(r"(?:PRB-)?(\d{1,18})", re.IGNORECASE)


def visible_problems(seeker: Agent) -> QuerySet[Problem]:
    """Problems ``seeker`` may see: all but protected ones of other teams, and what was opened by a slip."""
    problems = Problem.objects.filter(withdrawn_at=None)
    if not seeker.is_active or not seeker.may("problem.view"):
        return problems.none()
    if seeker.role in (roles.LEAD, roles.ADMIN):
        return problems
    return problems.filter(Q(is_protected=False) | Q(owner=seeker) | Q(team__in=seeker.teams.all()))


def access_problem(seeker: Agent, number: str | int) -> Problem:
    """The problem called ``number`` (``PRB-12``, ``12`` or its key). Raises NotFound."""
    found = _NUMBER.fullmatch(str(number).strip())
    which = {"pk": int(found[1])} if found else {"key": str(number)}
    problem = (
        visible_problems(seeker).filter(**which).select_related("category", "team", "owner", "merged_into").first()
    )
    if problem is None:
        raise NotFound(str(number))
    return problem


def lock(problem: Problem) -> Problem:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Problem, problem.pk)
