"""The report page (screen 11): the story in the middle, the composer below it, the facts at the side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.doors.console import ahead, case_file
from makegood.doors.console.casework import find, seeker
from makegood.doors.console.gate import needs
from makegood.life.colleagues import notices
from makegood.life.reports.access import visible_reports


@needs("report.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    report = find(request, number)
    now = timezone.now()
    context = case_file.load(seeker(request), report, now=now, request=request)
    notices.mark_read(seeker(request), at=now, report=report)
    return ahead.allow(render(request, "console/report/page.html", context | {"tab": "story"}))


@needs("report.view")
@require_safe
def neighbour(request: HttpRequest, number: str, way: str) -> HttpResponse:
    """The report before or after this one in the order of what is owed next; the queue where there is none."""
    report = find(request, number)
    open_ones = visible_reports(seeker(request)).exclude(state="closed")
    found = case_file.neighbour(open_ones, report, forwards=way == "next")
    if found is None:
        return redirect("console:queue")
    return redirect("console:report", number=found)
