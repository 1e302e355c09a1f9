"""Causes drawn: as SVG for a page, where classes give the colours, or as a file that needs nothing else; for paper.

Shape says the kind (a rounded box is a condition, cut corners a decision, a dashed line a control that is missing), a
word says it too; no colour has to be told from another.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.life.diagnosis.sheet import Curve, Outline, Picture, Shape, Words
from makegood.life.rca import graph, terms
from makegood.life.rca.causes import Graph
from makegood.life.rca.models import Cause

PADDING, LINE, HEAD_LINE, LETTERS, MOST_LINES = 14, 16, 14, 28, 3
# Colours of the file that leaves: dark ink on white paper, as the error document has it.
_PAPER = {
    "causes__box": 'fill="#ffffff" stroke="#5f6762" stroke-width="1.2"',
    "causes__box causes__box--blames": 'fill="#ffffff" stroke="#9a3412" stroke-width="2"',
    "causes__arrow": 'fill="none" stroke="#5f6762" stroke-width="1.4"',
    "causes__head": 'fill="#5f6762"',
    "causes__kind": 'fill="#0e5f54" font-size="11"',
    "causes__words": 'fill="#1b211e" font-size="13"',
    "causes__foot": 'fill="#5f6762" font-size="11"',
}


@dataclass(frozen=True)
class _Pen:
    """How a thing is styled: by class on a page, by attributes in a file."""

    is_file: bool

    def __call__(self, name: str) -> SafeString:
        if self.is_file:
            return SafeString(_PAPER[name])
        return format_html('class="{}"', name)


def svg(found: Graph, *, title: str, is_file: bool = False, link: Callable[[Cause], str] | None = None) -> SafeString:
    """The whole drawing; empty for no causes. ``link``: where a box leads, so that it can be reached by keyboard."""
    drawn, pen = graph.draw(found.keys, found.links), _Pen(is_file)
    if not drawn.boxes:
        return SafeString("")
    by_key = {cause.pk: cause for cause in found.causes}
    arrows = _together(_arrow(one, pen) for one in drawn.arrows)
    boxes = _together(
        _box(by_key[box.key], box, pen, blames=found.blaming.get(box.key, ""), link=link) for box in drawn.boxes
    )
    paper = SafeString('<rect width="100%" height="100%" fill="#ffffff"/>') if is_file else SafeString("")
    size = format_html('viewBox="0 0 {0} {1}" width="{0}" height="{1}"', f"{drawn.width:g}", f"{drawn.height:g}")
    family = SafeString(' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"') if is_file else SafeString("")
    role = "img" if is_file or link is None else "group"
    return format_html(
        '<svg {}{} role="{}" aria-label="{}">{}{}{}</svg>', size, family, role, title, paper, arrows, boxes
    )


def picture(found: Graph) -> Picture | None:
    """The same for paper; None for no causes."""
    drawn = graph.draw(found.keys, found.links)
    if not drawn.boxes:
        return None
    by_key = {cause.pk: cause for cause in found.causes}
    shapes: list[Shape] = [bend for one in drawn.arrows for bend in _bends(one)]
    shapes += [Outline(_head(one.tip), is_filled=True) for one in drawn.arrows]
    for box in drawn.boxes:
        cause, blames = by_key[box.key], found.blaming.get(box.key, "")
        x, y = box.x + PADDING, box.y + 20
        shapes.append(_shape(cause, box, is_bold=bool(blames)))
        heads = enumerate(_heads(cause))
        shapes += [Words((x, y + HEAD_LINE * n), 11, words, "accent") for n, words in heads]
        shapes += [Words((x, y + 32 + LINE * n), 13, words, "ink") for n, words in enumerate(wrapped(cause.words))]
        shapes.append(Words((x, box.y + graph.HEIGHT - 9), 11, _foot(cause, blames=blames), "quiet"))
    return Picture(drawn.width, drawn.height, tuple(shapes))


def _bends(arrow: graph.Arrow) -> list[Curve]:
    points = arrow.points
    return [Curve(points[at : at + 4]) for at in range(0, len(points) - 1, 3)]  # type: ignore[arg-type]


def _shape(cause: Cause, box: graph.Box, *, is_bold: bool) -> Outline:
    x, y, right, foot, cut = box.x, box.y, box.x + graph.WIDTH, box.y + graph.HEIGHT, 10
    if cause.kind == terms.DECISION:
        upper = ((x + cut, y), (right - cut, y), (right, y + cut), (right, foot - cut))
        lower = ((right - cut, foot), (x + cut, foot), (x, foot - cut), (x, y + cut))
        return Outline((*upper, *lower), is_bold=is_bold)
    corners = ((x, y), (right, y), (right, foot), (x, foot))
    rounded = 18 if cause.kind == terms.CONDITION else 2
    return Outline(corners, is_bold=is_bold, is_dashed=cause.kind == terms.MISSING, rounded=rounded)


def _head(tip: graph.Point) -> tuple[graph.Point, ...]:
    x, y = tip
    return ((x - 5, y + 1), (x, y - 7), (x + 5, y + 1))


def wrapped(words: str) -> list[str]:
    """Words in at most three lines of a box; what does not fit is cut with a mark."""
    lines = textwrap.wrap(words, LETTERS, break_long_words=True)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: LETTERS - 1].rstrip() + "…"]
    return lines


def as_list(found: Graph) -> list[str]:
    """The same in words, a line each way to ask why: what happened ← because ← because."""
    return [" ← ".join(cause.words for cause in path) for path in found.paths]


def _together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _arrow(one: graph.Arrow, pen: _Pen) -> SafeString:
    head = "M" + "L".join(f"{x:g} {y:g}" for x, y in _head(one.tip)) + "z"
    return format_html('<path d="{}" {}/><path d="{}" {}/>', one.path, pen("causes__arrow"), head, pen("causes__head"))


def _box(cause: Cause, box: graph.Box, pen: _Pen, *, blames: str, link: Callable[[Cause], str] | None) -> SafeString:
    """One box with its words; the whole of them as its title."""
    x, y = box.x + PADDING, box.y + 20
    said = [(y + HEAD_LINE * n, "causes__kind", words) for n, words in enumerate(_heads(cause))]
    said += [(y + 32 + LINE * n, "causes__words", words) for n, words in enumerate(wrapped(cause.words))]
    said.append((box.y + graph.HEIGHT - 9, "causes__foot", _foot(cause, blames=blames)))
    rows = _together(
        format_html('<text x="{}" y="{}" {}>{}</text>', f"{x:g}", f"{at:g}", pen(name), words)
        for at, name, words in said
    )
    whole = f"{' · '.join(_heads(cause))}: {cause.words}"
    drawn = format_html("<title>{}</title>{}{}", whole, _outline(cause, box, pen, blames=bool(blames)), rows)
    if link is None:
        return format_html("<g>{}</g>", drawn)
    return format_html('<a href="{}" aria-label="{}">{}</a>', link(cause), whole, drawn)


def _heads(cause: Cause) -> tuple[str, str]:
    """What stands above the words of a box: what it is, and which why it answers."""
    return str(cause.get_kind_display()), str(cause.get_road_display())


def _foot(cause: Cause, *, blames: str) -> str:
    foot = str(cause.get_confidence_display())
    if cause.evidence:
        foot += " · " + _("evidence")
    if blames:
        foot = "⚠ " + _("this blames a person")
    return foot


def _outline(cause: Cause, box: graph.Box, pen: _Pen, *, blames: bool) -> SafeString:
    style = pen("causes__box causes__box--blames" if blames else "causes__box")
    x, y, width, height, cut = box.x, box.y, graph.WIDTH, graph.HEIGHT, 10
    if cause.kind == terms.DECISION:
        path = (
            f"M{x + cut:g} {y:g}H{x + width - cut:g}L{x + width:g} {y + cut:g}V{y + height - cut:g}"
            f"L{x + width - cut:g} {y + height:g}H{x + cut:g}L{x:g} {y + height - cut:g}V{y + cut:g}z"
        )
        return format_html('<path d="{}" {}/>', path, style)
    round_, dashes = {terms.CONDITION: (18, ""), terms.MISSING: (2, ' stroke-dasharray="6 4"')}.get(cause.kind, (2, ""))
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" {}{}/>',
        f"{x:g}",
        f"{y:g}",
        width,
        height,
        round_,
        style,
        SafeString(dashes),
    )
