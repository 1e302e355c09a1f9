"""The list of problems: filtered by a readable query, with counts, since when there was no news, and what is owed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.problems import access, filtering

USUAL = "state:open"
VIEWS = (
    ("open", gettext_lazy("Open"), "state:open"),
    ("mine", gettext_lazy("Mine"), "state:open owner:me"),
    ("team", gettext_lazy("My teams"), "state:open team:mine"),
    ("known", gettext_lazy("Known errors"), "known:yes"),
    ("public", gettext_lazy("Public"), "public:yes"),
    ("came_back", gettext_lazy("Came back"), "state:came_back"),
    ("all", gettext_lazy("All"), "state:any"),
)


@needs("problem.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    text = request.GET.get("q", USUAL)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    found = filtering.find(agent, text, now=now)
    shown = filtering.page(found, cursor=before or after, backwards=bool(before))
    is_first_use = not shown.problems and not access.visible_problems(agent).exists()
    context: dict[str, Any] = {
        "query": text,
        "found": found,
        "shown": shown.problems,
        "before": urlencode({"q": text, "before": shown.before}) if shown.before else "",
        "after": urlencode({"q": text, "after": shown.after}) if shown.after else "",
        "views": [{"name": name, "query": query, "is_here": query == text} for _key, name, query in VIEWS],
        "fields": filtering.FIELDS,
        "narrowings": [] if shown.problems else [(part, filtering.without(text, part)) for part in found.parts],
        "is_first_use": is_first_use,
        "may_edit": agent.may("problem.edit"),
    }
    return render(request, "console/problems/list.html", context)
