"""Whether a report comes from a release that contains the fix: told in it, else by what customers had at the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, When

from makegood.life.fixes import following, mentions, reach
from makegood.life.fixes.models import Deployment, Environment, Release
from makegood.life.learning import releases
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report

Commit = tuple[int, str]
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
    look = _look(problem)
    known = set[bool]()
    for repository, changes in _changes(look).items():
        there = _called(repository, version)
        if there:
            known.add(all(any(not there.isdisjoint(_versions(look, one)) for one in change) for change in changes))
    if known:
        return known.pop() if len(known) == 1 else None
    return releases.is_at_least(version, problem.fixed_in)


def _deployed(problem: Problem, at: datetime) -> Origin:
    """What the customers' environments ran when the report came: all with the fix, all without, or nobody can say."""
    look = _look(problem)
    found: list[tuple[str, bool]] = []
    for repository, changes in _changes(look).items():
        for place in Environment.objects.filter(reaches_customers=True):
            ran = _running(place, repository, at)
            if ran is not None:
                has_fix = look is not None and all(
                    any(ran in look.deployments.get(one, []) for one in change) for change in changes
                )
                found.append((ran.ref or ran.sha[:12], has_fix))
    outcomes = {has_fix for _name, has_fix in found}
    name = ", ".join(dict.fromkeys(name for name, _has_fix in found))[:100]
    return Origin(name, outcomes.pop() if len(outcomes) == 1 else None)


def _called(repository: int, version: str) -> set[str]:
    """What the repository calls the release a program names: by the very name, else with or without v and program."""
    names = releases.spellings(version)
    there = set(Release.objects.filter(repository=repository, version__in=names).values_list("version", flat=True))
    return {version} if version in there else there


def _look(problem: Problem) -> reach.Look | None:
    fix = following.present_fix(problem)
    return reach.look(fix) if fix else None


def _changes(look: reach.Look | None) -> dict[int, list[set[Commit]]]:
    """Repository → all that the fix consists of there: a release with half of it does not contain it. What was brought
    to another branch as well is one change, and contained by either.
    """
    found: dict[int, list[set[Commit]]] = {}
    alike: dict[tuple[int, str], list[tuple[set[str], set[Commit]]]] = {}
    for link in look.links if look else ():
        commit = reach.landed_as(link)
        if commit is None or (look and commit in look.taken_back):
            continue
        branch, said = reach.branch_and_title(link)
        ones = alike.setdefault((commit[0], mentions.without_frame(said)), [])
        there = next((one for one in ones if branch not in one[0]), None)
        if there is None:
            there = (set(), set())
            ones.append(there)
            found.setdefault(commit[0], []).append(there[1])
        there[0].add(branch)
        there[1].add(commit)
    return found


def _versions(look: reach.Look | None, commit: Commit) -> set[str]:
    return {one.version for one in look.releases.get(commit, [])} if look else set()


def _running(place: Environment, repository: int, at: datetime) -> Deployment | None:
    rows = Deployment.objects.filter(environment=place, repository=repository, passed_at__lte=at)
    # One that was run again stands there since then, unless that was after ``at``.
    came = Case(When(last_passed_at__lte=at, then=F("last_passed_at")), default=F("passed_at"))
    return rows.order_by(came.desc(), "-pk").first()
