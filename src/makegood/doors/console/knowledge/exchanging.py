"""Markdown out and in: one article, all of them, and what comes from elsewhere."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.finding import wording
from makegood.lib.errors import Refusal
from makegood.life.knowledge import access, exchange
from makegood.life.knowledge.models import Wording

LANGUAGES = dict(settings.LANGUAGES)
MOST_BYTES = 50_000_000


@needs("article.view")
@require_safe
def one(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """One article in one language as a Markdown file."""
    found = wording(request, key, language)
    answer = HttpResponse(exchange.to_markdown(found), content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.{language}.md"'
    return answer


@needs("article.view")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All articles that are not archived, in every language, with their pictures."""
    articles = access.visible_articles(seeker(request)).exclude(confidence="archived")
    rows = Wording.objects.filter(article__in=articles.order_by().values("pk")).select_related("article__category")
    pack = io.BytesIO()
    exchange.packed(rows.order_by("language", "slug").iterator(), pack)
    answer = HttpResponse(pack.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="knowledge.zip"'
    return answer


@needs("article.import")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take a file in, all of it or nothing."""
    context: dict[str, Any] = {"languages": settings.LANGUAGES, "language": request.POST.get("language", "en")}
    if request.method == "POST":
        try:
            context["outcome"] = _take_in(request)
        except Refusal as refusal:
            context |= {"problem": str(refusal), "problem_at": "file"}
    return render(request, "console/knowledge/files.html", context, status=422 if "problem" in context else 200)


def _take_in(request: HttpRequest) -> exchange.Outcome:
    upload, language = request.FILES.get("file"), request.POST.get("language", "en")
    if upload is None:
        raise exchange.BadFile(_("Choose a file: Markdown (.md) or a ZIP of such files."))
    if (upload.size or 0) > MOST_BYTES:
        raise exchange.BadFile(_("This file is too large: at most 50 MB."))
    stream = io.BytesIO(upload.read())
    language = language if language in LANGUAGES else "en"
    return exchange.take_in(
        stream, name=(upload.name or "")[:200], by=seeker(request), at=timezone.now(), language=language
    )
