"""Causes and what they contributed to: added, edited, taken away; nothing is ever a cause of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.rca import blame, graph, terms, writing
from makegood.life.rca.models import Cause, CauseLink, Rca
from makegood.life.rca.timeline import checked_link
from makegood.life.reports.access import NotFound

LONGEST = 300
MOST = 200
_LISTS = {"kind": terms.NODE_KINDS, "road": terms.ROADS, "confidence": terms.CONFIDENCES}


class NeedsWords(Refusal):
    """A box says something."""


class InACircle(Refusal):
    """Something would be a cause of itself."""


class Conflict(Refusal):
    """Somebody else changed this box meanwhile."""


class TooMany(Refusal):
    """A drawing of so many boxes tells nobody anything."""


@dataclass(frozen=True)
class Graph:
    """All of it: boxes, links (cause, effect), what blames somebody (box → the words)."""

    causes: list[Cause]
    links: list[graph.Link]
    blaming: dict[int, str]

    @property
    def keys(self) -> list[int]:
        return [cause.pk for cause in self.causes]

    @property
    def paths(self) -> list[list[Cause]]:
        """Each way to ask why, from what happened to where it began."""
        by_key = {cause.pk: cause for cause in self.causes}
        return [[by_key[key] for key in path] for path in graph.paths(self.keys, self.links)]

    def effects_of(self, cause: Cause) -> list[int]:
        return [effect for one, effect in self.links if one == cause.pk]


def whole(rca: Rca) -> Graph:
    """The graph of an analysis, in three queries."""
    causes = list(rca.causes.order_by("id"))
    links = list(rca.links.order_by("id").values_list("cause_id", "effect_id"))
    ends = set(graph.leaves([cause.pk for cause in causes], links))
    names = list(Agent.objects.filter(is_service=False).values_list("name", flat=True)) if ends else []
    blaming = {one.pk: words for one in causes if one.pk in ends and (words := blame.found_in(one.words, names))}
    return Graph(causes, links, blaming)


def add(rca: Rca, words: str, *, by: Actor, at: datetime, effects: Iterable[int] = (), **facts: Any) -> Cause:
    """A box, and what it contributed to. Raises NotADraft, NeedsWords, TooMany, TooLong, NotALink."""
    fields = _checked({**facts, "words": words})
    with transaction.atomic():
        writing.lock_draft(rca)
        if rca.causes.count() >= MOST:
            raise TooMany(_("At most %d causes fit into one drawing. Leave out what explains nothing.") % MOST)
        cause = Cause.objects.create(rca=rca, made_by=by.name, made_at=at, **fields)
        _link(rca, cause, effects)
        writing.touch(rca, by=by, at=at, what="causes")
    return cause


def edit(
    cause: Cause,
    *,
    by: Actor,
    at: datetime,
    expected: int | None = None,
    effects: Iterable[int] | None = None,
    **facts: Any,
) -> None:
    """Set words, kind, road, confidence, evidence; ``effects``: exactly what it contributed to.

    Raises NotADraft, Conflict, NeedsWords, InACircle, TooLong, NotALink.
    """
    fields = _checked(facts)
    with transaction.atomic():
        writing.lock_draft(cause.rca)
        fresh = Cause.objects.get(pk=cause.pk)
        if expected is not None and fresh.version != expected:
            raise Conflict(_("Somebody changed this cause meanwhile. Look at it again, then decide."))
        changed = {name: value for name, value in fields.items() if getattr(fresh, name) != value}
        before = set(cause.contributed_to.values_list("effect_id", flat=True))
        if effects is not None and set(effects) != before:
            CauseLink.objects.filter(cause=cause).delete()
            _link(cause.rca, cause, effects)
        elif not changed:
            return
        Cause.objects.filter(pk=cause.pk).update(**changed, version=fresh.version + 1)
        for name, value in {**changed, "version": fresh.version + 1}.items():
            setattr(cause, name, value)
        writing.touch(cause.rca, by=by, at=at, what="causes")


def remove(cause: Cause, *, by: Actor, at: datetime) -> None:
    """Take a box away with its arrows. Raises NotADraft."""
    with transaction.atomic():
        writing.lock_draft(cause.rca)
        Cause.objects.filter(pk=cause.pk).delete()
        writing.touch(cause.rca, by=by, at=at, what="causes")


def access_cause(rca: Rca, pk: int) -> Cause:
    """One box of an analysis the seeker has been let to. Raises NotFound."""
    cause = rca.causes.select_related("rca", "rca__problem").filter(pk=pk).first()
    if cause is None:
        raise NotFound(str(pk))
    return cause


def _link(rca: Rca, cause: Cause, effects: Iterable[int]) -> None:
    """Let it contribute to ``effects`` of the same analysis. Raises InACircle."""
    there = set(rca.causes.values_list("pk", flat=True))
    links = list(rca.links.values_list("cause_id", "effect_id"))
    for effect in dict.fromkeys(effects):
        if effect not in there:
            raise NotFound(str(effect))
        if graph.would_circle(links, cause.pk, effect):
            raise InACircle(_("That would go round in a circle: something would be a cause of itself."))
        CauseLink.objects.create(rca=rca, cause=cause, effect_id=effect)
        links.append((cause.pk, effect))


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "words":
            fields[name] = " ".join(str(value).replace("\x00", "").split())
            if not fields[name]:
                raise NeedsWords(_("Say in a few words what it is."))
            if len(fields[name]) > LONGEST:
                raise writing.TooLong(_("That is too long: at most %d characters fit here.") % LONGEST)
        elif name == "evidence":
            fields[name] = checked_link(str(value))
        elif name in _LISTS:
            if value in dict(_LISTS[name]):
                fields[name] = value
        else:
            raise TypeError(f"A cause has no fact called {name}.")
    return fields
