"""What is owed, to whom, by when; what is at risk or broken; how much was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet

from makegood.lib.statements import Statement
from makegood.life.people.models import Agent, Team
from makegood.life.promises import book, kinds
from makegood.life.promises.calendars import BusinessCalendar
from makegood.life.promises.clocks import Clock
from makegood.life.promises.models import CalendarVersion, Policy, Promise, PromiseStep
from makegood.life.reports import access
from makegood.life.reports.models import Report


def promised_time(kind: str, severity: str, at: datetime, team: Team | None = None) -> datetime:
    """When a promise of that kind, made at that moment, would fall due."""
    terms = book.current(at)
    policy = terms.policy(kind, severity, at)
    version = terms.version(policy, team.pk if team else None, at)
    return Clock(at, terms.terms(policy, version)).due_at or at


def desk_hours(at: datetime, team: Team | None = None) -> BusinessCalendar:
    """The open hours of ``team``, or of the desk."""
    return book.current(at).desk(team.pk if team else None, at)


def open_promises(report: Report) -> list[Promise]:
    """What is pending on a report, running or paused, soonest first; with team and agent."""
    return _OPEN(report.pk)


_OPEN = Statement(
    lambda report: (
        Promise.objects.filter(report=report, state__in=Promise.PENDING)
        .select_related("team", "agent", "policy", "hours")
        .order_by("due_at", "id")
    )
)


def next_news(report: Report) -> Promise | None:
    """The promise the reporter is told of: the soonest news we owe; broken or paused ones only failing others."""
    return next_news_of([report]).get(report.pk)


def next_news_of(reports: Iterable[Report]) -> dict[int, Promise]:
    """``next_news`` of many reports by their id, in one query; with the terms they were made on."""
    news = Promise.objects.filter(report__in=[r.pk for r in reports], kind__in=kinds.NEWS)
    pending = news.filter(state__in=Promise.PENDING).select_related("policy", "hours")
    found: dict[int, Promise] = {}
    for promise in sorted(pending, key=lambda p: (p.state != Promise.OPEN, p.broken_at is not None, p.due_at, p.pk)):
        found.setdefault(promise.report_id or 0, promise)
    return found


def timeline(report: Report) -> list[Promise]:
    """Every promise ever made on a report, oldest first, with its steps (``promise.steps.all()``) in order."""
    return _TIMELINE(report.pk)


_TIMELINE = Statement(
    lambda report: (
        Promise.objects.filter(report=report)
        .select_related("team", "agent", "policy", "hours")
        .prefetch_related(Prefetch("steps", PromiseStep.objects.order_by("at", "id")))
        .order_by("made_at", "id")
    )
)


def visible(seeker: Agent, besides: Q | None = None) -> QuerySet[Promise]:
    """Promises on the reports ``seeker`` may see; ``besides``: and those about other things, which are known further
    up (``problems.queries.promises_seen``).
    """
    on_reports = access.on_visible(seeker)
    return Promise.objects.filter(on_reports | besides if besides is not None else on_reports)


def at_risk(
    seeker: Agent, *, now: datetime, within: timedelta = timedelta(0), besides: Q | None = None
) -> QuerySet[Promise]:
    """Running promises whose warning has sounded, or that fall due ``within``; soonest first."""
    soon = Q(at_risk_at__lte=now) | Q(due_at__lte=now + within)
    running = visible(seeker, besides).filter(soon, state=Promise.OPEN, due_at__gt=now)
    return running.select_related("report", "team", "agent").order_by("due_at", "id")


def broken_open(seeker: Agent, *, now: datetime, besides: Q | None = None) -> QuerySet[Promise]:
    """Promises that are overdue and still not kept; the longest overdue first."""
    overdue = visible(seeker, besides).filter(state=Promise.OPEN, due_at__lte=now)
    return overdue.select_related("report", "team", "agent").order_by("due_at", "id")


def paused(seeker: Agent) -> QuerySet[Promise]:
    """Promises whose clock stands still because the reporter has the ball; longest first."""
    waiting = visible(seeker).filter(state=Promise.PAUSED)
    return waiting.select_related("report", "team", "agent").order_by("due_at", "id")


@dataclass(frozen=True)
class KeptShare:
    """Promises that fell due in a period. Withdrawn ones count only if they had been broken by then."""

    kind: str
    kept: int
    broken: int
    unfinished: int

    @property
    def due(self) -> int:
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        """Kept in time / fell due; None when nothing fell due."""
        return self.kept / self.due if self.due else None


def kept_share(
    seeker: Agent, *, start: datetime, end: datetime, now: datetime, besides: Q | None = None
) -> list[KeptShare]:
    """Kept and broken per kind, and over all first (kind ""), of promises due in [start, end).

    Kept: done by the due moment. Broken: done late, withdrawn late, or overdue and still open, which ``unfinished``
    counts beside. Promises not due yet, or paused, are left out.
    """
    late = Q(broken_at__isnull=False) | Q(state=Promise.OPEN, due_at__lte=now)
    kept = Q(state=Promise.KEPT, broken_at=None, kept_at__lte=F("due_at"))
    rows = (
        visible(seeker, besides)
        .filter(due_at__gte=start, due_at__lt=end)
        .order_by()
        .values("kind")
        .annotate(
            kept=Count("pk", filter=kept),
            broken=Count("pk", filter=late),
            unfinished=Count("pk", filter=Q(state=Promise.OPEN, due_at__lte=now)),
        )
    )
    order = list(kinds.KINDS)
    by_kind = sorted((KeptShare(**row) for row in rows), key=lambda share: order.index(share.kind))
    whole = KeptShare(
        "",
        sum(share.kept for share in by_kind),
        sum(share.broken for share in by_kind),
        sum(share.unfinished for share in by_kind),
    )
    return [whole, *by_kind]


def policies_in_force(at: datetime) -> list[Policy]:
    """One policy a kind and severity, in the order of the kinds: the table an admin edits."""
    terms = book.current(at)
    return [terms.policy(kind, severity, at) for kind, severity in terms.policies]


def hours_in_force(calendar_id: int, at: datetime) -> CalendarVersion:
    """The hours of a calendar as they stand. Raises KeyError for an unknown one."""
    terms = book.current(at)
    past = [version for version in terms.versions[calendar_id] if version.valid_from <= at]
    return past[-1] if past else terms.versions[calendar_id][0]
