"""Writing an analysis: begun, its words and facts set, what is being typed kept. Only a draft can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems import access as problem_access
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.rca import access, terms
from makegood.life.rca.models import Rca, RcaDraft
from makegood.life.reports.models import LedgerEntry

LONGEST = 10_000
# What ``edit`` may set: texts, choices with their list, moments.
TEXTS = (
    *("overview", "trigger", "root_cause", "factors", "detection", "monitoring_gap", "mended_for_now"),
    *("mended_for_good", "data_lost", "went_well", "went_badly", "luck", "lessons", "internal_text"),
)
CHOICES = {"trigger_kind": terms.TRIGGERS, "cause_kind": terms.CAUSE_KINDS, "detected_by": terms.DETECTIONS}
MOMENTS = ("began_at", "detected_at", "ended_at")
PUBLIC = "public_texts"
OWNERS = (roles.ENGINEER, roles.LEAD, roles.ADMIN)


class NotADraft(Refusal):
    """It is being reviewed or has been approved: it cannot be changed under the eyes of whoever reads it."""


class Conflict(Refusal):
    """Somebody else changed it meanwhile."""


class TooLong(Refusal):
    """More words than there is room for. ``field`` names where."""

    field = ""


class WrongOrder(Refusal):
    """It cannot have ended before it began."""


class CannotOwn(Refusal):
    """An analysis is for engineers, leads and admins."""


def begin(problem: Problem, *, by: Actor, at: datetime, is_required: bool = False) -> Rca:
    """The unfinished analysis of ``problem``, begun if there is none, with its promise. The same again returns it."""
    with transaction.atomic():
        fresh = problem_access.lock(problem)
        there = Rca.objects.filter(problem=problem).exclude(state="published").first()
        if there is not None:
            return there
        owner = _first_owner(fresh)
        rca = Rca.objects.create(
            problem=problem,
            is_required=is_required,
            owner=owner,
            root_cause=fresh.cause,
            mended_for_now=fresh.workaround,
            mended_for_good=fresh.fix,
            detected_by="customer" if fresh.reports_count else "",
            ended_at=fresh.released_at,
            begun_at=at,
            begun_by=by.name,
            updated_at=at,
        )
        rca.promise = promises.make(
            rca.about, kinds.RCA, by=by, at=at, severity=fresh.severity, team=fresh.team, agent=owner
        )
        rca.save(update_fields=["promise"])
        kind = "rca.required" if is_required else "rca.begun"
        record(rca, kind, by=by, at=at, data={"due_at": rca.promise.due_at.isoformat()})
    return rca


def edit(rca: Rca, *, by: Actor, at: datetime, expected: int | None = None, **facts: Any) -> LedgerEntry | None:
    """Set words and facts: those of TEXTS, CHOICES and MOMENTS, and ``public_texts``. None if nothing changed.

    ``expected``: the version the person was looking at. Raises NotADraft, Conflict, TooLong, WrongOrder.
    """
    fields = _checked(facts)
    with transaction.atomic():
        fresh = lock_draft(rca)
        if expected is not None and fresh.version != expected:
            raise Conflict(_("Somebody changed this analysis meanwhile. Look at what is new, then decide again."))
        changed = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
        if not changed:
            return None
        _check_order({name: changed.get(name, getattr(fresh, name)) for name in MOMENTS})
        put(rca, fresh, at=at, **changed)
        return record(rca, "rca.changed", by=by, at=at, data={"fields": sorted(changed)})


def hand_to(rca: Rca, owner: Agent, *, by: Actor, at: datetime) -> None:
    """Give it to somebody; who owes the promise with it. The same again does nothing. Raises CannotOwn, NotADraft."""
    if owner.role not in OWNERS or not owner.is_active:
        raise CannotOwn(_("An analysis is written by an engineer, a lead or an admin."))
    with transaction.atomic():
        fresh = lock_draft(rca)
        if fresh.owner_id == owner.pk:
            return
        put(rca, fresh, at=at, owner=owner)
        promises.hand(rca.about, team=fresh.problem.team, agent=owner)
        record(rca, "rca.handed", by=by, at=at, data={"owner": owner.pk, "owner_name": owner.name})


def save_draft(rca: Rca, agent: Agent, words: Mapping[str, str], *, version: int, at: datetime) -> None:
    """Keep what ``agent`` is typing; nothing typed throws it away."""
    kept = {name: str(value)[:LONGEST] for name, value in words.items() if name in draft_fields()}
    if not kept:
        forget_draft(rca, agent)
        return
    defaults = {"words": kept, "version": version, "at": at}
    RcaDraft.objects.update_or_create(rca=rca, agent=agent, defaults=defaults)


def forget_draft(rca: Rca, agent: Agent) -> None:
    RcaDraft.objects.filter(rca=rca, agent=agent).delete()


def draft_fields() -> frozenset[str]:
    """The names a draft may hold: those of the form."""
    return frozenset((*TEXTS, *CHOICES, *MOMENTS, "public_en", "public_de"))


def lock_draft(rca: Rca) -> Rca:
    """The fresh row, held; only if it may be changed. Raises NotADraft."""
    fresh = access.lock_rca(rca)
    if not fresh.is_draft:
        raise NotADraft(_("It is being reviewed or has been approved. Send it back first, then change it."))
    return fresh


def put(rca: Rca, fresh: Rca, *, at: datetime, **fields: Any) -> None:
    """Write ``fields`` on the locked ``fresh`` and on ``rca`` and count the version up."""
    fields |= {"version": fresh.version + 1, "updated_at": at}
    Rca.objects.filter(pk=fresh.pk).update(**fields)
    for name, value in fields.items():
        setattr(rca, name, value)


def touch(rca: Rca, *, by: Actor, at: datetime, what: str) -> None:
    """Timeline or causes were changed: the same version counts, and the ledger says so."""
    put(rca, access.lock_rca(rca), at=at)
    record(rca, "rca.changed", by=by, at=at, data={"fields": [what]})


def record(rca: Rca, kind: str, *, by: Actor, at: datetime, **more: Any) -> LedgerEntry:
    """Write a ledger entry about the problem of an analysis. ``more``: as for ``ledger.record``."""
    data = {"rca": rca.pk, **more.pop("data", {})}
    return problems.record(rca.problem, kind, by=by, at=at, data=data, **more)


def _first_owner(problem: Problem) -> Agent | None:
    people = (problem.owner, problem.team.lead if problem.team else None)
    return next((one for one in people if one and one.is_active and one.role in OWNERS), None)


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they may be written. Raises TooLong; an unknown name is a mistake in the code."""
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if name in TEXTS:
            fields[name] = _fitting(name, value)
        elif name in CHOICES:
            fields[name] = value if value in dict(CHOICES[name]) else ""
        elif name in MOMENTS:
            fields[name] = value
        elif name == PUBLIC:
            texts = {str(code)[:8]: _fitting(f"public_{code}", words) for code, words in dict(value).items()}
            fields[name] = {code: words for code, words in texts.items() if words}
        else:
            raise TypeError(f"An analysis has no fact called {name}.")
    return fields


def _check_order(moments: Mapping[str, datetime | None]) -> None:
    began, ended = moments["began_at"], moments["ended_at"]
    if began and ended and ended < began:
        raise WrongOrder(_("It cannot have ended before it began."))


def _fitting(name: str, value: Any) -> str:
    words = str(value).replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > LONGEST:
        refusal = TooLong(_("That is too long: at most %d characters fit here.") % LONGEST)
        refusal.field = name
        raise refusal
    return words
