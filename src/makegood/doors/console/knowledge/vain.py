"""What people searched and did not find, the most wanted first; an article from it, or put aside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import seeker, went
from makegood.doors.console.gate import needs
from makegood.life.knowledge import drafting, queries


@needs("article.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "rows": queries.in_vain(now=now),
        "may_write": seeker(request).may("article.write"),
        "may_import": seeker(request).may("article.import"),
    }
    return render(request, "console/knowledge/searches.html", context)


@needs("article.view", post="article.write")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Put aside: it needs no article. It comes back when it is searched again."""
    words, language = request.POST.get("words", "")[:200], request.POST.get("language", "")[:8]
    if words and language:
        drafting.settle_search(words, language, article=None, by=seeker(request), at=timezone.now())
    return went(request, reverse("console:knowledge_searches"), _("Put aside until somebody searches it again."))
