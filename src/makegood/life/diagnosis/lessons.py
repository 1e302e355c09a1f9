"""What people have filed, as lessons: which reports teach which field, and the words they came with.

A report teaches a field once a person of ours has set it, or once the report is closed with it. The newest ones count,
as many as ``learning.MOST_LESSONS``. Protected reports teach nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import QuerySet

from makegood.engine.learning import MOST_LESSONS, Lesson, Writing
from makegood.life.reports.models import Category, LedgerEntry, Message, Report

CATEGORY, SEVERITY, KIND = "category", "severity", "kind"
# Field → the ledger entry that tells it was set.
ENTRY = {CATEGORY: "report.category_changed", SEVERITY: "report.severity_changed", KIND: "report.kind_changed"}
FIELDS = tuple(ENTRY)
# Closed without having been worked on: how they were filed says nothing.
_IDLE_ENDS = ("spam", "withdrawn")
_MAX_WORDS = 4000
_BATCH = 200
# The examples of a category, which nobody reported: they keep rare ones from being forgotten, and give way to reports.
_EXAMPLE = 0.3


def value_of(report: Report, field: str) -> str:
    """The present value of ``field``, as the label it is learnt under; empty for none."""
    return str(report.category_id or "") if field == CATEGORY else str(getattr(report, field))


def lessons(field: str) -> Iterator[Lesson]:
    """What there is to learn of ``field``: examples first, then reports, oldest first."""
    if field == CATEGORY:
        yield from _examples()
    ids = sorted(teaching(field))
    for begin in range(0, len(ids), _BATCH):
        some = Report.objects.filter(pk__in=ids[begin : begin + _BATCH]).order_by("pk")
        reports = list(some.only("title", "channel", "environment", "category_id", "severity", "kind"))
        for report, writing in zip(reports, writings(reports), strict=True):
            if value := value_of(report, field):
                yield Lesson(writing, value)


def teaching(field: str, *, since: datetime | None = None, limit: int = MOST_LESSONS) -> list[int]:
    """Keys of the newest reports that teach ``field``; only of those set or closed after ``since``, if given."""
    decided = LedgerEntry.objects.filter(kind=ENTRY[field], actor_kind="agent", report__is_protected=False)
    closed = Report.objects.filter(state="closed", is_protected=False).exclude(close_reason__in=_IDLE_ENDS)
    if since is not None:
        decided, closed = decided.filter(at__gt=since), closed.filter(closed_at__gt=since)
    found = set(decided.order_by("-at").values_list("report_id", flat=True)[:limit])
    found.update(closed.order_by("-closed_at", "-id").values_list("pk", flat=True)[:limit])
    found = _in_use(found) if field == CATEGORY else found
    return sorted(found, reverse=True)[:limit]


def decisions(since: datetime) -> list[tuple[LedgerEntry, str]]:
    """(entry, field) of what people of ours have set after ``since``, oldest first; the newest hundred."""
    kinds = {kind: field for field, kind in ENTRY.items()}
    found = LedgerEntry.objects.filter(
        kind__in=list(kinds), at__gt=since, actor_kind="agent", report__is_protected=False
    ).select_related("report")
    return [(entry, kinds[entry.kind]) for entry in reversed(found.order_by("-at", "-id")[:100])]


def writings(reports: Iterable[Report]) -> list[Writing]:
    """The words of the reporters, and what is known without words, in the order given. One query."""
    asked = list(reports)
    said: dict[int, list[str]] = defaultdict(list)
    rows: QuerySet[Message, tuple[int, str]] = (
        Message.objects.filter(report__in=asked, said_by="contact", is_internal=False, withdrawn_at=None)
        .order_by("report", "id")
        .values_list("report_id", "body")
    )
    for report, body in rows:
        if sum(map(len, said[report])) < _MAX_WORDS:
            said[report].append(body)
    return [Writing(one.title, "\n".join(said[one.pk])[:_MAX_WORDS], _marks(one)) for one in asked]


def _marks(report: Report) -> tuple[str, ...]:
    """The door it came by, and the part of the site it happened on."""
    path = urlsplit(str((report.environment or {}).get("page") or "")).path
    place = "/".join(path.strip("/").split("/")[:2])
    return (f"channel:{report.channel}", *([f"page:{place}"] if place else []))


def _in_use(ids: set[int]) -> set[int]:
    """Those of ``ids`` that are in a category still in use."""
    asked, found = sorted(ids), set[int]()
    for begin in range(0, len(asked), 500):
        some = Report.objects.filter(pk__in=asked[begin : begin + 500], category__is_active=True)
        found.update(some.values_list("pk", flat=True))
    return found


def _examples() -> Iterator[Lesson]:
    """The names and examples of each category in each language, as if somebody had written them."""
    for category in Category.objects.filter(is_active=True):
        for language in sorted({*category.names, *category.reporter_names, *category.hints}):
            title, name, hint = (
                texts.get(language, "") for texts in (category.reporter_names, category.names, category.hints)
            )
            yield Lesson(Writing(title or name, f"{name}. {hint}"), str(category.pk), _EXAMPLE)
