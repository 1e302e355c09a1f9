"""What is done with an article besides writing: how sure we are, who reads it, reviewed, flagged, its facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.finding import address, find
from makegood.doors.console.knowledge.page import show
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.knowledge import actions, lifecycle, states
from makegood.life.knowledge.models import Article
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Category

PLACES: dict[str, dict[type[Refusal], str]] = {
    "publish": {lifecycle.NeedsReading: "has-read"},
    "flag": {actions.NeedsWords: "flag-words"},
    "review": {actions.TooLong: "release"},
}


@needs("article.view")
@require_POST
def act(request: HttpRequest, key: str, deed: str) -> HttpResponse:
    """settle, archive, publish, withdraw, review, flag."""
    article = find(request, key)
    try:
        words = _do(request, article, deed, seeker(request))
    except Refusal as refusal:
        return show(request, find(request, key), slip(refusal, PLACES.get(deed, {}), ""))
    return went(request, address(article, request.GET.get("in", "")[:8]), words)


@needs("article.view", post="article.write")
@require_POST
def facts(request: HttpRequest, key: str) -> HttpResponse:
    """Category, release checked with, note for colleagues, and whose it is."""
    article, told = find(request, key), request.POST
    category = whole_number(told.get("category", ""))
    owner = seeker(request) if told.get("mine") == "1" else article.owner
    try:
        actions.set_facts(
            article,
            by=seeker(request),
            at=timezone.now(),
            category=Category.objects.filter(pk=category).first() if category is not None else None,
            checked_release=told.get("checked_release", "").strip(),
            note=told.get("note", "").strip(),
            owner=owner,
        )
    except actions.TooLong as no:
        return show(request, find(request, key), {"problem": str(no), "problem_at": f"fact-{no.field}"})
    return went(request, address(article), _("Saved."))


def _do(request: HttpRequest, article: Article, deed: str, by: Agent) -> str:
    now, told = timezone.now(), request.POST
    if deed == "settle":
        confidence = told.get("confidence", "")
        lifecycle.settle(article, confidence, by=by, at=now, reason=told.get("reason", ""))
        return _("It is “%s” now.") % dict(Article.CONFIDENCE).get(confidence, confidence)
    if deed == "archive":
        lifecycle.settle(article, states.ARCHIVED, by=by, at=now)
        return _("It rests in the archive. Nobody is shown it; it can come back at any time.")
    if deed == "publish":
        lifecycle.publish(article, by=by, at=now, has_read=told.get("has_read") == "1")
        return _("Reporters can read it now.")
    if deed == "withdraw":
        lifecycle.withdraw(article, by=by, at=now, reason=told.get("reason", ""))
        return _("Only colleagues can read it now.")
    if deed == "review":
        lifecycle.review(article, by=by, at=now, release=told.get("release", ""))
        return _("Reviewed. Its clock begins anew.")
    if deed == "flag":
        lifecycle.flag(article, told.get("words", ""), by=by, at=now)
        return _("Thank you. Somebody looks at it within days.")
    raise NotFound(deed)
