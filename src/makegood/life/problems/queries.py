"""What is known of problems: members, people hit, what happened, which are offered to the public."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from makegood.life.people.models import Agent
from makegood.life.problems import access, states
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import LedgerEntry, Report


def problem_of(report: Report) -> Problem | None:
    """The problem a report belongs to now, whoever may see it."""
    row = Membership.objects.filter(report=report, left_at=None).select_related("problem").first()
    return row.problem if row else None


def problems_of(reports: Iterable[int]) -> dict[int, Problem]:
    """Report id → the problem it belongs to now, in one query."""
    rows = Membership.objects.filter(report__in=list(reports), left_at=None).select_related("problem")
    return {row.report_id: row.problem for row in rows}


def members(seeker: Agent, problem: Problem) -> QuerySet[Membership]:
    """The members ``seeker`` may see, newest first. The counts on the problem count all of them."""
    seen = visible_reports(seeker).order_by().values("pk")
    rows = Membership.objects.filter(problem=problem, left_at=None, report__in=seen)
    return rows.select_related("report", "report__contact", "report__organisation", "report__category").order_by("-id")


def every_member(problem: Problem) -> QuerySet[Report]:
    """All reports that belong to it, protected ones too: for work in the system's name, never for a screen."""
    return Report.objects.filter(memberships__problem=problem, memberships__left_at=None)


def history(problem: Problem, *, limit: int = 200) -> list[LedgerEntry]:
    """What happened to a problem, newest first."""
    rows = LedgerEntry.objects.filter(about=problem.about).select_related("report")
    return list(rows.order_by("-id")[:limit])


def unresolved(seeker: Agent) -> QuerySet[Problem]:
    """Problems that are not over, the lately touched first."""
    rows = access.visible_problems(seeker).filter(merged_into=None).exclude(state=states.RESOLVED)
    return rows.select_related("team", "owner", "category").order_by("-updated_at", "-id")


def offered() -> QuerySet[Problem]:
    """Known errors with public words that reporters may be shown, and no fix yet."""
    return Problem.objects.filter(is_public=True, merged_into=None, state__in=states.UNFIXED, is_protected=False)
