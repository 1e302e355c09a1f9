"""Is this known? The problems and reports most like one, side by side with it, each with the reason; nothing is joined
but by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console import call
from makegood.doors.console.casework import actor, find, seeker, went
from makegood.doors.console.gate import needs
from makegood.doors.console.problems import finding
from makegood.doors.ui.alike import why
from makegood.life.aftercare import merging
from makegood.life.people.models import Agent
from makegood.life.problems import actions, known, membership, queries
from makegood.life.problems.known import Suggestion
from makegood.life.reports.models import Report

MOST, MOST_AT_SIDE, MOST_ON_PHONE = 5, 3, 3


@dataclass(frozen=True)
class Shown:
    """A suggestion as it is read: ``why`` in words, ``said`` the first words of a report, ``is_same_person``."""

    one: Suggestion
    why: tuple[str, ...]
    said: str = ""
    is_same_person: bool = False


def for_report(agent: Agent, report: Report, *, now: datetime, most: int = MOST) -> list[Shown]:
    """What ``report`` may be, best first, as ``agent`` may see it."""
    found = known.like(agent, report, now=now, most=most)
    first = _first_words([one.report.pk for one in found if one.report])
    return [_shown(one, first, report) for one in found]


@needs("report.view")
@require_safe
def at_side(request: HttpRequest, number: str) -> HttpResponse:
    """The likeliest, for the side of the report's page; fetched after it."""
    report = find(request, number)
    found = for_report(seeker(request), report, now=timezone.now(), most=MOST_AT_SIDE)
    return render(request, "console/problems/_known.html", {"report": report, "suggestions": found})


@needs("report.take_by_phone")
@require_POST
def on_phone(request: HttpRequest) -> HttpResponse:
    """What the form so far may be, while somebody is on the phone."""
    words, now = request.POST.get("what", "")[:4_000], timezone.now()
    found = known.like_question(seeker(request), call.question(request.POST), now=now, most=MOST_ON_PHONE)
    context = {
        "suggestions": [_shown(one, {}, None) for one in found],
        "suggested": call.suggested(words, request.POST, now=now),
    }
    return render(request, "console/phone/_known.html", context)


@needs("report.view", post="problem.join")
@require_POST
def join_with(request: HttpRequest, number: str) -> HttpResponse:
    """These two reports have one cause: join the other's problem, or open one for both."""
    report, other = find(request, number), find(request, request.POST.get("other", ""))
    by, now, undo = actor(request), timezone.now(), "problem.joined"
    for one in (report, other):
        finding.refuse_hidden(seeker(request), one)
    with transaction.atomic():
        problem = queries.seen_on(seeker(request), other)
        if problem is None:
            undo = "problem.opened"  # one undo for all of it
            problem = actions.open_problem(other.title, by=by, at=now, of=other)
            membership.join(problem, other, by=by, at=now)
        membership.join(problem, report, by=by, at=now)
    words = _("%(report)s and %(other)s belong to %(problem)s.")
    told = {"report": report.number, "other": other.number, "problem": problem.number}
    return went(request, f"/console/reports/{report.pk}/", words % told, undo=finding.undo_of(problem, undo))


@needs("report.view", post="report.close")
@require_POST
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """The same person told the same thing twice: go on in the other report; or (``none``) take that back."""
    report, by, now = find(request, number), actor(request), timezone.now()
    if request.POST.get("none") == "1":
        merging.unmerge(report, by=by, at=now)
        return went(request, f"/console/reports/{report.pk}/?here=1", _("The two go their own ways again."))
    into = find(request, request.POST.get("into", ""))
    merging.merge(report, into, by=by, at=now)
    words = _("%(report)s goes on in %(into)s.") % {"report": report.number, "into": into.number}
    undo = reverse("console:report_merge_back", args=[report.pk])
    return went(request, f"/console/reports/{into.pk}/", words, undo=undo)


@needs("report.view", post="report.close")
@require_POST
def merge_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take a merge back, from the toast that told of it: while our words wait, nothing of it remains."""
    report = find(request, number)
    merging.take_back(report, by=actor(request), at=timezone.now())
    return went(request, reverse("console:report", args=[report.pk]), _("The two go their own ways again."))


def _shown(one: Suggestion, first: dict[int, str], report: Report | None) -> Shown:
    other = one.report
    same = bool(report and other and other.contact_id == report.contact_id)
    return Shown(one, why(one.reasons), first.get(other.pk, "") if other else "", same)


def _first_words(reports: list[int]) -> dict[int, str]:
    """The first thing each reporter said."""
    found: dict[int, str] = {}
    for pk, body in queries.first_words(reports):
        found.setdefault(pk, body)
    return found
