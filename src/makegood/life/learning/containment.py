"""Whether a report comes from a release that contains the fix: told in it, else by what customers had at the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.life.fixes import following, reach
from makegood.life.fixes.models import Deployment, Environment, Release
from makegood.life.learning import releases
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report

# How programs call it that send it with a report.
NAMES = ("release", "version", "app_version", "build")


@dataclass(frozen=True)
class Origin:
    """``release``: what the report comes from, as far as known. ``has_fix``: None if nobody can say."""

    release: str
    has_fix: bool | None


def of(report: Report, problem: Problem) -> Origin:
    """Where ``report`` comes from, as seen from the fix of ``problem``."""
    told = told_release(report)
    if told:
        return Origin(told, _contains(problem, told))
    return _deployed(problem, report.received_at)


def told_release(report: Report) -> str:
    """The release a report names among the facts of its machine."""
    facts = {str(name).lower(): str(value).strip() for name, value in (report.environment or {}).items()}
    return next((facts[name][:100] for name in NAMES if facts.get(name)), "")


def _contains(problem: Problem, version: str) -> bool | None:
    """By ancestry where the release is known, else by the names of the releases."""
    fix = following.present_fix(problem)
    landed = reach.landed(reach.links_of(fix)) if fix else {}
    known: list[bool] = []
    for repository, shas in landed.items():
        containing = {one.version for one in reach.releases(repository, shas)}
        if version in containing:
            return True
        if Release.objects.filter(repository=repository, version=version).exists():
            known.append(False)
    return False if known else releases.is_at_least(version, problem.fixed_in)


def _deployed(problem: Problem, at: datetime) -> Origin:
    """What the customers' environments ran when the report came: all with the fix, all without, or nobody can say."""
    fix = following.present_fix(problem)
    found: list[tuple[str, bool]] = []
    for repository, shas in (reach.landed(reach.links_of(fix)) if fix else {}).items():
        versions = [one.version for one in reach.releases(repository, shas)]
        containing = {one.pk for one in reach.deployments(repository, shas, versions)}
        for place in Environment.objects.filter(reaches_customers=True):
            ran = _running(place, repository, at)
            if ran is not None:
                found.append((ran.ref or ran.sha[:12], ran.pk in containing))
    outcomes = {has_fix for _name, has_fix in found}
    name = ", ".join(dict.fromkeys(name for name, _has in found))[:100]
    return Origin(name, outcomes.pop() if len(outcomes) == 1 else None)


def _running(place: Environment, repository: int, at: datetime) -> Deployment | None:
    rows = Deployment.objects.filter(environment=place, repository=repository, passed_at__lte=at)
    return rows.order_by("-passed_at", "-pk").first()
