"""The verbs of saved views: a named query of one agent, of a team, or of everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.reports import ledger
from makegood.life.reports.models import SavedView
from makegood.life.reports.query_language import LONGEST, parse

MOST = 50


class UnusableView(Refusal):
    """The view has no name, says nothing, or there are too many already."""


class NotYours(Refusal):
    """Somebody else's view, or a shared one that only leads change."""


def save(
    name: str, query: str, *, agent: Agent, at: datetime, team: Team | None = None, for_all: bool = False
) -> SavedView:
    """Keep ``query`` under ``name``: for the agent alone, for ``team``, or for everybody. Raises UnusableView."""
    name, query = _usable(name, query)
    is_own = team is None and not for_all
    if not is_own and not agent.may("view.save_team"):
        raise NotYours(_("Leads save views for a team. Save it for yourself, or ask one."))
    if SavedView.objects.filter(agent=agent if is_own else None, team=team).count() >= MOST:
        raise UnusableView(_("There are 50 saved views already. Remove one first."))
    with transaction.atomic():
        saved = SavedView.objects.create(name=name, query=query, agent=agent if is_own else None, team=team)
        _record(saved, "view.saved", by=agent.actor, at=at)
    return saved


def change(saved: SavedView, name: str, query: str, *, agent: Agent, at: datetime) -> None:
    """Give the view another name or filter; nothing happens if both stay. Raises NotYours, UnusableView."""
    _check_owner(saved, agent)
    name, query = _usable(name, query)
    with transaction.atomic():
        fresh = SavedView.objects.select_for_update().get(pk=saved.pk)
        if (fresh.name, fresh.query) == (name, query):
            return
        was = {"name": fresh.name, "query": fresh.query}
        fresh.name, fresh.query = name, query
        fresh.save(update_fields=["name", "query"])
        _record(fresh, "view.changed", by=agent.actor, at=at, was=was)


def pin(saved: SavedView, *, agent: Agent, is_pinned: bool) -> None:
    """Keep the view in the rail, or not. Raises NotYours."""
    _check_owner(saved, agent)
    SavedView.objects.filter(pk=saved.pk).update(is_pinned=is_pinned)


def remove(saved: SavedView, *, agent: Agent, at: datetime) -> None:
    """Take the view away. Raises NotYours."""
    _check_owner(saved, agent)
    with transaction.atomic():
        _record(saved, "view.removed", by=agent.actor, at=at)
        saved.delete()


def _usable(name: str, query: str) -> tuple[str, str]:
    name, query = " ".join(name.split()), " ".join(query.split())
    if not name or len(name) > 60:
        raise UnusableView(_("Give the view a name of at most 60 characters."))
    parsed = parse(query)
    if len(query) > LONGEST or parsed.hints or not (parsed.terms or parsed.words):
        raise UnusableView(_("Make the filter one that works before you save it."))
    return name, query


def _check_owner(saved: SavedView, agent: Agent) -> None:
    if saved.agent_id != agent.pk and not (saved.agent_id is None and agent.may("view.save_team")):
        raise NotYours(_("This view belongs to somebody else. A lead can change shared ones."))


def _record(saved: SavedView, kind: str, *, by: Actor, at: datetime, **more: Any) -> None:
    data = {"view": saved.pk, "name": saved.name, "query": saved.query, "team": saved.team_id, **more}
    ledger.record(None, kind, by=by, at=at, data=data)
