"""A public problem on the status page: the next word, which state each part is in, and when the next word comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.status.overview import row
from makegood.doors.ui.status import words
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.actions import InThePast
from makegood.life.promises.queries import promised_time
from makegood.life.statuspage import access, addresses, components, sending, standing, steps, updates
from makegood.life.statuspage.models import Notice, PublicComponent, Update

PLACES: dict[type[Refusal], str] = {
    NotATime: "next-news",
    InThePast: "next-news",
    updates.NeedsTime: "next-news",
    updates.SaysTooMuch: "state",
    updates.NotOpen: "",
}


@needs("status.view", post="status.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    """What was told, to how many, and telling the next."""
    agent, now, wrong = seeker(request), timezone.now(), {}
    found = access.access_notice(agent, key, Notice.TROUBLE)
    if request.method == "POST":
        try:
            updates.post(
                found, request.POST.get("state", ""), typed_texts(request), by=agent, at=now, **_typed(request, now)
            )
            return went(request, reverse("console:status_incident", args=[key]), _("Told. It goes out now."))
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, f"text-{settings.LANGUAGE_CODE}")
    context = _context(request, agent, found, now) | wrong
    return render(request, "console/status/incident.html", context, status=422 if wrong else 200)


def typed_texts(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"text-{code}", "") for code, _name in settings.LANGUAGES}


def text_fields(request: HttpRequest, given: dict[str, str] | None = None) -> list[dict[str, str]]:
    """The words in each language: as typed, else as ``given``."""
    return [
        {"code": code, "name": name, "value": request.POST.get(f"text-{code}", (given or {}).get(code, ""))}
        for code, name in settings.LANGUAGES
    ]


def told_rows(notice: Notice, language: str) -> list[dict[str, Any]]:
    """What was told, newest first, with how many it reached: one query more for each, and few there are."""
    told = list(notice.updates.order_by("-at", "-pk")[:30])
    said = steps.of(told)
    return [{"update": one, "state": words.NOTICES[said[one.pk]], "counts": sending.counts(one)} for one in told]


def _typed(request: HttpRequest, now: datetime) -> updates.Saying:
    told = request.POST
    given = {name.removeprefix("part-"): str(value) for name, value in told.items() if name.startswith("part-")}
    states = {key: state for key, state in given.items() if state}
    by_hand = told.get("impact", "")
    return {
        "states": states,
        "next_news_at": typed_moment(told.get("next_news", ""), now=now),
        "impact": by_hand if by_hand in standing.IMPACTS else "",
    }


def _context(request: HttpRequest, agent: Agent, found: Notice, now: datetime) -> dict[str, Any]:
    problem = found.problem
    assert problem is not None
    allowed = standing.allowed(problem.state)
    current = dict(found.affected.values_list("component__key", "state"))
    is_typed = request.method == "POST"
    by_policy = promised_time(kinds.PUBLIC_NEWS, problem.severity, now, problem.team)
    return {
        **row(found, agent.language, next(iter(promises.pending(problem.about, kinds.PUBLIC_NEWS)), None)),
        "fault": problem,
        "public_url": addresses.link_of(found.key, found.kind),
        "states": [
            (state, words.NOTICES[standing.step(state, problem.state)], state in allowed)
            for state in standing.TROUBLE_STATES
        ],
        "chosen": request.POST.get("state") or allowed[-1],
        "parts": [
            {
                "key": one.key,
                "name": components.name_of(one, agent.language),
                "chosen": request.POST.get(f"part-{one.key}", "") if is_typed else current.get(one.key, ""),
            }
            for one in PublicComponent.objects.filter(is_shown=True, component__is_active=True)
        ],
        "part_states": [(state, words.COMPONENTS[state][0]) for state in standing.BASELINES],
        "impacts": [(value, words.IMPACTS[value]) for value in standing.IMPACTS],
        "impact": request.POST.get("impact", found.impact_by_hand),
        "languages": text_fields(request),
        "next_news": request.POST.get("next_news") or local_value(by_policy),
        "told": told_rows(found, agent.language),
        "may_publish": agent.may("status.publish") and not found.is_over and found.is_shown,
        "perms_readers": agent.may("status.subscribers"),
        "late": found.updates.filter(kind=Update.LATE).exists(),
    }
