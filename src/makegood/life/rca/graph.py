"""Causes as a drawing: who contributed to what, from what happened at the top down to where it began. Pure.

layers   each box stands one below the lowest thing it contributed to, so that every arrow goes upwards
order    within a layer by the middle of what a box points to: few crossings, and the same each time
places   a column for each box of the widest layer; the others stand in the middle
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Link = tuple[int, int]  # cause, effect
Point = tuple[float, float]

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 216, 92, 28, 56, 12
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
    """From the top of a cause to the foot of what it contributed to: start, two points that bend it, tip."""

    cause: int
    effect: int
    points: tuple[Point, Point, Point, Point]

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
    keys, links = list(keys), list(links)
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
    links = list(links)
    rows = layers(keys, links)
    widest = max((len(row) for row in rows), default=0)
    if not widest:
        return Drawing()
    width = widest * WIDTH + (widest - 1) * ACROSS + 2 * EDGE
    boxes = {
        key: Box(key, _left(place, len(row), width), EDGE + number * (HEIGHT + DOWN), number)
        for number, row in enumerate(rows)
        for place, key in enumerate(row)
    }
    arrows = [_arrow(boxes[cause], boxes[effect]) for cause, effect in sorted(links)]
    return Drawing(list(boxes.values()), arrows, width, len(rows) * (HEIGHT + DOWN) - DOWN + 2 * EDGE)


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


def _arrow(cause: Box, effect: Box) -> Arrow:
    x1, y1, x2, y2 = cause.middle, cause.y, effect.middle, effect.y + HEIGHT + 7
    bend = (y1 - y2) / 2
    return Arrow(cause.key, effect.key, ((x1, y1), (x1, y1 - bend), (x2, y2 + bend), (x2, y2)))
