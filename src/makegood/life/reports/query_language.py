"""The readable query of the queue: ``state:open severity:>=high owed:<4h assignee:me -label:waiting "white page"``.

``parse`` turns text into terms, search words and hints. It knows every field there is and what may stand behind it, so
that a slip gives a sentence and a better query, never an empty page without a reason. What a term means in rows is the
business of ``queries``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.texts import whole_number
from makegood.life.reports import states

YES_NO = ("yes", "no")
WORDS, DURATION, NUMBER, RANK, NAMED = "words", "duration", "number", "rank", "named"


@dataclass(frozen=True)
class Field:
    """``values``: the words allowed, none for free text; ``kind`` says what else may follow; ``says`` is for help."""

    kind: str
    says: object
    values: tuple[str, ...] = ()
    example: str = ""


FIELDS: dict[str, Field] = {
    "state": Field(WORDS, gettext_lazy("Where the report is"), ("open", *states.STATES, "any"), "state:open"),
    "severity": Field(RANK, gettext_lazy("How bad for those hit"), states.SEVERITIES, "severity:>=high"),
    "owed": Field(DURATION, gettext_lazy("When something is owed"), ("late", "at_risk", "today", "paused"), "owed:<4h"),
    "age": Field(DURATION, gettext_lazy("How long ago it came in"), (), "age:>3d"),
    "assignee": Field(NAMED, gettext_lazy("Who has it"), ("me", "none"), "assignee:me"),
    "team": Field(NAMED, gettext_lazy("Which team has it"), ("mine", "none"), "team:mine"),
    "category": Field(NAMED, gettext_lazy("What kind of error"), ("none",), "category:sign-in"),
    "component": Field(NAMED, gettext_lazy("Which part of the product"), ("none",), "component:login"),
    "label": Field(NAMED, gettext_lazy("A label it carries"), ("none",), "-label:waiting"),
    "kind": Field(WORDS, gettext_lazy("Error or question"), states.KINDS, "kind:error"),
    "escalated": Field(WORDS, gettext_lazy("With the technical side"), YES_NO, "escalated:yes"),
    "waiting": Field(WORDS, gettext_lazy("Who has the ball"), ("reporter", "us"), "waiting:reporter"),
    "spoke": Field(WORDS, gettext_lazy("Who spoke last"), ("reporter", "us"), "spoke:reporter"),
    "snoozed": Field(WORDS, gettext_lazy("Put aside for now"), (*YES_NO, "any"), "snoozed:yes"),
    "duplicate": Field(WORDS, gettext_lazy("Linked to another report"), YES_NO, "duplicate:no"),
    "reopened": Field(WORDS, gettext_lazy("Came back after it was solved"), YES_NO, "reopened:yes"),
    "protected": Field(WORDS, gettext_lazy("Seen by few only"), YES_NO, "protected:yes"),
    "complete": Field(NUMBER, gettext_lazy("Percent of the error document known"), (), "complete:<50"),
    "contact": Field(NAMED, gettext_lazy("Who reported it: address or name"), (), "contact:ana@example.org"),
    "organisation": Field(NAMED, gettext_lazy("Their organisation"), (), "organisation:acme"),
    "channel": Field(WORDS, gettext_lazy("How it came"), ("web", "phone", "mail", "api", "widget"), "channel:phone"),
    "language": Field(WORDS, gettext_lazy("The reporter's language"), ("en", "de"), "language:de"),
    "sort": Field(WORDS, gettext_lazy("The order"), ("owed", "newest", "oldest", "closed"), "sort:newest"),
}
ALIASES = {
    "status": "state",
    "sev": "severity",
    "priority": "severity",
    "sla": "owed",
    "due": "owed",
    "owner": "assignee",
    "assigned": "assignee",
    "tag": "label",
    "labels": "label",
    "customer": "contact",
    "reporter": "contact",
    "email": "contact",
    "org": "organisation",
    "is": "state",
    "received": "age",
    "order": "sort",
}
USUAL = ("state", "severity", "owed", "assignee", "label")
_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_TOKEN = re.compile(r'(?P<no>-?)(?:(?P<name>[A-Za-z_]+):(?P<value>"[^"]*"?|\S*)|"(?P<quoted>[^"]*)"?|(?P<bare>\S+))')
_COMPARED = re.compile(r"(<=|>=|<|>|=)?(.*)")
LONGEST = 400


@dataclass(frozen=True)
class Hint:
    """What was not understood, in a sentence, and the query that may have been meant (or empty)."""

    text: str
    better: str = ""


@dataclass(frozen=True)
class Term:
    """``field`` compared by ``op`` (``=``, ``<``, ``<=``, ``>``, ``>=``) with any of ``values``."""

    field: str
    op: str
    values: tuple[str, ...]
    is_negated: bool
    raw: str


@dataclass
class Query:
    text: str = ""
    terms: list[Term] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def of(self, name: str) -> list[Term]:
        return [term for term in self.terms if term.field == name]

    @property
    def sort(self) -> str:
        given = self.of("sort")
        return given[-1].values[0] if given else ""


def parse(text: str) -> Query:
    """Read ``text``; never fails. What is not understood is left out and named in ``hints``."""
    query = Query(text=" ".join(text.split())[:LONGEST])
    for found in _TOKEN.finditer(query.text):
        if found["name"] is None:
            _add_words(query, found)
        else:
            _add_term(query, found)
    return query


def duration(text: str) -> timedelta | None:
    """``30min``, ``4h``, ``2d``, ``1w``; a bare number means hours."""
    found = re.fullmatch(r"(\d{1,4})(m|min|h|d|w)?", text)
    return timedelta(minutes=int(found[1]) * _UNITS[found[2] or "h"]) if found else None


def without(text: str, raw: str) -> str:
    """The query without one of its parts: what 'clear this filter' leads to."""
    return " ".join(text.replace(raw, " ", 1).split())


def _add_words(query: Query, found: re.Match[str]) -> None:
    word = (found["quoted"] if found["quoted"] is not None else found["bare"]).strip()
    if found["no"] and word:
        query.hints.append(Hint(_("We cannot leave out words yet: “%(word)s” is not used.") % {"word": word}))
    elif word:
        query.words.append(word)


def _add_term(query: Query, found: re.Match[str]) -> None:
    name, value = found["name"].lower(), found["value"].strip('"').strip()
    name = ALIASES.get(name, name)
    if name not in FIELDS:
        _unknown_field(query, found, name)
        return
    if not value:
        query.hints.append(_missing(name))
        return
    op, rest = _COMPARED.fullmatch(value).groups()  # type: ignore[union-attr]
    values = tuple(part.strip() for part in rest.split(",") if part.strip())
    values = values if FIELDS[name].kind == NAMED else tuple(part.lower().replace("-", "_") for part in values)
    problem = _problem(name, op or "", values, query.text, found[0])
    if not values:
        query.hints.append(_missing(name))
    elif problem:
        query.hints.append(problem)
    else:
        query.terms.append(Term(name, op or "=", values, bool(found["no"]), found[0]))


def _missing(name: str) -> Hint:
    words = _("After %(name)s: something is missing, as in %(example)s.")
    return Hint(words % {"name": name, "example": FIELDS[name].example or f"{name}:…"})


def _unknown_field(query: Query, found: re.Match[str], name: str) -> None:
    near = get_close_matches(name, [*FIELDS, *ALIASES], n=1, cutoff=0.7)
    if not near:
        query.words.append(found[0])  # A link, an error name, a time: people paste such things to find them.
        if found["name"].islower() and not found["value"].startswith("//"):
            query.hints.append(_no_such_filter(name, found[0]))
        return
    meant = ALIASES.get(near[0], near[0])
    better = query.text.replace(f"{found['name']}:", f"{meant}:", 1)
    words = _("There is no filter %(name)s:, so it is left out. Did you mean %(meant)s:?") % {
        "name": name,
        "meant": meant,
    }
    query.hints.append(Hint(words, better))


def _no_such_filter(name: str, raw: str) -> Hint:
    """Perhaps a filter was meant, perhaps words were pasted: both get their due."""
    near = [ALIASES.get(one, one) for one in get_close_matches(name, [*FIELDS, *ALIASES], n=3, cutoff=0.55)]
    meant = ", ".join(f"{one}:" for one in dict.fromkeys(near or USUAL))
    words = _("There is no filter called %(name)s, so “%(raw)s” is looked for as words. Did you mean one of %(meant)s?")
    return Hint(words % {"name": name, "raw": raw, "meant": meant})


def _problem(name: str, op: str, values: tuple[str, ...], text: str, raw: str) -> Hint | None:
    known = FIELDS[name]
    if known.kind == NAMED:
        return None
    if op and known.kind == WORDS:
        return Hint(
            _("%(name)s: does not go with %(op)s. Write for example %(example)s.")
            % {
                "name": name,
                "op": op,
                "example": known.example,
            }
        )
    for value in values:
        fits = value in known.values or (known.kind == RANK and value in {"1", "2", "3", "4"})
        fits = fits or (known.kind == DURATION and duration(value) is not None)
        fits = fits or (known.kind == NUMBER and len(value) < 4 and whole_number(value) is not None)
        if not fits:
            return _bad_value(name, value, text, raw)
    return None


def _bad_value(name: str, value: str, text: str, raw: str) -> Hint:
    known = FIELDS[name]
    near = get_close_matches(value, known.values, n=1, cutoff=0.6)
    allowed = ", ".join([*known.values, *([known.example.partition(":")[2]] if known.kind != WORDS else [])])
    if near:
        words = _("%(name)s:%(value)s is left out. Did you mean %(name)s:%(near)s?")
        better = text.replace(raw, raw.replace(value, near[0]), 1)
        return Hint(words % {"name": name, "value": value, "near": near[0]}, better)
    words = _("%(name)s:%(value)s is left out. After %(name)s: stands one of %(allowed)s.")
    return Hint(words % {"name": name, "value": value, "allowed": allowed})
