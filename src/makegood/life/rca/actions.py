"""The verbs of an action. Each: lock, check, change, record, one transaction; its clocks are promises.

To do it by a day is promised when it is accepted, by its owner; to check it, when it is done, by somebody else. Nothing
counts as having worked because somebody did it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.rca import access, states, terms
from makegood.life.rca.models import Action, ActionStep, Rca
from makegood.life.reports.models import LedgerEntry

LONGEST_TITLE, LONGEST = 200, 5_000
LONGEST_WAIT = 365
_LISTS = {"kind": terms.ACTION_KINDS, "strength": terms.STRENGTHS}
_TEXTS = {"title": LONGEST_TITLE, "details": LONGEST, "measure": LONGEST}
_PEOPLE = ("owner", "verifier")


class Unready(Refusal):
    """Before it is accepted it has an owner, another who checks, and a measure. ``field`` names what is missing."""

    field = ""


class SamePerson(Refusal):
    """Whoever does it cannot be the one who says that it worked."""


class NeedsReason(Refusal):
    """It has to be said why, or what was seen."""


class TooEarly(Refusal):
    """Whether it worked can be said after its time only."""


class SetBeforehand(Refusal):
    """How success is measured is said before the work is done, and stays."""


class TooLong(Refusal):
    """More words than there is room for. ``field`` names where."""

    field = ""


class Conflict(Refusal):
    """Somebody else changed it meanwhile."""


def propose(problem: Problem, title: str, *, by: Actor, at: datetime, rca: Rca | None = None, **facts: Any) -> Action:
    """An action for ``problem``. ``facts``: kind, strength, details, measure, owner, verifier, verify_after_days,
    wanted_by. Raises Unready, SamePerson, TooLong.
    """
    fields = _checked({**facts, "title": title})
    if not fields["title"]:
        raise _unready("title", _("Say in a few words what is to be done: specific, and such that one sees the end."))
    _check_two(fields.get("owner"), fields.get("verifier"))
    with transaction.atomic():
        action = Action.objects.create(
            problem=problem, rca=rca, team=problem.team, proposed_at=at, proposed_by=by.name, updated_at=at, **fields
        )
        ActionStep.objects.create(action=action, state=states.PROPOSED, at=at, by_name=by.name)
        record(action, "action.proposed", by=by, at=at)
    return action


def edit(action: Action, *, by: Actor, at: datetime, expected: int | None = None, **facts: Any) -> LedgerEntry | None:
    """Set facts, as for ``propose``, and ``title``. None if nothing changed.

    Raises Conflict, SamePerson, SetBeforehand, Unready, TooLong.
    """
    fields = _checked(facts)
    with transaction.atomic():
        fresh = access.lock_action(action)
        if expected is not None and fresh.version != expected:
            raise Conflict(_("Somebody changed this action meanwhile. Look at what is new, then decide again."))
        changed = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
        if not changed:
            return None
        after = {name: changed.get(name, getattr(fresh, name)) for name in (*_PEOPLE, "measure", "title")}
        _check_change(fresh, changed, after)
        _put(action, fresh, at=at, **changed)
        if fresh.state in states.OWED and changed.keys() & {"owner", "verifier"}:
            owes = action.owner if fresh.state in states.TO_DO else action.verifier
            promises.hand(action.about, team=fresh.team, agent=owes)
        return record(action, "action.changed", by=by, at=at, data={"fields": sorted(changed)})


def accept(action: Action, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Action:
    """It will be done, by ``due_at`` or by policy: a promise of its owner. Also of one that did not work: once more.

    Raises Unready, NotAMove, InThePast.
    """
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.ACCEPTED)
        if fresh.state != states.IN_PROGRESS:
            check_ready(fresh)
            named = due_at or (fresh.wanted_by if fresh.wanted_by and fresh.wanted_by > at else None)
            made = promises.make(
                action.about,
                kinds.ACTION,
                by=by,
                at=at,
                severity=fresh.problem.severity,
                due_at=named,
                team=fresh.team,
                agent=fresh.owner,
            )
            _put(action, fresh, at=at, promise=made)
        again: dict[str, Any] = dict.fromkeys(("implemented_at", "ended_at", "verified_by", "reminded_at"))
        again["outcome"] = ""
        _move(action, states.ACCEPTED, by=by, at=at, **again)
    return action


def start(action: Action, *, by: Actor, at: datetime, reason: str = "") -> Action:
    """Somebody works at it; from done it goes back here, with the reason: not done after all. Raises NotAMove,
    NeedsReason."""
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.IN_PROGRESS)
        more: dict[str, Any] = {}
        if fresh.state in states.TO_CHECK:
            _demand(reason)
            promises.withdraw(action.about, kinds.VERIFY, by=by, at=at, reason=reason)
            made = promises.make(
                action.about,
                kinds.ACTION,
                by=by,
                at=at,
                severity=fresh.problem.severity,
                team=fresh.team,
                agent=fresh.owner,
            )
            more = {"promise": made, "implemented_at": None}
        _move(action, states.IN_PROGRESS, by=by, at=at, words=reason, **more)
    return action


def implement(action: Action, *, by: Actor, at: datetime, words: str = "") -> Action:
    """It is done. Whether it works is looked at after its time, by somebody else: promised in the same moment.

    Raises NotAMove, Unready.
    """
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.IMPLEMENTED)
        check_ready(fresh)
        promises.keep(action.about, kinds.ACTION, by=by, at=at)
        checks_from = at + timedelta(days=fresh.verify_after_days)
        due_at = promised_time(kinds.VERIFY, fresh.problem.severity, checks_from, fresh.team)
        made = promises.make(
            action.about,
            kinds.VERIFY,
            by=by,
            at=at,
            severity=fresh.problem.severity,
            due_at=due_at,
            team=fresh.team,
            agent=fresh.verifier,
        )
        _move(action, states.IMPLEMENTED, by=by, at=at, words=words, promise=made, implemented_at=at, reminded_at=None)
        if fresh.verify_after_days == 0:
            begin_check(action, by=by, at=at)
    return action


def begin_check(action: Action, *, by: Actor, at: datetime) -> Action:
    """Its time is over: it can be said now whether it worked. Raises NotAMove, TooEarly."""
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.VERIFYING)
        if fresh.checks_from and fresh.checks_from > at:
            raise TooEarly(_("Too early: it is looked at %d days after it was done.") % fresh.verify_after_days)
        _move(action, states.VERIFYING, by=by, at=at)
    return action


def verify(action: Action, *, worked: bool, by: Agent, at: datetime, words: str) -> Action:
    """Another than the owner says what the measure shows. That it failed can be said at any time.

    Raises SamePerson, NeedsReason, TooEarly, NotAMove.
    """
    if not words.strip():
        raise NeedsReason(_("Write what the measure shows."))
    with transaction.atomic():
        fresh = access.lock_action(action)
        if by.pk == fresh.owner_id:
            raise SamePerson(_("Whoever did it cannot be the one who says that it worked."))
        if worked and fresh.state == states.IMPLEMENTED:
            begin_check(action, by=by.actor, at=at)
            fresh = access.lock_action(action)
        state = states.EFFECTIVE if worked else states.INEFFECTIVE
        _check(fresh, state)
        promises.keep(action.about, kinds.VERIFY, by=by.actor, at=at)
        told = {"verified_by": by, "ended_at": at, "outcome": words.strip()[:LONGEST]}
        _move(action, state, by=by.actor, at=at, words=words, **told)
    return action


def decline(action: Action, *, by: Actor, at: datetime, reason: str) -> Action:
    """It will not be done; why is kept. Raises NeedsReason, NotAMove."""
    _demand(reason)
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.DECLINED)
        promises.withdraw(action.about, kinds.ACTION, by=by, at=at, reason=reason)
        told = {"ended_at": at, "outcome": reason.strip()[:LONGEST], "promise": None}
        _move(action, states.DECLINED, by=by, at=at, words=reason, **told)
    return action


def propose_again(action: Action, *, by: Actor, at: datetime) -> Action:
    """Something declined is thought about again. Raises NotAMove."""
    with transaction.atomic():
        fresh = access.lock_action(action)
        _check(fresh, states.PROPOSED)
        _move(action, states.PROPOSED, by=by, at=at, ended_at=None, outcome="")
    return action


def prove_wrong(action: Action, *, by: Actor, at: datetime, reason: str) -> bool:
    """What it was to prevent happened again: it did not work, whatever was found before. False if it was not thought
    to be done."""
    with transaction.atomic():
        fresh = access.lock_action(action)
        if fresh.state not in states.THOUGHT_DONE:
            return False
        promises.withdraw(action.about, kinds.VERIFY, by=by, at=at, reason=reason)
        told = {"ended_at": at, "outcome": reason.strip()[:LONGEST]}
        _move(action, states.INEFFECTIVE, by=by, at=at, words=reason, **told)
    return True


def check_ready(action: Action) -> None:
    """Raise Unready unless it has all that it takes to be accepted."""
    if action.owner is None:
        raise _unready("owner", _("Say who does it."))
    if action.verifier is None:
        raise _unready("verifier", _("Say who looks later whether it worked: not the one who does it."))
    if not action.measure.strip():
        raise _unready("measure", _("Say beforehand how we shall see that it worked."))


def record(action: Action, kind: str, *, by: Actor, at: datetime, **more: Any) -> LedgerEntry:
    """Write a ledger entry about the problem of an action. ``more``: as for ``ledger.record``."""
    data = {"action": action.pk, "title": action.title, **more.pop("data", {})}
    return problems.record(action.problem, kind, by=by, at=at, data=data, **more)


# The parts of the verbs.


def _move(action: Action, state: str, *, by: Actor, at: datetime, words: str = "", **fields: Any) -> None:
    """Write the step and the entry, and the state with ``fields``."""
    fresh = access.lock_action(action)
    before = fresh.state
    _put(action, fresh, at=at, state=state, **fields)
    ActionStep.objects.create(action=action, state=state, at=at, by_name=by.name, words=words.strip()[:LONGEST])
    data = {"from": {"state": before}, "to": {"state": state}}
    record(action, "action.state_changed", by=by, at=at, data=data, reason=words.strip())


def _put(action: Action, fresh: Action, *, at: datetime, **fields: Any) -> None:
    fields |= {"version": fresh.version + 1, "updated_at": at}
    Action.objects.filter(pk=fresh.pk).update(**fields)
    for name, value in fields.items():
        setattr(action, name, value)


def _check(action: Action, state: str) -> None:
    try:
        states.check_action_move(action.state, state)
    except states.NotAMove:
        names = dict(Action.STATES)
        words = {"old": names[action.state], "new": names[state]}
        raise states.NotAMove(_("An action cannot go from “%(old)s” to “%(new)s”.") % words) from None


def _check_change(fresh: Action, changed: dict[str, Any], after: dict[str, Any]) -> None:
    _check_two(after["owner"], after["verifier"])
    if not after["title"]:
        raise _unready("title", _("Say in a few words what is to be done: specific, and such that one sees the end."))
    if fresh.state not in (states.PROPOSED, states.INEFFECTIVE, states.DECLINED):
        for name, words in (
            ("owner", _("Somebody has to do it.")),
            ("verifier", _("Somebody has to look whether it worked.")),
        ):
            if after[name] is None:
                raise _unready(name, words)
    is_done = fresh.state in states.THOUGHT_DONE
    if is_done and changed.keys() & {"measure", "verify_after_days", "owner"}:
        raise SetBeforehand(_("It is done: who did it and how success is measured stay as they were said beforehand."))


def _check_two(owner: Agent | None, verifier: Agent | None) -> None:
    if owner is not None and verifier is not None and owner.pk == verifier.pk:
        raise SamePerson(_("Whoever does it cannot be the one who says that it worked. Choose somebody else."))


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if name in _TEXTS:
            fields[name] = _fitting(name, str(value))
        elif name in _LISTS:
            if value in dict(_LISTS[name]):
                fields[name] = value
        elif name == "verify_after_days":
            fields[name] = _days(value)
        elif name in _PEOPLE or name == "wanted_by":
            fields[name] = value
        else:
            raise TypeError(f"An action has no fact called {name}.")
    return fields


def _days(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT:
        raise _unready("verify_after_days", _("Between 0 and %d days.") % LONGEST_WAIT)
    return value


def _fitting(name: str, words: str) -> str:
    words = words.replace("\r\n", "\n").replace("\x00", "").strip()
    words = " ".join(words.split()) if name == "title" else words
    if len(words) > _TEXTS[name]:
        refusal = TooLong(_("That is too long: at most %d characters fit here.") % _TEXTS[name])
        refusal.field = name
        raise refusal
    return words


def _unready(field: str, words: str) -> Unready:
    refusal = Unready(words)
    refusal.field = field
    return refusal


def _demand(reason: str) -> None:
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))


def may_verify(agent: Agent, action: Action) -> bool:
    """The one named for it, or a lead; never whoever did it."""
    if agent.pk == action.owner_id or not agent.may("action.verify"):
        return False
    return agent.pk == action.verifier_id or agent.role in (roles.LEAD, roles.ADMIN)
