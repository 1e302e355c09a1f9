"""What the fields of a query mean for each kind that can be found: its own facts; for people besides, that they have
such a report.

A field that says nothing about a kind leaves the kind out, and a hint says so. Of several values those count that a
kind knows. A name that is nobody's is left out with a hint, as in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.texts import whole_number
from makegood.life.knowledge import states as confidence
from makegood.life.people.models import Agent, Organisation, Team
from makegood.life.problems import filtering
from makegood.life.problems import states as problem_states
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.rca import states as rca_states
from makegood.life.reports import conditions, queries, query_language, states
from makegood.life.reports.models import Category
from makegood.life.reports.query_language import WORDS, YES_NO, Field, Hint, Query, Term
from makegood.life.reports.spans import duration
from makegood.life.searching.kinds import BY_NAME, TABLE, in_place

Condition = Callable[[Term, Agent, datetime], Q]

_STATE = query_language.FIELDS["state"]
_STATES = (*problem_states.STATES, *rca_states.RCA_STATES, *rca_states.ACTION_STATES, *confidence.CONFIDENCE)
# All that may be asked for here: what the queue knows, and what other kinds have besides.
FIELDS: Mapping[str, Field] = {
    **query_language.FIELDS,
    "state": replace(_STATE, values=tuple(dict.fromkeys((*_STATE.values, *_STATES)))),
    "public": Field(WORDS, gettext_lazy("A problem or article that reporters may read"), YES_NO, "public:yes"),
    **{
        name: Field(WORDS, filtering.FIELDS[name].says, filtering.FIELDS[name].values, filtering.FIELDS[name].example)
        for name in ("known", "news", "merged")
    },
}
PLACE_NAMES = {
    "reports": gettext_lazy("reports"),
    "messages": gettext_lazy("messages"),
    "files": gettext_lazy("files"),
    "problems": gettext_lazy("problems"),
    "analyses": gettext_lazy("analyses"),
    "actions": gettext_lazy("actions"),
    "articles": gettext_lazy("articles"),
    "people": gettext_lazy("people"),
}
_NARROW_NOTHING = frozenset({"in", "sort"})


class _Nothing(Exception):
    """What stands behind the field is no value of this kind."""


@dataclass
class Meant:
    """``reports``: the terms that count for reports. ``conditions``: of the other kinds that are narrowed.
    ``left_out``: kind → the terms that say nothing about it."""

    reports: Query
    conditions: dict[str, Q] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    hints: list[Hint] = field(default_factory=list)


def meant(seeker: Agent, query: Query, *, now: datetime) -> Meant:
    """What the fields of ``query`` mean, kind by kind."""
    terms = [term for term in query.terms if term.field not in _NARROW_NOTHING]
    found = Meant(Query(query.text, query.terms, query.words, query.hints))
    found.reports.terms, strange = _for_reports(query.terms)
    for kind in TABLE:
        if kind.has_fields:
            found.left_out[kind.name] = strange
        elif terms:
            _mean(found, kind.name, terms, seeker, now)
    found.left_out = {name: raws for name, raws in found.left_out.items() if raws}
    return found


def hints_of(found: Meant, places: Iterable[str]) -> list[Hint]:
    """A sentence for every term that leaves some of ``places`` out."""
    away: dict[str, list[str]] = {}
    for place in places:
        raws = [found.left_out.get(kind, []) for kind in kinds_of(place)]
        for raw in dict.fromkeys(raws[0] if all(raws) else ()):
            away.setdefault(raw, []).append(str(PLACE_NAMES[place]))
    words = _("%(raw)s says nothing about %(places)s, so you see none of these.")
    return [Hint(words % {"raw": raw, "places": ", ".join(named)}) for raw, named in away.items()]


def kinds_of(place: str) -> tuple[str, ...]:
    """The kinds whose fields count for ``place``. Messages are found through their reports."""
    return in_place("reports" if place == "messages" else place)


def _for_reports(terms: list[Term]) -> tuple[list[Term], list[str]]:
    """Those of ``terms`` that say something about reports, with the values that do; and the others as typed."""
    known, strange = [], []
    for term in terms:
        there = query_language.FIELDS.get(term.field)
        values = tuple(value for value in term.values if there and query_language.fits(there, value))
        if values:
            known.append(replace(term, values=values))
        elif not (there and term.is_negated):
            strange.append(term.raw)
    return known, strange


def _mean(found: Meant, kind: str, terms: list[Term], seeker: Agent, now: datetime) -> None:
    means, of_reports = _MEANINGS[kind], _OF_REPORTS.get(kind, "")
    whole, rest, strange = Q(), list[Term](), list[str]()
    for term in terms:
        if term.field not in means:
            rest.append(term)
            continue
        try:
            condition = means[term.field](replace(term, is_negated=False), seeker, now)
        except _Nothing:
            # What no such thing can be, none of them is.
            strange += [] if term.is_negated else [term.raw]
        except conditions.Unknown as unknown:
            _say(found, unknown.hint)
        except filtering.Unknown as unknown:
            _say(found, Hint(str(unknown)))
        else:
            whole &= ~condition if term.is_negated else condition
    if rest and of_reports:
        asked, unfit = _for_reports(rest)
        strange += unfit
        wanted = Query(terms=asked)
        theirs = queries.snoozed(queries.narrowed(seeker, wanted, now=now).reports, wanted, now=now)
        whole &= Q(Exists(theirs.filter(**{of_reports: OuterRef("pk")}).order_by()))
    else:
        strange += [term.raw for term in rest]
    found.left_out[kind], found.conditions[kind] = strange, whole


def _say(found: Meant, hint: Hint) -> None:
    if hint not in found.hints:
        found.hints.append(hint)


def keys(found: Meant, kind: str, there: set[int]) -> set[int]:
    """Those of ``there``, rows of ``kind``, that the fields mean."""
    condition = found.conditions.get(kind)
    if condition is None or not there:
        return there
    rows = BY_NAME[kind].rows().filter(condition, pk__in=there)
    return set(rows.order_by().values_list("pk", flat=True))


# What a field means


def _as_of_problems(name: str) -> Condition:
    """As in the list of problems, where the field is called ``name``."""

    def condition(term: Term, seeker: Agent, now: datetime) -> Q:
        given = map(_by_name, term.values) if name == "severity" else term.values
        values = tuple(value for value in given if filtering.fits(name, value))
        if not values:
            raise _Nothing
        return filtering.condition_of(replace(term, field=name, values=values), seeker, now)

    return condition


def _by_name(value: str) -> str:
    """A severity, or a range of them, by name: ``1`` is the worst."""
    ends = (states.SEVERITIES[int(end) - 1] if end.isdigit() else end for end in value.split(".."))
    return "..".join(ends)


def _of_the_problem(condition: Condition) -> Condition:
    """The same of the problem it belongs to."""
    return lambda term, seeker, now: Q(
        problem__in=Problem.objects.filter(condition(term, seeker, now)).order_by().values("pk")
    )


def _state(every: tuple[str, ...], over: tuple[str, ...] = (), column: str = "state") -> Condition:
    """``over``: the states in which one is not open any more; without, nothing is called open."""

    def condition(term: Term, seeker: Agent, now: datetime) -> Q:
        if "any" in term.values:
            return Q()
        named = [value for value in term.values if value in every]
        is_open = bool(over) and "open" in term.values
        if not named and not is_open:
            raise _Nothing
        listed = Q(**{f"{column}__in": named})
        return listed | ~Q(**{f"{column}__in": over}) if is_open else listed

    return condition


def _problem(column: str) -> Condition:
    """By number, among those the seeker may see; ``any`` and ``none`` where there may be none."""

    def condition(term: Term, seeker: Agent, now: datetime) -> Q:
        return reduce(or_, [one(value, seeker) for value in term.values])

    def one(value: str, seeker: Agent) -> Q:
        seen = visible_problems(seeker).order_by().values("pk")
        if value in ("any", "none") and column != "pk":
            belongs = Q(**{f"{column}__in": seen})
            return belongs if value == "any" else ~belongs
        key = whole_number(value.upper().removeprefix("PRB-"))
        if key is None:
            raise _Nothing
        return Q(**{f"{column}__in": seen.filter(pk=key)})

    return condition


def _came(column: str) -> dict[str, Condition]:
    """When it came to be."""
    return {
        "received": lambda term, seeker, now: conditions.by_day(term.op, term.values, column, now),
        "age": lambda term, seeker, now: conditions.by_age(term.op, term.values, column, now),
    }


def _owed(term: Term, seeker: Agent, now: datetime) -> Q:
    """When an action is to be done, or checked."""
    pending = Q(promise__state__in=Promise.PENDING)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    named = {
        "late": pending & Q(promise__due_at__lt=now),
        "at_risk": pending & Q(promise__at_risk_at__lte=now, promise__due_at__gte=now),
        "today": pending & Q(promise__due_at__lt=midnight),
        "paused": Q(promise__state=Promise.PAUSED),
    }

    def within(value: str) -> Q:
        moment = now + (duration(value) or timedelta())
        return pending & Q(**{f"promise__due_at__{'gt' if term.op.startswith('>') else 'lt'}": moment})

    fit = [value for value in term.values if value in named or duration(value) is not None]
    if not fit:
        raise _Nothing
    return reduce(or_, [named[value] if value in named else within(value) for value in fit])


def _among(column: str) -> Condition:
    return lambda term, seeker, now: Q(**{f"{column}__in": term.values})


def _flag(column: str, yes: object = True) -> Condition:
    return lambda term, seeker, now: reduce(
        or_, [Q(**{column: yes}) if value == "yes" else ~Q(**{column: yes}) for value in term.values]
    )


def _teams(term: Term, seeker: Agent, now: datetime) -> Q:
    """Teams a colleague is in."""

    def one(value: str) -> Q:
        if value == "mine":
            return Q(teams__in=list(seeker.teams.values_list("pk", flat=True)))
        if value == "none":
            return Q(teams=None)
        named = Team.objects.filter(Q(slug__iexact=value) | Q(name__icontains=value))
        return Q(pk__in=Agent.objects.filter(teams__in=named).order_by().values("pk"))

    return reduce(or_, [one(value) for value in term.values])


def _contact(term: Term, seeker: Agent, now: datetime) -> Q:
    return reduce(or_, [Q(email__istartswith=value) | Q(name__icontains=value) for value in term.values])


def _organisation(column: str) -> Condition:
    def condition(term: Term, seeker: Agent, now: datetime) -> Q:
        named = reduce(or_, [Q(key=value) | Q(name__icontains=value) for value in term.values])
        return Q(**{f"{column}__in": Organisation.objects.filter(named).order_by().values("pk")})

    return condition


_PROBLEM: dict[str, Condition] = {
    **{
        name: _as_of_problems(name)
        for name in (
            "state",
            "severity",
            "team",
            "component",
            "category",
            "protected",
            "public",
            "known",
            "news",
            "merged",
        )
    },
    "assignee": _as_of_problems("owner"),
    "priority": conditions.condition_of,
    "reopened": lambda term, seeker, now: reduce(
        or_, [Q(came_back_count__gt=0) if value == "yes" else Q(came_back_count=0) for value in term.values]
    ),
    "problem": _problem("pk"),
    **_came("opened_at"),
}
_OF_ITS_PROBLEM = {
    name: _of_the_problem(_PROBLEM[name]) for name in ("severity", "priority", "component", "category", "protected")
}
_MEANINGS: dict[str, dict[str, Condition]] = {
    "problem": _PROBLEM,
    "rca": {
        **_OF_ITS_PROBLEM,
        "state": _state(rca_states.RCA_STATES, (rca_states.PUBLISHED,)),
        "assignee": _as_of_problems("owner"),
        "team": _of_the_problem(_PROBLEM["team"]),
        "problem": _problem("problem"),
        **_came("begun_at"),
    },
    "action": {
        **_OF_ITS_PROBLEM,
        "state": _state(rca_states.ACTION_STATES, (rca_states.EFFECTIVE, rca_states.DECLINED)),
        "assignee": _as_of_problems("owner"),
        "team": _as_of_problems("team"),
        "owed": _owed,
        "problem": _problem("problem"),
        **_came("proposed_at"),
    },
    "article": {
        "state": _state(confidence.CONFIDENCE, column="article__confidence"),
        "language": _among("language"),
        "category": conditions.slugged(Category, "article__category"),
        "problem": _problem("article__problem"),
        "public": _flag("article__audience", yes=confidence.PUBLIC),
        **_came("article__made_at"),
    },
    "contact": {
        "contact": _contact,
        "organisation": _organisation("organisation"),
        "language": _among("language"),
        **_came("created_at"),
    },
    "organisation": {"organisation": _organisation("pk"), **_came("created_at")},
    "agent": {"team": _teams, "language": _among("language"), **_came("created_at")},
}
# People have reports: what is asked for besides must be true of one of those the seeker may see.
_OF_REPORTS = {"contact": "contact", "organisation": "organisation"}
