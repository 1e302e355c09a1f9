"""Forms that are kept while one types: found again when the page is opened, forgotten when they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.casework import find, seeker, went
from makegood.doors.console.gate import needs
from makegood.life.reports import kept_forms
from makegood.life.reports.models import Report

# Tells the browser which form was sent, so that it forgets its own copy (frontend/console/drafts.ts).
DONE = "mg_form_done"
PHONE = "phone"
# The forms of a report, and where each of them stands.
PLACES = {
    "solve": "console:report_solve",
    "follow-up": "console:report_follow_up",
    "ask": "console:report_ask",
    "escalate": "console:report_escalate",
    "hand-over": "console:report_hand_over",
    "close": "console:report",
    "reopen": "console:report",
} | {f"step-{step}": "console:report" for step in ("ask-back", "answer", "hand-back", "answer-back", "call-off")}
_NEVER_KEPT = {"csrfmiddlewaretoken", "do", "anyway"}


@dataclass(frozen=True)
class Form:
    """``told``: what the form holds; ``url``: where it is kept; ``at``: when it was kept last, if it was."""

    told: QueryDict
    url: str
    at: datetime | None = None


def opened(request: HttpRequest, name: str, report: Report | None = None) -> Form:
    """The form as it was sent just now, else as it was kept."""
    url = address(name, report)
    kept = kept_forms.find(seeker(request), name, report, now=timezone.now())
    if request.method == "POST":
        return Form(request.POST, url, kept.updated_at if kept else None)
    told = QueryDict(mutable=True)
    for field, typed in (kept.data if kept else {}).items():
        told.setlist(field, typed)
    return Form(told, url, kept.updated_at if kept else None)


def address(name: str, report: Report | None) -> str:
    return reverse("console:report_kept", args=[report.pk, name]) if report else reverse("console:phone_draft")


def done(request: HttpRequest, answer: HttpResponse, name: str, report: Report | None = None) -> HttpResponse:
    """``answer``, to a form that was sent: neither side keeps it any longer."""
    kept_forms.forget(seeker(request), name, report)
    return told_of(answer, address(name, report))


def told_of(answer: HttpResponse, url: str) -> HttpResponse:
    """Let the browser forget its copy of the form that is kept at ``url``."""
    answer.set_cookie(DONE, quote(url, safe="/?="), max_age=3600, secure=settings.USE_HTTPS, samesite="Lax")
    return answer


@needs("report.note")
@require_POST
def on_report(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Keep a form of a report, throw it away, or take that back."""
    report = find(request, number)
    if name not in PLACES:
        raise Http404(name)
    return _keep(request, name, report, page=reverse(PLACES[name], args=[report.pk]))


@needs("report.take_by_phone")
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Keep the call that is being taken, throw it away, or take that back."""
    return _keep(request, PHONE, None, page=reverse("console:phone"))


def _keep(request: HttpRequest, name: str, report: Report | None, *, page: str) -> HttpResponse:
    agent, now, what = seeker(request), timezone.now(), request.POST.get("do", "")
    if what == "drop":
        kept_forms.drop(agent, name, report, at=now)
        url = address(name, report)
        return told_of(went(request, page, _("What was typed is gone."), undo=f"{url}?back=1"), url)
    if request.GET.get("back") == "1":
        kept_forms.take_back(agent, name, report)
        return went(request, page)
    values = {field: typed for field, typed in request.POST.lists() if field not in _NEVER_KEPT}
    kept_forms.keep(
        agent, name, report, {field: [str(one) for one in typed] for field, typed in values.items()}, at=now
    )
    return HttpResponse(status=204)
