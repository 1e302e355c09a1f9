"""What reporters may read of a problem: written apart from our own words, looked at first, published with a promise.

Only what is typed here ever reaches a reporter; nothing is taken over from a report, a note or the words for us.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs, no_permission
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.problems.finding import address, find
from makegood.doors.console.problems.page import step_words
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.problems import actions, news, public
from makegood.life.problems.models import Problem
from makegood.life.promises import kinds
from makegood.life.promises.actions import InThePast
from makegood.life.promises.queries import promised_time

# name of the fact, of the fields in the form, what they are called, lines
PARTS: tuple[tuple[str, str, Any, int], ...] = (
    ("public_titles", "title", gettext_lazy("Title"), 1),
    ("public_texts", "text", gettext_lazy("What people see, and what we are doing"), 4),
    ("public_workarounds", "way", gettext_lazy("What they can do meanwhile"), 3),
)
PLACES: dict[type[Refusal], str] = {
    NotATime: "next-news",
    InThePast: "next-news",
    actions.NeedsWords: "title-en",
    actions.TooLong: "title-en",
    actions.Conflict: "",
}
DEEDS = ("save", "preview", "publish", "news", "unpublish")


@needs("problem.view", post="problem.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Write, look at it as they will, publish with the time of the next news, take it back."""
    problem, wrong = find(request, number), {}
    deed = request.POST.get("do", "save")
    if request.method == "POST":
        # What is public changes in front of everybody: then writing is publishing.
        if deed != "preview" and (deed != "save" or problem.is_public) and not seeker(request).may("problem.publish"):
            return no_permission(request)
        try:
            if deed != "preview":
                return went(request, address(problem), _do(request, problem, deed))
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "title-en")
    context = _context(request, problem, is_typed=request.method == "POST") | wrong
    return render(request, "console/problems/public.html", context, status=422 if wrong else 200)


def _do(request: HttpRequest, problem: Problem, deed: str) -> str:
    """Save the words, and do what the button said. What was done, in words."""
    now, by, expected = timezone.now(), actor(request), whole_number(request.POST.get("version", "")) or 0
    due_at = typed_moment(request.POST.get("next_news", ""), now=now)
    with transaction.atomic():
        if deed == "unpublish":
            news.unpublish(problem, by=by, at=now, reason=request.POST.get("reason", "")[:500])
            return _("No longer public.")
        actions.edit(problem, by=by, at=now, expected=expected, **_typed(request))
        if deed == "publish":
            news.publish(problem, by=by, at=now, next_news_at=due_at)
            return _("Public now. The next news is promised.")
        if deed == "news":
            news.promise_news(problem, by=by, at=now, due_at=due_at)
            return _("Told. The next news is promised.")
    return _("Saved.")


def _typed(request: HttpRequest) -> dict[str, dict[str, str]]:
    languages = [language for language, _name in settings.LANGUAGES]
    return {
        fact: {language: request.POST.get(f"{name}-{language}", "") for language in languages}
        for fact, name, _label, _lines in PARTS
    }


def _context(request: HttpRequest, problem: Problem, *, is_typed: bool) -> dict[str, Any]:
    words = _typed(request) if is_typed else {fact: getattr(problem, fact) for fact, *_more in PARTS}
    languages = [
        {
            "code": code,
            "name": name,
            "fields": [
                {"id": f"{part}-{code}", "label": label, "lines": lines, "value": words[fact].get(code, "")}
                for fact, part, label, lines in PARTS
            ],
            "preview": _as_read(problem, words, code),
        }
        for code, name in settings.LANGUAGES
    ]
    by_policy = promised_time(kinds.PUBLIC_NEWS, problem.severity, timezone.now(), problem.team)
    return {
        "fault": problem,
        "languages": languages,
        "next_news": request.POST.get("next_news") or local_value(by_policy),
        "may_publish": seeker(request).may("problem.publish"),
        "public_step": step_words(problem),
        "version": request.POST.get("version") or problem.version,
    }


def _as_read(problem: Problem, words: dict[str, dict[str, str]], language: str) -> public.PublicProblem | None:
    """What a reporter of this language would read, of exactly these words."""
    draft = Problem(
        **{fact: {language: texts.get(language, "").strip()} for fact, texts in words.items()},
        **{name: getattr(problem, name) for name in ("state", "people_count", "next_news_at", "last_news_at")},
    )
    return public.told(draft, language, besides=1)
