"""The list of articles: views, a search that ranks, and what is due for a look."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.knowledge import access, queries, using
from makegood.life.knowledge.queries import Shown

VIEWS = (
    ("all", gettext_lazy("All")),
    ("due", gettext_lazy("To look at")),
    ("unsure", gettext_lazy("Not validated yet")),
    ("public", gettext_lazy("Public")),
    ("internal", gettext_lazy("Internal")),
    ("mine", gettext_lazy("Mine")),
    ("rest", gettext_lazy("May be archived")),
    ("archived", gettext_lazy("Archived")),
)
LONGEST = 200


@needs("article.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now, language = seeker(request), timezone.now(), get_language() or "en"
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    view = request.GET.get("view", "all")
    lists = queries.views(agent, now=now)
    view = view if view in lists else "all"
    if words:
        shown = Shown(queries.found(agent, words, language), "")
        if request.method == "GET":
            using.searched(words, language, door=using.CONSOLE, found=len(shown.rows), at=now)
    else:
        shown = queries.page(lists[view], language, after=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "words": words,
        "view": view,
        "views": VIEWS,
        "rows": shown.rows,
        "after": urlencode({"view": view, "after": shown.after}) if shown.after else "",
        "is_first_use": not shown.rows and not access.visible_articles(agent).exists(),
        "may_write": agent.may("article.write"),
        "may_import": agent.may("article.import"),
        "now": now,
    }
    return render(request, "console/knowledge/list.html", context)
