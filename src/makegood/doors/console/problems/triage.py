"""Triage of one report (screen 14): to which problem it belongs, or which report of the same person tells the same.

Joining is never a merge: each reporter keeps their own thread. Nothing of the report is changed, so leaving restores
exactly what was.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.casework import acted, actor, find, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.problems import finding, suggesting
from makegood.doors.console.problems.finding import address, undo_of
from makegood.lib.errors import Refusal
from makegood.life.problems import actions, filtering, membership, queries
from makegood.life.problems.access import access_problem
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

PLACES: dict[type[Refusal], str] = {actions.NeedsWords: "open-title", actions.TooLong: "open-title"}


@needs("report.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Both choices on one page; ``q`` looks for problems by number or words."""
    return _show(request, find(request, number), {})


@needs("report.view", post="problem.join")
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Join the problem called ``problem``; the report leaves another one for it."""
    report, named = find(request, number), request.POST.get("problem", "").strip()
    try:
        problem = access_problem(seeker(request), named)
        finding.refuse_hidden(seeker(request), report)
        reason = request.POST.get("reason", "")[:500]
        membership.join(problem, report, by=actor(request), at=timezone.now(), reason=reason)
    except NotFound:
        gone = Refusal(_("There is no problem of that number, or it is not for you to see."))
        return _show(request, report, slip(gone, {}, "join-number"), status=422)
    except Refusal as no:
        return _show(request, report, slip(no, {}, "join-number"), status=422)
    words = _("%(report)s belongs to %(problem)s.") % {"report": report.number, "problem": problem.number}
    return went(request, _report(report), words, undo=undo_of(problem, "problem.joined"))


@needs("report.view", post="problem.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def open_from(request: HttpRequest, number: str) -> HttpResponse:
    """Open a problem from this report, and let the report be its first member."""
    report = find(request, number)
    if request.method != "POST":
        return _show(request, report, {})
    try:
        with transaction.atomic():
            by, now = actor(request), timezone.now()
            finding.refuse_hidden(seeker(request), report)
            problem = actions.open_problem(request.POST.get("title", ""), by=by, at=now, of=report)
            membership.join(problem, report, by=by, at=now)
    except Refusal as no:
        return _show(request, report, slip(no, PLACES, "open-title"), status=422)
    words = _("%(number)s is open.") % {"number": problem.number}
    return went(request, address(problem), words, undo=undo_of(problem, "problem.opened"))


@needs("report.view", post="problem.join")
@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """The report belongs to no problem any more. Raises NotFound for a problem that is not theirs to see."""
    report = find(request, number)
    problem = queries.seen_on(seeker(request), report)
    if problem is None:
        raise NotFound(number)
    membership.leave(report, by=actor(request), at=timezone.now())
    words = _("%(report)s no longer belongs to %(problem)s.") % {"report": report.number, "problem": problem.number}
    return acted(request, report, words, undo=undo_of(problem, "problem.left"))


@needs("report.view", post="problem.edit")
@require_POST
def split(request: HttpRequest, number: str) -> HttpResponse:
    """The report is about something else than the others of its problem: a problem of its own, with the same facts."""
    report = find(request, number)
    problem = queries.seen_on(seeker(request), report)
    if problem is None:
        raise NotFound(number)
    title = request.POST.get("title", "").strip() or report.title
    other = membership.split(problem, [report], title, by=actor(request), at=timezone.now())
    told = {"report": report.number, "problem": other.number, "other": problem.number}
    words = _("%(report)s is %(problem)s now, split from %(other)s.") % told
    return went(request, _report(report), words, undo=undo_of(problem, "problem.split"))


def _show(request: HttpRequest, report: Report, wrong: dict[str, str], *, status: int = 200) -> HttpResponse:
    agent, words = seeker(request), request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {
        "report": report,
        "words": words,
        "suggestions": suggesting.for_report(agent, report, now=timezone.now()),
        "mine": dict(queries.first_words([report.pk])).get(report.pk, ""),
        "typed": request.POST,
        "fault": queries.seen_on(agent, report),
        "choices": filtering.look_up(agent, words),
        "duplicates": list(report.duplicates.order_by("id").only("pk", "title", "state")[:6]),
        "may": {
            "edit": agent.may("problem.edit"),
            "join": agent.may("problem.join"),
            "same": agent.may("report.label"),
            "merge": agent.may("report.close"),
        },
        **wrong,
    }
    return render(request, "console/problems/triage.html", context, status=status)


def _report(report: Report) -> str:
    return reverse("console:report", args=[report.pk])
