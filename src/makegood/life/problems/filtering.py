"""The list of problems: what a readable query such as ``state:open team:mine -public:yes "error 500"`` means, and one
page of it.

Its own small language beside that of the queue, because a problem has other facts than a report. A slip gives a
sentence and the rest is looked for, never an empty page without a reason.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent, Team
from makegood.life.problems import access, states
from makegood.life.problems.models import Problem
from makegood.life.reports import conditions
from makegood.life.reports import states as report_states
from makegood.life.reports.query_language import LONGEST, too_long

PAGE = 50
YES_NO = ("yes", "no")
_TOKEN = re.compile(r'(?P<no>-?)(?:(?P<name>[A-Za-z_]+):(?P<value>"[^"]*"?|\S*)|"(?P<quoted>[^"]*)"?|(?P<bare>\S+))')
_COMPARED = re.compile(r"(<=|>=|<|>|=)?(.*)")
_NUMBER = re.compile(r"(?:PRB-)?(\d{1,18})", re.IGNORECASE)

_PRIORITIES = ("1", "2", "3", "4", "p1", "p2", "p3", "p4")

# name -> (column, whether the largest comes first). The primary key breaks ties in the same direction.
ORDERS: dict[str, tuple[str, bool]] = {
    "touched": ("updated_at", True),
    "newest": ("opened_at", True),
    "people": ("people_count", True),
    "reports": ("reports_count", True),
    "priority": ("priority", False),
}


@dataclass(frozen=True)
class Field:
    """``values``: the words allowed; ``is_named``: a name may stand there too, ``is_time``: days or a stretch of time.
    ``says``, ``example``: for help."""

    says: object
    values: tuple[str, ...]
    example: str
    is_named: bool = False
    is_time: bool = False


FIELDS: dict[str, Field] = {
    "state": Field(gettext_lazy("Where the problem is"), (*states.STATES, "any"), "state:investigating"),
    "severity": Field(gettext_lazy("How bad for those hit"), report_states.SEVERITIES, "severity:>=high"),
    "priority": Field(gettext_lazy("How urgent, 1 first"), _PRIORITIES, "priority:<=2"),
    "team": Field(gettext_lazy("Which team owns it"), ("mine", "none"), "team:mine", is_named=True),
    "owner": Field(gettext_lazy("Who owns it"), ("me", "none"), "owner:me", is_named=True),
    "public": Field(gettext_lazy("Offered to reporters"), YES_NO, "public:yes"),
    "known": Field(gettext_lazy("A known error: cause or workaround known, no fix yet"), YES_NO, "known:yes"),
    "news": Field(gettext_lazy("Public news that is late"), ("late", "owed", "none"), "news:late"),
    "component": Field(gettext_lazy("Which part of the product"), ("none",), "component:login", is_named=True),
    "category": Field(gettext_lazy("What kind of error"), ("none",), "category:sign-in", is_named=True),
    "opened": Field(
        gettext_lazy("When it was opened"), ("today", "yesterday"), "opened:2026-11-01..2026-11-30", is_time=True
    ),
    "age": Field(gettext_lazy("How long ago it was opened"), (), "age:>3d", is_time=True),
    "merged": Field(gettext_lazy("Merged into another problem"), YES_NO, "merged:yes"),
    "protected": Field(gettext_lazy("Seen by few only"), YES_NO, "protected:yes"),
    "sort": Field(gettext_lazy("The order"), tuple(ORDERS), "sort:people"),
}
ALIASES = {
    "status": "state",
    "is": "state",
    "sev": "severity",
    "assignee": "owner",
    "order": "sort",
    "prio": "priority",
}


class Asked(Protocol):
    """A term of this language, or of the queue's."""

    @property
    def field(self) -> str: ...
    @property
    def op(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def is_negated(self) -> bool: ...
    @property
    def raw(self) -> str: ...


@dataclass(frozen=True)
class Term:
    field: str
    op: str
    values: tuple[str, ...]
    is_negated: bool
    raw: str


@dataclass
class Found:
    """The problems a query means, the name of their order, the parts of it, and what was not understood."""

    problems: QuerySet[Problem]
    order: str = "touched"
    terms: list[Term] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    @property
    def parts(self) -> list[str]:
        """Each part of the query as it was typed, for leaving it out again."""
        return [*(term.raw for term in self.terms), *self.words, *self.without]


@dataclass
class Page:
    """One page of a list; ``before`` and ``after`` are cursors, empty at the ends."""

    problems: list[Problem]
    before: str = ""
    after: str = ""


class Unknown(Exception):
    """Nothing has the name; the text is a sentence."""


def find(seeker: Agent, text: str, *, now: datetime) -> Found:
    """What ``text`` means for ``seeker``. Merged problems stay out of sight unless asked for."""
    found = Found(access.visible_problems(seeker))
    whole = " ".join(text.replace("\x00", " ").split())
    for token in _TOKEN.finditer(whole[:LONGEST]):
        _read(found, token)
    if len(whole) > LONGEST:
        found.hints.append(too_long())
    for term in found.terms:
        if term.field == "sort":
            found.order = term.values[-1]
            continue
        try:
            found.problems = found.problems.filter(condition_of(term, seeker, now))
        except Unknown as unknown:
            found.hints.append(str(unknown))
    if not any(term.field == "merged" for term in found.terms):
        found.problems = found.problems.filter(merged_into=None)
    for word in found.words:
        found.problems = found.problems.filter(_holds(word.strip('"')))
    for word in found.without:
        found.problems = found.problems.exclude(_holds(word.removeprefix("-").strip('"')))
    return found


def condition_of(term: Asked, seeker: Agent, now: datetime) -> Q:
    """What ``term``, whose field is one of FIELDS, means in rows. Raises Unknown for a name that is nobody's."""
    condition = _CONDITIONS[term.field](term, seeker, now)
    return ~condition if term.is_negated else condition


def page(found: Found, *, cursor: str = "", backwards: bool = False, size: int = PAGE) -> Page:
    """One page after (or before) ``cursor``, each with owner and team. A cursor nobody can read starts anew."""
    column, falling = ORDERS[found.order]
    falling = falling != backwards
    sign = "-" if falling else ""
    rows = found.problems.order_by(f"{sign}{column}", f"{sign}pk").select_related("team", "owner")
    place = _read_cursor(cursor, is_moment=column.endswith("_at"))
    if place is not None:
        word, (value, pk) = ("lt" if falling else "gt"), place
        rows = rows.filter(Q(**{f"{column}__{word}": value}) | Q(**{column: value, f"pk__{word}": pk}))
    shown = list(rows[: size + 1])
    is_more, shown = len(shown) > size, shown[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([])
    first, last = _cursor(shown[0], column), _cursor(shown[-1], column)
    if backwards:
        return Page(shown, first if is_more else "", last)
    return Page(shown, first if place is not None else "", last if is_more else "")


def without(text: str, raw: str) -> str:
    """The query without one of its parts."""
    return " ".join(text.replace(raw, " ", 1).split())


def look_up(seeker: Agent, words: str, *, limit: int = 12) -> list[Problem]:
    """Problems by number or by words, unresolved and lately touched first: for choosing one to join."""
    rows = access.visible_problems(seeker).filter(merged_into=None)
    for word in words.split()[:8]:
        rows = rows.filter(_holds(word))
    first = list(rows.exclude(state=states.RESOLVED).order_by("-updated_at", "-pk")[:limit])
    over = rows.filter(state=states.RESOLVED).order_by("-updated_at", "-pk")[: limit - len(first)]
    return [*first, *over] if len(first) < limit else first


# Reading


def _read(found: Found, token: re.Match[str]) -> None:
    if token["name"] is None:
        word = (token["quoted"] if token["quoted"] is not None else token["bare"]).strip()
        if word:
            (found.without if token["no"] else found.words).append(token[0])
        return
    name = ALIASES.get(token["name"].lower(), token["name"].lower())
    if name not in FIELDS:
        _no_such_field(found, name, token[0])
        return
    op, rest = _COMPARED.fullmatch(token["value"].strip('"').strip()).groups()  # type: ignore[union-attr]
    values = tuple(part.strip() for part in rest.split(",") if part.strip())
    if not FIELDS[name].is_named:
        values = tuple(value.lower() if FIELDS[name].is_time else value.lower().replace("-", "_") for value in values)
    trouble = _trouble(name, op or "=", values)
    if trouble:
        found.hints.append(trouble)
    else:
        found.terms.append(Term(name, op or "=", values, bool(token["no"]), token[0]))


def _no_such_field(found: Found, name: str, raw: str) -> None:
    near = get_close_matches(name, [*FIELDS, *ALIASES], n=1, cutoff=0.7)
    if near:
        words = _("There is no filter %(name)s:, so it is left out. Did you mean %(meant)s:?")
        found.hints.append(words % {"name": name, "meant": ALIASES.get(near[0], near[0])})
    else:
        found.words.append(raw)  # A link, an error name, a time: people paste such things to find them.


def _trouble(name: str, op: str, values: tuple[str, ...]) -> str:
    """What is wrong with a term, in a sentence."""
    known = FIELDS[name]
    told = {"name": name, "example": known.example, "allowed": ", ".join(known.values)}
    if not values:
        return _("After %(name)s: something is missing, as in %(example)s.") % told
    is_compared = (name in ("severity", "priority") or known.is_time) and not any(".." in value for value in values)
    if op != "=" and not is_compared:
        return _("%(name)s: does not go with a comparison. Write for example %(example)s.") % told
    wrong = next((value for value in values if not fits(name, value)), None)
    if wrong is not None:
        words = _("%(name)s:%(value)s is left out. After %(name)s: stands one of %(allowed)s.")
        return words % {**told, "value": wrong}
    return ""


def fits(name: str, value: str) -> bool:
    """Whether ``value`` may stand behind the field called ``name``."""
    known = FIELDS[name]
    if value in known.values or known.is_named:
        return True
    if known.is_time:
        return conditions.is_time(value, with_days=name != "age")
    if name == "severity":
        ends = [end for end in value.split("..") if end]
        return ".." in value and 0 < len(ends) <= 2 and all(end in known.values for end in ends)
    return False


# What a term means


def _any(conditions: list[Q]) -> Q:
    whole = conditions[0]
    for condition in conditions[1:]:
        whole |= condition
    return whole


def _state(term: Asked, seeker: Agent, now: datetime) -> Q:
    if "any" in term.values:
        return Q()
    named = [value for value in term.values if value != "open"]
    # "open" as people say it: not over. The state of that name is part of it.
    over = [~Q(state=states.RESOLVED)] if "open" in term.values else []
    return _any([*over, Q(state__in=named)])


def _severity(term: Asked, seeker: Agent, now: datetime) -> Q:
    ranks = report_states.SEVERITIES

    def wanted(value: str) -> list[str]:
        begin, dots, end = value.partition("..")
        if dots:
            places = sorted(ranks.index(one) for one in (begin, end) if one)
            first, last = (places[0], places[-1]) if begin and end else (0, places[0]) if begin else (places[0], 3)
            return list(ranks[first : last + 1])
        place = ranks.index(value)
        ends = {"=": (place, place + 1), ">=": (0, place + 1), ">": (0, place)}
        ends |= {"<=": (place, len(ranks)), "<": (place + 1, len(ranks))}
        return list(ranks[slice(*ends[term.op])])

    return Q(severity__in=[name for value in term.values for name in wanted(value)])


def _priority(term: Asked, seeker: Agent, now: datetime) -> Q:
    # As with reports: ">=p2" is P2 or more urgent, "<=2" counts plainly.
    named = {"=": "", ">": "__lt", ">=": "__lte", "<": "__gt", "<=": "__gte"}[term.op]
    plain = {"=": "", ">": "__gt", ">=": "__gte", "<": "__lt", "<=": "__lte"}[term.op]
    return _any(
        [Q(**{f"priority{named if one.startswith('p') else plain}": int(one.removeprefix("p"))}) for one in term.values]
    )


def _team(term: Asked, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        if value == "mine":
            return Q(team__in=seeker.teams.all())
        if value == "none":
            return Q(team=None)
        found = list(Team.objects.filter(Q(slug__iexact=value) | Q(name__icontains=value)).values_list("pk", flat=True))
        return Q(team__in=found or _nobody(value, term))

    return _any([one(value) for value in term.values])


def _owner(term: Asked, seeker: Agent, now: datetime) -> Q:
    def one(value: str) -> Q:
        if value == "me":
            return Q(owner=seeker)
        if value == "none":
            return Q(owner=None)
        people = Agent.objects.filter(Q(email__iexact=value) | Q(name__icontains=value))
        return Q(owner__in=list(people.values_list("pk", flat=True)) or _nobody(value, term))

    return _any([one(value) for value in term.values])


def _slugged(column: str) -> Callable[[Asked, Agent, datetime], Q]:
    def condition(term: Asked, seeker: Agent, now: datetime) -> Q:
        return _any([one(value, term) for value in term.values])

    def one(value: str, term: Asked) -> Q:
        if value == "none":
            return Q(**{column: None})
        model = Problem._meta.get_field(column).related_model
        rows = model._default_manager.filter(slug__icontains=value)  # type: ignore[union-attr]
        keys = list(rows.values_list("pk", flat=True)) or _nobody(value, term)
        # By key, so that a problem of two such components is found once.
        return Q(pk__in=Problem.objects.filter(**{f"{column}__in": keys}).order_by().values("pk"))

    return condition


def _nobody(value: str, term: Asked) -> list[int]:
    raise Unknown(_("Nothing is called %(value)s, so %(raw)s is left out.") % {"value": value, "raw": term.raw})


def _known(term: Asked, seeker: Agent, now: datetime) -> Q:
    known = Q(state__in=states.UNFIXED) & (~Q(cause="") | ~Q(workaround=""))
    return _any([known if value == "yes" else ~known for value in term.values])


def _news(term: Asked, seeker: Agent, now: datetime) -> Q:
    named = {
        "late": Q(next_news_at__lt=now),
        "owed": Q(next_news_at__isnull=False),
        "none": Q(next_news_at=None),
    }
    return _any([named[value] for value in term.values])


def _flag(column: str) -> Callable[[Asked, Agent, datetime], Q]:
    return lambda term, seeker, now: _any([Q(**{column: value == "yes"}) for value in term.values])


_CONDITIONS: dict[str, Callable[[Asked, Agent, datetime], Q]] = {
    "state": _state,
    "severity": _severity,
    "priority": _priority,
    "team": _team,
    "owner": _owner,
    "public": _flag("is_public"),
    "known": _known,
    "news": _news,
    "component": _slugged("components"),
    "category": _slugged("category"),
    "opened": lambda term, seeker, now: conditions.by_day(term.op, term.values, "opened_at", now),
    "age": lambda term, seeker, now: conditions.by_age(term.op, term.values, "opened_at", now),
    "merged": lambda term, seeker, now: _any([Q(merged_into__isnull=value == "no") for value in term.values]),
    "protected": _flag("is_protected"),
}


def _holds(word: str) -> Q:
    """Words are few beside reports: thousands of problems, not millions, so every row may be looked at."""
    number = _NUMBER.fullmatch(word)
    texts = Q(title__icontains=word) | Q(symptom__icontains=word) | Q(signatures__icontains=word)
    texts |= Q(cause__icontains=word) | Q(workaround__icontains=word)
    return texts | Q(pk=int(number[1])) if number else texts


# The walk


def _cursor(problem: Problem, column: str) -> str:
    value = getattr(problem, column)
    text = f"{value.timestamp():.6f}" if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{text} {problem.pk}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str, *, is_moment: bool) -> tuple[datetime | int, int] | None:
    if not cursor:
        return None
    try:
        text, _space, pk = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        key = whole_number(pk)
        value: datetime | int | None
        value = datetime.fromtimestamp(float(text), tz=timezone.get_default_timezone()) if is_moment else None
        value = whole_number(text) if value is None else value
    except (ValueError, OverflowError, OSError):
        return None
    return (value, key) if value is not None and key is not None else None
