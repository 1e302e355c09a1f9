"""What every view of problems shares: the problem of the address, the way back to its page, the address of an undo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors.console.casework import seeker, went
from makegood.life.people.models import Agent
from makegood.life.problems import membership, queries
from makegood.life.problems.access import access_problem
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry, Report


def find(request: HttpRequest, number: str) -> Problem:
    """The problem of the address, for this seeker. Raises NotFound."""
    return access_problem(seeker(request), number)


def address(problem: Problem, part: str = "problem") -> str:
    return reverse(f"console:{part}", args=[problem.number])


def back(request: HttpRequest, problem: Problem, words: str, *, undo: str = "") -> HttpResponse:
    """To the problem's page after an act, with ``words`` of what was done."""
    return went(request, address(problem), words, undo=undo)


def refuse_hidden(agent: Agent, report: Report) -> None:
    """Raise CannotJoin for a report of a problem that is not theirs to see: they cannot know what they would undo."""
    if queries.is_hidden_from(agent, report):
        raise membership.CannotJoin(
            _("%(number)s belongs to a protected problem. Ask a lead.") % {"number": report.number}
        )


def undo_of(problem: Problem, *kinds: str) -> str:
    """The address that takes back the newest entry of ``kinds`` about ``problem``."""
    entry = LedgerEntry.objects.filter(about=problem.about, kind__in=kinds).order_by("-id").first()
    return reverse("console:problem_undo", args=[entry.pk]) if entry else ""
