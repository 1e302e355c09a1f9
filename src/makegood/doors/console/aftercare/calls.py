"""The day's calls: whom to call today, what was promised, what to say, and a button for what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.casework import seeker, slip, went, with_toast
from makegood.doors.console.gate import is_fragment, needs
from makegood.doors.console.moments import end_of_day
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import calling, trying, wishes
from makegood.life.aftercare.calling import Call
from makegood.life.aftercare.models import Csat, FollowUp, Recovery, RecoveryCall
from makegood.life.people.models import Agent, Contact
from makegood.life.promises.models import Promise
from makegood.life.reports.access import NotFound, visible_reports

SHOWN = 50
MOST_NOTES = 5000
# (value, what it says on the button, what follows)
FOLLOW_UP = (
    (FollowUp.WORKS, gettext_lazy("Reached: it works"), gettext_lazy("The report is closed, and they are told so.")),
    (
        FollowUp.NOT_SOLVED,
        gettext_lazy("Reached: not solved"),
        gettext_lazy("It opens again, one severity higher, and they are told when they hear from us."),
    ),
    (FollowUp.NOT_YET, gettext_lazy("Reached: not tried yet"), gettext_lazy("They are asked again in a few days.")),
    (FollowUp.NOT_REACHED, gettext_lazy("Not reached"), gettext_lazy("It stands here again on the next open day.")),
    (
        FollowUp.NO_CALLS,
        gettext_lazy("Wants no calls"),
        gettext_lazy("Nobody calls them any more; the follow-up goes on in writing."),
    ),
)
RECOVERY = (
    (Recovery.MADE_GOOD, gettext_lazy("Made good"), gettext_lazy("They are content with what was agreed.")),
    (Recovery.STILL_UNHAPPY, gettext_lazy("Still unhappy"), gettext_lazy("Reached, and it could not be made good.")),
    (Recovery.NOTHING_WANTED, gettext_lazy("Wants nothing"), gettext_lazy("Reached, and they want nothing more.")),
    (Recovery.NOT_REACHED, gettext_lazy("Not reached"), gettext_lazy("It stands here again on the next open day.")),
    (Recovery.NO_CALLS, gettext_lazy("Wants no calls"), gettext_lazy("Nobody calls them any more.")),
)
KEPT = {
    FollowUp.WORKS: gettext_lazy("Kept: it works for them. The report is closed."),
    FollowUp.NOT_SOLVED: gettext_lazy("Kept: not solved. The report is open again."),
    FollowUp.NOT_YET: gettext_lazy("Kept: not tried yet. We ask again."),
    FollowUp.NOT_REACHED: gettext_lazy("Kept: not reached. It comes again on the next open day."),
    FollowUp.NO_CALLS: gettext_lazy("Kept: no more calls."),
}


class TooLong(Refusal):
    """The notes are longer than we keep."""


@needs("report.follow_up")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Who is to be called today, and since when; below, who is written to."""
    agent, now = seeker(request), timezone.now()
    owed = calling.owed(agent, until=end_of_day(now))
    calls, letters, quiet = calling.calls(owed), calling.letters(owed), calling.quiet(owed)
    context = {
        "calls": calling.told(calls[:SHOWN], agent),
        "count": calls.count(),
        "letters": calling.told(letters[:SHOWN], agent),
        "letters_count": letters.count(),
        "quiet": calling.told(quiet[:SHOWN], agent),
        "crowds": calling.crowds(agent, owed),
        "now": now,
    }
    return render(request, "console/aftercare/calls.html", context)


@needs("report.follow_up")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, promise: int) -> HttpResponse:
    """One call: everything to have read before dialling, what to say, and what came of it."""
    agent, now, wrong = seeker(request), timezone.now(), {}
    owed = calling.access_call(agent, promise)
    if request.method == "POST":
        try:
            return _keep(request, agent, owed, now)
        except calling.AlreadyMade:
            raise
        except Refusal as refusal:
            wrong = slip(refusal, {TooLong: "c-notes"}, "c-outcome")
    call = calling.told([owed], agent)[0]
    context = {**_sheet(agent, call, now), "typed": request.POST, **wrong}
    return render(request, "console/aftercare/call.html", context, status=422 if wrong else 200)


