"""Time and actions: checks that begin, and a word about what is late. It goes on whatever became of the problem.

Warnings before and the ladder after a broken promise are the promises' own. This is what comes after the ladder has
ended: once a week, to whoever owes it, until it is done, checked or declined.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from makegood.life.colleagues import notices
from makegood.life.colleagues.models import Notice
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent
from makegood.life.rca import access, actions, states
from makegood.life.rca.models import Action
from makegood.life.reports.models import LedgerEntry

EVERY = timedelta(hours=1)
AGAIN_AFTER = timedelta(days=7)
MOST = 200


def keep_going(now: datetime) -> int:
    """Periodic: let checks begin whose time has come, and remind of what is late."""
    return begin_checks(now) + remind(now)


def begin_checks(now: datetime) -> int:
    """Actions done so long ago that it can be said whether they worked."""
    waiting = Action.objects.filter(state=states.IMPLEMENTED).select_related("problem").order_by("implemented_at", "pk")
    due = [one for one in waiting.iterator() if one.checks_from and one.checks_from <= now]
    for action in due[:MOST]:
        actions.begin_check(action, by=SYSTEM, at=now)
    return len(due[:MOST])


def remind(now: datetime) -> int:
    """One entry an overdue action and week; who hears of it is a reaction."""
    not_lately = Q(reminded_at=None) | Q(reminded_at__lte=now - AGAIN_AFTER)
    late = Action.objects.filter(not_lately, state__in=states.OWED, promise__due_at__lte=now)
    late = late.filter(promise__state__in=("open", "paused"))
    return sum(
        _remind(action, now) for action in late.select_related("problem").order_by("promise__due_at", "pk")[:MOST]
    )


def tell(entry: LedgerEntry, now: datetime) -> None:
    """On ``action.reminded`` and ``action.state_changed``: whoever it is up to now, but for who did it."""
    row = Action.objects.filter(pk=entry.data.get("action"))
    action = row.select_related("problem", "owner", "verifier", "problem__team__lead").first()
    if action is None:
        return
    for person in _concerned(action, entry):
        if person.is_active and (entry.actor_kind != "agent" or entry.actor_id != person.pk):
            notices.tell(person, action.problem, entry, why=Notice.ACTION, at=now, by_mail=True)


def _concerned(action: Action, entry: LedgerEntry) -> list[Agent]:
    """Owner while it is to be done, who checks while it is to be checked; both, and the lead, where it failed."""
    lead = action.problem.team.lead if action.problem.team else None
    state = str((entry.data.get("to") or {}).get("state") or action.state)
    wanted: list[Agent | None] = []
    if state in (states.ACCEPTED, states.IN_PROGRESS):
        wanted = [action.owner]
    elif state == states.VERIFYING:
        wanted = [action.verifier]
    elif state == states.INEFFECTIVE:
        wanted = [action.owner, action.verifier, lead]
    elif entry.kind == "action.reminded":
        wanted = [action.verifier]
    return list({person.pk: person for person in wanted if person is not None}.values())


def _remind(action: Action, now: datetime) -> bool:
    with transaction.atomic():
        fresh = access.lock_action(action)
        if fresh.state not in states.OWED or (fresh.reminded_at and fresh.reminded_at > now - AGAIN_AFTER):
            return False
        Action.objects.filter(pk=action.pk).update(reminded_at=now)
        days = (now - fresh.promise.due_at).days if fresh.promise else 0
        actions.record(action, "action.reminded", by=SYSTEM, at=now, data={"days": days})
    return True
