"""Who may pass. Every route of the console says what it takes: ``@needs("report.reply")``, or ``@open_to_all``.

A route without a declaration fails the role matrix (tests/doors/console/test_roles.py). The gate also sets the agent's
language and time zone for the time of the answer, and turns a verb's "no" into words: NotFound becomes a 404 that does
not tell missing from forbidden, a Refusal becomes its sentence with status 409.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from makegood.doors.console import carried, views_query
from makegood.doors.console.login_forms import SignIn
from makegood.lib.errors import Refusal
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound

View = Callable[..., HttpResponse]
Finer = Callable[[str, dict[str, Any]], str]


def needs(action: str, *, post: str = "", finer: Finer | None = None) -> Callable[[View], View]:
    """Let through active agents who may do ``action`` (``post``: what a POST takes, if it takes more).

    ``finer`` names what it takes besides, from the method and the parts of the address; "" for nothing.
    """
    wanted = {"GET": action, "POST": post or action}
    for name in wanted.values():
        roles.may(roles.ADMIN, name)  # An unknown action is a mistake in the code: fail when the module loads.

    def guard(view: View) -> View:
        @wraps(view)
        def passed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            agent = request.user
            if not isinstance(agent, Agent) or not agent.is_active:
                return _to_login(request)
            with timezone.override(zone_of(agent)), translation.override(agent.language):
                method = "POST" if request.method == "POST" else "GET"
                besides = finer(method, kwargs) if finer else ""
                if not agent.may(wanted[method]) or (besides and not agent.may(besides)):
                    return no_permission(request)
                if method == "POST":
                    views_query.forget_counts_of(agent)
                answer = _answer(view, request, *args, **kwargs)
            add_never_cache_headers(answer)
            return answer

        passed.needs, passed.finer = wanted, finer  # type: ignore[attr-defined]
        return passed

    return guard


def open_to_all(view: View) -> View:
    """A route for people who are not signed in: login, one-time links."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def signed_in(request: HttpRequest) -> Agent:
    """Whoever the gate let through."""
    assert isinstance(request.user, Agent)
    return request.user


def zone_of(agent: Agent) -> ZoneInfo:
    """The zone ``agent`` reads times in: their own, else the desk's."""
    return ZoneInfo(agent.time_zone or settings.DESK_TIME_ZONE)


def is_fragment(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, so that errors should be a sentence and not a page."""
    return "HX-Request" in request.headers or request.headers.get("Accept", "").startswith("application/json")


def safe_next(request: HttpRequest, default: str = "console:home") -> str:
    """Where to go next as the form says, if that is an address of this console."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    inside = target.startswith("/console/") and not target.startswith("/console/login")
    leads_out = "\\" in target or "/.." in target  # What a browser takes for another place than it says.
    return target if inside and not leads_out and target.isprintable() else resolve_url(default)


def no_permission(request: HttpRequest) -> HttpResponse:
    """Says so, and whom to ask."""
    admins = list(Agent.objects.filter(role=roles.ADMIN, is_active=True).order_by("name")[:3])
    if is_fragment(request):
        words = translation.gettext("You may not do this. Ask %(names)s.")
        return HttpResponse(words % {"names": _names(admins)}, status=403, content_type="text/plain; charset=utf-8")
    return render(request, "console/gate/no_permission.html", {"admins": admins}, status=403)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence of ``refusal``: plain for a fragment, else a page with the way back. Nothing has been changed."""
    if is_fragment(request):
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    context = {"refusal": str(refusal), "can_retry": refusal.can_retry, "back": _back(request)}
    return render(request, "console/gate/refused.html", context, status=409)


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except (NotFound, Http404, OverflowError):  # Overflow: a number no row can have, which SQLite refuses to look for.
        if is_fragment(request):
            words = translation.gettext("It is not there, or not for you to see.")
            return HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
        return render(request, "console/gate/gone.html", status=404)
    except Refusal as refusal:
        return refuse(request, refusal)


def _to_login(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        words = translation.gettext("You have been signed out. Sign in again; what you typed is kept.")
        return HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
    if seal := carried.sealed(request, _back(request)):
        context = {"form": SignIn(), "next": "/console/", "carried": seal}
        return render(request, "console/login/sign_in.html", context, status=401)
    here = request.get_full_path() if request.method == "GET" else "/console/"
    return HttpResponseRedirect(f"{resolve_url('console:login')}?{urlencode({'next': here})}")


def _names(people: list[Agent]) -> str:
    return ", ".join(person.name for person in people) or translation.gettext("an admin")


def _back(request: HttpRequest) -> str:
    referrer = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}/console/"
    return referrer if referrer.startswith(here) else resolve_url("console:home")