@needs("report.follow_up")
@require_POST
def undo(request: HttpRequest, entry: int) -> HttpResponse:
    """Take a call back. From a toast the page at hand is drawn anew; without scripts one goes on with the call."""
    agent = seeker(request)
    report = calling.take_back(agent, entry, at=timezone.now())
    if is_fragment(request):
        return with_toast(HttpResponse(status=204), _("Taken back. The call is owed as before."))
    again = calling.owed(agent, until=timezone.now() + timedelta(days=366)).filter(report=report).first()
    to = reverse("console:call", args=[again.pk]) if again else reverse("console:report", args=[report.pk])
    return went(request, to, _("Taken back. The call is owed as before."))


@needs("report.follow_up")
@require_POST
def wish(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody wants no calls, or takes them again; for those who have a report this agent sees."""
    agent = seeker(request)
    contact = Contact.objects.filter(key=key, reports__in=visible_reports(agent)).first()
    if contact is None:
        raise NotFound(key)
    refused = request.POST.get("calls") == "no"
    wishes.refuse_calls(contact, refused, by=agent.actor, at=timezone.now())
    words = _("Nobody calls them any more.") if refused else _("They may be called again.")
    return went(request, reverse("console:contact", args=[contact.key]), words)


def _keep(request: HttpRequest, agent: Agent, owed: Promise, now: datetime) -> HttpResponse:
    told = request.POST
    notes, outcome = told.get("notes", ""), told.get("outcome", "")
    if len(notes) > MOST_NOTES:
        raise TooLong(_("At most %s characters; the rest belongs into a note on the report.") % MOST_NOTES)
    entry = calling.keep(
        owed,
        by=agent.actor,
        at=now,
        outcome=outcome,
        notes=notes,
        score=whole_number(told.get("score", "")) or None,
        asks_again=told.get("asks_again") == "1",
    )
    others = calling.calls(calling.owed(agent, until=end_of_day(now)))
    following = others.exclude(report=owed.report, kind=owed.kind).first()
    to = reverse("console:call", args=[following.pk]) if following else reverse("console:calls")
    words = KEPT.get(outcome) or _("Kept: what came of the call.")
    return went(request, to, str(words), undo=reverse("console:call_undo", args=[entry.pk]))


def _sheet(agent: Agent, call: Call, now: datetime) -> dict[str, Any]:
    others = calling.calls(calling.owed(agent, until=end_of_day(now))).exclude(pk=call.promise.pk)
    report = call.report
    earlier: list[FollowUp | RecoveryCall] = [*report.follow_ups.all()]
    if agent.may("recovery.view"):
        earlier += RecoveryCall.objects.filter(recovery__report=report)
    return {
        "call": call,
        "report": report,
        "is_open": calling.is_open(call.promise),
        "outcomes": [(n, *row) for n, row in enumerate(RECOVERY if call.is_recovery else FOLLOW_UP, 1)],
        "script": calling.script(call, by=agent.actor, now=now),
        "said": calling.said_lately(report),
        "earlier": sorted(earlier, key=lambda row: row.at, reverse=True),
        "csat": Csat.objects.filter(report=report).first(),
        "reasons": dict(Csat.REASONS),
        "may_recover": agent.may("recovery.work"),
        "wish": wishes.of(report.contact),
        "enough": trying.ENOUGH,
        "following": others.first(),
        "left": others.count(),
        "why": in_words(call.recovery),
        "scores": (5, 4, 3, 2, 1),
    }


def in_words(row: Recovery | None) -> list[str]:
    """What asked for a call, a sentence each."""
    if row is None:
        return []
    found = []
    for one in row.why:
        if "message" not in one and one.get("score"):
            found.append(_("They gave us %(score)s of 5.") % {"score": one["score"]})
        if one.get("words"):
            said = ", ".join(f"“{word}”" for word in one["words"])
            found.append(_("In their words stands: %(words)s.") % {"words": said})
    return found
