"""The queue: what is owed next, first. One page, its rows alone for live updates, and saved views."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from makegood.doors.console import ahead, views_query
from makegood.doors.console.changes import choices_for
from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.rows import rows_for
from makegood.life.people.models import Agent
from makegood.life.reports import finding, queries
from makegood.life.reports.access import NotFound
from makegood.life.reports.query_language import FIELDS, Query, parse, without

FIRST_LOOK = 120


@needs("console.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("console:queue")


@needs("console.use")
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address the console does not have."""
    raise NotFound(rest)


@needs("report.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list of one view or query; ``after``/``before`` are cursors."""
    agent, now = signed_in(request), timezone.now()
    context = listing(request, agent, now)
    choices = [choice | _drawn(choice["what"], _named(choice["options"])) for choice in choices_for(agent)]
    context |= {
        "fields": {name: one for name, one in FIELDS.items() if name != "in"},
        "choices": choices,
        "commands": commands(choices),
    }
    return ahead.allow(render(request, "console/queue/page.html", context))


@needs("report.view")
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The same list without its frame: what a live update fetches."""
    agent, now = signed_in(request), timezone.now()
    return render(request, "console/queue/rows.html", listing(request, agent, now))


@needs("report.view")
@require_safe
def rail(request: HttpRequest) -> HttpResponse:
    """The rail alone, counted anew."""
    return render(request, "ui/parts/rail.html", {})


def listing(request: HttpRequest, agent: Agent, now: datetime) -> dict[str, Any]:
    """Everything the list template needs, from the address."""
    text = request.GET.get("q")
    view = None if text is not None else views_query.choose(agent, request.GET.get("view", "owed"))
    if view is None and text is None:
        view = views_query.DEFAULTS[0]
    text = view.query if view is not None else text or ""
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    found, shown = _look(agent, text, now, cursor=before or after, backwards=bool(before))
    here = {"view": view.key} if view is not None else {"q": text}
    return {
        "view": view,
        "query": text,
        "found": found,
        "rows": rows_for(agent, shown.reports, order=found.order, now=now),
        "now": now,
        "address": request.GET.urlencode(),
        "before": urlencode({**here, "before": shown.before}) if shown.before else "",
        "after": urlencode({**here, "after": shown.after}) if shown.after else "",
        "may_bulk": agent.may("report.bulk"),
        "narrowings": _narrowings(found.query, text) if not shown.reports else [],
        "may_share": agent.may("view.save_team"),
        "next_due": None if shown.reports else _next_due(agent, view, now),
    }


def _narrowings(query: Query, text: str) -> list[tuple[str, str]]:
    """Each part of the query, and the query without it."""
    parts = [*(term.raw for term in query.terms), *(said.raw for said in query.words)]
    return [(part, without(text, part)) for part in parts]


def commands(choices: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the palette offers for the selection or the row in hand."""
    names = {"assignee": "assign"}
    offered = [(names.get(choice["what"], choice["what"]), choice) for choice in choices]
    return [
        {"label": f"{choice['change'].name} …", "name": name, "keys": choice["change"].key, "group": ""}
        for name, choice in offered
    ]


def _named(options: Iterable[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((value, str(name)) for value, name in options)


@lru_cache(500)
def _drawn(what: str, options: tuple[tuple[str, str], ...]) -> dict[str, SafeString]:
    """The values of one change as buttons and as options, drawn once: a desk of many people has many."""
    buttons, plain = [], []
    for place, (value, name) in enumerate(options, 1):
        digit = place if place < 10 else ""
        kbd = format_html("<kbd>{}</kbd>", digit) if digit else ""
        held = format_html(' data-digit="{}"', digit) if digit else ""
        one = '<button class="menu__item" name="change" value="{}:{}" data-words="{}"{}>{}{}</button>'
        buttons.append(format_html(one, what, value, name, held, name, kbd))
        plain.append(format_html('<option value="{}:{}">{}</option>', what, value, name))
    return {"buttons": SafeString("\n".join(buttons)), "plain": SafeString("".join(plain))}


def _look(
    agent: Agent, text: str, now: datetime, *, cursor: str, backwards: bool
) -> tuple[queries.Found, queries.Page]:
    """What ``text`` means and one page of it. The newest few hits mostly fill the first page of the newest first."""
    query = parse(text)
    if query.words and not cursor and queries.order_of(query) == "newest":
        found = queries.find(agent, text, now=now, search=_search(agent, FIRST_LOOK))
        shown = queries.page(found)
        were_all = found.hits < FIRST_LOOK and query.wanted.groups and agent.may("report.view_all")
        if shown.after or were_all:
            return found, shown
    found = queries.find(agent, text, now=now, search=_search(agent, queries.MOST_FOUND))
    return found, queries.page(found, cursor=cursor, backwards=backwards)


def _search(agent: Agent, limit: int) -> queries.Search:
    """Who sees nearly all looks at the newest hits as they are: what they may not see, the query leaves out."""
    if agent.may("report.view_all"):
        return lambda wanted: finding.ids_with_words(wanted, limit=limit)
    return lambda wanted: finding.visible_ids_with_words(agent, wanted, limit=limit)


def _next_due(agent: Agent, view: views_query.View | None, now: datetime) -> datetime | None:
    """When something is owed next, for the sentence under an empty list that is good news."""
    if view is None:
        return None
    found = queries.find(agent, views_query.DEFAULTS[0].query, now=now)
    return found.reports.order_by("owed_at", "pk").values_list("owed_at", flat=True).first()
