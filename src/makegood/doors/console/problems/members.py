"""Who belongs to a problem: leaving, splitting off, merging with another problem and back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.problems.finding import address, back, find, undo_of
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.problems import actions, filtering, membership
from makegood.life.reports.access import NotFound, access_report, visible_reports

PLACES: dict[type[Refusal], str] = {membership.CannotJoin: "merge-into", actions.NeedsWords: "split-title"}


@needs("problem.view", post="problem.join")
@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """Take one report out; nothing of the report changes."""
    problem = find(request, number)
    report = access_report(seeker(request), request.POST.get("report", ""))
    row = membership.member_row(report)
    if row is None or row.problem_id != problem.pk:
        raise membership.CannotJoin(_("%(number)s does not belong to it any more.") % {"number": report.number})
    membership.leave(report, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", "")[:500])
    words = _("%(number)s no longer belongs to it.") % {"number": report.number}
    return back(request, problem, words, undo=undo_of(problem, "problem.left"))


@needs("problem.view", post="problem.edit")
@require_POST
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Open another problem and let the members chosen go over to it."""
    problem = find(request, number)
    keys = [key for value in request.POST.getlist("member") if (key := whole_number(value)) is not None]
    reports = list(visible_reports(seeker(request)).filter(pk__in=keys[:500]))
    title = request.POST.get("title", "")
    other = membership.split(problem, reports, title, by=actor(request), at=timezone.now())
    words = ngettext(
        "%(n)s report went over to %(number)s.", "%(n)s reports went over to %(number)s.", other.reports_count
    ) % {"n": other.reports_count, "number": other.number}
    return went(request, address(other), words, undo=undo_of(problem, "problem.split"))


@needs("problem.view", post="problem.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the problem it proves to be, and let all members go over."""
    problem, agent, wrong = find(request, number), seeker(request), {}
    typed = request.POST.get("into", "").strip()
    if request.method == "POST":
        try:
            into = find(request, typed)
            went_over = membership.merge(problem, into, by=actor(request), at=timezone.now())
            told = {"n": went_over, "number": problem.number, "into": into.number}
            words = ngettext(
                "%(number)s is part of %(into)s now; %(n)s report went over.",
                "%(number)s is part of %(into)s now; %(n)s reports went over.",
                went_over,
            )
            return went(request, address(into), words % told, undo=undo_of(problem, "problem.merged"))
        except NotFound:
            refusal = Refusal(_("There is no problem of that number, or it is not for you to see."))
            wrong = slip(refusal, {}, "merge-into")
        except Refusal as no:
            wrong = slip(no, PLACES, "merge-into")
    words = request.GET.get("q", "").strip()
    choices = [one for one in filtering.look_up(agent, words) if one.pk != problem.pk]
    context = {"fault": problem, "typed": typed, "words": words, "choices": choices, **wrong}
    return render(request, "console/problems/merge.html", context, status=422 if wrong else 200)


@needs("problem.view", post="problem.merge")
@require_POST
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Take a merge back."""
    problem = find(request, number)
    returned = membership.unmerge(problem, by=actor(request), at=timezone.now())
    words = ngettext(
        "Two problems again; %(n)s report came back.", "Two problems again; %(n)s reports came back.", returned
    )
    return back(request, problem, words % {"n": returned})
