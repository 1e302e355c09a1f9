"""What a plot is: a question, a definition, and one table from which drawing, twin, CSV and JSON are all made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from makegood.life.insights.days import DAY, MONTH, Period, Slot
from makegood.life.people.models import Agent

# What the values of a column are.
COUNT, MINUTES, SHARE, NUMBER, MONEY, WORD, DATE = "count", "minutes", "share", "number", "money", "word", "date"
# How a plot is drawn.
LINES, BARS, PARETO, HEAT, MATRIX, LIST = "lines", "bars", "pareto", "heat", "matrix", "list"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: which days, of which group (``category:3``, empty for all), who asks, and when."""

    period: Period
    seeker: Agent
    now: datetime
    scope: str = ""
    by: str = ""


@dataclass(frozen=True)
class Behind:
    """The way to the reports behind a figure: a measure, its days, and one of its parts."""

    measure: str
    first: date
    last: date
    part: str = ""
    value: str = ""
    scope: str = ""
    weekday: int | None = None


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    kind: str = COUNT


@dataclass(frozen=True)
class Cell:
    value: int | float | str | None
    behind: Behind | None = None


@dataclass(frozen=True)
class Row:
    """``key`` names it for programs: a day, a slug, a kind."""

    key: str
    label: str
    cells: list[Cell]
    at: date | None = None


@dataclass(frozen=True)
class Mark:
    """Something to be seen beside the figures: a release, a surge."""

    day: date
    words: str
    kind: str = "release"


@dataclass
class Table:
    """``n``: how many facts the figures rest on; ``says``: sentences that go with them."""

    head: str
    columns: list[Column]
    rows: list[Row]
    n: int
    says: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Plot:
    """``definition``: what exactly is counted, as ``version`` of it; ``least``: below so many we say nothing."""

    slug: str
    page: str
    form: str
    title: Any
    question: Any
    definition: Any
    work: Callable[[Asked], Table]
    version: int = 1
    least: int = 1
    is_live: bool = False
    # Of a bar: the columns that stand behind one another (none: the first). Of lines: the columns drawn.
    drawn: tuple[str, ...] = ()


def slot_name(slot: Slot) -> str:
    """A stretch of days in words; one that the period cut off says which days it has."""
    day = date_format(slot.first, pgettext("date format", "j M"))
    if slot.unit == DAY:
        return day
    if slot.unit == MONTH:
        return date_format(slot.first, pgettext("date format", "M Y"))
    if slot.first == slot.last:
        return day
    if slot.is_whole:
        return _("week of %(day)s") % {"day": day}
    return _("%(first)s to %(last)s") % {"first": day, "last": date_format(slot.last, pgettext("date format", "j M"))}


def slot_row(slot: Slot, cells: list[Cell]) -> Row:
    return Row(slot.first.isoformat(), slot_name(slot), cells, slot.first)
