"""The views of the queue: those that are always there, those that were saved, and how many reports each holds.

Counts are walked no further than 999 and remembered until something happens or half a minute has passed, so that a
page with ten of them stays quick.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.statements import Statement
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent, Team
from makegood.life.reports import queries
from makegood.life.reports.models import SavedView

Count = TypeVar("Count")

REMEMBER = 4.0
# What is late changes by time alone, so even a quiet desk counts again.
REMEMBER_WHILE_QUIET = 30.0
# (agent, what was counted) -> when, the newest live event then, how many
_memo: dict[tuple[int, str], tuple[float, int, Any]] = {}


@dataclass(frozen=True)
class View:
    """A named query. ``key`` stands in the address; ``nothing`` is said when it is empty."""

    key: str
    name: Any
    query: str
    icon: str = "inbox"
    nothing: Any = ""
    is_late: bool = False
    saved: SavedView | None = None

    @property
    def url(self) -> str:
        return f"{reverse('console:queue')}?{urlencode({'view': self.key})}"


DEFAULTS = (
    View(
        "owed",
        gettext_lazy("Owed next"),
        "state:open -owed:paused",
        "clock",
        gettext_lazy("Nothing is owed to anybody. That is how it should be."),
    ),
    View("mine", gettext_lazy("Mine"), "state:open assignee:me", "user", gettext_lazy("You have no open reports.")),
    View(
        "unassigned",
        gettext_lazy("Unassigned"),
        "state:open assignee:none",
        "hand",
        gettext_lazy("Somebody has each open report."),
    ),
    View("late", gettext_lazy("Late"), "state:open owed:late", "alert", gettext_lazy("Nothing is late."), is_late=True),
    View(
        "escalated",
        gettext_lazy("Escalated"),
        "state:open escalated:yes",
        "escalate",
        gettext_lazy("Nothing is with the technical side."),
    ),
    View(
        "waiting",
        gettext_lazy("Waiting for the reporter"),
        "state:open waiting:reporter",
        "pause",
        gettext_lazy("No reporter owes us an answer."),
    ),
    View(
        "solved",
        gettext_lazy("Solved, to confirm"),
        "state:solved",
        "check",
        gettext_lazy("Every solution has been confirmed."),
    ),
    View("open", gettext_lazy("All open"), "state:open snoozed:any", "inbox", gettext_lazy("No report is open.")),
    View("closed", gettext_lazy("Closed"), "state:closed", "history", gettext_lazy("Nothing has been closed yet.")),
)
UNCOUNTED = {"closed"}
_COUNTING = {view.query: queries.Counting(view.query) for view in DEFAULTS}


def saved_views(agent: Agent) -> QuerySet[SavedView]:
    """The agent's own, their teams', and everybody's."""
    return _saved_views(agent.pk)


def _saved_views(agent: int) -> QuerySet[SavedView]:
    own = Q(agent=agent) | Q(team__in=Team.objects.filter(agents=agent).order_by()) | Q(agent=None, team=None)
    return SavedView.objects.filter(own).select_related("team").order_by("position", "name")


_PINNED = Statement(lambda agent: _saved_views(agent).filter(is_pinned=True)[:12])


def as_view(saved: SavedView) -> View:
    return View(f"s{saved.pk}", saved.name, saved.query, "star" if saved.agent_id else "users", saved=saved)


def choose(agent: Agent, key: str) -> View | None:
    """The view called ``key`` in the address, if the agent has it."""
    for view in DEFAULTS:
        if view.key == key:
            return view
    number = whole_number(key[1:]) if key[:1] == "s" else None
    saved = saved_views(agent).filter(pk=number).first() if number is not None else None
    return as_view(saved) if saved else None


def as_query(words: str) -> str:
    """The part of an address that searches all reports for ``words``, or filters by them if they are a filter."""
    return urlencode({"q": words if ":" in words else f"{words} state:any"})


def counted(agent: Agent, view: View, *, now: datetime, newest: int) -> int:
    """How many reports the view holds, at most COUNT_CAP + 1. ``newest``: the live event until which all is told."""
    count = _COUNTING.get(view.query) or partial(queries.count, text=view.query)
    return remembered(agent, view.query, lambda: count(agent, now=now), newest=newest)


def remembered(
    agent: Agent, what: str, count: Callable[[], Count], *, newest: int, patience: float = REMEMBER
) -> Count:
    """``count()``, or what it gave a moment ago for this agent: half a minute if nothing has happened since, else
    ``patience`` seconds."""
    if len(_memo) > 5000:
        _memo.clear()
    known, moment = _memo.get((agent.pk, what)), time.monotonic()
    if known is None or moment - known[0] > (REMEMBER_WHILE_QUIET if known[1] == newest else patience):
        known = (moment, newest, count())
        _memo[agent.pk, what] = known
    return known[2]  # type: ignore[no-any-return]


def forget_counts_of(agent: Agent) -> None:
    """Count anew for this agent at the next look: they are about to change something."""
    for one in [key for key in _memo if key[0] == agent.pk]:
        _memo.pop(one, None)


def forget_counts() -> None:
    """Count anew at the next look: somebody has just changed something here."""
    _memo.clear()


def shown(number: int) -> str:
    """A count as the rail shows it."""
    if number > queries.COUNT_CAP:
        return _("%(number)s+") % {"number": queries.COUNT_CAP}
    return str(number) if number else ""


def rail_items(agent: Agent, *, here: str, now: datetime, newest: int) -> list[dict[str, Any]]:
    """The always-there views and the pinned saved ones, as the rail draws them."""
    pinned = [as_view(saved) for saved in _PINNED(agent.pk)]
    items = []
    for view in (*DEFAULTS, *pinned):
        number = 0 if view.key in UNCOUNTED else counted(agent, view, now=now, newest=newest)
        items.append(_item(view, here, number))
    return items


def _item(view: View, here: str, number: int) -> dict[str, Any]:
    return {
        "name": view.name,
        "url": view.url,
        "icon": view.icon,
        "count": shown(number),
        "late": view.is_late and number > 0,
        "current": view.key == here,
        "is_saved": view.saved is not None,
    }
