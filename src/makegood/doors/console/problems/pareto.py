"""The Pareto of problems as geometry: a bar a problem, and the line of what they add up to. The template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.life.problems.insight import PEOPLE, Share

WIDTH, LEFT, RIGHT, TOP, BASE = 720, 40, 676, 14, 190
MOST = 20


@dataclass(frozen=True)
class Bar:
    """One problem: where its bar stands, and the point of the line above it."""

    share: Share
    x: float
    y: float
    width: float
    height: float
    count: int
    middle: float
    line_y: float

    @property
    def percent(self) -> int:
        return round(self.share.cumulative * 100)


@dataclass(frozen=True)
class Pareto:
    bars: list[Bar]
    highest: int

    @property
    def line(self) -> str:
        """The points of the cumulative line as SVG wants them."""
        return " ".join(f"{bar.middle},{bar.line_y}" for bar in self.bars)


def draw(shares: list[Share], *, by: str) -> Pareto:
    """The heaviest MOST of ``shares``, which come in order."""
    shown = shares[:MOST]
    highest = max((_count(share, by) for share in shown), default=0)
    step = (RIGHT - LEFT) / max(1, len(shown))
    return Pareto([_bar(place, share, by, highest, step) for place, share in enumerate(shown)], highest)


def _bar(place: int, share: Share, by: str, highest: int, step: float) -> Bar:
    count = _count(share, by)
    height = (BASE - TOP) * count / highest if highest else 0.0
    x = LEFT + place * step
    return Bar(
        share,
        round(x + step * 0.15, 1),
        round(BASE - height, 1),
        round(step * 0.7, 1),
        round(height, 1),
        count,
        round(x + step / 2, 1),
        round(BASE - (BASE - TOP) * share.cumulative, 1),
    )


def _count(share: Share, by: str) -> int:
    return share.people if by == PEOPLE else share.reports
