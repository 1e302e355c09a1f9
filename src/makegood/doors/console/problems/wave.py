"""The wave of a problem (ux A.8): how many members reported in each stretch of time, with releases marked.

Geometry only; the template draws it, and a table beside it says the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from makegood.life.problems.models import Problem
from makegood.life.problems.queries import Seen

WIDTH, HEIGHT, LEFT, BASE, TOP = 720, 132, 28, 108, 22
MOST_BARS = 62
MOST_MARKS = 8
UNITS = ((timedelta(hours=1), "hour"), (timedelta(days=1), "day"), (timedelta(days=7), "week"))


@dataclass(frozen=True)
class Bar:
    """One stretch: where it is drawn, what it says."""

    x: float
    y: float
    width: float
    height: float
    count: int
    words: str


@dataclass(frozen=True)
class Mark:
    """A moment across the wave: a release first seen, the fix out, the problem back. ``anchor``: of its words."""

    x: float
    words: str
    at: datetime
    kind: str
    anchor: str


@dataclass
class Wave:
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    unit: str = ""
    highest: int = 0
    begins: str = ""
    ends: str = ""
    zone: str = ""

    @property
    def filled(self) -> list[Bar]:
        """The stretches in which anything came in: what the table lists."""
        return [bar for bar in self.bars if bar.count]


def draw(problem: Problem, seen: Seen, *, now: datetime) -> Wave:
    """The wave from the first report to now; no bars if there never was one."""
    if not seen.arrivals:
        return Wave()
    unit, name = _unit(seen.arrivals[0], now)
    begins = _floor(seen.arrivals[0], name)
    count = max(1, -(-(now - begins) // unit))
    begins = max(begins, begins + (count - MOST_BARS) * unit)
    count = min(count, MOST_BARS)
    counts = Counter(min(count - 1, max(0, (at - begins) // unit)) for at in seen.arrivals)
    highest = max(counts.values())
    step = (WIDTH - LEFT) / count
    bars = [_bar(place, counts[place], highest, step, _words(begins + place * unit, name)) for place in range(count)]
    axis = _Axis(begins, begins + count * unit)
    marks = [axis.mark(*moment) for moment in _moments(problem, seen) if moment[0] >= begins]
    zone = str(timezone.get_current_timezone())
    return Wave(bars, marks[-MOST_MARKS:], _UNIT_WORDS[name](), highest, _day(begins), _day(now), zone)


@dataclass(frozen=True)
class _Axis:
    begins: datetime
    ends: datetime

    def mark(self, at: datetime, words: str, kind: str) -> Mark:
        share = min(1.0, (at - self.begins) / (self.ends - self.begins))
        x = round(LEFT + (WIDTH - LEFT) * share, 1)
        return Mark(x, words, at, kind, "end" if share > 0.75 else "start")


def _unit(first: datetime, now: datetime) -> tuple[timedelta, str]:
    for unit, name in UNITS:
        if (now - first) / unit <= MOST_BARS - 2:
            return unit, name
    return UNITS[-1]


def _floor(at: datetime, name: str) -> datetime:
    local = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    if name == "hour":
        return local
    local = local.replace(hour=0)
    return local - timedelta(days=local.weekday()) if name == "week" else local


def _bar(place: int, count: int, highest: int, step: float, words: str) -> Bar:
    height = round((BASE - TOP) * count / highest, 1)
    return Bar(
        round(LEFT + place * step + step * 0.1, 1), round(BASE - height, 1), round(step * 0.8, 1), height, count, words
    )


def _moments(problem: Problem, seen: Seen) -> list[tuple[datetime, str, str]]:
    found = [(at, release, "seen") for release, (at, _times) in seen.releases.items()]
    if problem.released_at:
        name = problem.fixed_in or _("the fix")
        found.append((problem.released_at, _("%(release)s: fixed") % {"release": name}, "fixed"))
    if problem.came_back_at:
        found.append((problem.came_back_at, _("came back"), "back"))
    return sorted(found)


def _words(at: datetime, name: str) -> str:
    local = timezone.localtime(at)
    if name == "hour":
        return date_format(local, pgettext("date format", "j M, H:i"))
    day = date_format(local, pgettext("date format", "j M Y"))
    return _("week of %(day)s") % {"day": day} if name == "week" else day


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), pgettext("date format", "j M, H:i"))


_UNIT_WORDS = {
    "hour": lambda: _("by hour"),
    "day": lambda: _("by day"),
    "week": lambda: _("by week"),
}
