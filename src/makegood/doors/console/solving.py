"""The end of a case: solved and told, followed up, closed, or open again after all."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console import keeping, meanwhile
from makegood.doors.console.casework import actor, asks, find, slip, undo_address, went
from makegood.doors.console.gate import is_fragment, needs
from makegood.doors.console.side_panel import close_reasons
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key, secret_token
from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import undo as undoing
from makegood.life.aftercare.models import FollowUp
from makegood.life.aftercare.words import moment_of_solving, words_for
from makegood.life.reports import states
from makegood.life.reports.models import Message, Report
from makegood.life.reports.states import NotAMove
from makegood.life.updates import actions as updates


@needs("report.solve")
@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: HttpRequest, number: str) -> HttpResponse:
    """Write down cause and solution, and tell the reporter."""
    report, now = find(request, number), timezone.now()
    kept, stale, wrong = keeping.opened(request, "solve", report), meanwhile.unseen(request, report), dict[str, str]()
    told = kept.told
    if request.method == "POST" and not stale:
        try:
            aftercare.solve(
                report,
                cause=told.get("cause", ""),
                solution=told.get("solution", ""),
                words=told.get("words", ""),
                to_do=told.get("to_do", ""),
                asks=asks(request),
                idempotency_key=idempotency_key(told.get("key")) or None,
                by=actor(request),
                at=now,
            )
            words = _("Solved. %(name)s is told and asked to confirm.") % _named(report)
            answer = went(request, _page(report), words, undo=_undo(report, at=now))
            return keeping.done(request, answer, "solve", report)
        except Refusal as refusal:
            needs_cause = report.kind != "question" and not told.get("cause", "").strip()
            unsaid = "s-cause" if needs_cause else "s-solution"
            wrong = slip(refusal, {aftercare.NeedsWords: unsaid, NotAMove: ""}, "s-words")
    context = {
        "report": report,
        "told": told,
        "kept": kept,
        "key": told.get("key") or secret_token(),
        **meanwhile.shown(report, told, stale),
        **wrong,
        "words": told.get("words") or words_for(moment_of_solving(report), report, by=actor(request), at=now),
    }
    return render(request, "console/report/solve.html", context, status=409 if stale else 422 if wrong else 200)


@needs("report.follow_up")
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how it is going, by call or mail, and keep the outcome."""
    report, now = find(request, number), timezone.now()
    kept, stale = keeping.opened(request, "follow-up", report), meanwhile.unseen(request, report)
    told, wrong = kept.told, dict[str, str]()
    if request.method == "POST" and not stale:
        try:
            aftercare.follow_up(
                report,
                way=told.get("way", ""),
                outcome=told.get("outcome", ""),
                notes=told.get("notes", ""),
                words=told.get("words", ""),
                asks=asks(request),
                by=actor(request),
                at=now,
            )
            answer = went(request, _page(report), _("Follow-up kept."))
            return keeping.done(request, answer, "follow-up", report)
        except Refusal as refusal:
            unsaid = "" if report.state != states.SOLVED else "f-outcome" if told.get("way") else "f-way"
            wrong = slip(refusal, {aftercare.NotSolved: unsaid}, "f-words")
    context = {"report": report, "told": told, "ways": FollowUp.WAYS, "outcomes": FollowUp.OUTCOMES}
    context |= {"kept": kept, "done": list(report.follow_ups.order_by("-id"))}
    context |= meanwhile.shown(report, told, stale) | wrong
    return render(request, "console/report/follow_up.html", context, status=409 if stale else 422 if wrong else 200)


@needs("report.close")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    report, now, told = find(request, number), timezone.now(), request.POST
    reason, words = told.get("reason", ""), told.get("words", "")
    if stale := meanwhile.unseen(request, report):
        return _stopped(request, report, "close", stale)
    try:
        aftercare.close(report, reason=reason, words=words, asks=asks(request), by=actor(request), at=now)
    except updates.TimesDisagree as refusal:
        unchanged = find(request, number)  # the other has gone through what was not done
        return _stopped(request, unchanged, "close", [], **slip(refusal, {}, "close-words"))
    answer = went(request, _page(report), _("Closed."), undo=_undo(report, at=now))
    return keeping.done(request, answer, "close", report)


@needs("report.reopen")
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    report, now, reason = find(request, number), timezone.now(), request.POST.get("reason", "")
    if stale := meanwhile.unseen(request, report):
        return _stopped(request, report, "reopen", stale)
    aftercare.reopen(report, reason=reason, by=actor(request), at=now)
    answer = went(request, _page(report), _("Open again, one severity higher."), undo=_undo(report, at=now))
    return keeping.done(request, answer, "reopen", report)


def _stopped(request: HttpRequest, report: Report, form: str, stale: list[Message], **wrong: str) -> HttpResponse:
    """The form of a dialog again with everything in it, and what came in meanwhile or is wrong with it; without scripts
    on its own page."""
    context = {"report": report, "form": form, "close_reasons": close_reasons(report), "typed": request.POST}
    context |= meanwhile.shown(report, request.POST, stale) | wrong
    name = "dialog_part" if is_fragment(request) else "dialog_page"
    return render(request, f"console/report/{name}.html", context, status=422 if wrong or is_fragment(request) else 409)


def _undo(report: Report, *, at: datetime) -> str:
    """The address that takes the step of this moment back, while its message has not left."""
    return undo_address(report, report.ledger.filter(kind__in=undoing.STEPS, at=at).order_by("-id").first())


def _page(report: Report) -> str:
    return reverse("console:report", args=[report.pk])


def _named(report: Report) -> dict[str, str]:
    return {"name": str(report.contact)}
