"""The report's promises on one line (ux A.8): made, paused, kept, broken, owed. Geometry only; the template draws it.

The axis goes from when the report came in to now or to the last moment owed, whichever is later. Time is drawn by rank
of moments mixed with real distance, so that a busy first hour stays readable beside a quiet week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from makegood.doors.console import promise_words
from makegood.doors.ui import rings
from makegood.life.promises import names
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.reports.models import Report

WIDTH, LEFT, RIGHT, MOST = 720, 16, 704, 14


@dataclass(frozen=True)
class Mark:
    """A ring on the line."""

    x: float
    state: str
    what: str
    at: datetime
    is_owed: bool = False

    @property
    def word(self) -> str:
        """What became of it, with the moment."""
        return f"{rings.WORDS[self.state]}, {promise_words.moment(self.at)}"


@dataclass(frozen=True)
class Span:
    x: float
    width: float


@dataclass
class Line:
    """``marks`` left to right, ``pauses`` as stretches, ``now_x`` where we are."""

    marks: list[Mark] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)
    now_x: float = LEFT
    begins: datetime | None = None
    ends: datetime | None = None


def draw(report: Report, promises: Iterable[Promise], *, now: datetime) -> Line:
    """The line of ``report``; empty marks if nothing was ever promised. ``promises`` come with their steps."""
    shown = [p for p in promises if p.state != Promise.WITHDRAWN or p.broken_at][-MOST:]
    moments = [_moment(promise) for promise in shown]
    begins = min([report.received_at, *(p.made_at for p in shown)])
    ends = max([now, *moments])
    axis = Axis(begins, ends, sorted({begins, now, ends, *moments}))
    marks = [Mark(axis.x(_moment(p)), _state(p, now), names.name(p.kind), _moment(p), p.is_pending) for p in shown]
    pauses = [axis.span(*pause) for p in shown[-1:] for pause in _pauses(p, now)]
    return Line(sorted(marks, key=lambda mark: mark.x), pauses, axis.x(now), begins, ends)


@dataclass(frozen=True)
class Axis:
    """Where moments stand between ``LEFT`` and ``RIGHT``."""

    begins: datetime
    ends: datetime
    ranks: list[datetime]

    def x(self, at: datetime) -> float:
        """Half by time, half by rank."""
        whole = (self.ends - self.begins).total_seconds() or 1.0
        by_time = (at - self.begins).total_seconds() / whole
        before = sum(moment < at for moment in self.ranks)
        by_rank = before / max(1, len(self.ranks) - 1)
        return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, 0.35 * by_time + 0.65 * by_rank)), 1)

    def span(self, start: datetime, end: datetime) -> Span:
        left = self.x(max(start, self.begins))
        return Span(left, max(2.0, self.x(end) - left))


def _moment(promise: Promise) -> datetime:
    return promise.kept_at or promise.broken_at or promise.due_at


def _state(promise: Promise, now: datetime) -> str:
    if promise.broken_at and promise.state in (Promise.KEPT, Promise.WITHDRAWN):
        return "broken"
    return promise.ring(now)


def _pauses(promise: Promise, now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches in which the other side had the ball."""
    found: list[tuple[datetime, datetime]] = []
    started: datetime | None = None
    for step in promise.steps.all():
        if step.kind == PromiseStep.PAUSED:
            started = step.at
        elif step.kind == PromiseStep.RESUMED and started:
            found.append((started, step.at))
            started = None
    return [*found, (started, now)] if started else found
