"""A seeker's query against everything: newest first, nothing that is not theirs to see, each hit with what fits.

Reports are in the index whole, with all that was said; which message it was is found when a hit is shown. So words of
two messages find their report, and a message costs the index nothing of its own (docs/decisions).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from makegood.engine import search
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.rca.access import visible_actions, visible_analyses
from makegood.life.rca.models import Rca
from makegood.life.reports import finding, queries
from makegood.life.reports.models import Report
from makegood.life.reports.query_language import PLACES, Hint, Query, parse
from makegood.life.searching import meanings, passages
from makegood.life.searching.kinds import BY_NAME, in_place
from makegood.life.searching.meanings import Meant
from makegood.life.searching.passages import Marked, Passage

PAGE = 25
OVERVIEW = {"reports": 8, "files": 4, "problems": 4, "analyses": 4, "actions": 4, "articles": 4, "people": 4}
COUNT_CAP = 999
# So many reports are read through for messages before a page ends, full or not.
_READ_THROUGH = 400
# Places of few things, all of which may be looked at: filters without words list them.
_LISTED = ("problems", "analyses", "actions", "articles")
# How the numbers of a place are written, its kind, and whose it is to see.
_NUMBERED: dict[str, tuple[re.Pattern[str], str, Callable[[Agent], QuerySet[Any]]]] = {
    "problems": (re.compile(r"PRB-(\d{1,18})", re.IGNORECASE), "problem", visible_problems),
    "analyses": (re.compile(r"RCA-(\d{1,18})", re.IGNORECASE), "rca", visible_analyses),
    "actions": (re.compile(r"ACT-(\d{1,18})", re.IGNORECASE), "action", visible_actions),
}


@dataclass(frozen=True)
class Hit:
    """``thing`` is the row; ``title`` and ``words`` are marked; ``passage`` is the message it was found in."""

    kind: str
    thing: Any
    title: Marked
    words: Marked = field(default_factory=list)
    passage: Passage | None = None


@dataclass(frozen=True)
class Group:
    """Hits under one heading. ``rest``: the cursor behind which there may be more, 0 for none; ``is_cut``: it ended
    before the page was full, because so many had to be looked at."""

    place: str
    hits: list[Hit]
    rest: int = 0
    is_cut: bool = False


@dataclass
class Asked:
    """A query as understood, for one seeker. ``reports``, ``meant``: what the fields mean for reports, and for all
    other kinds; ``places``: where it looks."""

    seeker: Agent
    query: Query
    reports: QuerySet[Report]
    meant: Meant
    places: tuple[str, ...]
    hints: list[Hint]
    has_fields: bool

    @property
    def is_nothing(self) -> bool:
        return self.query.wanted.is_nothing and not self.query.words

    def kinds(self, place: str) -> tuple[str, ...]:
        """What is looked for in ``place``: without what a field says nothing about."""
        return tuple(kind for kind in in_place(place) if kind not in self.meant.left_out)

    def is_shut(self, place: str) -> bool:
        """Whether nothing can be found there."""
        if not any(kind not in self.meant.left_out for kind in meanings.kinds_of(place)):
            return True
        return self.is_nothing and not (self.places == (place,) and place in self.lists)

    @property
    def lists(self) -> tuple[str, ...]:
        """Places that list what the fields mean although there is no word to look for."""
        return tuple(place for place in _LISTED if self.has_fields and self.is_nothing and self.kinds(place))


def understand(seeker: Agent, text: str, *, now: datetime) -> Asked:
    """Read ``text``: words, fields and where to look."""
    query = parse(text, meanings.FIELDS)
    meant = meanings.meant(seeker, query, now=now)
    narrowed = queries.narrowed(seeker, meant.reports, now=now)
    reports = queries.snoozed(narrowed.reports, meant.reports, now=now)
    named = [(place, term.is_negated) for term in query.of("in") for place in term.values]
    left_out = {place for place, is_negated in named if is_negated}
    chosen = {place for place, is_negated in named if not is_negated} or set(PLACES)
    fields = [term for term in query.terms if term.field not in {"in", "sort"}]
    places = tuple(place for place in PLACES if place in chosen - left_out)
    hints = [*narrowed.hints, *(hint for hint in meant.hints if hint not in narrowed.hints)]
    hints += [*meanings.hints_of(meant, places), *_hints(query)]
    return Asked(seeker, query, reports, meant, places, hints, bool(fields))


def overview(asked: Asked) -> list[Group]:
    """A few of everything the query looks at, without what holds nothing. Messages are shown with their reports."""
    places = [place for place in asked.places if place != "messages" or len(asked.places) == 1]
    groups = [look(asked, place, size=OVERVIEW.get(place, PAGE)) for place in places]
    return [group for group in groups if group.hits]


def look(asked: Asked, place: str, *, cursor: int = 0, size: int = PAGE) -> Group:
    """One page of what ``place`` holds, behind ``cursor``."""
    if asked.is_shut(place):
        return Group(place, [])
    if place == "messages":
        return _messages(asked, cursor, size)
    if asked.is_nothing:
        return _listed(asked, place, cursor, size)
    exact = [] if cursor else _by_number(asked, place)
    found = _walk(asked, place, cursor, size)
    known = {(hit.kind, hit.thing.pk) for hit in exact}
    hits = [hit for hit in _shown(asked, found.hits) if (hit.kind, hit.thing.pk) not in known]
    return Group(place, exact + hits, found.rest or 0, is_cut=bool(found.rest) and len(found.hits) < size)


def counts(asked: Asked) -> dict[str, tuple[int, bool]]:
    """How many hits each place has, counted to COUNT_CAP + 1, and whether there may be more. Not for messages."""
    found = {}
    for place in asked.places:
        if place != "messages" and not asked.is_nothing and not asked.is_shut(place):
            exact = len(_by_number(asked, place))
            walked = _walk(asked, place, 0, COUNT_CAP + 1)
            found[place] = (max(exact, len(walked.hits)), walked.rest is not None)
    return found


def _hints(query: Query) -> list[Hint]:
    return [Hint(_("The search shows the newest first; sort: goes with the queue."))] if query.sort else []


def _walk(asked: Asked, place: str, cursor: int, size: int) -> search.Walk:
    return search.walk(
        asked.query.wanted,
        kinds=asked.kinds(place),
        limit=size,
        before=cursor or None,
        visible=_visible(asked),
    )


def _visible(asked: Asked) -> search.Visible:
    """What the seeker may see, and the fields of the query mean, among some hits."""

    def visible(kind: str, refs: list[int]) -> set[int]:
        return meanings.keys(asked.meant, kind, BY_NAME[kind].visible(asked.seeker, asked.reports, refs))

    return visible


def _listed(asked: Asked, place: str, cursor: int, size: int) -> Group:
    """What the fields mean, without a word to look for: newest first. ``cursor`` is the last one's number."""
    (kind,) = asked.kinds(place)
    rows, found, looked = BY_NAME[kind].rows().order_by("-pk"), list[int](), cursor
    while len(found) <= size:
        batch = list((rows.filter(pk__lt=looked) if looked else rows).values_list("pk", flat=True)[:_READ_THROUGH])
        if not batch:
            break
        looked = batch[-1]
        seen = _visible(asked)(kind, batch)
        found += [key for key in batch if key in seen]
    hits = _shown(asked, [search.Hit(key, kind, key) for key in found[:size]])
    return Group(place, hits, found[size - 1] if len(found) > size else 0)


