"""What the technical side has before it: the queue of escalations, one report's history of them, who was called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from makegood.lib.statements import Statement
from makegood.life.escalation.models import Escalation, Page
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import access
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

_ORDER = {Escalation.WAITING: 0, Escalation.ACCEPTED: 1, Escalation.ANSWERED: 2, Escalation.ASKED_BACK: 3}


def visible(seeker: Agent) -> QuerySet[Escalation]:
    """Escalations of the reports ``seeker`` may see."""
    return Escalation.objects.filter(access.on_visible(seeker))


def access_escalation(seeker: Agent, pk: int) -> Escalation:
    """One escalation ``seeker`` may see. Raises NotFound."""
    found = visible(seeker).filter(pk=pk).select_related("report", "team", "accepted_by").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def queue(seeker: Agent, *, only_mine: bool = False) -> QuerySet[Escalation]:
    """Open escalations, those waiting to be accepted first, each group by what is due soonest.

    Rows carry ``due_at`` (acceptance or first answer, None once answered) and ``due_ring_at`` (when it is at risk).
    ``only_mine``: of the seeker's own teams.
    """
    technical = Promise.objects.filter(
        report=OuterRef("report"), state=Promise.OPEN, kind__in=(kinds.ACCEPT, kinds.FIRST_ANSWER)
    ).order_by("due_at")
    rows = visible(seeker).filter(ended_at=None)
    if only_mine:
        rows = rows.filter(Q(team__in=seeker.teams.all()) | Q(accepted_by=seeker))
    order = Case(*(When(state=s, then=Value(n)) for s, n in _ORDER.items()), output_field=IntegerField())
    return (
        rows.select_related("report", "report__contact", "report__category", "team", "component", "accepted_by")
        .annotate(
            order=order,
            due_at=Subquery(technical.values("due_at")[:1]),
            at_risk_at=Subquery(technical.values("at_risk_at")[:1]),
            due_kind=Subquery(technical.values("kind")[:1]),
        )
        .order_by("order", "due_at", "id")
    )


def newest_escalation(report: Report) -> Escalation | None:
    """The latest time the report went to a technical team, whether that is still open or not."""
    return _NEWEST.first(report.pk)


_NEWEST = Statement(
    lambda report: Escalation.objects.filter(report=report).select_related("team", "accepted_by").order_by("-id")[:1]
)


def open_of(report: Report) -> Escalation | None:
    """The escalation a report is in, if it is in one."""
    return Escalation.objects.filter(report=report, ended_at=None).select_related("team", "accepted_by").first()


def history(report: Report) -> list[Escalation]:
    """Every escalation of a report, newest first, with its notes."""
    rows = Escalation.objects.filter(report=report).select_related("team", "component", "accepted_by")
    return list(rows.prefetch_related("notes__message").order_by("-id"))


def recently_ended(seeker: Agent, *, now: datetime, within: timedelta = timedelta(days=7)) -> QuerySet[Escalation]:
    """Escalations that ended lately, newest first."""
    ended = visible(seeker).filter(ended_at__gt=now - within)
    return ended.select_related("report", "team", "accepted_by").order_by("-ended_at", "-id")


def called(report: Report) -> list[Page]:
    """Who was called for a report, newest first; ``mail`` tells how far a mailed page has come."""
    return list(Page.objects.filter(report=report).select_related("agent", "team", "mail").order_by("-id")[:100])


def called_for(promises: list[Promise]) -> dict[int, list[Page]]:
    """Who was called, by promise, in one query."""
    found: dict[int, list[Page]] = {}
    for page in Page.objects.filter(promise__in=[p.pk for p in promises]).order_by("id"):
        found.setdefault(page.promise_id or 0, []).append(page)
    return found


@dataclass(frozen=True)
class Load:
    """How many escalations a seeker's teams have: waiting to be accepted, and in all."""

    waiting: int
    open: int
    oldest_at: datetime | None


def load(seeker: Agent) -> Load:
    """Counts for the rail; one query."""
    rows = visible(seeker).filter(ended_at=None)
    states = list(rows.values_list("state", flat=True))
    oldest = rows.filter(state=Escalation.WAITING).aggregate(at=Min("at"))["at"] if states else None
    return Load(states.count(Escalation.WAITING), len(states), oldest)
