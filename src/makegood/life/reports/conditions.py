"""What each field of a query means in rows: a condition on reports, or a hint for a name that is nobody's."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import reduce

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.lib.texts import whole_number
from makegood.life.people import roles
from makegood.life.people.models import Agent, Contact, Organisation, Team
from makegood.life.reports import states
from makegood.life.reports.models import Category, Component, Label, Report
from makegood.life.reports.query_language import RECOVERY, Hint, Term
from makegood.life.reports.spans import days, duration

OPEN = ~Q(state=states.CLOSED)


class Unknown(Exception):
    """A name in the query is nobody's; carries the hint."""

    def __init__(self, hint: Hint) -> None:
        super().__init__(hint.text)
        self.hint = hint


def condition_of(term: Term, seeker: Agent, now: datetime) -> Q:
    """What ``term`` means. Raises Unknown."""
    condition = _CONDITIONS[term.field](term, seeker, now)
    return ~condition if term.is_negated else condition


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
    # Rank 0 is the worst, so that ">=high" means rank 1 and below.
    lookup = {"=": "", ">": "__lt", ">=": "__lte", "<": "__gt", "<=": "__gte"}[term.op]

    def one(value: str) -> Q:
        begin, dots, end = value.partition("..")
        ranks = sorted(_rank(end) for end in (begin, end) if end)
        if not dots:
            return Q(**{f"severity_rank{lookup}": ranks[0]})
        if len(ranks) == 1:
            return Q(severity_rank__lte=ranks[0]) if begin else Q(severity_rank__gte=ranks[0])
        return Q(severity_rank__range=ranks)

    return _any([one(value) for value in term.values])


def _rank(value: str) -> int:
    return states.SEVERITIES.index(value) if value in states.SEVERITIES else int(value) - 1


def _priority(term: Term, seeker: Agent, now: datetime) -> Q:
    # 1 is the most urgent; as with severity, ">=p2" means P2 or more urgent when named, "<=2" counts plainly.
    named = {"=": "", ">": "__lt", ">=": "__lte", "<": "__gt", "<=": "__gte"}[term.op]
    plain = {"=": "", ">": "__gt", ">=": "__gte", "<": "__lt", "<=": "__lte"}[term.op]
    return _any(
        [Q(**{f"priority{named if v.startswith('p') else plain}": int(v.removeprefix("p"))}) for v in term.values]
    )


def _owed(term: Term, seeker: Agent, now: datetime) -> Q:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    named = {
        "late": Q(owed_at__lt=now),
        "at_risk": Q(owed_state="at_risk", owed_at__gte=now),
        "today": Q(owed_at__lt=midnight),
        "paused": Q(owed_state="paused"),
        # By name only: aftercare stands above reports. Few are unhappy, so the table is short.
        RECOVERY: Q(pk__in=Report.objects.filter(recoveries__isnull=False, recoveries__closed_at=None).values("pk")),
    }
    return _any([named[v] if v in named else _owed_within(term.op, duration(v), now) for v in term.values])


def _owed_within(op: str, span: timedelta | None, now: datetime) -> Q:
    moment = now + (span or timedelta())
    if op in {"<", "<=", "="}:
        return Q(owed_at__lt=moment)
    return Q(owed_at__gt=moment) & ~Q(owed_state="paused")


def by_age(op: str, values: Iterable[str], column: str, now: datetime) -> Q:
    """How long ago ``column`` was: ``1d..3d`` means between, ``3d`` and ``>3d`` mean longer ago."""
    return _any([_aged(op, value, column, now) for value in values])


def by_day(op: str, values: Iterable[str], column: str, now: datetime) -> Q:
    """On which days, or how long ago, ``column`` was."""
    today = timezone.localtime(now).date()

    def one(value: str) -> Q:
        named = days(value, today=today)
        return _aged(op, value, column, now) if named is None else _within(op, column, *named)

    return _any([one(value) for value in values])


def is_time(value: str, *, with_days: bool = True) -> bool:
    """Whether ``by_day`` (or, without days, ``by_age``) can read it."""
    if with_days and days(value, today=date(2026, 1, 2)) is not None:
        return True
    ends = [end for end in value.split("..", 1) if end]
    return bool(ends) and all(duration(end) is not None for end in ends)


