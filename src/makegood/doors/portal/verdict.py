"""Is it solved for you: asked first of all, answered by POST. A second answer shows the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.portal import visits
from makegood.lib.errors import Refusal
from makegood.life.aftercare import actions, queries
from makegood.life.aftercare.models import Resolution
from makegood.life.reports import states
from makegood.life.reports.models import Report

MAX_WORDS = 5_000


@dataclass(frozen=True)
class Outcome:
    """What the report's page shows of the end: our words, the reporter's answer, whether the question is open."""

    words: str = ""
    to_do: str = ""
    answer: str = ""
    is_asking: bool = False
    is_closed: bool = False


class NotTheirs(Refusal):
    """Who takes part may speak; whether it is solved says whoever reported it."""


def own(visit: visits.Visit) -> Report:
    """The report, for its reporter. Raises NotTheirs."""
    if visit.contact.pk != visit.report.contact_id:
        raise NotTheirs(_("Only the person who reported it can say that. Write us a message instead."))
    return visit.report


def outcome(report: Report, *, now: datetime, is_own: bool = True) -> Outcome:
    """The solution that stands, and what was said to it; asks only whoever reported it (``is_own``).

    Closed because nobody answered, it can still be said whether it works, as long as "no" would open it again.
    """
    found = queries.current(report) if report.state in (states.SOLVED, states.CLOSED) else None
    if found is None:
        return Outcome()
    is_closed = report.state == states.CLOSED
    is_open_to_answer = not is_closed or (report.close_reason == "silence" and queries.can_reopen(report, now=now))
    return Outcome(
        words=found.reporter_words,
        to_do="" if found.to_do in found.reporter_words else found.to_do,
        answer=found.answer,
        is_asking=is_own and is_open_to_answer and found.answer != Resolution.YES,
        is_closed=is_closed,
    )


@require_POST
@visits.page
def verdict(request: HttpRequest, number: int) -> HttpResponse:
    """Yes, no, or not checked yet."""
    visit = visits.visit(request, number, now=timezone.now())
    answer, said = request.POST.get("answer", ""), request.POST.get("words", "")[:MAX_WORDS]
    try:
        actions.confirm(own(visit), answer, by=visit.contact.actor, at=timezone.now(), said=said)
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _thanks(answer))
        if request.POST.get("then") == "rate" and answer == Resolution.YES:
            return redirect("portal:rate", number)
    return redirect("portal:report", number)


@require_POST
@visits.page
def solved_itself(request: HttpRequest, number: int) -> HttpResponse:
    """A safe step helped, and the reporter wants no more: the report is taken back, with the way to reopen it."""
    visit = visits.visit(request, number, now=timezone.now())
    said = _("It works for me now. You can close this report.")
    try:
        actions.withdraw_report(own(visit), by=visit.contact.actor, at=timezone.now(), said=said)
    except Refusal as no:
        messages.error(request, str(no))
    return redirect("portal:report", number)


def _thanks(answer: str) -> str:
    if answer == Resolution.YES:
        return _("Thank you. We are glad that it works.")
    if answer == Resolution.NO:
        return _("We are sorry. We open it again and look at it with more urgency.")
    return _("Thank you. We ask again in a few days.")