def _by_number(asked: Asked, place: str) -> list[Hit]:
    """The one thing whose number was typed."""
    reader = search.Reader(asked.query.wanted)
    if place == "reports" and (number := queries.number_in(asked.query)) is not None:
        there = asked.reports.filter(pk=number).select_related("contact", "organisation", "assignee")
        return [_report(report, [], reader) for report in there]
    only = asked.query.words[0].text if len(asked.query.words) == 1 else ""
    if place in _NUMBERED:
        pattern, kind, visible = _NUMBERED[place]
        if found := pattern.fullmatch(only):
            seen = visible(asked.seeker).filter(pk=int(found[1])).values_list("pk", flat=True)
            there_are = BY_NAME[kind].rows().filter(pk__in=meanings.keys(asked.meant, kind, set(seen)))
            return [Hit(kind, thing, reader.marked(_title_of(thing))) for thing in there_are]
    return []


def _messages(asked: Asked, cursor: int, size: int) -> Group:
    """Messages that hold everything wanted by themselves: by report, newest first."""
    wanted = asked.query.wanted
    if not wanted.groups:
        return Group("messages", [])
    hits: list[Hit] = []
    reader, place, looked = search.Reader(wanted), cursor, 0
    while len(hits) < size and looked < _READ_THROUGH:
        walked = search.walk(
            wanted.positive, kinds=(finding.KIND,), limit=50, before=place or None, visible=_visible(asked)
        )
        looked += 50
        rows = _rows(Report.objects.select_related("contact"), [hit.ref for hit in walked.hits])
        said = passages.said_on(rows)
        for hit in walked.hits:
            if len(hits) >= size:
                return Group("messages", hits, place)
            place = hit.place
            if hit.ref in rows:
                hits += _of_report(rows[hit.ref], said.get(hit.ref, []), reader)
        if walked.rest is None:
            return Group("messages", hits)
        place = walked.rest
    return Group("messages", hits, place, is_cut=len(hits) < size)


