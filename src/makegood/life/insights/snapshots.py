"""How things stood at the end of a day: known errors that were not fixed yet, and whom they hit."""

from __future__ import annotations

from django.db.models import Q

from makegood.life.insights.facts import Day
from makegood.life.insights.models import Tally
from makegood.life.problems.models import Membership, Problem

KNOWN = "known"


def of_day(day: Day) -> list[Tally]:
    """Known errors as the day ended (or as it stands, if it has not ended)."""
    moment = min(day.span[1], day.now)
    open_then = Q(released_at=None) | Q(released_at__gt=moment)
    unresolved = Q(resolved_at=None) | Q(resolved_at__gt=moment)
    known = Problem.objects.filter(open_then, unresolved, cause_known_at__lte=moment, merged_into=None)
    problems = list(known.order_by().values_list("pk", flat=True))
    if not problems:
        return []
    still = Q(left_at=None) | Q(left_at__gt=moment)
    members = Membership.objects.filter(still, problem__in=problems, joined_at__lte=moment).order_by()
    rows = list(members.values_list("report_id", "report__contact_id"))
    hit = {"reports": len({report for report, _who in rows}), "people": len({who for _report, who in rows})}
    return [Tally(day=day.day, measure=KNOWN, count=len(problems), parts={"hit": hit})]
