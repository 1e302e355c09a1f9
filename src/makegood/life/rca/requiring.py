"""An analysis is owed once the cause of a severe problem is known or it is resolved: reactions, idempotent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import states as problem_states
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.rca import writing
from makegood.life.rca.models import Rca
from makegood.life.reports.models import LedgerEntry

# From these states on enough is known to ask why; before, there is nothing to analyse yet.
RIPE = (problem_states.CAUSE_KNOWN, problem_states.FIXING, *problem_states.FIXED)


def asks_for_one(severity: str) -> bool:
    """Whether problems of that severity are to be analysed: a setting, critical and high unless it says otherwise."""
    return severity in settings.RCA_SEVERITIES


def require(entry: LedgerEntry, now: datetime) -> None:
    """On what a problem went through: begin the analysis it owes. Once until it comes back."""
    problem = Problem.objects.filter(pk=entry.data.get("problem")).select_related("team__lead", "owner").first()
    if problem is None or problem.merged_into_id or problem.state not in RIPE or not asks_for_one(problem.severity):
        return
    latest = Rca.objects.filter(problem=problem).order_by("-id").first()
    if latest is not None and not _is_of_before(latest, problem):
        return
    writing.begin(problem, by=SYSTEM, at=now, is_required=True)


def let_go(entry: LedgerEntry, now: datetime) -> None:
    """On ``problem.merged``: nobody owes an analysis of a problem that proved to be another one."""
    merged = Problem.objects.filter(pk=entry.data.get("problem")).exclude(merged_into=None).first()
    for rca in Rca.objects.filter(problem=merged).exclude(state="published") if merged else ():
        with override(settings.LANGUAGE_CODE):
            reason = _("The problem proved to be another one.")
        promises.withdraw(rca.about, kinds.RCA, by=SYSTEM, at=now, reason=reason)


def _is_of_before(rca: Rca, problem: Problem) -> bool:
    """Whether it was published before the problem came back: then what it says was not all."""
    came_back = problem.came_back_at
    return bool(rca.published_at and came_back and rca.published_at < came_back)
