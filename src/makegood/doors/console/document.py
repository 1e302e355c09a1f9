"""The error document: what the technical team receives, live from the case, and its exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from makegood.doors.console import case_file
from makegood.doors.console.casework import find, seeker
from makegood.doors.console.gate import needs, zone_of
from makegood.life.diagnosis import document, exports, sheet

Writer = Callable[[dict[str, Any], str, ZoneInfo], "str | bytes"]

FORMS: dict[str, tuple[str, Writer]] = {
    "md": (
        "text/markdown; charset=utf-8",
        lambda s, language, zone: exports.to_markdown(s, language=language, zone=zone),
    ),
    "json": ("application/json", lambda s, language, zone: exports.to_json(s)),
    "pdf": ("application/pdf", lambda s, language, zone: bytes(exports.to_pdf(s, language=language, zone=zone))),
}


@needs("report.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The document as it is now, section by section."""
    report, now, agent = find(request, number), timezone.now(), seeker(request)
    snapshot = document.snapshot(report, at=now)
    context = case_file.load(agent, report, now=now, request=request) | {
        "tab": "document",
        "sheet": sheet.lay_out(snapshot, language=get_language() or "en", zone=zone_of(agent)),
    }
    return render(request, "console/report/document.html", context)


@needs("report.export")
@require_safe
def export(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The document as a file; its name carries the number only, never foreign words."""
    if form not in FORMS:
        raise Http404(form)
    report = find(request, number)
    media_type, write = FORMS[form]
    content = write(document.snapshot(report, at=timezone.now()), get_language() or "en", zone_of(seeker(request)))
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{report.number}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
