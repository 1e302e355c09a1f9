"""What a screen or a program is told of a fix: changes, the first release, environments, tests, check list."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.life.fixes import evidence, following, reach
from makegood.life.fixes.models import CheckItem, Deployment, Environment, Evidence, Fix, Link, Release
from makegood.life.fixes.reach import Look
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound

MOST_LINKS, MOST_RUNS = 100, 100


@dataclass(frozen=True)
class Change:
    """A commit or a pull request of a fix. ``release``: the first one that contains it."""

    link: Link
    name: str
    title: str
    url: str
    author: str
    repository: str
    is_merged: bool
    is_reverted: bool
    release: Release | None


@dataclass(frozen=True)
class Place:
    """An environment, and whether the fix is there: ``arrived`` the deployment that brought it first, ``now`` what runs
    there at present."""

    environment: Environment
    arrived: Deployment | None
    now: Deployment | None
    is_there: bool


@dataclass(frozen=True)
class Board:
    """Everything about the present fix of a problem."""

    problem: Problem
    fix: Fix | None
    changes: tuple[Change, ...]
    first: Release | None
    fixed_in: str
    is_read: bool
    places: tuple[Place, ...]
    runs: tuple[Evidence, ...]
    items: tuple[CheckItem, ...]
    ready: evidence.Readiness
    earlier: tuple[Fix, ...]


def board(problem: Problem) -> Board:
    """The present fix of ``problem``; access to the problem is the caller's business."""
    fix = following.present_fix(problem)
    earlier = tuple(Fix.objects.filter(problem=problem, round__lt=problem.came_back_count).order_by("-round"))
    if fix is None:
        return Board(problem, None, (), None, "", False, (), (), (), evidence.judge(evidence.Known()), earlier)
    look = reach.look(fix)
    real = look.releases_of(look.commits)
    found = evidence.known(look)
    backs = {sha for _repository, sha in look.taken_back}
    return Board(
        problem,
        fix,
        tuple(_change(look, link, backs) for link in look.links[:MOST_LINKS]),
        real[0] if real else None,
        found.released,
        any(reach.is_read(reach.repository_of(link)) for link in look.links),
        tuple(_places(look)),
        tuple(_runs(look, real)),
        tuple(CheckItem.objects.filter(fix=fix, removed_at=None)),
        evidence.judge(found),
        earlier,
    )


def access_link(seeker: Agent, problem: Problem, pk: int) -> Link:
    """A change tied to ``problem``. Raises NotFound."""
    rows = Link.objects.filter(pk=pk, fix__problem=problem, fix__problem__in=visible_problems(seeker))
    found = rows.select_related("fix__problem", "commit__repository", "pull__repository").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def access_item(seeker: Agent, problem: Problem, pk: int) -> CheckItem:
    """A line of the check list of ``problem``. Raises NotFound."""
    rows = CheckItem.objects.filter(pk=pk, fix__problem=problem, fix__problem__in=visible_problems(seeker))
    found = rows.select_related("fix__problem").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _change(look: Look, link: Link, backs: set[str]) -> Change:
    own = reach.landed_as(link)
    first = next(iter(look.releases_of([own])), None) if own else None
    merged, is_back = reach.is_merged(link) or first is not None, bool(own and own[1] in backs)
    repository = reach.repository_of(link).name
    if link.pull:
        pull = link.pull
        return Change(link, f"!{pull.number}", pull.title, pull.url, pull.author, repository, merged, is_back, first)
    commit = link.commit
    assert commit is not None
    name = commit.sha[:12]
    return Change(link, name, commit.subject, commit.url, commit.author, repository, merged, is_back, first)


def _places(look: Look) -> list[Place]:
    """Every environment the repositories of the fix are deployed to; those of customers first."""
    running: dict[int, list[Deployment]] = {}
    for (environment, _repository), one in evidence.running_now(look).items():
        running.setdefault(environment, []).append(one)
    arrived: dict[int, list[Deployment]] = {}
    for one in look.arrived(look.commits):
        arrived.setdefault(one.environment_id, []).append(one)
    places = []
    for pk, now in running.items():
        with_it = arrived.get(pk, [])
        is_there = bool(with_it) and all(one in with_it for one in now)
        latest = max(now, key=lambda one: one.last_passed_at or one.at)
        places.append(Place(latest.environment, with_it[0] if with_it else None, latest, is_there))
    return sorted(places, key=lambda one: (not one.environment.reaches_customers, one.environment.slug))


def _runs(look: Look, released: list[Release]) -> list[Evidence]:
    """Test runs on the first release of each repository and on the changes themselves, the released ones first."""
    firsts: dict[int, str] = {}
    for one in released:
        firsts.setdefault(one.repository_id, one.sha)
    names = {sha for _repository, sha in look.commits} | set(firsts.values()) - {""}
    rows = Evidence.objects.filter(repository__in=look.landed, sha__in=names).order_by("name", "-at")[:MOST_RUNS]
    return sorted(rows, key=lambda one: (one.sha != firsts.get(one.repository_id), one.name))
