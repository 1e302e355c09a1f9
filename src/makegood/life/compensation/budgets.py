"""What is spent and what is left, of one currency at a time; caps of one person, one customer, one month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from makegood.lib.money import Money
from makegood.life.compensation import states
from makegood.life.compensation.models import Compensation, Entry, RuleBook
from makegood.life.compensation.rules import Rules
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry


@dataclass(frozen=True)
class Month:
    """One month of one currency. ``budget``: None where nobody set one."""

    month: str
    currency: str
    spent: Money
    budget: Money | None
    alarm_percent: int = 80

    @property
    def percent(self) -> int:
        """How much of the budget is used, rounded down; 0 without one."""
        return self.spent.minor * 100 // self.budget.minor if self.budget and self.budget.minor > 0 else 0

    @property
    def left(self) -> Money | None:
        return self.budget - self.spent if self.budget is not None else None

    @property
    def is_alarming(self) -> bool:
        return self.budget is not None and self.spent.minor * 100 >= self.budget.minor * self.alarm_percent

    @property
    def is_used_up(self) -> bool:
        return self.budget is not None and self.spent >= self.budget


def rules_of(currency: str, *, at: datetime) -> Rules:
    """The rules in force at ``at``; where nobody set any, nothing may be decided."""
    found = RuleBook.objects.filter(currency=currency, valid_from__lte=at).order_by("-valid_from", "-id").first()
    return Rules.of(found.data) if found else Rules()


def month_of(at: datetime) -> str:
    """The month of a moment at the desk: 2026-11."""
    return timezone.localtime(at, ZoneInfo(settings.DESK_TIME_ZONE)).strftime("%Y-%m")


def spent(currency: str, month: str) -> int:
    """What was approved in a month and not let go since, in minor units."""
    rows = Entry.objects.filter(currency=currency, budget_month=month).exclude(booked=0)
    return rows.order_by().aggregate(sum=Sum("booked"))["sum"] or 0


def month(currency: str, *, at: datetime, name: str = "") -> Month:
    """A month (default: the one of ``at``) as it stands, by the rules in force."""
    rules, name = rules_of(currency, at=at), name or month_of(at)
    budget = Money(rules.budget, currency) if rules.budget is not None else None
    return Month(name, currency, Money(spent(currency, name), currency), budget, rules.alarm_percent)


def months_now(*, at: datetime) -> list[Month]:
    """The present month of every currency that has rules."""
    known = RuleBook.objects.filter(valid_from__lte=at).order_by("currency")
    return [month(currency, at=at) for currency in known.values_list("currency", flat=True).distinct()]


def approved_by(agent: int, currency: str, *, since: datetime) -> int:
    """All that one person approved since, whatever became of it."""
    rows = Entry.objects.filter(state=states.APPROVED, actor_kind="agent", actor_id=agent, at__gt=since)
    return rows.filter(currency=currency).order_by().aggregate(sum=Sum("minor"))["sum"] or 0


def given(contact: int | None, currency: str, *, since: datetime, but: int = 0) -> tuple[int, int]:
    """(minor units, number) of what stands for one customer since, proposals included."""
    rows = Compensation.objects.filter(contact=contact, is_standing=True, currency=currency, proposed_at__gt=since)
    found = rows.exclude(pk=but).order_by().aggregate(sum=Sum("minor"), count=Count("pk"))
    return found["sum"] or 0, found["count"]


def room_for(contact: int | None, currency: str, *, at: datetime, but: int = 0) -> int | None:
    """What one customer may still get, in minor units; None for no bound, 0 for nothing."""
    rules = rules_of(currency, at=at)
    if contact is None or (rules.customer_most is None and rules.customer_count is None):
        return None
    money, count = given(contact, currency, since=at - timedelta(days=rules.customer_days), but=but)
    if rules.customer_count is not None and count >= rules.customer_count:
        return 0
    return None if rules.customer_most is None else max(0, rules.customer_most - money)


def sound_alarm(found: Month, *, at: datetime) -> None:
    """Say once a month and currency that the budget nears its end, and once that it is used up.

    Within the transaction of the approval that reached it.
    """
    for name, reached in (("alarm", found.is_alarming), ("used_up", found.is_used_up)):
        key = f"budget:{found.currency}:{found.month}:{name}"
        if not reached or found.budget is None or LedgerEntry.objects.filter(key=key).exists():
            continue
        budget = {"currency": found.currency, "month": found.month, "percent": found.percent}
        budget |= {"spent": found.spent.minor, "budget": found.budget.minor}
        kind = "compensation.budget_alarm" if name == "alarm" else "compensation.budget_used_up"
        ledger.record(None, kind, by=SYSTEM, at=at, data={"budget": budget}, key=key)
