"""What was given, by month and cause or approver; a currency at a time, from the entries alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from makegood.lib.money import Money
from makegood.life.compensation import states
from makegood.life.compensation.models import Entry

CAUSE, APPROVER = "cause", "approver"
GROUPS = (CAUSE, APPROVER)
AUTOMATIC = ""


@dataclass(frozen=True)
class Row:
    """One month, one currency, one group. ``name``: the cause as ledger and promises name it, or who approved."""

    month: str
    name: str
    amount: Money
    count: int


def currencies(since: str, until: str) -> list[str]:
    """In which money was given in the months from ``since`` to ``until``."""
    rows = _given(since, until).order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def by(group: str, *, since: str, until: str, currency: str) -> list[Row]:
    """Rows of the months from ``since`` to ``until`` (2026-11), newest month and largest amount first.

    The amount is what was approved and not let go since; the number counts approvals that stand.
    """
    name = "compensation__cause" if group == CAUSE else "approver"
    rows = _given(since, until).filter(currency=currency)
    if group == APPROVER:
        rows = rows.annotate(approver=_approver())
    sums = (
        rows.order_by()
        .values("budget_month", group_name=F(name))
        .annotate(
            sum=Sum("booked"),
            approved=Count("pk", filter=Q(booked__gt=0)),
            released=Count("pk", filter=Q(booked__lt=0)),
        )
    )
    found = [
        Row(
            one["budget_month"],
            one["group_name"] or AUTOMATIC,
            Money(one["sum"], currency),
            one["approved"] - one["released"],
        )
        for one in sums
        if one["sum"] or one["approved"] > one["released"]
    ]
    return sorted(found, key=lambda row: (row.month, row.amount.minor), reverse=True)


def totals(rows: list[Row]) -> Iterator[Row]:
    """One row a month over all groups, newest first."""
    for month in dict.fromkeys(row.month for row in rows):
        of_month = [row for row in rows if row.month == month]
        amount = sum((row.amount for row in of_month[1:]), of_month[0].amount)
        yield Row(month, "", amount, sum(row.count for row in of_month))


def _given(since: str, until: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(budget_month__gte=since, budget_month__lte=until).exclude(booked=0)
    return rows.exclude(currency="")


def _approver() -> Subquery:
    """Who approved: the actor of the second entry, also for what was let go later."""
    approved = Entry.objects.filter(compensation=OuterRef("compensation"), state=states.APPROVED)
    return Subquery(approved.filter(is_automatic=False).values("actor_name")[:1])
