"""The readable query of the queue and the search: ``state:open severity:>=high owed:<4h -label:waiting "white page"``.

``parse`` turns text into terms, search words and hints; ``written`` turns it back. It knows every field there is and
what may stand behind it, so that a slip gives a sentence and a better query, never an empty page without a reason. What
a term means in rows is the business of ``conditions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.engine.search import Phrase, Wanted
from makegood.engine.search.words import phrase, split
from makegood.lib import signatures
from makegood.lib.texts import whole_number
from makegood.life.reports import states
from makegood.life.reports.spans import days, duration

YES_NO = ("yes", "no")
WORDS, DURATION, NUMBER, RANK, NAMED, DAYS = "words", "duration", "number", "rank", "named", "days"
PRIORITY = "priority"
# A call to somebody unhappy. It is owed of closed reports as well, where most say so.
RECOVERY = "recovery"
# What may be searched in besides reports; the queue holds reports only.
PLACES = ("reports", "messages", "files", "problems", "analyses", "actions", "articles", "people")


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
    "priority": Field(
        PRIORITY, gettext_lazy("How urgent, from severity and impact"), ("p1", "p2", "p3", "p4"), "priority:<=2"
    ),
    "owed": Field(
        DURATION, gettext_lazy("When something is owed"), ("late", "at_risk", "today", "paused", RECOVERY), "owed:<4h"
    ),
    "age": Field(DURATION, gettext_lazy("How long ago it came in"), (), "age:>3d"),
    "assignee": Field(NAMED, gettext_lazy("Who has it"), ("me", "none"), "assignee:me"),
    "team": Field(NAMED, gettext_lazy("Which team has it"), ("mine", "none"), "team:mine"),
    "category": Field(NAMED, gettext_lazy("What kind of error"), ("none",), "category:sign-in"),
    "component": Field(NAMED, gettext_lazy("Which part of the product"), ("none",), "component:login"),
    "problem": Field(NAMED, gettext_lazy("The problem it belongs to"), ("any", "none"), "problem:PRB-12"),
    "label": Field(NAMED, gettext_lazy("A label it carries"), ("none",), "-label:waiting"),
    "kind": Field(WORDS, gettext_lazy("Error or question"), states.KINDS, "kind:error"),
    "escalated": Field(WORDS, gettext_lazy("With the technical side"), YES_NO, "escalated:yes"),
    "waiting": Field(WORDS, gettext_lazy("Who has the ball"), ("reporter", "us"), "waiting:reporter"),
    "spoke": Field(WORDS, gettext_lazy("Who spoke last"), ("reporter", "us"), "spoke:reporter"),
    "snoozed": Field(WORDS, gettext_lazy("Put aside for now"), (*YES_NO, "any"), "snoozed:yes"),
    "duplicate": Field(WORDS, gettext_lazy("Linked to another report"), YES_NO, "duplicate:no"),
    "reopened": Field(WORDS, gettext_lazy("Came back after it was solved"), YES_NO, "reopened:yes"),
    "suggested": Field(
        WORDS,
        gettext_lazy("A suggestion waits for a decision"),
        ("category", "severity", "kind", "any", "none"),
        "suggested:any",
    ),
    "protected": Field(WORDS, gettext_lazy("Seen by few only"), YES_NO, "protected:yes"),
    "complete": Field(NUMBER, gettext_lazy("Percent of the error document known"), (), "complete:<50"),
    "contact": Field(NAMED, gettext_lazy("Who reported it: address or name"), (), "contact:ana@example.org"),
    "organisation": Field(NAMED, gettext_lazy("Their organisation"), (), "organisation:acme"),
    "channel": Field(WORDS, gettext_lazy("How it came"), ("web", "phone", "mail", "api", "widget"), "channel:phone"),
    "language": Field(WORDS, gettext_lazy("The reporter's language"), ("en", "de"), "language:de"),
    "received": Field(DAYS, gettext_lazy("When it came in"), ("today", "yesterday"), "received:2026-11-01..2026-11-30"),
    "in": Field(WORDS, gettext_lazy("Where to look, in the search of everything"), PLACES, "in:messages"),
    "sort": Field(WORDS, gettext_lazy("The order"), ("owed", "newest", "oldest", "closed"), "sort:newest"),
}
ALIASES = {
    "status": "state",
    "sev": "severity",
    "prio": "priority",
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
    "date": "received",
    "created": "received",
    "opened": "received",
    "type": "in",
    "order": "sort",
}
USUAL = ("state", "severity", "owed", "assignee", "label")
# In a field's values: what people write for what we call it.
SAME = {
    "in": {
        "report": "reports",
        "message": "messages",
        "note": "messages",
        "notes": "messages",
        "file": "files",
        "attachment": "files",
        "attachments": "files",
        "problem": "problems",
        "person": "people",
        "contact": "people",
        "contacts": "people",
        "organisations": "people",
    }
}
EITHER = "OR"
# The address of a page: whole, without its https://, or the path alone.
_ADDRESS = re.compile(
    r"(?:https?://(?:www\.)?(?=\S)|(?=/|(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}(?::\d{1,5})?/))(\S+)", re.IGNORECASE
)
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


@dataclass(frozen=True)
class Words:
    """Words to look for, or not to find. ``options``: any of them will do; each is (text, is it quoted)."""

    options: tuple[tuple[str, bool], ...]
    is_negated: bool
    raw: str

    @property
    def text(self) -> str:
        return self.options[0][0]

    @property
    def is_plain(self) -> bool:
        """One word as it was typed: no quotation marks, no minus, no OR."""
        return not self.is_negated and len(self.options) == 1 and not self.options[0][1]


@dataclass
class Query:
    text: str = ""
    terms: list[Term] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def of(self, name: str) -> list[Term]:
        return [term for term in self.terms if term.field == name]

    @property
    def sort(self) -> str:
        given = self.of("sort")
        return given[-1].values[0] if given else ""

    @property
    def wanted(self) -> Wanted:
        """The words as the index understands them. The last one typed may be the beginning of a word."""
        last = self.words[-1] if self.words else None
        groups = [
            [_phrase(one, is_last=said is last) for one in said.options] for said in self.words if not said.is_negated
        ]
        return Wanted.made(groups, (_phrase(said.options[0]) for said in self.words if said.is_negated))


def parse(text: str, fields: Mapping[str, Field] = FIELDS) -> Query:
    """Read ``text``; never fails. What is not understood is left out and named in ``hints``.

    ``fields``: what may be asked for where more than reports is looked through.
    """
    whole = " ".join(text.replace("\x00", " ").split())
    query = Query(text=whole[:LONGEST].strip())
    if len(whole) > LONGEST:
        query.hints.append(Hint(too_long()))
    is_either = False
    for found in _TOKEN.finditer(query.text):
        if found[0] == EITHER:
            is_either = bool(query.words) and not query.words[-1].is_negated and not is_either
            if not is_either:
                query.hints.append(_lonely_either())
            continue
        if is_either and (found["no"] or (found["name"] or "").lower() in {*fields, *ALIASES}):
            query.hints.append(_lonely_either())
            is_either = False
        _add_words(query, found, is_either) if found["name"] is None else _add_term(query, found, is_either, fields)
        is_either = False
    if is_either:
        query.hints.append(_lonely_either())
    return query


def written(query: Query) -> str:
    """The query as text that ``parse`` reads the same way."""
    words = f" {EITHER} "
    said = [
        "-" * one.is_negated + words.join(f'"{text}"' if quoted else text for text, quoted in one.options)
        for one in query.words
    ]
    return " ".join([*map(_written, query.terms), *said])


def _written(term: Term) -> str:
    value = ("" if term.op == "=" else term.op) + ",".join(term.values)
    return f"{'-' * term.is_negated}{term.field}:" + (f'"{value}"' if " " in value else value)


def without(text: str, raw: str) -> str:
    """The query without one of its parts: what 'clear this filter' leads to."""
    return " ".join(text.replace(raw, " ", 1).split())


def _phrase(option: tuple[str, bool], *, is_last: bool = False) -> Phrase:
    text, is_quoted = option
    goes_on = not is_quoted and (text.endswith("*") or (is_last and text[-1:].isalnum()))
    found = _ADDRESS.fullmatch(text)
    address = signatures.without_query(found[1]) if found else ""
    return phrase(address if split(address) else text, goes_on=goes_on)


def too_long() -> str:
    """What is said where a query goes on longer than it is read."""
    return _("Only the first %d characters of this are looked for: choose the words that matter most.") % LONGEST


def _lonely_either() -> Hint:
    words = _("%(either)s stands between two words, as in logout %(either)s “log out”; here it is left out.")
    return Hint(words % {"either": EITHER})


def _add_words(query: Query, found: re.Match[str], is_either: bool) -> None:
    is_quoted = found["quoted"] is not None
    text = (found["quoted"] if is_quoted else found["bare"].lstrip("-")).strip()
    _add(query, Words(((text, is_quoted),), bool(found["no"]), found[0]), is_either)


def _add(query: Query, said: Words, is_either: bool) -> None:
    if not split(said.text):
        if text := said.raw.strip('"'):
            words = _("“%(text)s” has no letter or digit to look for, so it is left out.")
            query.hints.append(Hint(words % {"text": text}))
    elif is_either:
        last = query.words.pop()
        query.words.append(Words((*last.options, *said.options), False, f"{last.raw} {EITHER} {said.raw}"))
    else:
        query.words.append(said)


def _add_term(query: Query, found: re.Match[str], is_either: bool, fields: Mapping[str, Field]) -> None:
    name, value = found["name"].lower(), found["value"].replace('"', "").strip()
    name = ALIASES.get(name, name)
    if name not in fields:
        _unknown_field(query, found, name, is_either)
        return
    known = fields[name]
    op, rest = _COMPARED.fullmatch(value).groups()  # type: ignore[union-attr]
    values = tuple(_value(name, known, part) for part in rest.split(",") if part.strip())
    if not values:
        query.hints.append(_missing(name, known))
    elif problem := _problem((name, known), op or "", values, query.text, found[0]):
        query.hints.append(problem)
    else:
        query.terms.append(Term(name, op or "=", values, bool(found["no"]), found[0]))


def _value(name: str, known: Field, text: str) -> str:
    """A value as we call it."""
    text = text.strip()
    if known.kind in {NAMED, DAYS}:
        return text if known.kind == NAMED else text.lower()
    text = text.lower().replace("-", "_")
    return SAME.get(name, {}).get(text, text)


def _missing(name: str, known: Field) -> Hint:
    words = _("After %(name)s: something is missing, as in %(example)s.")
    return Hint(words % {"name": name, "example": known.example or f"{name}:…"})


def _unknown_field(query: Query, found: re.Match[str], name: str, is_either: bool) -> None:
    near = get_close_matches(name, [one for one in (*FIELDS, *ALIASES) if len(one) > 2], n=1, cutoff=0.7)
    if not near:
        # A link, an error name, a time: people paste such things to find them.
        text = found[0].removeprefix("-") if found["no"] else found[0]
        _add(query, Words(((text, False),), bool(found["no"]), found[0]), is_either)
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


def _problem(field: tuple[str, Field], op: str, values: tuple[str, ...], text: str, raw: str) -> Hint | None:
    name, known = field
    is_range = any(".." in value for value in values)
    if op and (known.kind in {WORDS, NAMED} or is_range):
        words = _("%(name)s: does not go with %(op)s. Write for example %(example)s.")
        return Hint(words % {"name": name, "op": op, "example": known.example})
    if known.kind == NAMED:
        return None
    return next((_bad_value(field, value, text, raw) for value in values if not fits(known, value)), None)


def fits(known: Field, value: str) -> bool:
    """Whether ``value`` may stand behind a field of this kind."""
    if value in known.values or known.kind == NAMED:
        return True
    if known.kind == DAYS:
        return days(value, today=date(2026, 1, 2)) is not None or duration(value) is not None
    if known.kind == PRIORITY:
        return value in {"1", "2", "3", "4"}
    if known.kind not in {DURATION, NUMBER, RANK}:
        return False
    return _all_fit(known, value.split("..")) if value.count("..") == 1 else _fits_one(known, value)


def _all_fit(known: Field, ends: Iterable[str]) -> bool:
    given = [end for end in ends if end]
    return bool(given) and all(_fits_one(known, end) for end in given)


def _fits_one(known: Field, value: str) -> bool:
    if known.kind == RANK:
        return value in known.values or value in {"1", "2", "3", "4"}
    if known.kind == DURATION:
        return duration(value) is not None
    return len(value) < 4 and whole_number(value) is not None


def _bad_value(field: tuple[str, Field], value: str, text: str, raw: str) -> Hint:
    name, known = field
    near = get_close_matches(value, known.values, n=1, cutoff=0.6)
    allowed = ", ".join([*known.values, *([known.example.partition(":")[2]] if known.kind != WORDS else [])])
    if near:
        words = _("%(name)s:%(value)s is left out. Did you mean %(name)s:%(near)s?")
        better = text.replace(raw, raw.replace(value, near[0]), 1)
        return Hint(words % {"name": name, "value": value, "near": near[0]}, better)
    words = _("%(name)s:%(value)s is left out. After %(name)s: stands one of %(allowed)s.")
    return Hint(words % {"name": name, "value": value, "allowed": allowed})
