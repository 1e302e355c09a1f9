"""What pages ask: actions filtered, how old they are, how they burn down; analyses that are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.rca import access, states, terms
from makegood.life.rca.models import Action, ActionStep, Rca

MINE, CHECK, TEAM, ALL = "mine", "check", "team", "all"
OPEN, LATE, DONE, FAILED, ANY = "open", "late", "done", "failed", "any"
WHOSE = (MINE, CHECK, TEAM, ALL)
WHICH = (OPEN, LATE, DONE, FAILED, ANY)
# Age of what is still to be done, in days, as far as each reaches; the last has no end.
AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 30), (31, 60), (61, 90), (91, None))


def listed(seeker: Agent, *, whose: str, which: str, now: datetime) -> QuerySet[Action]:
    """Actions of the problems ``seeker`` sees, soonest due first."""
    rows = of_whom(access.visible_actions(seeker), seeker, whose)
    kept = {
        OPEN: rows.filter(state__in=states.OPEN),
        LATE: rows.filter(late(now)),
        DONE: rows.filter(state=states.EFFECTIVE),
        FAILED: rows.filter(state__in=(states.INEFFECTIVE, states.DECLINED)),
    }
    found = kept.get(which, rows).select_related("problem", "owner", "verifier", "team", "promise", "rca")
    return found.order_by(F("promise__due_at").asc(nulls_last=True), "id")


def of_whom(rows: QuerySet[Action], seeker: Agent, whose: str) -> QuerySet[Action]:
    """Those ``seeker`` does, checks, or that belong to one of their teams."""
    if whose == MINE:
        return rows.filter(owner=seeker)
    if whose == CHECK:
        return rows.filter(verifier=seeker, state__in=states.TO_CHECK)
    if whose == TEAM:
        return rows.filter(Q(team__in=seeker.teams.all()) | Q(owner=seeker))
    return rows


def late(now: datetime) -> Q:
    """Which actions are overdue: to be done, or to be checked."""
    return Q(state__in=states.OWED, promise__due_at__lte=now, promise__state__in=Promise.PENDING)


def of_problem(seeker: Agent, problem: Problem) -> list[Action]:
    """Every action of a problem, in the order they were proposed."""
    rows = access.visible_actions(seeker).filter(problem=problem)
    return list(rows.select_related("owner", "verifier", "team", "promise").order_by("id"))


@dataclass(frozen=True)
class Counts:
    """How many there are of each, for the heads of the page."""

    open: int
    late: int
    to_check: int
    effective: int
    ineffective: int

    @property
    def judged(self) -> int:
        return self.effective + self.ineffective


def counts(seeker: Agent, *, whose: str, now: datetime) -> Counts:
    rows = of_whom(access.visible_actions(seeker), seeker, whose).order_by()
    found = rows.aggregate(
        open=Count("pk", filter=Q(state__in=states.OPEN)),
        late=Count("pk", filter=late(now)),
        to_check=Count("pk", filter=Q(state=states.VERIFYING)),
        effective=Count("pk", filter=Q(state=states.EFFECTIVE)),
        ineffective=Count("pk", filter=Q(state=states.INEFFECTIVE)),
    )
    return Counts(**found)


@dataclass(frozen=True)
class Age:
    """Actions still to be done, by how long ago they were accepted: of each bucket how many, and how many late."""

    since: int
    until: int | None
    count: int
    late: int


def ageing(seeker: Agent, *, whose: str, now: datetime) -> list[Age]:
    """What is accepted and not done, by age."""
    rows = of_whom(access.visible_actions(seeker), seeker, whose).filter(state__in=states.TO_DO)
    found: Counter[int] = Counter()
    overdue: Counter[int] = Counter()
    for accepted_at, due_at in rows.order_by().values_list("promise__made_at", "promise__due_at"):
        bucket = _bucket((now - accepted_at).days if accepted_at else 0)
        found[bucket] += 1
        overdue[bucket] += bool(due_at and due_at <= now)
    return [Age(since, until, found[place], overdue[place]) for place, (since, until) in enumerate(AGES)]


@dataclass(frozen=True)
class Burn:
    """How it stood at one moment: to be done (and of these overdue), done and unchecked, found effective."""

    at: datetime
    to_do: int
    late: int
    done: int
    effective: int


def burn_down(seeker: Agent, *, whose: str, now: datetime, weeks: int = 13) -> list[Burn]:
    """How many stood where at the end of each of the last ``weeks`` weeks, and now; from the steps they took."""
    rows = of_whom(access.visible_actions(seeker), seeker, whose).order_by()
    steps = ActionStep.objects.filter(action__in=rows.values("pk")).order_by("at", "id")
    story: dict[int, list[tuple[datetime, str]]] = {}
    for action, state, at in steps.values_list("action_id", "state", "at"):
        story.setdefault(action, []).append((at, state))
    owed = _owed(rows)
    return [_stood(story, owed, now - timedelta(weeks=back)) for back in range(weeks - 1, -1, -1)]


def due_analyses(seeker: Agent) -> QuerySet[Rca]:
    """Analyses that are not published, soonest due first."""
    rows = access.visible_analyses(seeker).exclude(state=states.PUBLISHED).filter(problem__merged_into=None)
    found = rows.select_related("problem", "owner", "promise", "reviewer").annotate(actions_count=Count("actions"))
    return found.order_by(F("promise__due_at").asc(nulls_last=True), "id")


def published_analyses(seeker: Agent) -> QuerySet[Rca]:
    """Those that are done, the latest first."""
    rows = access.visible_analyses(seeker).filter(state=states.PUBLISHED)
    found = rows.select_related("problem", "owner", "promise", "reviewer").annotate(actions_count=Count("actions"))
    return found.order_by("-published_at", "-id")


def strong_share(actions: Iterable[Action]) -> tuple[int, int]:
    """(strong, all that were not declined)."""
    live = [one for one in actions if one.state != states.DECLINED]
    return sum(one.strength == terms.STRONG for one in live), len(live)


def by_about(promises: Iterable[Promise]) -> dict[str, Rca | Action]:
    """The analyses and actions that ``promises`` are about, by how they are named there; two queries."""
    keys: dict[str, set[int]] = {"rca": set(), "action": set()}
    for promise in promises:
        kind, _colon, key = promise.about.partition(":")
        if kind in keys and key.isdecimal():
            keys[kind].add(int(key))
    analyses = Rca.objects.filter(pk__in=keys["rca"]).select_related("problem") if keys["rca"] else ()
    found = Action.objects.filter(pk__in=keys["action"]).select_related("problem") if keys["action"] else ()
    return {one.about: one for one in (*analyses, *found)}


def _bucket(days: int) -> int:
    return next(place for place, (_since, until) in enumerate(AGES) if until is None or days <= until)


def _owed(rows: QuerySet[Action]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Action → (made, due) of what was promised to be done, in order."""
    keys = {f"action:{pk}": pk for pk in rows.values_list("pk", flat=True)}
    made = Promise.objects.filter(about__in=list(keys), kind="action").exclude(about="").order_by("id")
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for about, made_at, due_at in made.values_list("about", "made_at", "due_at"):
        found.setdefault(keys[about], []).append((made_at, due_at))
    return found


def _stood(
    story: dict[int, list[tuple[datetime, str]]], owed: dict[int, list[tuple[datetime, datetime]]], at: datetime
) -> Burn:
    to_do = late_ones = done = effective = 0
    for action, steps in story.items():
        state = next((state for moment, state in reversed(steps) if moment <= at), "")
        if state in states.TO_DO:
            to_do += 1
            due = next((due for made, due in reversed(owed.get(action, [])) if made <= at), None)
            late_ones += due is not None and due <= at
        done += state in states.TO_CHECK
        effective += state == states.EFFECTIVE
    return Burn(at, to_do, late_ones, done, effective)
