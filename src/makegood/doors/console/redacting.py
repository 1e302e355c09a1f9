"""Taking one message or one file out for good, from the page of its report, with the reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import actor, find, slip, went
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.life.privacy import redacting
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Attachment, Message, Report


@needs("report.view", post="privacy.redact")
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """What was said, shown once more, and why it goes."""
    report = find(request, number)
    found = Message.objects.filter(report=report, key=key).exclude(body=redacting.REDACTED).first()
    if found is None:
        raise NotFound(key)
    if request.method == "POST":
        try:
            redacting.message(found, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
            return went(request, reverse("console:report", args=[report.pk]), _("Taken out for good."))
        except Refusal as refusal:
            return _page(request, report, message=found, **slip(refusal, {}, "redact-reason"))
    return _page(request, report, message=found)


@needs("report.view", post="privacy.redact")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """A picture or file, and why it goes."""
    report = find(request, number)
    found = Attachment.objects.filter(report=report, key=key).exclude(name=redacting.REDACTED).first()
    if found is None:
        raise NotFound(key)
    if request.method == "POST":
        try:
            redacting.file(found, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
            return went(request, reverse("console:report_evidence", args=[report.pk]), _("Taken out for good."))
        except Refusal as refusal:
            return _page(request, report, file=found, **slip(refusal, {}, "redact-reason"))
    return _page(request, report, file=found)


def _page(request: HttpRequest, report: Report, **more: Any) -> HttpResponse:
    context = {"report": report, "told": request.POST, **more}
    return render(request, "console/report/redact.html", context, status=422 if "problem" in more else 200)
