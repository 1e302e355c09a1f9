"""One article: its words as they are read, how sure we are, who reads it, when it is looked at, of what use it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from makegood.doors.console import happenings
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.finding import find, picture_address, reasons
from makegood.lib import markup
from makegood.lib.texts import in_language
from makegood.life.knowledge import linking, queries, rendering, states
from makegood.life.knowledge.models import Article, ArticlePicture, Wording
from makegood.life.people.models import Agent
from makegood.life.reports.models import Category

LANGUAGES = dict(settings.LANGUAGES)
MOST_LINKED = 10


@needs("article.view")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    return show(request, find(request, key))


def show(request: HttpRequest, article: Article, wrong: dict[str, str] | None = None) -> HttpResponse:
    """The page, with what went wrong in one of its forms."""
    agent = seeker(request)
    wordings = queries.wordings_of(article)
    chosen = _chosen(wordings, request.GET.get("in", "") or get_language() or "en")
    original = next((one for one in wordings if one.language == article.language), None)
    links = linking.reports_of(agent, article)
    context: dict[str, Any] = {
        "article": article,
        "wording": chosen,
        "wordings": [(one, LANGUAGES.get(one.language, one.language), _is_behind(one, original)) for one in wordings],
        "missing": [
            (code, name) for code, name in settings.LANGUAGES if code not in {one.language for one in wordings}
        ],
        "parts": _parts(article, chosen),
        "search_words": chosen.search_words.splitlines() if chosen else [],
        "public_url": linking.address(chosen) if chosen else "",
        "moves": _moves(agent, article),
        "reasons": reasons(article),
        "promise": queries.promised_review(article),
        "links": [one.report for one in links[:MOST_LINKED]],
        "links_count": article.links,
        "story": _story(article),
        "may": _may(agent, article),
        "categories": _categories(article),
        "pictures": list(ArticlePicture.objects.filter(article=article).order_by("id")),
        "shown_pictures": set(_pictures_of(wordings)),
        "now": timezone.now(),
        **(wrong or {}),
    }
    return render(request, "console/knowledge/page.html", context, status=422 if wrong else 200)


def _chosen(wordings: list[Wording], language: str) -> Wording | None:
    short = language.split("-")[0]
    return next((one for one in wordings if one.language == short), wordings[0] if wordings else None)


def _parts(article: Article, wording: Wording | None) -> list[rendering.Part]:
    keys = set(ArticlePicture.objects.filter(article=article).values_list("key", flat=True))
    if wording is None:
        return []
    return rendering.parts(rendering.texts_of(wording), picture=lambda key: picture_address(key) if key in keys else "")


def _is_behind(one: Wording, original: Wording | None) -> bool:
    return original is not None and one.pk != original.pk and one.of_version < original.version


def _moves(agent: Agent, article: Article) -> list[tuple[str, str]]:
    """Where this agent may move it, in words; the archive has a button of its own."""
    if article.audience == states.PUBLIC and not agent.may("article.publish"):
        return []
    names = dict(Article.CONFIDENCE)
    wanted = [one for one in states.CONFIDENCE if one in states.MOVES[article.confidence] and one != states.ARCHIVED]
    if not agent.may("article.validate"):
        wanted = [one for one in wanted if one != states.VALIDATED]
    return [(one, str(names[one])) for one in wanted]


def _may(agent: Agent, article: Article) -> dict[str, bool]:
    publish = agent.may("article.publish")
    return {
        "edit": publish if article.is_shown else agent.may("article.write"),
        "write": agent.may("article.write"),
        "publish": publish,
        "archive": article.confidence != states.ARCHIVED and (publish or article.audience != states.PUBLIC),
    }


def _story(article: Article) -> list[dict[str, Any]]:
    entries = queries.history(article)
    names = happenings.Names.for_entries(entries)
    return [{**happenings.tell(entry, names), "entry": entry} for entry in entries]


def _categories(article: Article) -> list[tuple[int, str]]:
    rows = Category.objects.filter(is_active=True) | Category.objects.filter(pk=article.category_id or 0)
    language = get_language() or "en"
    return [(one.pk, in_language(one.names, language) or one.slug) for one in rows.order_by("position", "slug")]


def _pictures_of(wordings: list[Wording]) -> list[str]:
    return [key for one in wordings for name, _title in rendering.PARTS for key in markup.pictures(getattr(one, name))]
