"""Priorities as they are written: of reports and problems, computed anew when what they rest on changes.

The judgement is pure (``priority``); here its facts are fetched and its answer kept, with the reasons. A person may
overrule it with a reason; what was computed goes on beside it, so that they see when it agrees with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.problems import access, actions, membership, priority, queries, states
from makegood.life.problems.models import Membership, PriorityTerms, Problem, Surge
from makegood.life.problems.priority import Facts, Judgement, Terms
from makegood.life.reports import access as report_access
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry, Report

JOB = "problems.rank_reports"
# A surge is of what came since so long before it was noticed.
SURGE_WINDOW = timedelta(hours=1)
SLICE = 200
_CLOSED = "closed"

_NEWEST_TERMS: Statement[PriorityTerms] = Statement(lambda: PriorityTerms.objects.order_by("-valid_from", "-id")[:1])
_RUNNING: Statement[tuple[int | None, int | None, datetime]] = Statement(
    lambda: Surge.objects.filter(ended_at=None).values_list("category_id", "component_id", "began_at")
)


class NeedsReason(Refusal):
    """Overruling a priority must say why."""


def terms(*, at: datetime) -> Terms:
    """What is judged by at that moment: the newest terms somebody set, else the defaults."""
    newest = _NEWEST_TERMS.first()
    if newest is not None and newest.valid_from > at:
        newest = PriorityTerms.objects.filter(valid_from__lte=at).order_by("-valid_from", "-id").first()
    return Terms.from_data(newest.data) if newest else Terms()


def set_terms(data: dict[str, Any], *, by: Actor, at: datetime, reason: str = "") -> PriorityTerms:
    """Judge by ``data`` from now on; open reports are ranked anew by a job. Raises NeedsReason, BadTerms."""
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))
    Terms.from_data(data)
    with transaction.atomic():
        row = PriorityTerms.objects.create(data=data, valid_from=at, by_name=by.name, reason=reason.strip())
        ledger.record(None, "priority.terms_changed", by=by, at=at, data=data, reason=reason.strip())
        enqueue(JOB, key=f"terms:{row.pk}:0", payload={"after": 0}, run_at=at)
    return row


def rank_report(report: Report, *, at: datetime) -> bool:
    """Judge one report anew; whether its priority is another now."""
    with transaction.atomic(savepoint=False):
        fresh = report_access.lock(report)
        judged = priority.judge(_facts_of_report(fresh, at=at), terms(at=at))
        return _write(fresh, judged, at=at, about="")


def rank_problem(problem: Problem, *, at: datetime) -> bool:
    """Judge a problem anew; if its reach is another now, its members are judged anew too. Whether it changed."""
    with transaction.atomic():
        fresh = access.lock(problem)
        judged = priority.judge(_facts_of_problem(fresh, at=at), terms(at=at))
        was = fresh.priority_why.get("impact")
        changed = _write(fresh, judged, at=at, about=fresh.about)
        if was != judged.impact:
            key = f"problem:{fresh.pk}:{fresh.reports_count}:{judged.impact}:{at.timestamp():.0f}"
            enqueue(JOB, key=key, payload={"problem": fresh.pk, "after": 0}, run_at=at)
    return changed


def overrule(thing: Report | Problem, value: int | None, *, by: Actor, at: datetime, reason: str) -> None:
    """Set the priority by hand, or (None) let it be computed again. Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))
    if value is not None and value not in priority.VALUES:
        raise NeedsReason(_("A priority is one of P1 to P4."))
    about = thing.about if isinstance(thing, Problem) else ""
    with transaction.atomic():
        fresh = access.lock(thing) if isinstance(thing, Problem) else report_access.lock(thing)
        fields = {
            "priority": value or fresh.priority_why.get("value", fresh.priority),
            "priority_by": by.name if value else "",
            "priority_reason": reason.strip() if value else "",
        }
        _update(thing, fields)
        data = {"from": {"priority": fresh.priority}, "to": {"priority": fields["priority"]}, "by_hand": bool(value)}
        _record(thing, data, by=by, at=at, about=about, reason=reason.strip())


