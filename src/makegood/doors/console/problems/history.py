"""What happened to a problem, newest first. What hundreds of people do one after the other is one line to open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.doors.console import happenings
from makegood.doors.ui import words
from makegood.life.people.models import Agent
from makegood.life.problems import queries, undo
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry

MOST_ENTRIES = 100
MOST_IN_RUNS = 5000
# So many of one kind, with nothing between them, are still told one by one; of more, so many are shown when opened.
ALONE, OPENED = 3, 30
QUIET = ("promise.made", "promise.kept", "promise.at_risk", "rca.changed")


def _joined(count: int) -> str:
    return ngettext("%(n)s report joined", "%(n)s reports joined", count) % {"n": count}


def _left(count: int) -> str:
    return ngettext("%(n)s report left", "%(n)s reports left", count) % {"n": count}


def _answered(count: int) -> str:
    return ngettext("%(n)s reporter answered", "%(n)s reporters answered", count) % {"n": count}


RUNS: dict[str, tuple[str, Callable[[int], str]]] = {
    "problem.joined": ("link", _joined),
    "problem.left": ("minus", _left),
    "announcement.answered": ("message", _answered),
}


@dataclass(frozen=True)
class Mark:
    """An entry by what its place in the history depends on; ``kind`` is empty for those that stand alone."""

    pk: int
    at: datetime
    kind: str = ""


@dataclass(frozen=True)
class Run:
    """Entries of one kind with nothing between them, the newest first."""

    kind: str
    marks: tuple[Mark, ...]

    @property
    def shown(self) -> tuple[Mark, ...]:
        return self.marks[:OPENED] if self.is_long else self.marks

    @property
    def is_long(self) -> bool:
        return bool(self.kind) and len(self.marks) > ALONE


def story(agent: Agent, problem: Problem, *, now: datetime, with_clocks: bool = False) -> list[dict[str, Any]]:
    """In words; each may be taken back while that is possible. Promises made, kept and at risk only ``with_clocks``:
    news told every few hours would drown the rest. A number of queries that does not grow with the problem.
    """
    rows = queries.happened_to(agent, problem).order_by("-id")
    rows = rows if with_clocks else rows.exclude(kind__in=QUIET)
    single = list(rows.exclude(kind__in=RUNS)[:MOST_ENTRIES])
    many = rows.filter(kind__in=RUNS)
    if len(single) == MOST_ENTRIES:
        many = many.filter(id__gt=single[-1].pk)
    marks = [Mark(*row) for row in many.values_list("id", "at", "kind")[:MOST_IN_RUNS]]
    found = list(runs([*(Mark(entry.pk, entry.at) for entry in single), *marks]))
    wanted = [mark.pk for run in found if run.kind for mark in run.shown]
    entries = {entry.pk: entry for entry in [*single, *rows.filter(pk__in=wanted)]}
    names = happenings.Names.for_entries(entries.values())
    taken_back = {entry.data.get("undone") for entry in single if entry.kind == "problem.change_undone"}

    def told(mark: Mark) -> dict[str, Any]:
        return _told(entries[mark.pk], names, now, taken_back)

    lines: list[dict[str, Any]] = []
    for run in found:
        if run.is_long:
            lines.append(_run(run, [told(mark) for mark in run.shown], now))
        else:
            lines += [told(mark) for mark in run.shown]
    return lines


def runs(marks: Iterable[Mark]) -> Iterator[Run]:
    """``marks`` of a history, newest first, those of one kind that stand together as one."""
    ordered = sorted(marks, key=lambda mark: mark.pk, reverse=True)
    for kind, together in groupby(ordered, key=lambda mark: mark.kind):
        yield Run(kind, tuple(together))


def _run(run: Run, rows: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    icon, told = RUNS[run.kind]
    count = len(run.marks)
    return {
        "run": rows,
        "key": run.marks[-1].pk,  # stays the same while the run grows
        "icon": icon,
        "words": told(count),
        "when": words.between(run.marks[-1].at, run.marks[0].at, now),
        "more": count - len(rows),
    }


def _told(entry: LedgerEntry, names: happenings.Names, now: datetime, taken_back: set[Any]) -> dict[str, Any]:
    return {
        **happenings.tell(entry, names),
        "entry": entry,
        "reason": _(entry.reason) if entry.reason else "",
        "can_undo": entry.pk not in taken_back and undo.can_undo(entry, now=now),
    }
