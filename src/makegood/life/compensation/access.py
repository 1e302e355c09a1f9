"""Compensations as a seeker may see them: with their report. Missing and forbidden answer alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from makegood.lib.statements import Statement
from makegood.life.compensation import states
from makegood.life.compensation.models import Compensation
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.access import NotFound, SeenBy, on_visible
from makegood.life.reports.models import Report

_WITH = ("report", "report__contact", "report__category", "contact", "contact__organisation", "policy", "problem")


def visible_compensations(seeker: Agent) -> QuerySet[Compensation]:
    """Those on reports ``seeker`` may see; whose report is gone, only leads see."""
    if not seeker.is_active or not seeker.may("compensation.view"):
        return Compensation.objects.none()
    if seeker.role in (roles.LEAD, roles.ADMIN):
        return Compensation.objects.all()
    return Compensation.objects.filter(on_visible(seeker))


def access_compensation(seeker: Agent, key: str) -> Compensation:
    """The compensation called ``key``. Raises NotFound."""
    found = visible_compensations(seeker).filter(key=key).select_related(*_WITH).first()
    if found is None:
        raise NotFound(key)
    return found


def listed(seeker: Agent, state: str = "") -> QuerySet[Compensation]:
    """For lists, newest first; ``state``: only those that stand there."""
    rows = visible_compensations(seeker).select_related(*_WITH).order_by("-id")
    return rows.filter(state=state) if state else rows


def owed(seeker: Agent) -> QuerySet[Compensation]:
    """What is not over: it waits for a decision, for an answer, or to be had; newest first."""
    return listed(seeker).filter(state__in=(states.PROPOSED, states.APPROVED, states.ISSUED))


def decided_by(rows: Iterable[Compensation]) -> dict[int, datetime]:
    """By when those that wait for a decision are promised one; one query."""
    named = {one.about: one.pk for one in rows if one.state == states.PROPOSED}
    due = Promise.objects.filter(about__in=list(named), kind=kinds.COMPENSATION, state__in=Promise.PENDING)
    return {named[about]: at for about, at in due.values_list("about", "due_at")} if named else {}


def of_report(seeker: Agent, report: Report) -> list[Compensation]:
    """What was proposed on one report, newest first; empty for whoever may not see compensation."""
    if not seeker.may("compensation.view"):
        return []
    return _OF_REPORT(report.pk)


_OF_REPORT = Statement(
    lambda report: Compensation.objects.filter(report=report).select_related("policy").order_by("-id")[:5]
)


def waiting(seeker: Agent) -> int:
    """How many wait for a decision, counted to a hundred."""
    return len(_WAITING(seeker))


_WAITING: SeenBy[int] = SeenBy(
    lambda seeker: visible_compensations(seeker).filter(state=states.PROPOSED).values_list("pk", flat=True)[:100]
)


def promises_seen(seeker: Agent) -> Q:
    """Which promises about compensations ``seeker`` may see; for ``promises.queries``, which knows reports alone."""
    named = (
        visible_compensations(seeker)
        .order_by()
        .values(name=Concat(Value("compensation:"), Cast("pk", CharField()), output_field=CharField()))
    )
    return Q(about__in=named)


def by_about(promises: Iterable[Promise]) -> dict[str, Compensation]:
    """The compensations that ``promises`` are about, by how they are named there; one query, or none."""
    kind = "compensation:"
    keys = [int(one.about.removeprefix(kind)) for one in promises if one.about.startswith(kind)]
    return {found.about: found for found in Compensation.objects.filter(pk__in=keys)} if keys else {}
