"""What a proposal is computed from: how bad, how long, whose, how often the same thing failed the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from makegood.life.compensation.models import Compensation
from makegood.life.people.models import Agent, Contact
from makegood.life.problems.membership import member_row
from makegood.life.problems.models import Membership, Problem
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry, Report


@dataclass(frozen=True)
class Facts:
    """Of one report at one moment. ``failure``: the how manyeth time its cause failed this customer."""

    severity: str
    minutes: int
    plan: str
    broken: int
    cause: str
    failure: int
    problem: Problem | None
    is_related: bool

    def plain(self) -> dict[str, Any]:
        """As a compensation keeps them."""
        names = ("severity", "minutes", "plan", "broken", "cause", "failure")
        return {name: getattr(self, name) for name in names}


def facts_of(report: Report, *, at: datetime) -> Facts:
    """The facts as they stand; a report that is not solved has been out until ``at``."""
    member = member_row(report)
    problem = _standing(member.problem) if member else None
    contact = report.contact
    return Facts(
        severity=report.severity,
        minutes=max(0, int(((report.solved_at or at) - report.received_at).total_seconds() // 60)),
        plan=contact.plan or (contact.organisation.plan if contact.organisation else ""),
        broken=Promise.objects.filter(report=report, owed_to=kinds.REPORTER, broken_at__isnull=False).count(),
        cause=problem.about if problem else f"report:{report.pk}",
        failure=_failure(report, problem),
        problem=problem,
        is_related=is_related(contact),
    )


def is_related(contact: Contact) -> bool:
    """Whether a customer looks like one of us: an address of staff, or of the same mail domain."""
    addresses = [one.lower() for one in (contact.email, contact.second_email) if one]
    domains = {one.rpartition("@")[2] for one in addresses}
    ours = Q(email__in=addresses)
    for domain in domains:
        ours |= Q(email__iendswith=f"@{domain}")
    return bool(addresses) and Agent.objects.filter(ours, is_service=False).exists()


def rivals(compensation: Compensation) -> list[Compensation]:
    """Others that stand for the same customer, cause and failure, also when the cause was not known as one then."""
    found = standing_for(
        compensation.contact_id,
        compensation.problem,
        compensation.number,
        compensation.failure,
        at=compensation.proposed_at,
    )
    return [one for one in found if one.pk != compensation.pk]


def standing_for(
    contact: int | None, problem: Problem | None, number: int, failure: int, *, at: datetime
) -> list[Compensation]:
    """What stands already for this customer and failure: of the report, or of any report of the same problem.

    How many failures there were is counted anew as reports join problems and problems come back. A report that was
    not opened again meanwhile has failed its reporter no second time, whatever is counted by now.
    """
    same = Q(number=number)
    if problem is not None:
        names = [problem.pk, *problem.absorbed.values_list("pk", flat=True)]
        members = Membership.objects.filter(problem__in=names, left_at=None, report__contact=contact)
        same |= Q(problem__in=names) | Q(number__in=members.values("report"))
    standing = Compensation.objects.filter(contact=contact, is_standing=True)
    own = standing.filter(number=number).exclude(failure=failure)
    return [*standing.filter(same, failure=failure)[:5], *(one for one in own if is_same_failure(one, failure, at=at))]


def is_same_failure(made: Compensation, failure: int, *, at: datetime) -> bool:
    """Whether what was proposed on a report is for the failure now counted as ``failure``, as seen at ``at``."""
    if made.failure == failure:
        return True
    between = sorted((made.proposed_at, at))
    return not LedgerEntry.objects.filter(report=made.number, kind="report.reopened", at__range=between).exists()


def _standing(problem: Problem) -> Problem:
    return problem.merged_into or problem


def _failure(report: Report, problem: Problem | None) -> int:
    """1, and one more for each earlier time this customer's reports of the problem were solved before the next came.

    Reports that were open together are one failure. A report opened again because the problem came back is another.
    """
    again = 1 if problem and problem.came_back_count and report.reopened_count else 0
    if problem is None:
        return 1
    members = Membership.objects.filter(problem=problem, left_at=None, report__contact=report.contact_id)
    spans = members.filter(report__received_at__lt=report.received_at).exclude(report=report.pk)
    times = spans.order_by("report__received_at").values_list("report__received_at", "report__solved_at")
    count, until = 0, None
    for began, solved in times:
        if solved is None or solved >= report.received_at:
            break
        count += until is None or began >= until
        until = solved if until is None else max(until, solved)
    return 1 + count + again
