"""Asking for what is missing, all in one go (screen 13): known facts are shown, not asked again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console import keeping, meanwhile
from makegood.doors.console.casework import acted, actor, asks, find, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import queries
from makegood.life.diagnosis.models import AskRequest, Question
from makegood.life.promises import kinds
from makegood.life.promises.actions import InThePast
from makegood.life.promises.queries import promised_time
from makegood.life.reports.models import Report
from makegood.life.updates import actions as updates
from makegood.life.updates import automatic, scripts

# Which field a refusal is about.
PLACES: dict[type[Refusal], str] = {
    diagnosis.NothingAsked: "ask-questions",
    diagnosis.AlreadyKnown: "ask-questions",
    NotATime: "ask-next",
    InThePast: "ask-next",
}


@needs("report.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Choose, look at it as the reporter will, send."""
    report, now = find(request, number), timezone.now()
    kept, stale = keeping.opened(request, "ask", report), meanwhile.unseen(request, report)
    told, looks = kept.told, request.POST.get("do") == "preview"
    slugs = told.getlist("question")
    wanted = list(Question.objects.filter(slug__in=slugs, is_active=True))
    body = told.get("body") or _opening(request, report)
    shown: dict[str, Any] = {"preview": None, "problem": ""}
    if request.method == "POST" and (looks or not stale):
        try:
            how: updates.How = {"next_at": typed_moment(told.get("next_at", ""), now=now), "script": "ask"}
            how["asks"] = asks(request)
            if looks:
                words = updates.with_questions(report, body, wanted)
                shown["preview"] = updates.prepare(report, words, by=actor(request), at=now, **how)
            else:
                how["idempotency_key"] = idempotency_key(told.get("key")) or None
                updates.ask(report, wanted, body, by=actor(request), at=now, **how)
                words = _("Asked. The clock waits for the answer.")
                answer = went(request, reverse("console:report", args=[report.pk]), words)
                return keeping.done(request, answer, "ask", report)
        except Refusal as refusal:
            shown |= slip(refusal, PLACES, "ask-body")
    context = _context(report, body, slugs) | shown | meanwhile.shown(report, told, [] if looks else stale)
    context |= {"kept": kept, "next_value": told.get("next_at") or _when(report)}
    status = 409 if context["stale"] else 422 if shown["problem"] else 200
    return render(request, "console/report/ask.html", context, status=status)


@needs("report.ask")
@require_POST
def change(request: HttpRequest, number: str, request_id: int, verb: str) -> HttpResponse:
    """Remind the reporter of open questions, or stop waiting for them."""
    report, now = find(request, number), timezone.now()
    asked = get_object_or_404(AskRequest, pk=request_id, report=report, state="open")
    if verb == "remind":
        automatic.remind(asked, now=now)
        return acted(request, report, _("Reminded."))
    if verb == "expire":
        diagnosis.withdraw_ask(asked, by=actor(request), at=now, reason=_("We go on with what is known."))
        return acted(request, report, _("We no longer wait for these answers."))
    raise Http404(verb)


def _opening(request: HttpRequest, report: Report) -> str:
    try:
        return scripts.render("ask", report, now=timezone.now(), by=actor(request)).body
    except scripts.NoScript:
        return "{{ questions }}"


def _when(report: Report) -> str:
    return local_value(promised_time(kinds.NEXT_UPDATE, report.severity, timezone.now(), report.team))


def _context(report: Report, body: str, slugs: list[str]) -> dict[str, Any]:
    choices = queries.choices(report)
    # The three most telling open facts are ticked to begin with.
    open_ones = [c.question.slug for c in choices if not c.known and not c.is_open]
    return {
        "report": report,
        "tab": "ask",
        "choices": choices,
        "chosen": slugs or open_ones[:3],
        "body": body,
        "requests": list(queries.open_requests(report)),
    }
