"""What shows the error (screen 12): pictures, files, the machine, the reporter's words. And the files' way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console import case_file, evidence_line
from makegood.doors.console.casework import acted, actor, find, seeker, went
from makegood.doors.console.gate import needs
from makegood.doors.ui import blanking
from makegood.engine.files import serving
from makegood.lib.errors import Refusal
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.diagnosis import sheet
from makegood.life.diagnosis.models import Answer
from makegood.life.privacy import openings
from makegood.life.reports import attachments
from makegood.life.reports.access import access_attachment
from makegood.life.reports.models import Attachment, Report


@needs("report.view", post="report.note")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """All evidence of a report; POST adds files."""
    report, now = find(request, number), timezone.now()
    problems: list[str] = []
    if request.method == "POST":
        added = 0
        for upload in request.FILES.getlist("files"):
            try:
                attachments.attach(report, cast(BinaryIO, upload), name=upload.name or "", by=actor(request), at=now)
                added += 1
            except Refusal as refusal:
                problems.append(str(refusal))
        if added and not problems:
            words = ngettext("%(n)s file added.", "%(n)s files added.", added) % {"n": added}
            return went(request, request.path, words)
    labels = sheet.environment_labels()
    shown = list(report.attachments.filter(removed_at=None).order_by("id"))
    context = case_file.load(seeker(request), report, now=now, request=request)
    line = evidence_line.draw(context["items"], shown)
    context |= {
        "evidence": line,
        "shown_lanes": request.GET.getlist("show") or [lane.name for lane in line.lanes],
        "tab": "evidence",
        "pictures": [file for file in shown if file.is_picture],
        "files": [file for file in shown if not file.is_picture],
        "environment": [(labels.get(name, name), value) for name, value in report.environment.items() if value],
        "answers": _answers(report),
        "problems": problems,
    }
    return render(request, "console/report/evidence.html", context, status=422 if problems else 200)


@needs("report.note")
@require_POST
def remove(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Take a file away; the row stays, so that history can name it."""
    report = find(request, number)
    attachments.remove(get_object_or_404(Attachment, report=report, key=key), by=actor(request), at=timezone.now())
    return acted(request, report, _("File taken away."))


@needs("report.note")
@require_http_methods(["GET", "HEAD", "POST"])
def blank(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Black out parts of a picture, for good; "look" draws the areas first and changes nothing."""
    report, problem = find(request, number), ""
    found = get_object_or_404(Attachment, report=report, key=key, is_picture=True, removed_at=None)
    if request.method == "POST" and request.POST.get("do") != "look":
        try:
            attachments.blank(found, blanking.read(request.POST), by=actor(request), at=timezone.now())
            back = reverse("console:report_evidence", args=[report.pk])
            return went(request, f"{back}#f-{found.key}", _("Blacked out. The picture before it is gone."))
        except Refusal as refusal:
            problem = str(refusal)
    context = blanking.context(found.storage_key, request.POST) | {
        "report": report,
        "file": found,
        "problem": problem,
        "picture": reverse("console:picture", args=[found.key, "whole"]),
        "back": reverse("console:report_evidence", args=[report.pk]),
        "came_by_mail": found.message is not None and found.message.channel == "mail",
    }
    return render(request, "console/report/blank.html", context, status=422 if problem else 200)


@needs("report.view")
@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """A file as a download."""
    found = access_attachment(seeker(request), key)
    if found.report is not None:
        openings.note(found.report, seeker(request), way="console", at=timezone.now())
    return _or_404(lambda: serving.download(found.storage_key, name=found.name, media_type=found.media_type))


@needs("report.view")
@require_safe
def picture(request: HttpRequest, key: str, size: str) -> HttpResponse:
    """A picture we have drawn anew, whole or small."""
    found = access_attachment(seeker(request), key)
    if not found.is_picture or size not in {"small", "whole"}:
        raise Http404(key)
    small = size == "small" and found.thumbnail_key
    return _or_404(lambda: serving.picture(small or found.storage_key, media_type=found.media_type))


def _answers(report: Report) -> list[Answer]:
    """What counts as known, each with its question in the reader's language."""
    answers = list(diagnosis.newest_answers(report).values())
    for answer in answers:
        answer.question_words = answer.question.text_in(get_language() or "en")  # type: ignore[attr-defined]
    return answers


def _or_404(serve: Callable[[], HttpResponseBase]) -> HttpResponse:
    try:
        return cast(HttpResponse, serve())
    except FileNotFoundError as missing:
        raise Http404 from missing
