"""What is done on a case besides talking: safe steps, answers by word of mouth, another time for a promise."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.casework import acted, actor, asks, find, seeker, slip, went
from makegood.doors.console.gate import needs, no_permission
from makegood.doors.console.moments import NotATime, typed_moment
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key, secret_token
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import steps
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Report
from makegood.life.updates import moving


class NoTime(Refusal):
    """No time was named."""


# Which field a refusal is about.
PLACES: dict[type[Refusal], str] = {
    NoTime: "m-time",
    NotATime: "m-time",
    promises.InThePast: "m-time",
    promises.NeedsReason: "m-reason",
    promises.NotPending: "",
}


@needs("report.safe_step")
@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Note what came of a safe step."""
    report, told = find(request, number), request.POST
    notes = told.get("notes", "")
    steps.record_trial(
        report, told.get("step", ""), told.get("outcome", ""), by=actor(request), at=timezone.now(), notes=notes
    )
    return acted(request, report, _("Noted."))


@needs("report.note")
@require_POST
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what the reporter told us by word of mouth, question by question."""
    report = find(request, number)
    given = {name.removeprefix("q-"): str(value) for name, value in request.POST.items() if name.startswith("q-")}
    diagnosis.answer_many(report, given, by=actor(request), at=timezone.now(), source="agent")
    return acted(request, report, _("Answers kept."))


@needs("promise.move")
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, number: str, promise: int) -> HttpResponse:
    """Name another time for something owed, with the reason; later than the reporter was told with words to them."""
    report, now, told = find(request, number), timezone.now(), request.POST
    owed = get_object_or_404(Promise, pk=promise, report=report)
    if request.method == "POST" and owed.owed_to != kinds.REPORTER:
        due_at = _time_of(request, now=now)
        promises.move(owed, by=actor(request), at=now, due_at=due_at, reason=told.get("reason", ""))
        return acted(request, report, _("Moved."))
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _moved_and_told(request, report, owed, now=now)
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "m-words")
    context = {
        "report": report,
        "promise": owed,
        "beside": promises.beside(owed) if owed.owed_to == kinds.REPORTER else [],
        "told": told,
        "words": told.get("words") or moving.draft(report, by=actor(request), at=now),
        "key": told.get("key") or secret_token(),
    }
    return render(request, "console/report/move.html", context | wrong, status=422 if wrong else 200)


def _moved_and_told(request: HttpRequest, report: Report, owed: Promise, *, now: datetime) -> HttpResponse:
    """Sooner than they were told needs no words: then none are sent."""
    told, due_at = request.POST, _time_of(request, now=now)
    is_later = promises.puts_off(owed, due_at)
    if is_later and not seeker(request).may("report.reply"):
        return no_permission(request)
    message = moving.move(
        owed,
        by=actor(request),
        at=now,
        due_at=due_at,
        reason=told.get("reason", ""),
        words=told.get("words", "") if is_later else "",
        asks=asks(request),
        idempotency_key=idempotency_key(told.get("key")) or None,
    )
    back = reverse("console:report", args=[report.pk])
    if message is None:
        return went(request, back, _("Moved. It is sooner than they were told, so nothing was sent."))
    undo = reverse("console:report_unsay", args=[report.pk, message.key])
    return went(request, back, _("Moved, and %s is told.") % report.contact, undo=undo)


def _time_of(request: HttpRequest, *, now: datetime) -> datetime:
    due_at = typed_moment(request.POST.get("due_at", ""), now=now)
    if due_at is None:
        raise NoTime(_("Say which time it is to be."))
    return due_at
