"""What the frame of every console page shows: the rail with its views and places; read only when it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.doors.console import views_query
from makegood.doors.console.mail.frame import held_count
from makegood.doors.console.moments import end_of_day
from makegood.engine.live import events
from makegood.life.aftercare import calling
from makegood.life.colleagues import notices
from makegood.life.compensation import access as compensation
from makegood.life.hooks import endpoints
from makegood.life.hooks.models import Endpoint
from makegood.life.people.models import Agent

Place = tuple[str, Any, str, str]
# name of the route, words, icon, what it takes; in the order of the work
WORK: tuple[Place, ...] = (
    ("console:told", gettext_lazy("For you"), "bell", "console.use"),
    ("console:escalations", gettext_lazy("Escalations"), "siren", "report.view"),
    ("console:promises", gettext_lazy("Promises"), "flag", "promise.view"),
    ("console:problems", gettext_lazy("Problems"), "bolt", "problem.view"),
    ("console:phone", gettext_lazy("Phone report"), "phone", "report.take_by_phone"),
    ("console:calls", gettext_lazy("Follow-up"), "message", "report.follow_up"),
)
LEARN: tuple[Place, ...] = (
    ("console:compensations", gettext_lazy("Compensation"), "heart", "compensation.view"),
    ("console:actions", gettext_lazy("Actions"), "shield", "action.view"),
    ("console:knowledge", gettext_lazy("Knowledge"), "book", "article.view"),
    ("console:status", gettext_lazy("Status page"), "globe", "status.view"),
    ("console:insights", gettext_lazy("Insights"), "chart", "insights.view"),
)
DESK: tuple[Place, ...] = (
    ("console:mail", gettext_lazy("Mail"), "mail", "mail.handle"),
    ("console:accounts", gettext_lazy("Accounts"), "building", "contact.view"),
    ("console:setup", gettext_lazy("Set-up"), "settings", "setup.view"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "rail_groups": SimpleLazyObject(lambda: rail(request)),
        "hooks_off": SimpleLazyObject(lambda: hooks_off(request)),
    }


def hooks_off(request: HttpRequest) -> list[Endpoint]:
    """Webhooks that were switched off by themselves, for whoever can put that right."""
    agent = request.user
    if not isinstance(agent, Agent) or not agent.may("setup.hooks"):
        return []
    return endpoints.switched_off()


def rail(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the rail for whoever is signed in; empty for nobody."""
    agent = request.user
    if not isinstance(agent, Agent) or not agent.may("console.use"):
        return []
    newest = events.newest_id()
    items = views_query.rail_items(agent, here=view_here(request), now=timezone.now(), newest=newest)
    own = [item for item in items if item["is_saved"]]
    groups = [
        {"title": "", "live": "queue", "items": [item for item in items if not item["is_saved"]]},
        {"title": _("Saved views"), "live": "queue", "items": own},
        {"title": _("Work"), "live": "queue", "items": places(request, agent, WORK, newest=newest)},
        {"title": _("Make good and learn"), "live": "", "items": places(request, agent, LEARN, newest=newest)},
        {"title": _("Desk"), "live": "mail", "items": places(request, agent, DESK, newest=newest)},
    ]
    return [group for group in groups if group["items"]]


def places(
    request: HttpRequest, agent: Agent, among: tuple[Place, ...] = WORK + LEARN + DESK, *, newest: int | None = None
) -> list[dict[str, Any]]:
    """The places of the console, besides the views of the queue, that this agent may go to. ``newest``: the live event
    until which all is told; without it nothing is counted."""
    found = []
    for route, name, icon, action in among:
        url = _address(route)
        if url and agent.may(action):
            count = "" if newest is None else _count(route, agent, newest)
            here = request.path.startswith((url, *_ALSO.get(route, ())))
            found.append({"name": name, "url": url, "icon": icon, "current": here, "count": count})
    return found


# Pages of a place whose addresses stand beside its own.
_ALSO = {
    "console:calls": ("/console/feedback/",),
    "console:insights": ("/console/review", "/console/improvements/"),
    "console:problems": ("/console/rcas/",),
}
_COUNTS: dict[str, Callable[[Agent], int | str]] = {
    "console:told": lambda agent: notices.unread(agent) or "",
    "console:calls": lambda agent: calling.waiting(agent, until=end_of_day(timezone.now())) or "",
    "console:mail": lambda agent: held_count(),
    "console:compensations": lambda agent: compensation.waiting(agent) or "",
}


def _count(route: str, agent: Agent, newest: int) -> int | str:
    """What waits at a place. Only what one was told is counted each time: reading it tells nobody."""
    if route not in _COUNTS:
        return ""
    if route == "console:told":
        return _COUNTS[route](agent)
    return views_query.remembered(agent, route, lambda: _COUNTS[route](agent), newest=newest, patience=0)


def view_here(request: HttpRequest) -> str:
    """The key of the view the page shows, if it is the queue."""
    if request.path != reverse("console:queue"):
        return ""
    return request.GET.get("view", "" if request.GET.get("q") else "owed")


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
