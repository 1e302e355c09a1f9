"""The words and facts of a problem for us: opened, edited; two people who write at once see both versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import actor, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.problems.finding import address, find
from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language, whole_number
from makegood.life.problems import actions
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Category, Component, Report

# name in the form and on the problem → what it is called, how many lines, and the hint
TEXTS: tuple[tuple[str, Any, int, Any], ...] = (
    ("symptom", gettext_lazy("Symptom"), 3, gettext_lazy("What people see, in plain words.")),
    (
        "signatures",
        gettext_lazy("Error messages and codes"),
        3,
        gettext_lazy("What gives it away, one a line: messages, codes, frames. Similar reports are found by them."),
    ),
    ("affected_versions", gettext_lazy("Releases that have it"), 2, gettext_lazy("One a line.")),
    ("cause", gettext_lazy("Cause"), 4, gettext_lazy("Why it happens. Writing it down makes it known.")),
    ("workaround", gettext_lazy("Way round"), 3, gettext_lazy("How to get on meanwhile; for us.")),
    ("fix", gettext_lazy("Fix"), 3, gettext_lazy("What was, or is to be, changed.")),
)
LISTS = ("signatures", "affected_versions")
PLACES: dict[type[Refusal], str] = {actions.Conflict: "", actions.TooLong: "p-title", actions.NeedsWords: "p-title"}


@needs("problem.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: HttpRequest) -> HttpResponse:
    """A problem without a report yet: seen by an engineer before any customer."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        try:
            with transaction.atomic():
                title, facts = request.POST.get("title", ""), _facts(request)
                problem = actions.open_problem(title, by=actor(request), at=timezone.now(), **facts)
                actions.set_components(problem, _components(request), by=actor(request), at=timezone.now())
            return went(request, address(problem), _("%(number)s is open.") % {"number": problem.number})
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "p-title")
    return _form(request, None, wrong)


@needs("problem.view", post="problem.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    problem, wrong = find(request, number), dict[str, Any]()
    if request.method == "POST":
        try:
            with transaction.atomic():
                facts = {"title": request.POST.get("title", ""), **_facts(request)}
                expected = whole_number(request.POST.get("version", "")) or 0
                at = timezone.now()
                actions.edit(problem, by=actor(request), at=at, expected=expected, **facts)
                actions.set_components(problem, _components(request), by=actor(request), at=at)
            return went(request, address(problem), _("Saved."))
        except actions.Conflict as conflict:
            problem = find(request, number)
            wrong = slip(conflict, PLACES, "") | {"theirs": _differing(request, problem)}
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "p-title")
    return _form(request, problem, wrong)


def _facts(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as ``actions.edit`` takes it."""
    told = request.POST
    facts: dict[str, Any] = {name: told.get(name, "") for name, *_more in TEXTS}
    facts |= {name: facts[name].splitlines() for name in LISTS}
    key = whole_number(told.get("category", ""))
    facts["category"] = Category.objects.filter(pk=key).first() if key is not None else None
    return facts | {"severity": told.get("severity", "")}


def _components(request: HttpRequest) -> Iterable[Component]:
    keys = [key for value in request.POST.getlist("component") if (key := whole_number(value)) is not None]
    return Component.objects.filter(pk__in=keys)


def _form(request: HttpRequest, problem: Problem | None, wrong: dict[str, Any]) -> HttpResponse:
    """The form with what was typed, else with what is there."""
    told, language = request.POST, get_language() or "en"
    typed = request.method == "POST"
    values = {name: told.get(name, "") if typed else plain(problem, name) for name in ("title", *_names())}
    chosen = told.getlist("component") if typed else _keys(problem)
    categories = Category.objects.filter(is_active=True).order_by("position", "slug")
    context = {
        "fault": problem,
        "title_typed": values["title"],
        "texts": [(name, label, lines, hint, values[name]) for name, label, lines, hint in TEXTS],
        "severities": Report.SEVERITIES,
        "severity": told.get("severity") or (problem.severity if problem else "medium"),
        "categories": [(str(one.pk), in_language(one.names, language) or one.slug) for one in categories],
        "category": told.get("category", "") if typed else str((problem and problem.category_id) or ""),
        "components": Component.objects.filter(is_active=True).order_by("name"),
        "chosen": chosen,
        "version": problem.version if problem else 0,
        **wrong,
    }
    return render(request, "console/problems/edit.html", context, status=422 if wrong else 200)


def _names() -> list[str]:
    return [name for name, *_more in TEXTS]


def _keys(problem: Problem | None) -> list[str]:
    return [str(key) for key in problem.components.values_list("pk", flat=True)] if problem else []


def plain(problem: Problem | None, name: str) -> str:
    """A value as the form carries it."""
    value = getattr(problem, name, "") if problem else ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _differing(request: HttpRequest, problem: Problem) -> list[dict[str, str]]:
    """Each text that is not what this person typed, with both values."""
    labels = {"title": _("Title")} | {name: str(label) for name, label, *_more in TEXTS}
    found = []
    for name, label in labels.items():
        mine = request.POST.get(name, "").strip()
        theirs = plain(problem, name)
        if mine != theirs:
            found.append({"label": label, "mine": mine, "theirs": theirs})
    return found
