"""The queue: which reports a query means, in which order, and one page of them.

Every page is a walk along an index from where the last page ended, so the hundredth costs what the first did. Rows of
a page are read in a fixed number of queries.
"""

from __future__ import annotations

import base64
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.life.people.models import Agent, Contact, Organisation, Team
from makegood.life.reports import states
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import Category, Component, Label, Report
from makegood.life.reports.query_language import Hint, Query, Term, duration, parse

PAGE = 50
COUNT_CAP = 999
MOST_FOUND = 1000

Search = Callable[[str], list[int]]
OPEN = ~Q(state=states.CLOSED)

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
    *("last_said_by", "owed_at", "owed_state", "is_escalated", "is_protected", "reopened_count", "duplicate_of_id"),
    *("contact__name", "contact__email", "contact__phone", "contact__key", "assignee__name", "organisation__name"),
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


class _Unknown(Exception):
    """A name in the query is nobody's; carries the hint."""

    def __init__(self, hint: Hint) -> None:
        super().__init__(hint.text)
        self.hint = hint


def find(seeker: Agent, text: str, *, now: datetime, search: Search | None = None) -> Found:
    """What ``text`` means for ``seeker``. ``search`` turns words into report ids, newest first, at most MOST_FOUND."""
    query = parse(text)
    found = Found(visible_reports(seeker), order_of(query), query, list(query.hints), parts=_parts(seeker))
    for term in query.terms:
        if term.field in {"sort", "snoozed"}:
            continue
        try:
            condition = _CONDITIONS[term.field](term, seeker, now)
        except _Unknown as unknown:
            found.hints.append(unknown.hint)
            continue
        found.reports = found.reports.filter(~condition if term.is_negated else condition)
    found.reports = _leave_out(found.reports, query, now)
    if query.words:
        _by_words(found, search)
    return found


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
    found = find(seeker, text, now=now)
    return found.reports.order_by()[: COUNT_CAP + 1].count()


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


# What a term means


def _leave_out(reports: QuerySet[Report], query: Query, now: datetime) -> QuerySet[Report]:
    """Snoozed reports stay out of sight unless asked for, or something owed on them is late."""
    asked = {(value, term.is_negated) for term in query.of("snoozed") for value in term.values}
    away = Q(snoozed_until__gt=now)
    if ("yes", False) in asked or ("no", True) in asked:
        return reports.filter(away)
    if ("any", False) in asked or states.CLOSED in {v for term in query.of("state") for v in term.values}:
        return reports
    return reports.exclude(away & Q(owed_at__gt=now))


def _by_words(found: Found, search: Search | None) -> None:
    words = " ".join(found.query.words)
    number = words.upper().removeprefix("MG-")
    if number.isdecimal() and len(number) < 19:
        found.reports = found.reports.filter(pk=int(number))
        return
    if search is None:
        for word in found.query.words:
            found.reports = found.reports.filter(title__icontains=word)
        return
    matches = search(words)
    found.hits, found.is_cut = len(matches), len(matches) >= MOST_FOUND
    found.reports = found.reports.filter(pk__in=matches)


def _any(conditions: list[Q]) -> Q:
    return reduce(operator.or_, conditions)


def _state(term: Term, seeker: Agent, now: datetime) -> Q:
    if "any" in term.values:
        return Q()
    if term.values == ("open",):
        return OPEN
    # Saying "not closed" besides lets the databases use the indexes that hold open reports only.
    states_named = [value for value in term.values if value != "open"]
    named = Q(state=states_named[0]) if len(states_named) == 1 else Q(state__in=states_named)
    named = OPEN | named if "open" in term.values else named
    return named if states.CLOSED in term.values or term.is_negated else OPEN & named


def _severity(term: Term, seeker: Agent, now: datetime) -> Q:
    ranks = [states.SEVERITIES.index(v) if v in states.SEVERITIES else int(v) - 1 for v in term.values]
    # Rank 0 is the worst, so that ">=high" means rank 1 and below.
    lookup = {"=": "", ">": "__lt", ">=": "__lte", "<": "__gt", "<=": "__gte"}[term.op]
    return _any([Q(**{f"severity_rank{lookup}": rank}) for rank in ranks])


def _owed(term: Term, seeker: Agent, now: datetime) -> Q:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    named = {
        "late": Q(owed_at__lt=now),
        "at_risk": Q(owed_state="at_risk", owed_at__gte=now),
        "today": Q(owed_at__lt=midnight),
        "paused": Q(owed_state="paused"),
    }
    return _any([named[v] if v in named else _owed_within(term.op, duration(v), now) for v in term.values])


def _owed_within(op: str, span: timedelta | None, now: datetime) -> Q:
    moment = now + (span or timedelta())
    if op in {"<", "<=", "="}:
        return Q(owed_at__lt=moment)
    return Q(owed_at__gt=moment) & ~Q(owed_state="paused")


def _age(term: Term, seeker: Agent, now: datetime) -> Q:
    spans = [now - (duration(value) or timedelta()) for value in term.values]
    lookup = "received_at__gt" if term.op.startswith("<") else "received_at__lt"
    return _any([Q(**{lookup: moment}) for moment in spans])


