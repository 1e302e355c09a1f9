"""Whether a fix is tested before it is announced, in the words of what is missing.

``judge`` is pure; ``readiness`` fetches what it needs. What was tested must be what customers get: tests count on the
very commit that was released, not on one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.channels import code
from makegood.life.fixes import following, reach
from makegood.life.fixes.models import CheckItem, Commit, Deployment, Environment, Evidence, Fix
from makegood.life.problems.models import Problem


@dataclass(frozen=True)
class Run:
    """The latest outcome of one test on the released commit."""

    name: str
    outcome: str


@dataclass(frozen=True)
class Item:
    """A line of the check list. ``outcome`` is empty while nobody has checked it."""

    words: str
    outcome: str


@dataclass(frozen=True)
class Known:
    """Everything the judgement looks at. ``lost``: environments of customers that no longer run it; ``waiting``:
    changes that claim to fix it and are in no release yet.
    """

    released: str = ""
    runs: tuple[Run, ...] = ()
    items: tuple[Item, ...] = ()
    reverted: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    is_deployed: bool = False


@dataclass(frozen=True)
class Readiness:
    """``is_tested``: it may be announced without an override. ``missing``: why not, a sentence each."""

    is_tested: bool
    missing: tuple[str, ...]
    passed: tuple[str, ...]


def readiness(problem: Problem) -> Readiness:
    """Whether the present fix of ``problem`` is tested."""
    fix = following.present_fix(problem)
    return judge(known(fix) if fix else Known())


def judge(known: Known) -> Readiness:
    """The verdict on what is known. Pure but for the language."""
    missing = [*_not_there(known), *_not_tested(known)]
    passed = [run.name for run in known.runs if run.outcome == code.PASSED]
    passed += [item.words for item in known.items if item.outcome == code.PASSED]
    return Readiness(not missing, tuple(missing), tuple(passed))


def known(fix: Fix) -> Known:
    """What is known of ``fix`` now."""
    links = reach.links_of(fix)
    facts = reach.facts(fix)
    shas = _released_shas(fix)
    runs = Evidence.objects.filter(repository__in=[one[0] for one in shas], sha__in=[one[1] for one in shas])
    items = CheckItem.objects.filter(fix=fix, removed_at=None)
    return Known(
        released=facts.fixed_in,
        runs=tuple(Run(run.name, run.outcome) for run in runs.order_by("name", "-at")),
        items=tuple(Item(item.words, item.outcome) for item in items),
        reverted=tuple(_reverted(reach.landed(links))),
        waiting=tuple(_waiting(fix)),
        lost=tuple(_lost(fix)),
        is_deployed=bool(facts.deployed),
    )


def _not_there(known: Known) -> Iterable[str]:
    if not known.released:
        yield _("No release contains a fix yet.")
    for change in known.waiting:
        yield _("%s belongs to the fix and is in no release yet.") % change
    for change in known.reverted:
        yield _("%s was taken back.") % change
    for place in known.lost:
        yield _("%s runs a version without the fix now.") % place
    if known.released and not known.is_deployed:
        yield _("No environment that reaches customers has it yet.")


def _not_tested(known: Known) -> Iterable[str]:
    if known.released and not any(run.outcome == code.PASSED for run in known.runs):
        yield _("No test has passed on %s.") % known.released
    for run in known.runs:
        if run.outcome == code.FAILED:
            yield _("The test “%s” failed.") % run.name
        elif run.outcome == code.RUNNING:
            yield _("The test “%s” has not ended.") % run.name
    for item in known.items:
        if item.outcome == code.FAILED:
            yield _("“%s” was checked and does not work.") % item.words
        elif not item.outcome:
            yield _("Nobody has checked “%s”.") % item.words


def _released_shas(fix: Fix) -> list[tuple[int, str]]:
    """Of each repository the commit that stands for the fix: of its first release, else of what customers got first."""
    found = []
    for repository, shas in reach.landed(reach.links_of(fix)).items():
        contained = reach.releases(repository, shas)
        named = [one for one in contained if reach.is_for_everybody(one) and one.sha]
        arrived = _arrived(reach.deployments(repository, shas, [one.version for one in contained]))
        if named:
            found.append((repository, named[0].sha))
        elif arrived:
            found.append((repository, arrived[0].sha))
    return found


def _arrived(deployments: Iterable[Deployment]) -> list[Deployment]:
    rows = [one for one in deployments if one.passed_at and one.sha and one.environment.reaches_customers]
    return sorted(rows, key=lambda one: (one.passed_at or one.at, one.sha))


def _reverted(landed: dict[int, set[str]]) -> Iterable[str]:
    for repository, shas in sorted(landed.items()):
        backs = Commit.objects.filter(repository=repository, reverts__in=shas).order_by("at")
        yield from (one.reverts[:12] for one in backs)


def _waiting(fix: Fix) -> Iterable[str]:
    """Changes that landed, claim to fix it, and that no release contains."""
    for link in reach.links_of(fix):
        for repository, shas in reach.landed([link]).items():
            contained = reach.releases(repository, shas)
            is_out = any(reach.is_for_everybody(one) for one in contained)
            if not is_out and not _arrived(reach.deployments(repository, shas, [one.version for one in contained])):
                yield f"!{link.pull.number}" if link.pull else next(iter(shas))[:12]


def _lost(fix: Fix) -> Iterable[str]:
    """Environments of customers that had it, and where a version without it was brought since."""
    for repository, shas in sorted(reach.landed(reach.links_of(fix)).items()):
        versions = [one.version for one in reach.releases(repository, shas)]
        contain = reach.deployments(repository, shas, versions)
        had = {one.environment for one in contain if one.passed_at and one.environment.reaches_customers}
        for place in sorted(had, key=lambda one: one.slug):
            now = running_in(place, repository)
            if now is not None and now not in contain:
                yield place.name


def running_in(place: Environment, repository: int) -> Deployment | None:
    """What was last brought to ``place`` from a repository."""
    rows = Deployment.objects.filter(environment=place, repository=repository, passed_at__isnull=False)
    return rows.order_by("-passed_at", "-pk").first()
