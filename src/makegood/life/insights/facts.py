"""What happened on one day, fact by fact: counted into tallies, and walked through for the reports behind a figure.

Each measure is anchored on the moment its thing ended: received, first answered, solved, closed, fallen due. Groups
(category, component, severity, channel, team) are those the report has now; a change moves its facts with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from makegood.life.aftercare.models import Csat, Resolution, Survey
from makegood.life.escalation.models import Escalation
from makegood.life.insights import sums, waits
from makegood.life.insights.days import span_of
from makegood.life.knowledge.measures import UNANSWERED
from makegood.life.knowledge.models import ArticleLink
from makegood.life.problems.models import Membership
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import states
from makegood.life.reports.models import LedgerEntry, Report

GROUPS = ("category", "component", "severity", "channel", "team")
_COLUMNS = ("category_id", "component_id", "severity", "channel", "team_id")
_OF_REPORT = tuple(f"report__{name}" for name in _COLUMNS)
REOPENED_WITHIN = timedelta(days=14)
# From here on the stage "complete" is reached: by worth at least half of what applies to a report is known.
COMPLETE = 50
STAGES = ("received", "acknowledged", "complete", "escalated", "fixed", "confirmed", "surveyed")


@dataclass(slots=True)
class Fact:
    """One thing that happened. ``parts``: (name, value, how much) of what it counts under besides its groups."""

    at: datetime
    report: int | None
    groups: tuple[str, ...]
    parts: list[tuple[str, str, int]] = field(default_factory=list)
    person: int = 0


@dataclass(frozen=True)
class Day:
    """The day that is looked at, and the moment it is looked at from."""

    day: date
    zone: ZoneInfo
    now: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        return span_of(self.day, self.zone)

    def within(self, name: str) -> Q:
        begin, end = self.span
        return Q(**{f"{name}__gte": begin, f"{name}__lt": end})

    def hour(self, at: datetime) -> tuple[str, str, int]:
        return ("hour", str(at.astimezone(self.zone).hour), 1)


def received(day: Day) -> Iterator[Fact]:
    """Reports that came in, and how far each has come by now."""
    rows = _reports(day, "received_at", "contact_id", "completeness", "kind", "duplicate_of_id")
    known = _Known.of([row[0] for row in rows])
    for pk, at, groups, (contact, completeness, kind, duplicate), severity in rows:
        stages = known.stages(pk) + (["complete"] if completeness >= COMPLETE else [])
        parts = [day.hour(at), ("kind", kind, 1), *(("stage", stage, 1) for stage in ("received", *stages))]
        parts.append(("severity", f"{known.severities.get(pk, severity)}>{severity}", 1))
        if problem := known.problems.get(pk):
            parts.append(("problem", str(problem), 1))
        if duplicate:
            parts.append(("duplicate", "yes", 1))
        yield Fact(at, pk, groups, parts, contact)


def answered(day: Day) -> Iterator[Fact]:
    """First answers a person of ours wrote, with the minutes since receipt."""
    for pk, at, groups, (begun,), _severity in _reports(day, "first_answered_at", "received_at"):
        yield Fact(at, pk, groups, [_minutes(begun, at)])


def solved(day: Day) -> Iterator[Fact]:
    """Reports whose newest solution was told, with the minutes since receipt and who had the ball meanwhile."""
    rows = _reports(day, "solved_at", "received_at")
    waited = waits.of_reports({row[0]: (row[3][0], row[1]) for row in rows})
    for pk, at, groups, (begun,), _severity in rows:
        theirs = waited.get(pk, 0)
        ours = max(0, int((at - begun).total_seconds() // 60) - theirs)
        yield Fact(at, pk, groups, [_minutes(begun, at), ("waited", "theirs", theirs), ("waited", "ours", ours)])


def closed(day: Day) -> Iterator[Fact]:
    """Reports that are closed, why, and whether an article answers them (as ``knowledge.measures`` counts)."""
    rows = _reports(day, "closed_at", "close_reason", state=states.CLOSED)
    links = ArticleLink.objects.filter(report__in=[row[0] for row in rows]).order_by("was_new")
    linked: dict[int, bool] = {}
    for report, was_new in links.values_list("report_id", "was_new"):
        linked.setdefault(report, not was_new)
    for pk, at, groups, (reason,), _severity in rows:
        parts = [("reason", reason or "other", 1)]
        if reason not in UNANSWERED:
            parts.append(("answered", "yes", 1))
            parts += [("linked", "yes", 1)] if pk in linked else []
            parts += [("known", "yes", 1)] if linked.get(pk) else []
        yield Fact(at, pk, groups, parts)


def due(day: Day) -> Iterator[Fact]:
    """Promises that fell due: kept in time, broken, or broken and still owed. As ``promises.queries.kept_share``."""
    late = Q(broken_at__isnull=False) | Q(state=Promise.OPEN, due_at__lte=day.now)
    kept = Q(state=Promise.KEPT, broken_at=None, kept_at__lte=F("due_at"))
    rows = Promise.objects.filter(day.within("due_at")).filter(late | kept).order_by()
    found = list(rows.values_list("pk", "due_at", "kind", "state", "broken_at", "report_id", "severity", *_OF_REPORT))
    why = waits.who_had_it({row[0]: row[1] for row in found if _is_broken(row[3], row[4])}, {r[0]: r[5] for r in found})
    for pk, at, kind, state, broken_at, report, severity, *columns in found:
        groups = _groups(columns) if report else ()
        groups = (*(group for group in groups if not group.startswith("severity:")), f"severity:{severity}")
        if not _is_broken(state, broken_at):
            yield Fact(at, report, groups, [("kept", kind, 1), ("kept_class", severity, 1)])
            continue
        parts = [("broken", kind, 1), ("broken_class", severity, 1), ("why", why[pk], 1), day.hour(at)]
        yield Fact(at, report, groups, [*parts, ("open", kind, 1)] if state == Promise.OPEN else parts)


def resolved(day: Day) -> Iterator[Fact]:
    """Solutions told: what the reporter answered, whether it was opened again within a fortnight."""
    told = _heard(day, "report.solved")
    rows = Resolution.objects.filter(day.within("at"), report__in=told, withdrawn_at=None).order_by("id")
    found = list(rows.values_list("report_id", "at", "answer"))
    again = _moments(told, "report.reopened")
    for report, at, answer in found:
        parts = [("answer", answer or "none", 1)]
        if any(at < moment <= at + REOPENED_WITHIN for moment in again[report]):
            parts.append(("reopened", "yes", 1))
        yield Fact(at, report, told[report], parts)


def escalated(day: Day) -> Iterator[Fact]:
    """Hand-overs to the technical side, with the minutes since receipt and until somebody took it."""
    told = _heard(day, "escalation.made")
    rows = Escalation.objects.filter(day.within("at"), report__in=told).order_by("id")
    for report, at, accepted, begun in rows.values_list("report_id", "at", "accepted_at", "report__received_at"):
        parts = [day.hour(at), _minutes(begun, at)]
        if accepted:
            parts.append(("accepted", str(sums.rounded(int((accepted - at).total_seconds() // 60))), 1))
        yield Fact(at, report, told[report], parts)


def asked(day: Day) -> Iterator[Fact]:
    """Reporters who were asked how they were served, and whether they answered by now."""
    rows = Survey.objects.filter(day.within("asked_at")).order_by("pk")
    for report, at, score, *columns in rows.values_list("report_id", "asked_at", "report__csat__score", *_OF_REPORT):
        yield Fact(at, report, _groups(columns), [("rated", "yes" if score else "no", 1)])


def rated(day: Day) -> Iterator[Fact]:
    """Ratings, with what they were about."""
    rows = Csat.objects.filter(day.within("at")).order_by("pk")
    for report, at, score, reasons, *columns in rows.values_list("report_id", "at", "score", "reasons", *_OF_REPORT):
        about = [("reason", reason, 1) for reason in reasons]
        yield Fact(at, report, _groups(columns), [("score", str(score), 1), *about])


def paged(day: Day) -> Iterator[Fact]:
    """Calls: one person or team called for one rung, however many channels carried it."""
    rows = LedgerEntry.objects.filter(day.within("at"), kind="page.made").order_by("id")
    found = list(rows.values_list("at", "report_id", "data", *_OF_REPORT))
    open_at = waits.open_hours()
    for at, report, data, *columns in found:
        hours = "in_hours" if open_at(at) else "off_hours"
        parts = [("whom", str(data.get("whom", "")), 1), ("when", hours, 1)]
        people = len(data.get("names") or ())
        yield Fact(at, report, _groups(columns) if report else (), [*parts, ("people", "called", people)])


MEASURES: dict[str, Callable[[Day], Iterator[Fact]]] = {
    "received": received,
    "answered": answered,
    "solved": solved,
    "closed": closed,
    "due": due,
    "resolved": resolved,
    "asked": asked,
    "escalated": escalated,
    "rated": rated,
    "paged": paged,
}


@dataclass
class _Known:
    """What is known by now of some reports."""

    reached: dict[str, set[int]]
    severities: dict[int, str]
    problems: dict[int, int]

    @classmethod
    def of(cls, keys: list[int]) -> _Known:
        of = {"report__in": keys}
        kept = Promise.objects.filter(**of, kind=kinds.ACKNOWLEDGE, state=Promise.KEPT)
        told = Resolution.objects.filter(**of, withdrawn_at=None)
        rows = {
            "acknowledged": kept,
            "escalated": Escalation.objects.filter(**of),
            "fixed": told,
            "confirmed": told.filter(answer=Resolution.YES),
            "surveyed": Csat.objects.filter(**of),
        }
        reached = {stage: set(found.order_by().values_list("report_id", flat=True)) for stage, found in rows.items()}
        changes = LedgerEntry.objects.filter(**of, kind="report.severity_changed").order_by("-id")
        first = {report: data.get("from", {}).get("severity") for report, data in changes.values_list("report", "data")}
        joined = Membership.objects.filter(**of, left_at=None).values_list("report_id", "problem_id")
        return cls(reached, {report: name for report, name in first.items() if name}, dict(joined))

    def stages(self, report: int) -> list[str]:
        return [stage for stage, reports in self.reached.items() if report in reports]


Row = tuple[int, datetime, tuple[str, ...], tuple, str]


def _reports(day: Day, moment: str, *more: str, **only: str) -> list[Row]:
    """Reports whose ``moment`` lies in the day: number, moment, groups, ``more``, severity."""
    rows = Report.objects.filter(day.within(moment), **only).order_by("pk")
    return [
        (pk, at, _groups(rest[: len(_COLUMNS)]), tuple(rest[len(_COLUMNS) :]), rest[2])
        for pk, at, *rest in rows.values_list("pk", moment, *_COLUMNS, *more)
    ]


def _groups(columns: Iterable[object]) -> tuple[str, ...]:
    return tuple(f"{name}:{value or 0}" for name, value in zip(GROUPS, columns, strict=True))


def _heard(day: Day, kind: str) -> dict[int, tuple[str, ...]]:
    """The reports of which the ledger has an entry of ``kind`` in the day, with their groups."""
    rows = LedgerEntry.objects.filter(day.within("at"), kind=kind, report__isnull=False).order_by()
    return {pk: _groups(columns) for pk, *columns in rows.values_list("report_id", *_OF_REPORT)}


def _moments(reports: Iterable[int], kind: str) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(report__in=list(reports), kind=kind).order_by("id")
    for report, at in rows.values_list("report_id", "at"):
        found[report].append(at)
    return found


def _minutes(begun: datetime, ended: datetime) -> tuple[str, str, int]:
    return ("minutes", str(sums.rounded(int((ended - begun).total_seconds() // 60))), 1)


def _is_broken(state: str, broken_at: datetime | None) -> bool:
    return state == Promise.OPEN or broken_at is not None
