"""Speaking on a case: a reply the reporter reads, or a note nobody outside ever sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console import colleagues, compose_form, keeping, meanwhile
from makegood.doors.console.casework import COMPOSER, LIVE, acted, actor, find, seeker
from makegood.doors.console.gate import is_fragment, needs
from makegood.doors.console.moments import typed_moment
from makegood.lib import times
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key
from makegood.life.reports import conversation
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Message, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import closing, scripts

# How a form says that a doubtful time is meant as it stands.
KEPT = "kept"


@needs("report.reply")
@require_POST
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Say it to the reporter, unless something was said meanwhile that the agent has not seen."""
    report, now = find(request, number), timezone.now()
    if new := meanwhile.unseen(request, report):
        return _again(request, report, now=now, stale=new)
    try:
        message = updates.reply(report, request.POST.get("body", ""), by=actor(request), at=now, **_how(request, now))
    except Refusal as refusal:
        return _again(request, report, now=now, **_refused(request, report, refusal, now))
    conversation.save_draft(report, seeker(request), "", is_internal=False, at=now)
    undo = reverse("console:report_unsay", args=[report.pk, message.key])
    words = _("Sending to %(name)s in 10 seconds.") % {"name": report.contact}
    answer = acted(request, report, words, undo=undo, parts=(*LIVE, COMPOSER))
    return keeping.told_of(answer, _kept_at(report, "reply"))


@needs("report.note")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Write it down for colleagues only."""
    report, now = find(request, number), timezone.now()
    body = request.POST.get("body", "")
    try:
        conversation.note(report, body, by=actor(request), at=now)
    except Refusal as refusal:
        return _again(request, report, now=now, problem=str(refusal), is_note=True)
    conversation.save_draft(report, seeker(request), "", is_internal=True, at=now)
    answer = acted(request, report, colleagues.after_note(body, report), parts=(*LIVE, COMPOSER))
    return keeping.told_of(answer, _kept_at(report, "note"))


@needs("report.note")
@require_POST
def unsay(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Take a reply back inside its ten seconds; its words return to the composer."""
    report, now = find(request, number), timezone.now()
    message = Message.objects.filter(report=report, key=key, agent=seeker(request), is_internal=False).first()
    if message is None:
        raise NotFound(key)
    updates.unsay(message, by=actor(request), at=now)
    conversation.save_draft(report, seeker(request), _own_words(message, report), is_internal=False, at=now)
    return acted(request, report, _("Taken back. It was not sent."), parts=(*LIVE, COMPOSER))


@needs("report.note")
@require_POST
def compose(request: HttpRequest, number: str) -> HttpResponse:
    """The composer again with another mode, a script's words or a preview. Says and keeps nothing."""
    report, now = find(request, number), timezone.now()
    what = request.POST.get("do", "")
    if what.startswith("script:"):
        draft = scripts.render(what.removeprefix("script:"), report, now=now, by=actor(request))
        typed = request.POST.get("body", "").strip()
        body = f"{typed}\n\n{draft.body}" if typed else draft.body
        return _again(request, report, now=now, body=body, script=draft.script, is_note=False)
    if what == "preview":
        return _preview(request, report, now=now)
    return _again(request, report, now=now, is_note=what == "note")


@needs("report.note")
@require_POST
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed."""
    report = find(request, number)
    internal = request.POST.get("mode") == "note" or request.POST.get("internal") == "1"
    body = request.POST.get("body", "")
    conversation.save_draft(report, seeker(request), body, is_internal=internal, at=timezone.now())
    return HttpResponse(status=204)


def _kept_at(report: Report, kind: str) -> str:
    return f"{reverse('console:report_draft', args=[report.pk])}?{kind}"


def _own_words(message: Message, report: Report) -> str:
    """A reply without the closing line we added: its time is named anew when it is sent again."""
    return closing.taken_off(report, message.body, message.named_time, at=message.at)


def _how(request: HttpRequest, now: datetime) -> updates.How:
    """``then`` is how to go on: "wait" or "send", with "|kept" or "|" and a moment where an offer was taken."""
    final = request.POST.get("final") == "1"
    then, _bar, taken = request.POST.get("then", "").partition("|")
    next_at = taken if taken not in ("", KEPT) else request.POST.get("next_at", "")
    return {
        "final": final,
        "next_at": None if final else typed_moment(next_at, now=now),
        "script": request.POST.get("script", "")[:60],
        "waiting_for_reporter": then == "wait",
        "asks": taken != KEPT,
        "idempotency_key": idempotency_key(request.POST.get("key")) or None,
    }


def _refused(request: HttpRequest, report: Report, refusal: Refusal, now: datetime) -> dict[str, Any]:
    """Why it was not sent, and what may be done about it with one press: (value of ``then``, words)."""
    offers: list[tuple[str, str]] = []
    then = request.POST.get("then", "").partition("|")[0] or "send"
    if isinstance(refusal, updates.UnclearTime):
        told = refusal.promised and _told(report, refusal.promised, now)
        words = _("Yes, %(time)s is meant") % {"time": told} if told else _("No, it is no promise: send it")
        offers.append((f"{then}|{KEPT}", words))
    if isinstance(refusal, updates.TimesDisagree) and refusal.moment:
        words = _("Promise %(time)s") % {"time": _told(report, refusal.moment, now)}
        offers.append((f"{then}|{refusal.moment.isoformat()}", words))
    return {"problem": str(refusal), "offers": offers}


def _told(report: Report, moment: datetime, now: datetime) -> str:
    """A moment as the reporter reads it, in the agent's language."""
    return times.in_words(moment, language=get_language() or "en", zone=scripts.reporter_zone(report), now=now)


def _again(request: HttpRequest, report: Report, *, now: datetime, **changes: Any) -> HttpResponse:
    """The composer with everything typed still in it; without scripts on a page of its own."""
    context = compose_form.composer_context(seeker(request), report, now=now, request=request)
    if "is_note" in changes:
        changes["is_note"] = changes["is_note"] or not context["may_reply"]
    context |= {
        "report": report,
        "body": request.POST.get("body", ""),
        "is_final": request.POST.get("final") == "1",
        "next_value": request.POST.get("next_at") or context["next_value"],
        "script": request.POST.get("script", ""),
        "seen": request.POST.get("seen") or context["seen"],
        **changes,
        "take_focus": True,
    }
    if changes.get("stale"):
        context["seen"] = changes["stale"][-1].pk
    if is_fragment(request):
        return render(request, "console/report/composer_part.html", context)
    conversation.save_draft(report, seeker(request), context["body"], is_internal=context["is_note"], at=now)
    return render(request, "console/report/composer_page.html", context)


def _preview(request: HttpRequest, report: Report, *, now: datetime) -> HttpResponse:
    try:
        how = _how(request, now)
        prepared = updates.prepare(report, request.POST.get("body", ""), by=actor(request), at=now, **how)
    except Refusal as refusal:
        return _again(request, report, now=now, **_refused(request, report, refusal, now))
    return _again(request, report, now=now, preview=prepared)
