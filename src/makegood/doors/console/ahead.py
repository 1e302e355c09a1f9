"""Fetching ahead: the rule by which a browser may open the next two reports before they are asked for.

It fetches the links frontend/console/ahead.ts marks, two at most, into memory and for the page they stand on alone. An
HTTP cache was rejected: it would keep reports on disk, where ``no-store`` says they must not be. Looking has no side
effect on the server (who reads is told by presence), so a report fetched ahead stays unread.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import open_to_all

RULE = {"prefetch": [{"where": {"selector_matches": "a[data-ahead]"}, "eagerness": "immediate"}]}


@open_to_all
@require_safe
def rule(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so it may be kept."""
    answer = JsonResponse(RULE, content_type="application/speculationrules+json")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


def allow(answer: HttpResponse) -> HttpResponse:
    """Tell the browser where the rule is."""
    answer["Speculation-Rules"] = f'"{reverse("console:ahead")}"'
    return answer
