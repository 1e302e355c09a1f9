"""The state of a problem follows the facts: a change names it, a release contains it, customers have it.

Asked anew from all that is known whenever something was told; so what is told late, twice or in another order ends in
the same state, and nothing told ever takes a problem back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine.live.events import publish_many
from makegood.life.fixes import reach, standing
from makegood.life.fixes.models import Environment, Fix, Repository
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.problems import access as problems
from makegood.life.problems import actions, states
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry

# Of one repository, the lately touched: what is older has long arrived.
MOST_OPEN = 300


def fix_of(problem: Problem, *, at: datetime, moment: datetime | None = None) -> Fix:
    """The fix that a change of ``moment`` belongs to (by default: the present one), made if need be.

    A change from before the problem came back belongs to the round before.
    """
    back = LedgerEntry.objects.filter(about=problem.about, kind="problem.came_back")
    number = back.filter(at__lt=moment).count() if moment else problem.came_back_count
    fix, _is_new = Fix.objects.get_or_create(problem=problem, round=number, defaults={"made_at": at, "updated_at": at})
    return fix


def present_fix(problem: Problem) -> Fix | None:
    """The fix of the present round, if anything belongs to it."""
    return Fix.objects.filter(problem=problem, round=problem.came_back_count).first()


def follow(fix: Fix, *, at: datetime, by: Actor = SYSTEM) -> str:
    """Bring the problem to where the facts of ``fix`` say it is; return its state. An earlier round moves nothing."""
    with transaction.atomic():
        problem = problems.lock(fix.problem)
        known = reach.look(fix).facts()
        _tell_arrivals(fix, problem, known, by=by, at=at)
        if fix.round != problem.came_back_count or problem.merged_into_id:
            return problem.state
        for state in standing.way(problem.state, known):
            actions.move(problem, state, by=by, at=at, reason=_why(state, known), **_moments(state, known))
        _put_right(problem, known, by=by, at=at)
    return problem.state


def follow_open(repository: Repository, *, at: datetime, by: Actor = SYSTEM) -> int:
    """The same for every fix that has a change in ``repository`` and is not over; how many there were."""
    own = Fix.objects.filter(links__commit__repository=repository) | Fix.objects.filter(
        links__pull__repository=repository
    )
    wanted = Fix.objects.filter(pk__in=own.values("pk")).exclude(problem__state=states.RESOLVED)
    found = list(wanted.select_related("problem").order_by("-updated_at", "-pk")[:MOST_OPEN])
    for fix in sorted(found, key=lambda one: one.problem_id):
        follow(fix, at=at, by=by)
    publish_many(((topic(fix.problem), "") for fix in found), at=at)
    return len(found)


def topic(problem: Problem) -> str:
    """What browsers that show the fix of ``problem`` listen to."""
    return f"fix:{problem.key}"


def follow_environment(environment: Environment, *, at: datetime, by: Actor) -> None:
    """An environment reaches customers from now on: what was deployed there has arrived."""
    for repository in Repository.objects.filter(deployments__environment=environment).distinct():
        follow_open(repository, at=at, by=by)


def _moments(state: str, known: standing.Facts) -> dict[str, Any]:
    if state == states.RELEASED:
        return {"fixed_in": known.fixed_in, "released_at": known.released_at}
    if state == states.WATCHING and known.first_deployed:
        return {"watching_until": known.first_deployed.at + actions.WATCHED_FOR}
    return {}


def _why(state: str, known: standing.Facts) -> str:
    if state == states.RELEASED:
        return _("%s contains the fix.") % known.fixed_in
    if state == states.WATCHING:
        return _("The fix has reached customers.")
    return _("A change in version control names it.")


def _put_right(problem: Problem, known: standing.Facts, *, by: Actor, at: datetime) -> None:
    """What a fact that came late says otherwise: the first release, and since when customers have it."""
    if problem.state not in states.FIXED or not known.fixed_in:
        return
    wanted = {"fixed_in": known.fixed_in, "released_at": known.released_at}
    if problem.state == states.WATCHING:
        wanted |= _moments(states.WATCHING, known)
    fresh = problems.lock(problem)
    changed = {name: value for name, value in wanted.items() if getattr(fresh, name) != value}
    if changed:
        actions.put(problem, fresh, "problem.changed", by=by, at=at, fields=changed)


def _tell_arrivals(fix: Fix, problem: Problem, known: standing.Facts, *, by: Actor, at: datetime) -> None:
    """The history of the problem says once which release contains it and which commit customers got."""
    first, arrived = known.first_release, known.first_deployed
    if first:
        data = {"version": first.name, "moment": first.at.isoformat()}
        record_once(problem, "fix.released", f"{fix.pk}:{first.name}", by=by, at=at, data=data)
    if arrived:
        data = {"what": arrived.name, "moment": arrived.at.isoformat()}
        record_once(problem, "fix.deployed", f"{fix.pk}:{arrived.name}", by=by, at=at, data=data)


def record_once(problem: Problem, kind: str, name: str, *, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    """A ledger entry about the problem that is there already is not written again. Belongs behind a lock."""
    key = f"{kind}:{name}"[:120]
    if not LedgerEntry.objects.filter(key=key).exists():
        actions.record(problem, kind, by=by, at=at, data=data, key=key)