def _aged(op: str, value: str, column: str, now: datetime) -> Q:
    ends = [now - (duration(end) or timedelta()) if end else None for end in value.split("..")]
    if len(ends) == 2:
        youngest, oldest = sorted(ends, key=lambda end: end or now, reverse=True) if all(ends) else ends
        within = Q() if youngest is None else Q(**{f"{column}__lte": youngest})
        return within if oldest is None else within & Q(**{f"{column}__gte": oldest})
    return Q(**{f"{column}__{'gt' if op.startswith('<') else 'lt'}": ends[0]})


def _within(op: str, column: str, first: date | None, behind: date | None) -> Q:
    """From the beginning of ``first`` and before ``behind``; or before or after these days altogether."""
    since, until = (
        None if day is None else timezone.make_aware(datetime.combine(day, time())) for day in (first, behind)
    )
    if op in {"<", "<="}:
        return Q(**{f"{column}__lt": since if op == "<" else until})
    if op in {">", ">="}:
        return Q(**{f"{column}__gte": until if op == ">" else since})
    within = Q() if since is None else Q(**{f"{column}__gte": since})
    return within if until is None else within & Q(**{f"{column}__lt": until})


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


def slugged(model: type[Category] | type[Component], column: str) -> Callable[[Term, Agent, datetime], Q]:
    """A condition on ``column``, which points at a category or component."""

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


def _problem(term: Term, seeker: Agent, now: datetime) -> Q:
    """By name only: problems stand above reports. A problem the seeker may not see holds nothing for them."""
    # "Not left" alone would be true of a report without any membership as well.
    seen = Q(memberships__isnull=False, memberships__left_at=None)
    if seeker.role not in (roles.LEAD, roles.ADMIN):
        own = Q(memberships__problem__owner=seeker) | Q(memberships__problem__team__in=seeker.teams.all())
        seen &= Q(memberships__problem__is_protected=False) | own

    def belongs(which: Q) -> Q:
        # Asked of each row on the walk, as with labels. Both conditions in one filter: of one and the same membership.
        return Q(Exists(Report.objects.filter(seen & which, pk=OuterRef("pk"))))

    def one(value: str) -> Q:
        if value == "any":
            return belongs(Q())
        if value == "none":
            return ~belongs(Q())
        key = whole_number(value.upper().removeprefix("PRB-"))
        return belongs(Q(memberships__problem=key)) if key is not None else _nobody(term, value, ())

    return _any([one(value) for value in term.values])


def _suggested(term: Term, seeker: Agent, now: datetime) -> Q:
    """By name only: suggestions stand above reports."""

    def waits(**which: str) -> Q:
        # Asked of each row on the walk, as with labels.
        open_ones = Report.objects.filter(pk=OuterRef("pk"), field_suggestions__state="open", **which)
        return OPEN & Q(Exists(open_ones))

    named = {"any": waits(), "none": ~waits()}
    return _any([named[v] if v in named else waits(field_suggestions__field=v) for v in term.values])


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
    raise Unknown(Hint(words))


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

    def one(value: str) -> Q:
        begin, dots, end = value.partition("..")
        if not dots:
            return Q(**{f"completeness{lookup}": int(value)})
        return Q(completeness__gte=int(begin or 0)) & Q(completeness__lte=int(end or 100))

    return _any([one(value) for value in term.values])


_CONDITIONS: dict[str, Callable[[Term, Agent, datetime], Q]] = {
    "state": _state,
    "severity": _severity,
    "priority": _priority,
    "owed": _owed,
    "age": lambda term, seeker, now: by_age(term.op, term.values, "received_at", now),
    "received": lambda term, seeker, now: by_day(term.op, term.values, "received_at", now),
    "assignee": _assignee,
    "team": _team,
    "category": slugged(Category, "category"),
    "component": slugged(Component, "component"),
    "problem": _problem,
    "label": _label,
    "contact": _contact,
    "organisation": _organisation,
    "kind": _column("kind"),
    "channel": _column("channel"),
    "language": _column("language"),
    "escalated": _flag("is_escalated"),
    "suggested": _suggested,
    "protected": _flag("is_protected"),
    "waiting": _flag("waiting_for_reporter", yes="reporter"),
    "spoke": _spoke,
    "duplicate": lambda term, seeker, now: _present(term, Q(duplicate_of__isnull=False)),
    "reopened": lambda term, seeker, now: _present(term, Q(reopened_count__gt=0)),
    "complete": _complete,
}
