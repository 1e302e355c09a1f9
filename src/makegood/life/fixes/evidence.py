"""Whether a fix is tested before it is announced, in the words of what is missing.

``judge`` is pure; ``readiness`` fetches what it needs. What was tested must be what customers get: tests count on the
very commit that was released, not on one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from makegood.channels import code
from makegood.life.fixes import following, reach
from makegood.life.fixes.models import CheckItem, Deployment, Evidence, Link
from makegood.life.fixes.reach import Look
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
    return judge(known(reach.look(fix)) if fix else Known())


def judge(known: Known) -> Readiness:
    """The verdict on what is known. Pure but for the language."""
    missing = [*_not_there(known), *_not_tested(known)]
    passed = [run.name for run in known.runs if run.outcome == code.PASSED]
    passed += [item.words for item in known.items if item.outcome == code.PASSED]
    return Readiness(not missing, tuple(missing), tuple(passed))


def known(look: Look) -> Known:
    """What is known of a fix that was looked at."""
    facts = look.facts()
    shas = _released_shas(look)
    runs = Evidence.objects.filter(repository__in=[one[0] for one in shas], sha__in=[one[1] for one in shas])
    items = CheckItem.objects.filter(fix=look.fix, removed_at=None)
    return Known(
        released=facts.fixed_in,
        runs=tuple(Run(run.name, run.outcome) for run in runs.order_by("name", "-at")),
        items=tuple(Item(item.words, item.outcome) for item in items),
        reverted=tuple(_taken_back(look)),
        waiting=tuple(_waiting(look)),
        lost=tuple(_lost(look)),
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


def _released_shas(look: Look) -> list[tuple[int, str]]:
    """Of each repository the commit that stands for the fix: of its first release, else of what customers got first."""
    found = []
    for repository, shas in look.landed.items():
        commits = [(repository, sha) for sha in shas]
        named = [one.sha for one in look.releases_of(commits)] + [one.sha for one in look.with_customers(commits)]
        first = next((sha for sha in named if sha), "")
        if first:
            found.append((repository, first))
    return found


def _taken_back(look: Look) -> Iterable[str]:
    """Changes that were taken back and that no later one has taken the place of."""
    later = [link.commit.at if link.commit else link.pull.merged_at for link in look.links if _stands(look, link)]  # type: ignore[union-attr]
    for (_repository, sha), at in sorted(look.taken_back.items()):
        if not any(moment and moment > at for moment in later):
            yield sha[:12]


def _stands(look: Look, link: Link) -> bool:
    commit = reach.landed_as(link)
    return commit is not None and commit not in look.taken_back


def _waiting(look: Look) -> Iterable[str]:
    """Changes that landed, claim to fix it, and that no release contains and no customer has."""
    for link in look.links:
        commit = reach.landed_as(link)
        if (
            commit
            and commit not in look.taken_back
            and not look.releases_of([commit])
            and not look.with_customers([commit])
        ):
            yield f"!{link.pull.number}" if link.pull else commit[1][:12]


def _lost(look: Look) -> Iterable[str]:
    """Environments of customers that had it, and where a version without it was brought since."""
    running = running_now(look)
    for repository, shas in sorted(look.landed.items()):
        contain = look.with_customers([(repository, sha) for sha in shas])
        for place in sorted({one.environment for one in contain}, key=lambda one: one.slug):
            now = running.get((place.pk, repository))
            if now is not None and now not in contain:
                yield place.name


def running_now(look: Look) -> dict[tuple[int, int], Deployment]:
    """(environment, repository) → what was last brought there from the repositories of the fix, or brought back."""
    rows = Deployment.objects.filter(repository__in=look.landed, passed_at__isnull=False)
    found: dict[tuple[int, int], Deployment] = {}
    latest = rows.values("environment", "repository").annotate(moment=Max("last_passed_at")).order_by()
    wanted = Q(pk__in=[])
    for one in latest:
        wanted |= Q(environment=one["environment"], repository=one["repository"], last_passed_at=one["moment"])
    for row in rows.filter(wanted).select_related("environment").order_by("pk"):
        found[row.environment_id, row.repository_id] = row
    return found
