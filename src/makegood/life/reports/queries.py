"""The queue: which reports a query means, in which order, and one page of them.

Every page is a walk along an index from where the last page ended, so the hundredth costs what the first did. Rows of
a page are read in a fixed number of queries.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.engine.search import Wanted, holds
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent
from makegood.life.reports import states
from makegood.life.reports.access import SeenBy, visible_reports
from makegood.life.reports.conditions import Unknown, condition_of
from makegood.life.reports.finding import KIND, visible_ids_with_words
from makegood.life.reports.models import Report
from makegood.life.reports.query_language import RECOVERY, Hint, Query, parse

PAGE = 50
COUNT_CAP = 999
MOST_FOUND = 1000

Search = Callable[[Wanted], list[int]]

# name -> (column, whether the largest comes first). The primary key breaks ties in the same direction.
ORDERS: dict[str, tuple[str, bool]] = {
    "owed": ("owed_at", False),
    "newest": ("received_at", True),
    "oldest": ("received_at", False),
    "closed": ("closed_at", True),
}
# What a list shows; the other half of a report's columns would double the work of reading fifty.
ROW = (
    *("title", "kind", "state", "severity", "received_at", "closed_at", "snoozed_until", "last_said_at"),
    *(
        "priority",
        "priority_why",
        "priority_by",
        "last_said_by",
        "owed_at",
        "owed_state",
        "is_escalated",
        "is_protected",
        "reopened_count",
        "duplicate_of_id",
    ),
    *("contact__name", "contact__email", "contact__phone", "contact__preferred_way", "contact__key"),
    *("assignee__name", "organisation__name"),
)


@dataclass
class Found:
    """The reports a query means, their order, and what could not be understood. ``hits``: how many hold its words."""

    reports: QuerySet[Report]
    order: str
    query: Query
    hints: list[Hint] = field(default_factory=list)
    is_cut: bool = False
    hits: int = 0
    parts: list[Q] = field(default_factory=list)


@dataclass
class Page:
    """One page of a list; ``before`` and ``after`` are cursors, empty at the ends."""

    reports: list[Report]
    before: str = ""
    after: str = ""


def find(seeker: Agent, text: str, *, now: datetime, search: Search | None = None) -> Found:
    """What ``text`` means for ``seeker``. ``search`` turns words into report ids, newest first; without one, the
    newest MOST_FOUND that the seeker may see are looked at."""
    query = parse(text)
    found = narrowed(seeker, query, now=now)
    found.reports = _leave_out(found.reports, query, now)
    if query.words:
        _by_words(found, search or (lambda wanted: visible_ids_with_words(seeker, wanted, limit=MOST_FOUND)))
    if query.of("in"):
        words = _("This list holds reports alone, so in: is left out. The search looks everywhere.")
        found.hints.append(Hint(words))
    return found


def narrowed(seeker: Agent, query: Query, *, now: datetime) -> Found:
    """The reports that the fields of ``query`` mean, whatever words stand beside them."""
    found = Found(visible_reports(seeker), order_of(query), query, list(query.hints), parts=_parts(seeker))
    for term in query.terms:
        if term.field in {"sort", "snoozed", "in"}:
            continue
        try:
            found.reports = found.reports.filter(condition_of(term, seeker, now))
        except Unknown as unknown:
            found.hints.append(unknown.hint)
    return found


def snoozed(reports: QuerySet[Report], query: Query, *, now: datetime) -> QuerySet[Report]:
    """``reports`` as ``snoozed:`` asks for them; all of them if it does not."""
    away = Q(snoozed_until__gt=now)
    asked = {(value, term.is_negated) for term in query.of("snoozed") for value in term.values}
    if ("yes", False) in asked or ("no", True) in asked:
        return reports.filter(away)
    return reports.exclude(away) if ("no", False) in asked or ("yes", True) in asked else reports


def page(found: Found, *, cursor: str = "", backwards: bool = False, size: int = PAGE) -> Page:
    """One page after (or before) ``cursor``. A cursor that cannot be read starts at the beginning."""
    column, falling = ORDERS[found.order]
    falling = falling != backwards
    sign = "-" if falling else ""
    reports = found.reports.order_by(f"{sign}{column}", f"{sign}pk")
    place = _read_cursor(cursor)
    if place is not None:
        reports = reports.filter(_beyond(column, falling, place))
    rows = _first(reports, found.parts, (column, falling), size + 1)
    is_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    first, last = _cursor(rows[0], column), _cursor(rows[-1], column)
    came_from = place is not None
    if backwards:
        return Page(rows, first if is_more else "", last)
    return Page(rows, first if came_from else "", last if is_more else "")


def count(seeker: Agent, text: str, *, now: datetime) -> int:
    """How many reports ``text`` means, counted to COUNT_CAP + 1 and no further."""
    return _to_count(seeker, text, now).count()


def _to_count(seeker: Agent, text: str, now: datetime) -> QuerySet[Report]:
    return find(seeker, text, now=now).reports.order_by()[: COUNT_CAP + 1]


class Counting:
    """``count`` of a text that never changes and names nobody: composed once for each role, then only run."""

    def __init__(self, text: str) -> None:
        self._found = SeenBy(lambda seeker, now: _to_count(seeker, text, now).values_list("pk", flat=True), spare=1)

    def __call__(self, seeker: Agent, *, now: datetime) -> int:
        return len(self._found(seeker, now))


def ids(found: Found, *, limit: int) -> list[int]:
    """The primary keys in order: what 'all in this view' means to a bulk change."""
    column, falling = ORDERS[found.order]
    sign = "-" if falling else ""
    return list(found.reports.order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", flat=True)[:limit])


# The order and the walk


def order_of(query: Query) -> str:
    """The name in ORDERS of what a list with this query goes by."""
    if query.sort:
        return query.sort
    stated = {value for term in query.of("state") if not term.is_negated for value in term.values}
    if stated == {states.CLOSED}:
        return "closed"
    if any(RECOVERY in term.values and not term.is_negated for term in query.of("owed")):
        return "owed"
    return "owed" if stated and not stated & {"any", states.CLOSED} else "newest"


def _parts(seeker: Agent) -> list[Q]:
    """For who sees only what reached them: one condition an index can walk for each way it may have."""
    if seeker.may("report.view_all"):
        return []
    teams = list(seeker.teams.values_list("pk", flat=True))
    reached = [Q(**{column: team}) for team in teams for column in ("team", "technical_team")]
    return [Q(assignee=seeker), *reached]


def _first(reports: QuerySet[Report], parts: list[Q], order: tuple[str, bool], limit: int) -> list[Report]:
    """The first ``limit`` rows. By parts and merged, because the databases read and sort everything for an OR."""
    column, falling = order
    rows = reports.select_related("contact", "assignee", "organisation").only(*ROW)
    if not parts:
        return list(rows[:limit])
    found = {report.pk: report for part in parts for report in rows.filter(part)[:limit]}

    def place(report: Report) -> tuple[float, int]:
        at = getattr(report, column)
        return (at.timestamp() if at else 0.0, report.pk)

    return sorted(found.values(), key=place, reverse=falling)[:limit]


def _beyond(column: str, falling: bool, place: tuple[datetime, int]) -> Q:
    at, pk = place
    if falling:
        return Q(**{f"{column}__lte": at}) & (Q(**{f"{column}__lt": at}) | Q(pk__lt=pk))
    return Q(**{f"{column}__gte": at}) & (Q(**{f"{column}__gt": at}) | Q(pk__gt=pk))


def _cursor(report: Report, column: str) -> str:
    at = getattr(report, column)
    text = f"{at.timestamp():.6f} {report.pk}" if at else f"0 {report.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _space, pk = text.partition(" ")
        return datetime.fromtimestamp(float(at), tz=timezone.get_default_timezone()), int(pk)
    except (ValueError, OverflowError, OSError):
        return None


# What a query leaves out, and its words


def _leave_out(reports: QuerySet[Report], query: Query, now: datetime) -> QuerySet[Report]:
    """Snoozed reports stay out of sight unless asked for, or something owed on them is late."""
    asked = {(value, term.is_negated) for term in query.of("snoozed") for value in term.values}
    away = Q(snoozed_until__gt=now)
    if ("yes", False) in asked or ("no", True) in asked:
        return reports.filter(away)
    if ("any", False) in asked or states.CLOSED in {v for term in query.of("state") for v in term.values}:
        return reports
    return reports.exclude(away & Q(owed_at__gt=now))


def number_in(query: Query) -> int | None:
    """The report that a query names by its number and nothing else to look for."""
    if len(query.words) != 1 or not query.words[0].is_plain:
        return None
    number = query.words[0].text.upper().removeprefix("MG-")
    return whole_number(number) if number.isdecimal() and len(number) < 19 else None


def _by_words(found: Found, search: Search) -> None:
    wanted = found.query.wanted
    if (number := number_in(found.query)) is not None:
        found.reports = found.reports.filter(pk=number)
    elif wanted.groups:
        matches = search(wanted)
        found.hits, found.is_cut = len(matches), len(matches) >= MOST_FOUND
        found.reports = found.reports.filter(pk__in=matches)
    elif wanted.without:
        # Nearly everything lacks a word: each report the list comes to is asked, none is looked up.
        found.reports = found.reports.exclude(holds(KIND, Wanted((wanted.without,))))
