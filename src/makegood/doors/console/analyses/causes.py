"""The causes: drawn, with a list of forms beside the drawing, so that nothing takes a mouse."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.analyses.frame import back, find_rca, load
from makegood.doors.console.casework import actor, slip
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.rca import causes, drawing, terms, timeline
from makegood.life.rca.models import Cause, Rca

NAMES = ("words", "kind", "road", "confidence", "evidence")
USUAL = {"kind": terms.FACT, "road": terms.OCCURRENCE, "confidence": "likely"}


@needs("rca.view", post="rca.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The drawing, the ways to ask why, and the forms; a POST adds a cause."""
    rca, wrong = find_rca(request, number), dict[str, Any]()
    if request.method == "POST":
        try:
            cause = causes.add(rca, by=actor(request), at=timezone.now(), effects=_effects(request), **_facts(request))
            return back(request, rca, _("Added."), part="rca_causes", anchor=f"cause-{cause.pk}")
        except Refusal as refusal:
            wrong = slip(refusal, {timeline.NotALink: "new-evidence", causes.InACircle: "new-effects"}, "new-words")
    return _render(request, rca, wrong)


@needs("rca.view", post="rca.edit")
@require_POST
def edit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Word a cause anew, say what it contributed to."""
    rca = find_rca(request, number)
    cause = causes.access_cause(rca, pk)
    try:
        causes.edit(
            cause,
            by=actor(request),
            at=timezone.now(),
            expected=whole_number(request.POST.get("version", "")) or 0,
            effects=_effects(request),
            **_facts(request),
        )
    except Refusal as refusal:
        at = {timeline.NotALink: f"c{pk}-evidence", causes.InACircle: f"c{pk}-effects"}
        return _render(request, rca, slip(refusal, at, f"c{pk}-words"), changing=pk)
    return back(request, rca, _("Saved."), part="rca_causes", anchor=f"cause-{pk}")


@needs("rca.view", post="rca.edit")
@require_POST
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a cause away with its arrows."""
    rca = find_rca(request, number)
    causes.remove(causes.access_cause(rca, pk), by=actor(request), at=timezone.now())
    return back(request, rca, _("Taken away."), part="rca_causes", anchor="new-cause")


def _facts(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in NAMES}


def _effects(request: HttpRequest) -> list[int]:
    return [key for value in request.POST.getlist("effect") if (key := whole_number(value)) is not None]


def _render(request: HttpRequest, rca: Rca, wrong: dict[str, Any], *, changing: int = 0) -> HttpResponse:
    found = causes.whole(rca)
    is_new = bool(wrong) and not changing
    told = request.POST if wrong else {}
    usual = USUAL | ({"kind": terms.CONDITION} if found.causes else {})
    new = {name: told.get(name, usual.get(name, "")) if is_new else usual.get(name, "") for name in NAMES}
    context = load(request, rca, "causes", now=timezone.now()) | {
        "drawing": drawing.svg(found, title=_("Causes of %s") % rca.problem.number, link=lambda c: f"#cause-{c.pk}"),
        "graph": found,
        "forms": [_form(request, cause, found, is_typed=cause.pk == changing) for cause in found.causes],
        "new": new,
        "new_effects": _effects(request) if is_new else _asked_of(request, found),
        "lists": (
            ("kind", _("What it is"), terms.NODE_KINDS),
            ("road", _("It says"), terms.ROADS),
            ("confidence", _("How sure we are"), terms.CONFIDENCES),
        ),
        "changing": changing,
        **wrong,
    }
    return render(request, "console/analyses/causes.html", context, status=422 if wrong else 200)


def _asked_of(request: HttpRequest, found: causes.Graph) -> list[int]:
    """What the next cause contributed to: the one somebody asks why of, else what happened; none stands alone."""
    key = whole_number(request.GET.get("why", ""))
    if key is None:
        key = next((cause.pk for cause in found.causes if not found.effects_of(cause)), None)
    return [key] if key is not None else []


def _form(request: HttpRequest, cause: Cause, found: causes.Graph, *, is_typed: bool) -> dict[str, Any]:
    told = request.POST
    return {
        "cause": cause,
        "values": {name: told.get(name, "") if is_typed else getattr(cause, name) for name in NAMES},
        "effects": _effects(request) if is_typed else found.effects_of(cause),
        "leads_to": [one for one in found.causes if one.pk in found.effects_of(cause)],
        "others": [one for one in found.causes if one.pk != cause.pk],
        "blames": found.blaming.get(cause.pk, ""),
    }
