"""What the reporter says on their report's page: words and files, answers to our questions, what a safe step did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.portal import allowance, status, verdict, visits
from makegood.doors.portal.visits import Visit
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key
from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import following
from makegood.life.aftercare.models import Resolution
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import steps
from makegood.life.reports import attachments

if TYPE_CHECKING:  # By name only: messages come from ``access.public_messages``.
    from makegood.life.reports.models import Message

ANSWER = "answer_"
MOST_FILES = 10


@require_POST
@visits.page
def say(request: HttpRequest, number: int) -> HttpResponse:
    """A message with files. A refused file never holds the words back."""
    visit, now = visits.visit(request, number, now=timezone.now()), timezone.now()
    files, typed = request.FILES.getlist("files"), request.POST.get("body", "")
    words = typed if typed.strip() or not files else _("I am sending a file.")
    wait = allowance.words(visit.report.pk, now=now) or (allowance.upload(request, now=now) if files else 0.0)
    if wait:
        return status.show(request, visit, status=429, typed=typed, errors=[("body", _too_fast(wait))])
    try:
        key = idempotency_key(request.POST.get("key"))
        message = aftercare.hear(
            visit.report,
            words,
            by=visit.contact.actor,
            at=now,
            idempotency_key=f"{visit.report.pk}:{key}" if key else None,
        )
    except aftercare.TooLateToReopen:
        return _go_on(request, visit, words, now=now)
    except Refusal as no:
        return status.show(request, visit, status=422, typed=typed, errors=[("body", str(no))])
    refused = _attach(visit, request, message)
    if refused:
        messages.success(request, _("Your words have reached us. Only the files named here have not."))
        return status.show(request, visit, status=422, errors=[("files", sentence) for sentence in refused])
    messages.success(request, _("Thank you. We have your message."))
    return redirect("portal:report", number)


@require_POST
@visits.page
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answers to the questions we asked; as many or as few as the reporter can give."""
    visit = visits.visit(request, number, now=timezone.now())
    given = {
        name.removeprefix(ANSWER): str(words)
        for name, words in request.POST.items()
        if name.startswith(ANSWER) and str(words).strip()
    }
    if wait := allowance.words(visit.report.pk, now=timezone.now()):
        return status.show(request, visit, status=429, given=given, errors=[("questions", _too_fast(wait))])
    try:
        if not given:
            raise diagnosis.NotAnAnswer(_("Answer at least one of the questions, or write to us below."))
        aftercare.hear_answers(visit.report, given, by=visit.contact.actor, at=timezone.now())
    except aftercare.TooLateToReopen as no:
        return status.show(request, visit, status=422, typed="\n\n".join(given.values()), errors=[("body", str(no))])
    except Refusal as no:
        return status.show(request, visit, status=422, given=given, errors=[("questions", str(no))])
    messages.success(request, _("Thank you. Your answers help us to find the cause."))
    return redirect("portal:report", number)


@require_POST
@visits.page
def tried(request: HttpRequest, number: int) -> HttpResponse:
    """What came of a safe step."""
    visit = visits.visit(request, number, now=timezone.now())
    slug, outcome = request.POST.get("step", "")[:60], request.POST.get("outcome", "")
    try:
        steps.record_trial(visit.report, slug, outcome, by=visit.contact.actor, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("portal:guide", number)
    if outcome == "helped":
        return render(request, "portal/status/helped.html", {"report": visit.report, "contact": visit.contact})
    messages.success(request, _("Noted. Thank you for trying."))
    return redirect("portal:guide", number)


@require_POST
@visits.page
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Is it solved: yes, no, or not checked yet. A second answer shows the first; refused words stay on the page."""
    visit, now = visits.visit(request, number, now=timezone.now()), timezone.now()
    answer, said = request.POST.get("answer", ""), request.POST.get("words", "")
    try:
        aftercare.confirm(verdict.own(visit), answer, by=visit.contact.actor, at=now, said=said)
    except Refusal as no:
        told = aftercare.too_late() if isinstance(no, aftercare.TooLateToReopen) else str(no)
        end = verdict.outcome(visit.report, now=now, is_own=visit.contact.pk == visit.report.contact_id)
        place, kept = ("words", "verdict_words") if end.is_asking else ("body", "typed")
        return status.show(request, visit, status=422, errors=[(place, told)], **{kept: said})
    messages.success(request, _thanks(answer))
    is_to_rate = request.POST.get("then") == "rate" and answer == Resolution.YES
    return redirect("portal:rate" if is_to_rate else "portal:report", number)


@require_POST
@visits.page
def solved_itself(request: HttpRequest, number: int) -> HttpResponse:
    """A safe step helped, and the reporter wants no more: the report is taken back, with the way to reopen it."""
    visit = visits.visit(request, number, now=timezone.now())
    said = _("It works for me now. You can close this report.")
    try:
        aftercare.withdraw_report(verdict.own(visit), by=visit.contact.actor, at=timezone.now(), said=said)
    except Refusal as no:
        messages.error(request, str(no))
    return redirect("portal:report", number)


def _thanks(answer: str) -> str:
    if answer == Resolution.YES:
        return _("Thank you. We are glad that it works.")
    if answer == Resolution.NO:
        return _("We are sorry. We open it again and look at it with more urgency.")
    return _("Thank you. We ask again in a few days.")


def _go_on(request: HttpRequest, visit: Visit, words: str, *, now: datetime) -> HttpResponse:
    """The report has been closed for long: the words begin a new one, which this browser may see at once."""
    try:
        key = idempotency_key(request.POST.get("key"))
        filed = following.go_on(visit.report, words, contact=visit.contact, at=now, idempotency_key=key)
    except Refusal as no:
        return status.show(request, visit, status=422, typed=words, errors=[("body", str(no))])
    for sentence in _attach(visit, request, filed.message) if filed.message else []:
        messages.error(request, sentence)
    told = _("%(old)s has been closed for more than two weeks, so we opened %(new)s for you. It goes on from there.")
    messages.success(request, told % {"old": visit.report.number, "new": filed.report.number})
    answer = redirect("portal:report", filed.report.pk)
    visits.open_report(request, answer, filed.token)
    return answer


def _too_fast(wait: float) -> str:
    return _("That is a lot at once. Your words are below; send them again in %(n)s seconds.") % {"n": int(wait) + 1}


def _attach(visit: Visit, request: HttpRequest, message: Message) -> list[str]:
    refused = []
    given = request.FILES.getlist("files")
    if left := [one.name or "" for one in given[MOST_FILES:]]:
        told = _("At most %(most)s files go with one message. Not sent: %(names)s. Send them with another message.")
        refused.append(told % {"most": MOST_FILES, "names": ", ".join(left)})
    for one in given[:MOST_FILES]:
        try:
            attachments.attach(
                message.report,
                one.file,  # type: ignore[arg-type]
                name=one.name or "",
                by=visit.contact.actor,
                at=message.at,
                message=message,
            )
        except Refusal as no:
            refused.append(str(no))
    return refused
