"""Analyses and actions as a seeker may see them: those of the problems they see. Missing and forbidden answer alike."""

from __future__ import annotations

import re

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from makegood.lib import rows
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.rca.models import Action, Rca
from makegood.life.reports.access import NotFound

_ACTION = re.compile(r"(?:ACT-)?(\d{1,18})", re.IGNORECASE)
_RCA = re.compile(r"(?:RCA-)?(\d{1,18})", re.IGNORECASE)


def visible_analyses(seeker: Agent) -> QuerySet[Rca]:
    if not seeker.is_active or not seeker.may("rca.view"):
        return Rca.objects.none()
    return Rca.objects.filter(problem__in=visible_problems(seeker).order_by().values("pk"))


def visible_actions(seeker: Agent) -> QuerySet[Action]:
    if not seeker.is_active or not seeker.may("action.view"):
        return Action.objects.none()
    return Action.objects.filter(problem__in=visible_problems(seeker).order_by().values("pk"))


def newest_of(seeker: Agent, problem: Problem) -> Rca | None:
    """The analysis of ``problem`` that counts: the latest one."""
    found = visible_analyses(seeker).filter(problem=problem).select_related("owner", "reviewer", "promise")
    return found.order_by("-id").first()


def access_rca(seeker: Agent, number: str | int) -> Rca:
    """The analysis called ``RCA-3`` or ``3``. Raises NotFound."""
    found = _RCA.fullmatch(str(number).strip())
    row = visible_analyses(seeker).filter(pk=int(found[1])).select_related(*_OF_RCA).first() if found else None
    if row is None:
        raise NotFound(str(number))
    return row


def access_action(seeker: Agent, number: str | int) -> Action:
    """The action called ``ACT-12``, ``12``, or by its key. Raises NotFound."""
    found = _ACTION.fullmatch(str(number).strip())
    which = {"pk": int(found[1])} if found else {"key": str(number)}
    action = visible_actions(seeker).filter(**which).select_related(*_OF_ACTION).first()
    if action is None:
        raise NotFound(str(number))
    return action


def promises_seen(seeker: Agent) -> Q:
    """Which promises about analyses and actions ``seeker`` may see: for ``promises.queries``, which knows reports
    alone."""
    analyses = visible_analyses(seeker).order_by().annotate(called=_called("rca:")).values("called")
    actions = visible_actions(seeker).order_by().annotate(called=_called("action:")).values("called")
    return Q(about__in=analyses) | Q(about__in=actions)


def lock_rca(rca: Rca) -> Rca:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Rca, rca.pk)


def lock_action(action: Action) -> Action:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Action, action.pk)


_OF_RCA = ("problem", "problem__team", "problem__owner", "owner", "reviewer", "promise")
_OF_ACTION = ("problem", "rca", "owner", "verifier", "verified_by", "team", "promise")


def _called(kind: str) -> Concat:
    return Concat(Value(kind), Cast("pk", CharField()))