def _assignee(term: Term, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        if value == "me":
            return Q(assignee=seeker)
        if value == "none":
            return Q(assignee=None)
        people = list(
            Agent.objects.filter(Q(email__iexact=value) | Q(name__icontains=value)).values_list("pk", flat=True)
        )
        return Q(assignee__in=people) if people else _nobody(term, value, Agent.objects.values_list("name", flat=True))

    return _any([one(value) for value in term.values])


def _team(term: Term, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        if value == "mine":
            return Q(team__in=list(seeker.teams.values_list("pk", flat=True)))
        if value == "none":
            return Q(team=None)
        found = list(Team.objects.filter(Q(slug__iexact=value) | Q(name__icontains=value)).values_list("pk", flat=True))
        return Q(team__in=found) if found else _nobody(term, value, Team.objects.values_list("slug", flat=True))

    return _any([one(value) for value in term.values])


def _slugged(model: type[Category] | type[Component], column: str) -> Callable[[Term, Agent, datetime], Q]:
    def condition(term: Term, seeker: Agent, now: datetime) -> Q:
        named = [value for value in term.values if value != "none"]
        none = [Q(**{column: None})] if "none" in term.values else []
        return _any(none + [one(value, term) for value in named])

    def one(value: str, term: Term) -> Q:
        rows = model.objects.filter(Q(slug__iexact=value) | Q(slug__icontains=value)).values_list("pk", flat=True)
        found = list(rows)
        return (
            Q(**{f"{column}__in": found})
            if found
            else _nobody(term, value, model.objects.values_list("slug", flat=True))
        )

    return condition


def _label(term: Term, seeker: Agent, now: datetime) -> Q:
    # Asked of each row on the walk: a list of all that carry the label would be made before the first is shown.
    carried = Report.labels.through.objects.filter(report_id=OuterRef("pk"))
    none = [Q(~Exists(carried))] if "none" in term.values else []
    names = [value.lower() for value in term.values if value != "none"]
    known = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    for name in names:
        if name not in known:
            _nobody(term, name, Label.objects.values_list("name", flat=True))
    labelled = [Q(Exists(carried.filter(label__in=list(known.values()))))] if known else []
    return _any(none + labelled)


def _contact(term: Term, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        exact = Contact.objects.filter(email=value.lower()).values_list("pk", flat=True)
        people = list(exact) or list(
            Contact.objects.filter(Q(name__icontains=value) | Q(email__istartswith=value)).values_list("pk", flat=True)[
                :200
            ]
        )
        return Q(contact__in=people) if people else _nobody(term, value, ())

    return _any([one(value) for value in term.values])


def _organisation(term: Term, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        rows = Organisation.objects.filter(Q(key=value) | Q(name__icontains=value)).values_list("pk", flat=True)[:200]
        found = list(rows)
        return Q(organisation__in=found) if found else _nobody(term, value, ())

    return _any([one(value) for value in term.values])


def _nobody(term: Term, value: str, names: object) -> Q:
    """Raise the hint for a name that is not there, with the nearest one there is."""
    words = _("Nothing is called %(value)s, so %(raw)s is left out.") % {"value": value, "raw": term.raw}
    known = [str(name) for name in names][:2000] if not isinstance(names, tuple) else []  # type: ignore[attr-defined]
    near = [name for name in known if value.lower()[:3] in name.lower()][:3]
    if near:
        words += " " + _("There is %(names)s.") % {"names": ", ".join(near)}
    raise _Unknown(Hint(words))


def _flag(column: str, yes: str = "yes") -> Callable[[Term, Agent, datetime], Q]:
    return lambda term, seeker, now: _any([Q(**{column: value == yes}) for value in term.values])


def _column(column: str) -> Callable[[Term, Agent, datetime], Q]:
    return lambda term, seeker, now: Q(**{f"{column}__in": term.values})


def _spoke(term: Term, seeker: Agent, now: datetime) -> Q:
    return _any([Q(last_said_by="contact") if v == "reporter" else ~Q(last_said_by="contact") for v in term.values])


def _present(term: Term, condition: Q) -> Q:
    return _any([condition if value == "yes" else ~condition for value in term.values])


def _complete(term: Term, seeker: Agent, now: datetime) -> Q:
    lookup = {"=": "", ">": "__gt", ">=": "__gte", "<": "__lt", "<=": "__lte"}[term.op]
    return _any([Q(**{f"completeness{lookup}": int(value)}) for value in term.values])


_CONDITIONS: dict[str, Callable[[Term, Agent, datetime], Q]] = {
    "state": _state,
    "severity": _severity,
    "owed": _owed,
    "age": _age,
    "assignee": _assignee,
    "team": _team,
    "category": _slugged(Category, "category"),
    "component": _slugged(Component, "component"),
    "label": _label,
    "contact": _contact,
    "organisation": _organisation,
    "kind": _column("kind"),
    "channel": _column("channel"),
    "language": _column("language"),
    "escalated": _flag("is_escalated"),
    "protected": _flag("is_protected"),
    "waiting": _flag("waiting_for_reporter", yes="reporter"),
    "spoke": _spoke,
    "duplicate": lambda term, seeker, now: _present(term, Q(duplicate_of__isnull=False)),
    "reopened": lambda term, seeker, now: _present(term, Q(reopened_count__gt=0)),
    "complete": _complete,
}
