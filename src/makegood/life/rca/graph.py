"""Causes as a drawing: who contributed to what, from what happened at the top down to where it began. Pure.

layers   each box stands one below the lowest thing it contributed to, so that every arrow goes upwards
order    within a layer by the middle of what a box points to: few crossings, and the same each time
places   in the middle, at most ABREAST side by side: a wider layer goes on in a further line, so that the drawing keeps
         the width of a page and its words can be read; arrows pass the lines between through their gaps
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Link = tuple[int, int]  # cause, effect
Point = tuple[float, float]

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 216, 106, 28, 56, 18
ABREAST = 3
MOST_PATHS = 50
SWEEPS = 4


@dataclass(frozen=True)
class Box:
    """Where one cause is drawn."""

    key: int
    x: float
    y: float
    layer: int

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2


@dataclass(frozen=True)
class Arrow:
    """From the top of a cause to the foot of what it contributed to: start, then two points that bend it and where it
    is led to, once for each bend; the last is the tip."""

    cause: int
    effect: int
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """As SVG has it."""
        (x1, y1), *rest = self.points
        return f"M{x1:g} {y1:g}C" + " ".join(f"{x:g} {y:g}" for x, y in rest)

    @property
    def tip(self) -> Point:
        return self.points[-1]


@dataclass
class Drawing:
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    width: float = 0
    height: float = 0


def would_circle(links: Iterable[Link], cause: int, effect: int) -> bool:
    """Whether letting ``cause`` contribute to ``effect`` makes something a cause of itself."""
    if cause == effect:
        return True
    leads_to = _effects(links)
    todo, seen = [effect], set[int]()
    while todo:
        here = todo.pop()
        if here == cause:
            return True
        if here not in seen:
            seen.add(here)
            todo += leads_to.get(here, [])
    return False


def leaves(keys: Iterable[int], links: Iterable[Link]) -> list[int]:
    """Where it began: what nothing else contributed to."""
    came_from = {effect for _cause, effect in links}
    return [key for key in keys if key not in came_from]


def paths(keys: Iterable[int], links: Iterable[Link]) -> list[list[int]]:
    """Each way to ask why: from what happened, cause by cause, to where it began. At most MOST_PATHS."""
    links = list(links)
    causes: dict[int, list[int]] = {}
    for cause, effect in links:
        causes.setdefault(effect, []).append(cause)
    leads_on = {cause for cause, _effect in links}
    found: list[list[int]] = []
    todo = [[key] for key in reversed(list(keys)) if key not in leads_on]
    while todo and len(found) < MOST_PATHS:
        path = todo.pop()
        below = [one for one in sorted(causes.get(path[-1], [])) if one not in path]
        if not below:
            found.append(path)
        todo += [[*path, one] for one in reversed(below)]
    return found


def layers(keys: Iterable[int], links: Iterable[Link]) -> list[list[int]]:
    """Boxes by layer, what happened first; each in the order it is drawn in."""
    keys, links = list(keys), sorted(links)  # middles are sums: in another order they may differ in the last bit
    leads_to = _effects(links)
    depth: dict[int, int] = {}
    for key in keys:
        _depth(key, leads_to, depth)
    rows: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in keys:
        rows[depth[key]].append(key)
    neighbours: dict[int, list[int]] = {}
    for cause, effect in links:
        neighbours.setdefault(cause, []).append(effect)
        neighbours.setdefault(effect, []).append(cause)
    for sweep in range(SWEEPS):
        for row in rows[1:] if sweep % 2 == 0 else list(reversed(rows[:-1])):
            places = _places(rows)
            row.sort(key=lambda key, at=places: (_centre(key, neighbours, at), at[key]))  # type: ignore[misc]
    return rows


def draw(keys: Iterable[int], links: Iterable[Link]) -> Drawing:
    """Boxes and arrows with their places; the same graph is always drawn the same."""
    links = sorted(links)  # sums of fractions depend on their order
    rows = [(layer, line) for layer, row in enumerate(layers(keys, links)) for line in _lines(row)]
    widest = max((len(line) for _layer, line in rows), default=0)
    if not widest:
        return Drawing()
    width = widest * WIDTH + (widest - 1) * ACROSS + 2 * EDGE
    lines = [
        [
            Box(key, _left(place, len(line), width), EDGE + number * (HEIGHT + DOWN), layer)
            for place, key in enumerate(line)
        ]
        for number, (layer, line) in enumerate(rows)
    ]
    boxes = {box.key: (number, box) for number, line in enumerate(lines) for box in line}
    arrows = []
    for cause, effect in links:
        (foot, lower), (top, upper) = boxes[cause], boxes[effect]
        arrows.append(_arrow(lower, upper, lines[foot - 1 : top : -1]))
    found = [box for line in lines for box in line]
    return Drawing(found, arrows, width, len(lines) * (HEIGHT + DOWN) - DOWN + 2 * EDGE)


def _lines(row: Sequence[int]) -> list[Sequence[int]]:
    """A layer in lines of about equal length."""
    count = math.ceil(len(row) / ABREAST)
    each = math.ceil(len(row) / count)
    return [row[begin : begin + each] for begin in range(0, len(row), each)]


def _effects(links: Iterable[Link]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for cause, effect in links:
        found.setdefault(cause, []).append(effect)
    return found


def _depth(start: int, leads_to: Mapping[int, list[int]], depth: dict[int, int]) -> None:
    """One below the lowest effect; without recursion, because a chain may be as long as people make it."""
    todo = [start]
    while todo:
        here = todo[-1]
        above = leads_to.get(here, [])
        waiting = [one for one in above if one not in depth]
        if here in depth or not waiting:
            todo.pop()
            depth.setdefault(here, max((depth[one] + 1 for one in above), default=0))
        else:
            todo += waiting


def _places(rows: list[list[int]]) -> dict[int, float]:
    """Where in its layer each stands, 0 to 1, so that layers of different length can be compared."""
    return {key: (place + 0.5) / len(row) for row in rows for place, key in enumerate(row)}


def _centre(key: int, neighbours: Mapping[int, list[int]], places: Mapping[int, float]) -> float:
    around = [places[one] for one in neighbours.get(key, [])]
    return sum(around) / len(around) if around else places[key]


def _left(place: int, count: int, width: float) -> float:
    whole = count * WIDTH + (count - 1) * ACROSS
    return round((width - whole) / 2 + place * (WIDTH + ACROSS), 1)


def _arrow(cause: Box, effect: Box, between: Iterable[Sequence[Box]]) -> Arrow:
    """``between``: the lines it has to pass, the lowest first."""
    tip = effect.middle, effect.y + HEIGHT + 7
    points: list[Point] = [(cause.middle, cause.y)]
    for line in between:
        gaps = [line[0].x - ACROSS / 2, *(box.x + WIDTH + ACROSS / 2 for box in line)]
        here = points[-1][0]
        gap = min(gaps, key=lambda x, here=here: abs(x - here) + abs(x - tip[0]))  # type: ignore[misc]
        points += _bend(points[-1], (gap, line[0].y + HEIGHT))
        points += _bend(points[-1], (gap, line[0].y))
    return Arrow(cause.key, effect.key, (*points, *_bend(points[-1], tip)))


def _bend(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """Up from ``start`` and up into ``end``."""
    (x1, y1), (x2, y2) = start, end
    half = (y1 - y2) / 2
    return (x1, y1 - half), (x2, y2 + half), end
