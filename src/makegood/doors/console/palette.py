"""What the palette finds on the server: reports and problems by number and words, analyses and actions by number,
people, views, places. As JSON, best first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console import views_query
from makegood.doors.console.context import places
from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup import frame
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent, Contact
from makegood.life.problems import filtering
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.rca.access import visible_actions, visible_analyses
from makegood.life.rca.models import Action, Rca
from makegood.life.reports import finding
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import Report

LONGEST = 100
REPORTS, OTHERS = 8, 5


@needs("console.use")
@require_safe
def search(request: HttpRequest) -> JsonResponse:
    agent, words = signed_in(request), " ".join(request.GET.get("q", "").split())[:LONGEST]
    if len(words) < 2:
        return JsonResponse({"results": []})
    found = [
        *_numbered(agent, words),
        *_reports(agent, words),
        *_problems(agent, words),
        *_views(agent, words),
        *_people(agent, words),
        *_places(request, agent, words),
    ]
    found += [_everything(words), _filter(words)]
    return JsonResponse({"results": found})


def _reports(agent: Agent, words: str) -> list[dict[str, str]]:
    number = words.upper().removeprefix("MG-")
    seen = visible_reports(agent).select_related("contact")
    if (key := whole_number(number)) is not None:
        return [_report(report) for report in seen.filter(pk=key)]
    keys = finding.visible_ids_with_words(agent, words, limit=REPORTS)
    by_key = {report.pk: report for report in seen.filter(pk__in=keys)}
    return [_report(by_key[key]) for key in keys if key in by_key]


def _report(report: Report) -> dict[str, str]:
    hint = f"{report.get_state_display()} · {report.contact}"
    url = reverse("console:report", args=[report.pk])
    return {"label": f"{report.number} {report.title}", "group": _("Reports"), "hint": hint, "url": url}


def _numbered(agent: Agent, words: str) -> list[dict[str, str]]:
    """The one problem, analysis or action whose number was typed whole."""
    kind, _dash, digits = words.upper().partition("-")
    key = whole_number(digits)
    if key is None:
        return []
    if kind == "PRB":
        return [_problem(one) for one in visible_problems(agent).filter(pk=key)]
    if kind == "RCA":
        there = visible_analyses(agent).filter(pk=key).select_related("problem")
        return [_of(one, one.problem.title, _("Analyses"), "rca_of") for one in there]
    if kind == "ACT":
        return [_of(one, one.title, _("Actions"), "action") for one in visible_actions(agent).filter(pk=key)]
    return []


def _problems(agent: Agent, words: str) -> list[dict[str, str]]:
    """By words, unresolved ones first."""
    if words.upper().startswith("PRB-"):
        return []
    return [_problem(one) for one in filtering.look_up(agent, words, limit=OTHERS)]


def _problem(problem: Problem) -> dict[str, str]:
    return _of(problem, problem.title, _("Problems"), "problem")


def _of(thing: Problem | Rca | Action, title: str, group: str, page: str) -> dict[str, str]:
    url = reverse(f"console:{page}", args=[thing.number])
    return {"label": f"{thing.number} {title}", "group": group, "hint": str(thing.get_state_display()), "url": url}


def _views(agent: Agent, words: str) -> list[dict[str, str]]:
    views = [*views_query.DEFAULTS, *(views_query.as_view(saved) for saved in views_query.saved_views(agent)[:50])]
    fit = [view for view in views if words.lower() in str(view.name).lower()]
    return [{"label": str(v.name), "group": _("Views"), "hint": v.query, "url": v.url} for v in fit[:OTHERS]]


def _people(agent: Agent, words: str) -> list[dict[str, str]]:
    if not agent.may("contact.view"):
        return []
    fit = Q(email__istartswith=words) | Q(name__istartswith=words) | Q(name__icontains=f" {words}")
    people = Contact.objects.filter(fit)
    if not agent.may("report.view_all"):
        people = people.filter(reports__in=visible_reports(agent)).distinct()
    return [
        {"label": str(person), "group": _("People"), "hint": person.email or person.phone, "url": _address(person)}
        for person in people[:OTHERS]
    ]


def _address(person: Contact) -> str:
    try:
        return reverse("console:contact", args=[person.key])
    except NoReverseMatch:
        return f"{reverse('console:queue')}?q=contact:{person.email}"


def _places(request: HttpRequest, agent: Agent, words: str) -> list[dict[str, Any]]:
    rooms = [*places(request, agent), *(frame.places(agent) if agent.may("setup.view") else [])]
    fit = [room for room in rooms if words.lower() in str(room["name"]).lower()]
    mine = {"label": _("My settings"), "group": _("Go to"), "url": reverse("console:me")}
    found = [{"label": str(room["name"]), "group": _("Go to"), "url": room["url"]} for room in fit[:OTHERS]]
    return [*found, *([mine] if words.lower() in mine["label"].lower() else [])]


def _everything(words: str) -> dict[str, str]:
    url = f"{reverse('console:search')}?{urlencode({'q': words})}"
    return {"label": _("Search everything for “%(words)s”") % {"words": words}, "group": _("Search"), "url": url}


def _filter(words: str) -> dict[str, str]:
    url = f"{reverse('console:queue')}?{views_query.as_query(words)}"
    return {"label": _("Show all reports with “%(words)s”") % {"words": words}, "group": _("Reports"), "url": url}
