"""Which parts the public sees, under which names and in which order; the state a part has by itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.ui.status import words
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Component
from makegood.life.statuspage import components, standing
from makegood.life.statuspage.models import PublicComponent

CHANGES = 30
SOURCES = {
    "person": gettext_lazy("a colleague"),
    "problem": gettext_lazy("a problem"),
    "maintenance": gettext_lazy("a maintenance"),
    "system": gettext_lazy("the beginning"),
}


@needs("status.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All parts of the product; those shown first, in their order."""
    language = seeker(request).language
    rows = [
        {
            "component": one,
            "part": part,
            "name": components.name_of(part, language) if part else "",
            "state": words.COMPONENTS[part.state] if part else ("", ""),
        }
        for one, part in components.every_component()
    ]
    return render(request, "console/status/components.html", {"rows": rows})


@needs("status.view", post="status.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """How the public knows it, and every change of its state."""
    component, wrong = _component(slug), {}
    if request.method == "POST":
        try:
            components.set_up(component, by=actor(request), at=timezone.now(), **_typed(request))
            return went(request, reverse("console:status_component", args=[slug]), _("Saved."))
        except Refusal as refusal:
            wrong = slip(refusal, {}, f"name-{settings.LANGUAGE_CODE}")
    context = _context(request, component) | wrong
    return render(request, "console/status/component.html", context, status=422 if wrong else 200)


@needs("status.publish")
@require_POST
def set_state(request: HttpRequest, slug: str) -> HttpResponse:
    """The state it has by itself, with a reason."""
    component = _component(slug)
    part = _part(component)
    if part is None:
        raise NotFound(slug)
    try:
        state, reason = request.POST.get("state", ""), request.POST.get("reason", "")
        components.set_baseline(part, state, by=actor(request), at=timezone.now(), reason=reason)
    except Refusal as refusal:
        wrong = slip(refusal, {components.NeedsReason: "reason"}, "state")
        return render(request, "console/status/component.html", _context(request, component) | wrong, status=422)
    return went(request, reverse("console:status_component", args=[slug]), _("Saved. The page shows it now."))


def _component(slug: str) -> Component:
    found = Component.objects.filter(slug=slug, is_active=True).first()
    if found is None:
        raise NotFound(slug)
    return found


def _part(component: Component) -> PublicComponent | None:
    return PublicComponent.objects.filter(component=component).first()


def _typed(request: HttpRequest) -> dict[str, Any]:
    told = request.POST
    position = whole_number(told.get("position", "").strip())
    return {
        "is_shown": told.get("is_shown") == "1",
        "names": {code: told.get(f"name-{code}", "") for code, _name in settings.LANGUAGES},
        "groups": {code: told.get(f"group-{code}", "") for code, _name in settings.LANGUAGES},
        "position": 100 if position is None else position,
    }


def _context(request: HttpRequest, component: Component) -> dict[str, Any]:
    part, told, agent = _part(component), request.POST, seeker(request)
    names, groups = (part.names, part.groups) if part else ({}, {})
    return {
        "component": component,
        "part": part,
        "languages": [
            {
                "code": code,
                "language": name,
                "name": told.get(f"name-{code}", names.get(code, "")),
                "group": told.get(f"group-{code}", groups.get(code, "")),
            }
            for code, name in settings.LANGUAGES
        ],
        "is_shown": told.get("is_shown") == "1" if "position" in told else bool(part and part.is_shown),
        "position": told.get("position") or (part.position if part else 100),
        "state": words.COMPONENTS[part.state] if part else None,
        "baselines": [(state, words.COMPONENTS[state][0]) for state in standing.BASELINES],
        "chosen": told.get("state") or (part.baseline if part else standing.OPERATIONAL),
        "reason": told.get("reason", ""),
        "changes": [
            {"change": one, "state": words.COMPONENTS[one.state], "source": SOURCES[one.source]}
            for one in (part.changes.order_by("-at", "-pk")[:CHANGES] if part else ())
        ],
        "may_publish": agent.may("status.publish"),
    }
