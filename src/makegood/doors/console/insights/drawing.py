"""A plot ready for its template: cells with words and links, bars and shades, and what the browser draws lines from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from makegood.doors.console.insights import asked as asking
from makegood.doors.console.insights.values import in_words
from makegood.life.insights import scopes
from makegood.life.insights.plots import base
from makegood.life.insights.plots.base import BARS, HEAT, LINES, PARETO, SHARE, Behind, Cell, Column, Plot, Row, Table

SHADES = 6


@dataclass(frozen=True)
class DrawnCell:
    words: str
    url: str = ""
    shade: int = 0
    kind: str = ""
    title: str = ""


@dataclass(frozen=True)
class Segment:
    """A part of a bar, in hundredths of the longest."""

    x: float
    width: float
    place: int
    words: str


@dataclass(frozen=True)
class DrawnRow:
    """``line``: of a Pareto, the points of the cumulative line within the row, whose height is 20."""

    label: str
    cells: list[DrawnCell]
    segments: list[Segment] = field(default_factory=list)
    line: str = ""


@dataclass(frozen=True)
class Drawn:
    plot: Plot
    table: Table
    rows: list[DrawnRow]
    is_thin: bool
    legend: list[tuple[int, str]]
    lines: dict[str, Any] | None

    @property
    def columns(self) -> list[Column]:
        return self.table.columns

    @property
    def is_wide(self) -> bool:
        """More than four figures: on a phone they stand below one another, but shades of a matrix side by side."""
        is_shaded = self.plot.form == base.MATRIX and all(column.kind != base.WORD for column in self.columns)
        return len(self.columns) > 4 and not is_shaded

    @property
    def data_id(self) -> str:
        """Where the browser finds what it draws lines from."""
        return f"{self.plot.slug}-data"


def draw(plot: Plot, table: Table) -> Drawn:
    is_thin = table.n < plot.least
    urls = [[_url(cell.behind) for cell in row.cells] for row in table.rows]
    rows = [_row(plot, table, place, row, urls[place]) for place, row in enumerate(table.rows)]
    named = {column.key: column.title for column in table.columns}
    legend = list(enumerate((named[key] for key in plot.drawn), 1)) if plot.form in (BARS, LINES) else []
    lines = _lines(plot, table, urls) if plot.form == LINES and not is_thin else None
    return Drawn(plot, table, rows, is_thin, legend if len(legend) > 1 else [], lines)


def _row(plot: Plot, table: Table, place: int, row: Row, urls: list[str]) -> DrawnRow:
    most = _most(plot, table)
    cells = [
        DrawnCell(
            in_words(cell.value, column.kind),
            url,
            _shade(cell, most) if plot.form == HEAT or column.kind == SHARE else 0,
            column.kind,
            column.title,
        )
        for cell, column, url in zip(row.cells, table.columns, urls, strict=True)
    ]
    line = _line(table, place) if plot.form == PARETO else ""
    return DrawnRow(row.label, cells, _segments(plot, table, row, most), line)


def _line(table: Table, place: int) -> str:
    """From half-way to the row before, through this row's share, to half-way to the next: it meets theirs."""
    here = _share(table.rows[place])
    before = _share(table.rows[place - 1]) if place else 0.0
    after = _share(table.rows[place + 1]) if place + 1 < len(table.rows) else here
    points = (((before + here) / 2, 0), (here, 10), ((here + after) / 2, 20 if after != here else 10))
    return " ".join(f"{100 * x:.2f},{y}" for x, y in points)


def _most(plot: Plot, table: Table) -> float:
    """The longest bar, or the fullest cell."""
    if plot.form == HEAT:
        return max((_number(cell) for row in table.rows for cell in row.cells), default=0)
    places = _places(plot, table)
    return max((sum(_number(row.cells[place]) for place in places) for row in table.rows), default=0)


def _segments(plot: Plot, table: Table, row: Row, most: float) -> list[Segment]:
    if plot.form not in (BARS, PARETO) or not most:
        return []
    places = _places(plot, table)
    widths = [100 * _number(row.cells[place]) / most for place in places]
    begins = [0.0, *accumulate(widths)]
    return [
        Segment(round(begins[n], 2), round(width, 2), n + 1, table.columns[place].title)
        for n, (place, width) in enumerate(zip(places, widths, strict=True))
        if width
    ]


def _places(plot: Plot, table: Table) -> list[int]:
    keys = [column.key for column in table.columns]
    return [keys.index(key) for key in plot.drawn] or [0]


def _number(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0


def _share(row: Row) -> float:
    return _number(row.cells[-1])


def _shade(cell: Cell, most: float) -> int:
    """0 for nothing, then 1 to SHADES."""
    value = _number(cell)
    most = 1.0 if isinstance(cell.value, float) else most
    return min(SHADES, 1 + int(value / most * SHADES)) if value and most else 0


def _lines(plot: Plot, table: Table, urls: list[list[str]]) -> dict[str, Any]:
    """What the browser draws: values by series, a word for every point, the way behind each."""
    keys = [column.key for column in table.columns]
    places = [keys.index(key) for key in plot.drawn]
    series = [
        {"title": table.columns[place].title, "values": [row.cells[place].value for row in table.rows]}
        for place in places
    ]
    every = [
        "; ".join(
            f"{column.title} {in_words(cell.value, column.kind)}"
            for column, cell in zip(table.columns, row.cells, strict=True)
        )
        for row in table.rows
    ]
    return {
        "kind": table.columns[places[0]].kind,
        "labels": [row.label for row in table.rows],
        "series": series,
        "says": [f"{row.label}: {words}" for row, words in zip(table.rows, every, strict=True)],
        "urls": [next((url for url in found if url), "") for found in urls],
        "marks": _marks(table),
        "bars": plot.slug == "spike",
    }


def _marks(table: Table) -> list[dict[str, Any]]:
    days = [row.at for row in table.rows if row.at]
    found = []
    for mark in table.marks:
        place = max((n for n, at in enumerate(days) if at <= mark.day), default=-1)
        if place >= 0:
            found.append({"at": place, "words": mark.words})
    return found


def _url(behind: Behind | None) -> str:
    if behind is None:
        return ""
    said = {
        "measure": behind.measure,
        "from": behind.first.isoformat(),
        "to": behind.last.isoformat(),
        "part": behind.part,
        "value": behind.value,
        "only": behind.scope,
        "weekday": "" if behind.weekday is None else str(behind.weekday),
    }
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('console:insights_behind')}?{query}"


def groups(chosen: asking.Chosen) -> list[dict[str, Any]]:
    """What figures can be narrowed to, for the choice on the page."""
    found = []
    for group, title in scopes.NAMES.items():
        words, slugs = scopes.names(group), scopes.slugs(group)
        options = [
            {"value": f"{group}:{slugs[key]}", "words": name, "on": chosen.scope == f"{group}:{key}"}
            for key, name in words.items()
            if key in slugs
        ]
        found.append({"title": str(title), "options": options})
    return found
