"""At a glance: what the public reads now, what is owed to it, and what happened to its sending."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.ui.status import words
from makegood.lib.texts import in_language
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.statuspage import access, addresses, components, snapshot, standing, steps
from makegood.life.statuspage.models import Notice, PublicComponent, Subscriber, Update

SHOWN = 20
LANGUAGES = dict(settings.LANGUAGES)


@needs("status.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Headline as the public reads it, parts, what is open, what is planned, what was told last."""
    agent, now = seeker(request), timezone.now()
    found = list(access.visible_notices(agent).filter(ended_at=None, is_shown=True).order_by("began_at"))
    owed = _owed(found)
    still_open = [row(one, agent.language, owed.get(one.about_problem)) for one in found]
    parts = PublicComponent.objects.filter(is_shown=True, component__is_active=True).select_related("component")
    sentence, tone, icon = words.HEADLINES[snapshot.take(now, with_days=False).indicator]
    context = {
        "sentence": sentence,
        "tone": tone,
        "icon_name": icon,
        "public_url": addresses.base(),
        "parts": [part_row(one, agent.language) for one in parts],
        "troubles": [one for one in still_open if one["notice"].is_trouble],
        "works": [one for one in still_open if not one["notice"].is_trouble],
        "candidates": _candidates(agent),
        "updates": _updates(agent),
        "readers": Subscriber.objects.filter(ended_at=None).count(),
        "may_publish": agent.may("status.publish"),
        "may_see_readers": agent.may("status.subscribers"),
        "now": now,
    }
    return render(request, "console/status/overview.html", context)


def row(notice: Notice, language: str, promise: Promise | None = None) -> dict[str, Any]:
    """A notice as lists and its own page show it; a problem's with the promise of news that runs."""
    inside = notice.problem.state if notice.problem else ""
    return {
        "notice": notice,
        "title": in_language(notice.titles, language),
        "state": words.NOTICES[steps.now(notice)],
        "tone": words.TONES.get(notice.state, "risk"),
        "promise": promise,
        "lags": bool(inside) and not notice.is_over and standing.AT_MOST[inside] != notice.state,
        "could_be": words.NOTICES[standing.step(standing.AT_MOST[inside], inside)] if inside else "",
    }


def _owed(notices: list[Notice]) -> dict[str, Promise]:
    """The running promise of public news of each, by what it is about."""
    abouts = [one.about_problem for one in notices if one.problem_id]
    rows = Promise.objects.filter(about__in=abouts, kind=kinds.PUBLIC_NEWS, state__in=Promise.PENDING)
    return {one.about: one for one in rows.order_by("-due_at", "-pk")} if abouts else {}


def part_row(component: PublicComponent, language: str) -> dict[str, Any]:
    state, tone = words.COMPONENTS[component.state]
    return {
        "part": component,
        "name": components.name_of(component, language),
        "group": in_language(component.groups, language),
        "state": state,
        "tone": tone,
    }


def _candidates(agent: Agent) -> list[Problem]:
    """Unresolved problems the public knows nothing of, most people first: making one public is a person's act."""
    rows = problems.unresolved(agent).filter(is_public=False, is_protected=False, people_count__gte=2)
    return list(rows.order_by("-people_count", "-id")[:5])


def _updates(agent: Agent) -> list[dict[str, Any]]:
    seen = access.visible_notices(agent).order_by().values("pk")
    rows = list(Update.objects.filter(notice__in=seen).select_related("notice").order_by("-at", "-pk")[:SHOWN])
    said = steps.of(rows)
    return [
        {"update": one, "title": in_language(one.titles, agent.language), "state": words.NOTICES[said[one.pk]]}
        for one in rows
    ]
