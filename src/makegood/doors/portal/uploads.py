"""Files on the way to a report: kept on the draft, shown to whoever holds it, removed again. Text is never touched."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makegood.doors.portal import allowance, visits
from makegood.doors.ui import blanking
from makegood.engine import files
from makegood.engine.files import serving
from makegood.lib.errors import Refusal
from makegood.life.intake import drafts
from makegood.life.intake.models import DraftFile, FormDraft

_PLAIN = "text/plain; charset=utf-8"


def add(request: HttpRequest, draft: FormDraft) -> list[str]:
    """Keep the files that came; return a sentence for each that was refused. The others are kept all the same."""
    now = timezone.now()
    if wait := allowance.upload(request, now=now):
        return [_("Many files came from your network just now. Try again in %(n)s seconds.") % {"n": int(wait) + 1}]
    refused = []
    for one in request.FILES.getlist("files"):
        try:
            drafts.check_room(draft)
            kept = files.keep(one.file, name=one.name or "", limit=settings.UPLOAD_MAX_BYTES)  # type: ignore[arg-type]
            drafts.add_file(draft, kept, at=now)
        except Refusal as no:
            refused.append(str(no))
    return refused


@require_POST
@visits.page
def upload(request: HttpRequest) -> HttpResponse:
    """Files pasted, dropped or chosen with scripts on: answers the rows of those kept, or a sentence of refusal."""
    now = timezone.now()
    draft, secret = visits.draft_of(request, now=now), ""
    if draft is None or draft.report_id is not None:
        begun = allowance.begin_draft(request, now=now)
        if begun is None:
            return HttpResponse(_("Please wait a minute, then try again."), status=429, content_type=_PLAIN)
        draft, secret = begun
    before = set(draft.files.values_list("pk", flat=True))
    refused = add(request, draft)
    if refused or not request.FILES:
        sentence = " ".join(refused) or _("No file arrived. Try again, or send the report without it.")
        answer = HttpResponse(sentence, status=422, content_type=_PLAIN)
    else:
        fresh = [file for file in draft.files.all() if file.pk not in before]
        answer = render(request, "portal/parts/file_rows.html", {"files": fresh})
    if secret:
        visits.hold_draft(answer, secret)
    return answer


@require_GET
@visits.page
def preview(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture on the draft, small; whole with ``?size=whole``."""
    file = _file(request, key)
    if not file.is_picture:
        raise Http404
    small = file.thumbnail_key if request.GET.get("size") != "whole" else ""
    return serving.picture(small or file.storage_key, media_type=file.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@visits.page
def blank(request: HttpRequest, key: str) -> HttpResponse:
    """Black out parts of a picture before anybody of us sees it; "look" draws the areas first and changes nothing."""
    file, problem = _file(request, key), ""
    if not file.is_picture or file.draft.report_id is not None:
        raise Http404
    if request.method == "POST" and request.POST.get("do") != "look":
        try:
            drafts.blank_file(file, blanking.read(request.POST), at=timezone.now())
            return redirect("portal:step", "pictures")
        except Refusal as no:
            problem = str(no)
    context = blanking.context(file.storage_key, request.POST) | {
        "file": file,
        "problem": problem,
        "picture": reverse("portal:preview", args=[file.key]) + "?size=whole",
        "back": reverse("portal:step", args=["pictures"]),
    }
    return render(request, "portal/report/blank.html", context, status=422 if problem else 200)


@require_POST
@visits.page
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Take a file off the draft."""
    file = _file(request, key)
    drafts.remove_file(file.draft, key)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("portal:step", "pictures")


def _file(request: HttpRequest, key: str) -> DraftFile:
    draft = visits.draft_of(request, now=timezone.now())
    file = draft.files.filter(key=key).select_related("draft").first() if draft else None
    if file is None:
        raise Http404
    return file
