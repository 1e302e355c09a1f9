"""How bad it was, in numbers: computed, never typed, but for when it began and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from makegood.life.problems.queries import every_member
from makegood.life.promises.models import Promise
from makegood.life.rca.models import Rca


def counted(rca: Rca, *, at: datetime) -> dict[str, Any]:
    """The numbers as they are at ``at``: minutes it hurt, minutes until we knew, reports, people, organisations,
    promises due and broken. None where a moment is not known."""
    members = every_member(rca.problem).order_by()
    told = members.aggregate(first=Min("received_at"), last=Max("received_at"))
    began, ended = rca.began_at or told["first"], rca.ended_at or rca.problem.released_at
    detected = rca.detected_at or told["first"]
    return {
        "minutes": _minutes(began, ended),
        "minutes_until_known": _minutes(rca.began_at, detected),
        "reports": rca.problem.reports_count,
        "people": rca.problem.people_count,
        "organisations": rca.problem.organisations_count,
        "by_severity": dict(members.values_list("severity").annotate(Count("pk")).order_by()),
        **_promises(rca, at),
    }


def of(rca: Rca, *, at: datetime) -> dict[str, Any]:
    """What is shown: as it was when it was submitted; of a draft, as it is now."""
    return rca.impact if rca.impact and not rca.is_draft else counted(rca, at=at)


def _promises(rca: Rca, at: datetime) -> dict[str, int]:
    """What was promised on its reports and fell due by ``at``, and how much of it was not kept in time."""
    rows = Promise.objects.filter(report__in=every_member(rca.problem).order_by().values("pk"), due_at__lte=at)
    late = Q(broken_at__isnull=False) | Q(state=Promise.OPEN)
    found = rows.exclude(state=Promise.WITHDRAWN, broken_at=None).aggregate(
        promises_due=Count("pk"), promises_broken=Count("pk", filter=late)
    )
    return {name: int(value or 0) for name, value in found.items()}


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    return int((end - start).total_seconds() // 60) if start and end and end >= start else None
