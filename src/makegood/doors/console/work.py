"""What is done on a case besides talking: safe steps, answers by word of mouth, another time for a promise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.casework import acted, actor, find
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import typed_moment
from makegood.lib.errors import Refusal
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import steps
from makegood.life.promises import actions as promises
from makegood.life.promises.models import Promise


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
@require_POST
def promise(request: HttpRequest, number: str, promise: int) -> HttpResponse:
    """Name another time for something owed, with the reason."""
    report, now = find(request, number), timezone.now()
    owed = get_object_or_404(Promise, pk=promise, report=report)
    due_at = typed_moment(request.POST.get("due_at", ""), now=now)
    if due_at is None:
        raise Refusal(_("Say which time it is to be."))
    promises.move(owed, by=actor(request), at=now, due_at=due_at, reason=request.POST.get("reason", ""))
    return acted(request, report, _("Moved."))
