"""One box for everything there is to find: newest first, each hit with the piece that fits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent
from makegood.life.reports.query_language import LONGEST, parse, without
from makegood.life.searching import asking
from makegood.life.searching.asking import Asked, Group, Hit
from makegood.life.searching.meanings import FIELDS

HEADINGS = {
    "reports": gettext_lazy("Reports"),
    "messages": gettext_lazy("Messages"),
    "files": gettext_lazy("Files"),
    "problems": gettext_lazy("Problems"),
    "analyses": gettext_lazy("Analyses"),
    "actions": gettext_lazy("Actions"),
    "articles": gettext_lazy("Articles"),
    "people": gettext_lazy("People"),
}
EXAMPLES = (
    ('"error 500" -login', gettext_lazy("these words in a row, and not that word")),
    ("upload OR attachment", gettext_lazy("either will do")),
    ("claims in:messages", gettext_lazy("where to look: reports, messages, files, problems, actions, people …")),
    ("invoice received:2026-11-01..2026-11-30", gettext_lazy("what came in on these days")),
    ("timeout severity:>=high state:open", gettext_lazy("every filter of the queue goes with words")),
    ("upload state:came_back in:problems", gettext_lazy("problems by their own state, team, severity, age …")),
    ("MG-1042", gettext_lazy("a number leads to its report")),
)


@needs("report.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A few of everything, or one kind page by page (``in:``); ``after`` is a cursor."""
    agent, text = signed_in(request), _text(request)
    asked = asking.understand(agent, text, now=timezone.now())
    cursor = whole_number(request.GET.get("after", "")) or 0
    only = asked.places[0] if len(asked.places) == 1 else ""
    groups = [asking.look(asked, only, cursor=cursor)] if only else asking.overview(asked)
    context = {
        "asked_for": text,
        "asked": asked,
        "only": only,
        "groups": [_group(agent, group, text) for group in groups],
        "has_hits": any(group.hits for group in groups),
        "tabs": _tabs(text, only),
        "examples": EXAMPLES,
        "fields": {name: one for name, one in FIELDS.items() if name != "sort"},
        "fewer": _fewer(asked, text),
        "is_blank": not text,
        "queue": f"{reverse('console:queue')}?{urlencode({'q': text})}" if asked.kinds("reports") else "",
        "lists": [] if only in asked.lists else [(HEADINGS[p], _address(_somewhere(text, p))) for p in asked.lists],
    }
    return render(request, "console/search/page.html", context)


@needs("report.view")
@require_safe
def tabs(request: HttpRequest) -> HttpResponse:
    """The headings with their counts: a request of its own, because to count takes longer than to find."""
    text = _text(request)
    asked = asking.understand(signed_in(request), text, now=timezone.now())
    everywhere = asking.understand(asked.seeker, _somewhere(text, ""), now=timezone.now())
    only = asked.places[0] if len(asked.places) == 1 else ""
    context = {"tabs": _tabs(text, only, asking.counts(everywhere)), "asked_for": text, "is_counted": True}
    return render(request, "console/search/tabs.html", context)


def _text(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", " ").split())


def _somewhere(text: str, place: str) -> str:
    """The query looking in ``place`` alone; everywhere for none."""
    query = parse(text)
    for term in query.of("in"):
        text = without(text, term.raw)
    end = f" in:{place}" if place else ""
    return text[: LONGEST - len(end)] + end


def _tabs(text: str, only: str, counted: dict[str, tuple[int, bool]] | None = None) -> list[dict[str, Any]]:
    """The headings; in the one that is open stands ``current``."""
    found = [{"name": _("Everything"), "url": _address(_somewhere(text, "")), "current": not only, "count": ""}]
    for place, name in HEADINGS.items():
        count = _counted(*counted[place]) if counted and place in counted else ""
        url = _address(_somewhere(text, place))
        found.append({"name": name, "url": url, "current": place == only, "count": count})
    return found


def _counted(number: int, is_more: bool) -> str:
    if number > asking.COUNT_CAP:
        return _("%(number)s+") % {"number": asking.COUNT_CAP}
    return _("%(number)s+") % {"number": number} if is_more else str(number)


def _address(text: str) -> str:
    return f"{reverse('console:search')}?{urlencode({'q': text})}"


def _fewer(asked: Asked, text: str) -> list[tuple[str, str]]:
    """Each part of a query that found nothing, and the search without it."""
    raws = [*(term.raw for term in asked.query.terms), *(said.raw for said in asked.query.words)]
    return [(raw, _address(without(text, raw))) for raw in raws] if len(raws) > 1 else []


def _group(agent: Agent, group: Group, text: str) -> dict[str, Any]:
    here = _somewhere(text, group.place)
    return {
        "place": group.place,
        "name": HEADINGS[group.place],
        "hits": [_line(agent, hit) for hit in group.hits],
        "all": _address(here) if group.rest else "",
        "after": urlencode({"q": here, "after": group.rest}) if group.rest else "",
        "is_cut": group.is_cut,
    }


def _line(agent: Agent, hit: Hit) -> dict[str, Any]:
    """A hit with its address and what stands beside its title."""
    return {"hit": hit, "url": address_of(agent, hit), "kind": hit.kind, "thing": hit.thing}


def address_of(agent: Agent, hit: Hit) -> str:
    """Where a hit leads: to the very message, file, person or problem."""
    if hit.kind in {"report", "message"}:
        at = f"?at={hit.passage.message.key}#m-{hit.passage.message.key}" if hit.passage else ""
        return reverse("console:report", args=[hit.thing.pk]) + at
    if hit.kind == "file":
        return f"{reverse('console:report_evidence', args=[hit.thing.report_id])}#f-{hit.thing.key}"
    if hit.kind == "agent":
        if agent.may("setup.people"):
            return reverse("console:setup_person", args=[hit.thing.key])
        return f"{reverse('console:queue')}?{urlencode({'q': f'assignee:{hit.thing.email}'})}"
    if hit.kind == "rca":
        return reverse("console:rca_of", args=[hit.thing.number])
    if hit.kind == "action":
        return reverse("console:action", args=[hit.thing.number])
    if hit.kind == "article":
        return f"{reverse('console:article', args=[hit.thing.article.key])}?in={hit.thing.language}"
    if hit.kind == "problem":
        return _problem(hit.thing.pk)
    return reverse(f"console:{hit.kind}", args=[hit.thing.key])


def _problem(number: int) -> str:
    try:
        return reverse("console:problem", args=[f"PRB-{number}"])
    except NoReverseMatch:
        return reverse("console:search") + f"?q=PRB-{number}"
