"""Which problems hit most in a period: reports and people per problem, counted from the rows, for the Pareto."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from makegood.life.people.models import Agent
from makegood.life.problems import access
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.access import visible_reports

REPORTS, PEOPLE = "reports", "people"


@dataclass(frozen=True)
class Share:
    """One problem's part: reports of the period that belong to it now, people and organisations once each.

    ``cumulative``: the share of this one and all before it, 0 to 1, of the sum over all problems.
    """

    problem: Problem
    reports: int
    people: int
    organisations: int
    cumulative: float


@dataclass(frozen=True)
class Period:
    """All of a period. ``unjoined``: reports of errors that belong to no problem; ``people``: over all, once each."""

    shares: list[Share]
    reports: int
    people: int
    unjoined: int


def of_period(seeker: Agent, *, start: datetime, end: datetime, by: str = REPORTS) -> Period:
    """The problems ``seeker`` may see, the heaviest first, for reports received in [start, end)."""
    members = Membership.objects.filter(
        left_at=None,
        report__received_at__gte=start,
        report__received_at__lt=end,
        problem__in=access.visible_problems(seeker).order_by().values("pk"),
    ).order_by()
    counts = {
        "reports": Count("pk"),
        "people": Count("report__contact", distinct=True),
        "organisations": Count("report__organisation", distinct=True),
    }
    rows: list[dict[str, int]] = list(members.values("problem").annotate(**counts))  # type: ignore[arg-type]
    counted = sorted(rows, key=lambda row: (-row[by], -row[REPORTS], row["problem"]))
    problems = Problem.objects.select_related("team", "owner").in_bulk([row["problem"] for row in counted])
    whole, sum_so_far, shares = sum(row[by] for row in counted), 0, []
    for row in counted:
        sum_so_far += row[by]
        told = {name: row[name] for name in counts}
        shares.append(Share(problems[row["problem"]], **told, cumulative=sum_so_far / whole if whole else 0.0))
    people = members.aggregate(all=Count("report__contact", distinct=True))["all"]
    return Period(shares, sum(share.reports for share in shares), people, _unjoined(seeker, start, end))


def _unjoined(seeker: Agent, start: datetime, end: datetime) -> int:
    belongs = Membership.objects.filter(report=OuterRef("pk"), left_at=None)
    reports = visible_reports(seeker).filter(kind="error", received_at__gte=start, received_at__lt=end).order_by()
    return reports.filter(~Exists(belongs)).count()