# Reactions: at least once, idempotent.


def rank_reported(entry: LedgerEntry, now: datetime) -> None:
    """On whatever changes what a report's priority rests on."""
    if entry.report is not None and entry.report.state != _CLOSED:
        rank_report(entry.report, at=now)


def rank_joined(entry: LedgerEntry, now: datetime) -> None:
    """On joining, leaving and changes of a problem: the problem, and the report that came or went."""
    problem = Problem.objects.filter(pk=entry.data.get("problem")).first()
    if problem is not None:
        rank_problem(problem, at=now)
    rank_reported(entry, now)


def rank_account(entry: LedgerEntry, now: datetime) -> None:
    """On a key account made or unmade, and on somebody who belongs to another organisation now: what they have open,
    and the problems it belongs to."""
    if entry.kind == "account.key_changed":
        whose = {"organisation": entry.data["organisation"]}
    elif "organisations" in entry.data:
        whose = {"contact": entry.data["contact"]}
    else:
        return
    open_ones = Membership.objects.filter(left_at=None, **{f"report__{name}": key for name, key in whose.items()})
    problems = Problem.objects.filter(pk__in=open_ones.values("problem")).exclude(state=states.RESOLVED)
    for problem in problems:
        if "contact" in whose:
            membership.count_anew(problem, at=now)
        rank_problem(problem, at=now)
    enqueue(JOB, key=f"account:{entry.pk}:0", payload={**whose, "after": 0}, run_at=now)


def rank_reports(payload: dict[str, Any], now: datetime) -> None:
    """The job: a slice of the members of a ``problem``, of the reports of a ``surge``, an ``organisation`` or a
    ``contact``, or of all open reports, judged anew; puts the next slice in line."""
    rows = Report.objects.exclude(state=_CLOSED).filter(pk__gt=payload["after"]).order_by("pk")
    if "problem" in payload:
        rows = rows.filter(memberships__problem=payload["problem"], memberships__left_at=None)
    if "surge" in payload:
        rows = rows.filter(_of_surge(Surge.objects.get(pk=payload["surge"])))
    rows = rows.filter(**{name: payload[name] for name in ("organisation", "contact") if name in payload})
    found = list(rows[:SLICE])
    for report in found:
        rank_report(report, at=now)
    if len(found) == SLICE:
        further = {**payload, "after": found[-1].pk}
        enqueue(JOB, key=f"{sorted(further.items())}:{now.timestamp():.0f}", payload=further, run_at=now)


def rank_waiting(now: datetime) -> int:
    """Periodic: reports and problems whose wait has become long since yesterday; returns how many have another
    priority now."""
    long_ago = now - timedelta(days=terms(at=now).long_days)
    became = (long_ago - timedelta(days=1), long_ago)
    waiting = Report.objects.exclude(state=_CLOSED).filter(
        received_at__gt=became[0], received_at__lte=became[1], priority__gt=2
    )
    problems = Problem.objects.filter(opened_at__gt=became[0], opened_at__lte=became[1], merged_into=None)
    changed = sum(rank_report(report, at=now) for report in waiting[:1000])
    return changed + sum(rank_problem(one, at=now) for one in problems.exclude(state=states.RESOLVED)[:1000])


def rank_surge(surge: Surge, *, at: datetime) -> None:
    """Judge anew whatever a surge touches, when it begins and when it is over; many reports by a job."""
    rank_reports({"surge": surge.pk, "after": 0}, at)
    named = {"category": surge.category_id} if surge.category_id else {"components": surge.component_id}
    alike = Q(pk__in=Problem.objects.filter(**named).values("pk")) | Q(pk__in=_problems_of(surge.reports))
    problems = Problem.objects.filter(alike, merged_into=None)
    for problem in problems.exclude(state=states.RESOLVED, resolved_at__lt=surge.began_at):
        rank_problem(problem, at=at)