def _of_report(report: Report, said: list[Any], reader: search.Reader) -> list[Hit]:
    title = reader.marked(report.title)
    return [Hit("message", report, title, passage=passage) for passage in passages.fitting(said, reader)]


def _shown(asked: Asked, hits: list[search.Hit]) -> list[Hit]:
    """Hits with their rows and what fits, in the same order. What went away a moment ago is left out."""
    reader = search.Reader(asked.query.wanted)
    made: dict[tuple[str, int], Hit] = {}
    for kind in dict.fromkeys(hit.kind for hit in hits):
        rows = _rows(BY_NAME[kind].rows(), [hit.ref for hit in hits if hit.kind == kind])
        for one in _SHOW[kind](rows, reader):
            made[kind, one.thing.pk] = one
    return [made[hit.kind, hit.ref] for hit in hits if (hit.kind, hit.ref) in made]


def _rows(there: QuerySet[Any], keys: list[int]) -> dict[int, Any]:
    return {row.pk: row for row in there.filter(pk__in=keys)}


def _reports(rows: dict[int, Report], reader: search.Reader) -> list[Hit]:
    said = passages.said_on(rows)
    return [_report(report, said.get(report.pk, []), reader) for report in rows.values()]


def _report(report: Report, said: list[Any], reader: search.Reader) -> Hit:
    passage = passages.best(said, reader)
    facts = passages.facts(report, reader)
    return Hit(finding.KIND, report, reader.marked(report.title), facts, passage)


def _files(rows: dict[int, Any], reader: search.Reader) -> list[Hit]:
    bodies = search.bodies("file", list(rows))
    return [
        Hit("file", file, reader.marked(file.name), _piece(bodies.get(file.pk, ""), reader)) for file in rows.values()
    ]


def _piece(body: str, reader: search.Reader) -> Marked:
    """A piece of what is in the index, if the words are there and not in the title alone."""
    return reader.excerpt(body) if reader.share(body) else []


def _title_of(thing: Any) -> str:
    return str(thing.problem.title if isinstance(thing, Rca) else getattr(thing, "title", thing))


def _titled(kind: str) -> Callable[[dict[int, Any], search.Reader], list[Hit]]:
    """Things that say what they are by a title and some lines."""

    def shown(rows: dict[int, Model], reader: search.Reader) -> list[Hit]:
        bodies = search.bodies(kind, list(rows))
        return [
            Hit(kind, row, reader.marked(_title_of(row)), _line(bodies.get(key, ""), reader))
            for key, row in rows.items()
        ]

    return shown


def _line(body: str, reader: search.Reader) -> Marked:
    """The parts in which something was found."""
    parts = [part for part in body.split(finding.BETWEEN) if reader.share(part)]
    return [piece for part in parts[:3] for piece in (*reader.excerpt(part), (" ", False))][:-1]


_SHOW: dict[str, Callable[[dict[int, Any], search.Reader], list[Hit]]] = {
    finding.KIND: _reports,
    "file": _files,
    "problem": _titled("problem"),
    "rca": _titled("rca"),
    "action": _titled("action"),
    "article": _titled("article"),
    "contact": _titled("contact"),
    "organisation": _titled("organisation"),
    "agent": _titled("agent"),
}
