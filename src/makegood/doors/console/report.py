"""The report page (screen 11): the story in the middle, the composer below it, the facts at the side."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console import ahead, case_file
from makegood.doors.console.casework import find, seeker
from makegood.doors.console.gate import needs
from makegood.life.colleagues import notices
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import Report


@needs("report.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    report, now = find(request, number), timezone.now()
    if (master := _goes_on_in(request, report)) is not None:
        messages.info(request, _("%(number)s goes on here.") % {"number": report.number})
        return redirect("console:report", number=master)
    context = case_file.load(seeker(request), report, now=now, request=request)
    notices.mark_read(seeker(request), at=now, report=report)
    return ahead.allow(render(request, "console/report/page.html", context | {"tab": "story"}))


def _goes_on_in(request: HttpRequest, report: Report) -> int | None:
    """The report a merged one goes on in, if the reader may see it and does not want to stay (``?here=1``)."""
    if report.close_reason != "duplicate" or not report.duplicate_of_id or request.GET.get("here"):
        return None
    return visible_reports(seeker(request)).filter(pk=report.duplicate_of_id).values_list("pk", flat=True).first()


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
