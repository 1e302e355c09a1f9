"""Planned work: plan it, move it, call it off, say how it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.status.incidents import text_fields, told_rows, typed_texts
from makegood.doors.console.status.overview import row
from makegood.doors.ui.status import words
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.statuspage import access, addresses, components, maintenance, standing, updates
from makegood.life.statuspage.maintenance import BadPlan, Plan
from makegood.life.statuspage.models import Notice, PublicComponent

PLACES: dict[type[Refusal], str] = {
    NotATime: "starts",
    BadPlan: f"title-{settings.LANGUAGE_CODE}",
    updates.BadUpdate: f"text-{settings.LANGUAGE_CODE}",
}


@needs("status.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Announce planned work."""
    agent, now, wrong = seeker(request), timezone.now(), {}
    if request.method == "POST":
        try:
            made = maintenance.plan(_typed(request, now), by=agent, at=now)
            return went(
                request, reverse("console:status_maintenance", args=[made.key]), _("Announced. It goes out now.")
            )
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "starts")
    context = _planning(request, agent, now) | wrong
    return render(request, "console/status/plan.html", context, status=422 if wrong else 200)


@needs("status.view", post="status.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    """How far it is, what was told, and telling the next."""
    agent, now, wrong = seeker(request), timezone.now(), {}
    found = access.access_notice(agent, key, Notice.MAINTENANCE)
    if request.method == "POST":
        try:
            maintenance.post(found, request.POST.get("state", ""), typed_texts(request), by=agent, at=now)
            return went(request, reverse("console:status_maintenance", args=[key]), _("Told. It goes out now."))
        except Refusal as refusal:
            wrong = slip(refusal, {maintenance.NotNow: "state"}, f"text-{settings.LANGUAGE_CODE}")
    context = _context(request, agent, found) | wrong
    return render(request, "console/status/maintenance.html", context, status=422 if wrong else 200)


@needs("status.publish")
@require_POST
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Another time."""
    agent, now = seeker(request), timezone.now()
    found = access.access_notice(agent, key, Notice.MAINTENANCE)
    try:
        starts, ends = _times(request, now)
        maintenance.move(found, starts, ends, by=agent, at=now)
    except Refusal as refusal:
        context = _context(request, agent, found) | slip(refusal, {}, "starts")
        return render(request, "console/status/maintenance.html", context, status=422)
    return went(request, reverse("console:status_maintenance", args=[key]), _("Moved. Everybody is told."))


@needs("status.publish")
@require_POST
def call_off(request: HttpRequest, key: str) -> HttpResponse:
    """It does not take place."""
    agent = seeker(request)
    maintenance.call_off(access.access_notice(agent, key, Notice.MAINTENANCE), by=agent, at=timezone.now())
    return went(request, reverse("console:status_maintenance", args=[key]), _("Called off. Everybody is told."))


def _typed(request: HttpRequest, now: datetime) -> Plan:
    told = request.POST
    starts, ends = _times(request, now)
    return Plan(
        titles={code: told.get(f"title-{code}", "") for code, _name in settings.LANGUAGES},
        texts=typed_texts(request),
        starts_at=starts,
        ends_at=ends,
        components=told.getlist("parts"),
        begins_by_itself=told.get("begins_by_itself") == "1",
        ends_by_itself=told.get("ends_by_itself") == "1",
    )


def _times(request: HttpRequest, now: datetime) -> tuple[datetime, datetime]:
    starts, ends = (typed_moment(request.POST.get(name, ""), now=now) for name in ("starts", "ends"))
    if starts is None or ends is None:
        raise NotATime(_("Say when it begins and when it ends."))
    return starts, ends


def _planning(request: HttpRequest, agent: Agent, now: datetime) -> dict[str, Any]:
    told, is_typed = request.POST, request.method == "POST"
    tomorrow = timezone.localtime(now + timedelta(days=1)).replace(hour=22, minute=0, second=0, microsecond=0)
    chosen = told.getlist("parts")
    return {
        "titles": [
            {"code": code, "name": name, "value": told.get(f"title-{code}", "")} for code, name in settings.LANGUAGES
        ],
        "languages": text_fields(request),
        "starts": told.get("starts") or local_value(tomorrow),
        "ends": told.get("ends") or local_value(tomorrow + timedelta(hours=2)),
        "parts": [
            {"key": one.key, "name": components.name_of(one, agent.language), "is_chosen": one.key in chosen}
            for one in PublicComponent.objects.filter(is_shown=True, component__is_active=True)
        ],
        "begins_by_itself": told.get("begins_by_itself") == "1" or not is_typed,
        "ends_by_itself": told.get("ends_by_itself") == "1" or not is_typed,
    }


def _context(request: HttpRequest, agent: Agent, found: Notice) -> dict[str, Any]:
    place = standing.MAINTENANCE_STATES.index(found.state)
    next_state = standing.MAINTENANCE_STATES[min(place + 1, 3)]
    hit = found.affected.select_related("component").order_by("component__position")
    return {
        **row(found, agent.language),
        "public_url": addresses.link_of(found.key, found.kind),
        "states": [(state, words.NOTICES[state]) for state in standing.MAINTENANCE_STATES[place:]],
        "chosen": request.POST.get("state") or next_state,
        "hit": [components.name_of(one.component, agent.language) for one in hit],
        "languages": text_fields(request),
        "starts": request.POST.get("starts") or local_value(found.began_at),
        "ends": request.POST.get("ends") or local_value(found.until),
        "told": told_rows(found, agent.language),
        "may_publish": agent.may("status.publish") and not found.is_over,
        "perms_readers": agent.may("status.subscribers"),
        "can_move": found.state == standing.SCHEDULED and not found.is_over,
        "is_called_off": found.is_over and found.started_at is None,
    }