def rank_problems_of(reports: Iterable[int], *, at: datetime) -> None:
    """Judge anew the problems these reports belong to."""
    for problem in Problem.objects.filter(pk__in=_problems_of(reports)):
        rank_problem(problem, at=at)


# The parts.


def _facts_of_report(report: Report, *, at: datetime) -> Facts:
    problem = queries.problem_of(report)
    return Facts(
        severity=report.severity,
        people=max(1, problem.people_count if problem else 1),
        hindrance=report.hindrance,
        has_key_account=bool(report.organisation_id and report.organisation.is_key_account),  # type: ignore[union-attr]
        has_way_round=bool(problem and problem.workaround.strip()),
        is_spiking=_is_surging(report),
        days_open=(at - report.received_at).days,
    )


def _facts_of_problem(problem: Problem, *, at: datetime) -> Facts:
    members = Membership.objects.filter(problem=problem, left_at=None)
    return Facts(
        severity=problem.severity,
        people=max(1, problem.people_count),
        has_key_account=members.filter(report__organisation__is_key_account=True).exists(),
        has_way_round=bool(problem.workaround.strip()),
        is_spiking=_has_surge(problem),
        days_open=0 if problem.is_fixed else (at - problem.opened_at).days,
    )


def _is_surging(report: Report) -> bool:
    """Whether it is one of those that came in a surge which still runs."""
    return any(
        _is_of((category, component), report.category_id, [report.component_id])
        and report.received_at > began_at - SURGE_WINDOW
        for category, component, began_at in _RUNNING()
    )


def _has_surge(problem: Problem) -> bool:
    """Whether there is a surge of its category or components, or reports of a surge belong to it."""
    running = _RUNNING()
    if not running:
        return False
    parts = list(problem.components.values_list("pk", flat=True))
    if any(_is_of((category, part), problem.category_id, parts) for category, part, _began_at in running):
        return True
    kept = Surge.objects.filter(ended_at=None).values_list("reports", flat=True)
    came = {pk for reports in kept for pk in reports}
    return Membership.objects.filter(problem=problem, left_at=None, report__in=came).exists()


def _is_of(surge: tuple[int | None, int | None], category: int | None, components: Iterable[int | None]) -> bool:
    """Whether a surge of (category, component), one of which is None, is of this category or one of these."""
    of, part = surge
    return (of is not None and of == category) or (part is not None and part in components)


def _of_surge(surge: Surge) -> Q:
    """The reports that came in it."""
    named = {"category": surge.category_id} if surge.category_id else {"component": surge.component_id}
    return Q(received_at__gt=surge.began_at - SURGE_WINDOW, **named)


def _problems_of(reports: Iterable[int]) -> QuerySet[Membership, int]:
    return Membership.objects.filter(report__in=list(reports), left_at=None).values_list("problem", flat=True)


def _write(fresh: Any, judged: Judgement, *, at: datetime, about: str) -> bool:
    """Keep what was judged; the priority itself only if nobody overruled it. Whether that changed."""
    why = {"value": judged.value, "impact": judged.impact, "reasons": [list(reason) for reason in judged.reasons]}
    if fresh.priority_why == why:
        return False
    before, by_hand, is_first = fresh.priority, bool(fresh.priority_by), not fresh.priority_why
    _update(fresh, {"priority_why": why, **({} if by_hand else {"priority": judged.value})})
    if by_hand or before == judged.value:
        return False
    if not is_first:
        data = {"from": {"priority": before}, "to": {"priority": judged.value}, "why": why["reasons"]}
        _record(fresh, data, by=SYSTEM, at=at, about=about)
    return True


def _update(thing: Any, fields: dict[str, Any]) -> None:
    rows.update(thing, **fields)


def _record(thing: Report | Problem, data: dict[str, Any], *, by: Actor, at: datetime, about: str, **more: Any) -> None:
    if isinstance(thing, Problem):
        actions.record(thing, "problem.priority_changed", by=by, at=at, data=data, **more)
    else:
        ledger.record(thing, "report.priority_changed", by=by, at=at, data=data, **more)
