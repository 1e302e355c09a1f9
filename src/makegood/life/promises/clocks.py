"""The clock of one promise, worked out from facts: when it was made, on what terms, when it was paused. Pure.

Nothing ticks here. The same facts always give the same moments, and ``now`` is only asked for to name the state.

    counted_from ──────────── at risk (80 %) ──── due ──── rung 1 ──── rung 2 …
                  ▮▮ paused: no time passes, and whatever would follow waits

A promise with a named time ("news by 15:00 tomorrow") is ``fixed``: a pause does not push that time away, unless the
pause is still going on when it comes; then what was left at its beginning starts anew at its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from makegood.life.promises.calendars import WALL_CLOCK, BusinessCalendar

RUNNING, AT_RISK, BROKEN, PAUSED, KEPT = "running", "at_risk", "broken", "paused", "kept"
RUNG = "rung"


@dataclass(frozen=True)
class Pause:
    """From ``started_at`` the other side has the ball; ``ended_at`` is None while it still has."""

    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: ``after`` the due moment, ``whom`` is told; counted in ``calendar``."""

    after: timedelta
    whom: str
    calendar: BusinessCalendar = WALL_CLOCK


@dataclass(frozen=True)
class Terms:
    """What a policy says about one kind of promise."""

    target: timedelta
    calendar: BusinessCalendar = WALL_CLOCK
    at_risk_share: float = 0.8
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class Step:
    """at_risk, broken or rung; ``number`` counts rungs from 1 and is 0 otherwise."""

    kind: str
    number: int
    moment: datetime


@dataclass(frozen=True)
class Clock:
    """``fixed_due_at`` is a time named to somebody; it overrules the target of the terms."""

    counted_from: datetime
    terms: Terms
    pauses: tuple[Pause, ...] = field(default=())
    fixed_due_at: datetime | None = None
    kept_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].ended_at is None

    @property
    def due_at(self) -> datetime | None:
        """When it falls due; None while a pause keeps that open."""
        if self.fixed_due_at is None:
            return self._after(self.counted_from, self.terms.target, self.terms.calendar)
        return self._fixed(self.fixed_due_at)

    @property
    def at_risk_at(self) -> datetime | None:
        """When the share of the time that sounds the warning is used up."""
        share = self.terms.at_risk_share
        if self.fixed_due_at is None:
            return self._after(self.counted_from, self.terms.target * share, self.terms.calendar)
        due_at = self.due_at
        warning = self.counted_from + (self.fixed_due_at - self.counted_from) * share
        return None if due_at is None else due_at - (self.fixed_due_at - warning)

    @property
    def rung_moments(self) -> tuple[datetime | None, ...]:
        """When each rung of the ladder is climbed, in order; None for those that a pause keeps open."""
        due_at = self.due_at
        if due_at is None:
            return (None,) * len(self.terms.rungs)
        return tuple(self._after(due_at, rung.after, rung.calendar) for rung in self.terms.rungs)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that time alone will bring, in order: the warning, the break, the rungs; without what is open."""
        rungs = [(RUNG, number, moment) for number, moment in enumerate(self.rung_moments, 1)]
        whole = [(AT_RISK, 0, self.at_risk_at), (BROKEN, 0, self.due_at), *rungs]
        return tuple(Step(kind, number, moment) for kind, number, moment in whole if moment is not None)

    def used(self, now: datetime) -> timedelta:
        """Time that counts and has passed, pauses left out."""
        until = min(now, self.kept_at) if self.kept_at else now
        calendar = WALL_CLOCK if self.fixed_due_at else self.terms.calendar
        moment, used = self.counted_from, timedelta(0)
        for pause in self.pauses:
            used += calendar.between(moment, min(pause.started_at, until))
            moment = until if pause.ended_at is None else max(moment, pause.ended_at)
        return used + calendar.between(moment, until)

    def remaining(self, now: datetime) -> timedelta:
        """Time left that counts; nothing once it is overdue."""
        if self.fixed_due_at is not None:
            at, due_at = self._held(now), self.due_at or self.fixed_due_at
            return max(due_at - at, timedelta(0))
        return max(self.terms.target - self.used(now), timedelta(0))

    def state(self, now: datetime) -> str:
        """running, at_risk, broken, paused or kept. What has been kept stays kept, even if it was late."""
        if self.kept_at is not None and self.kept_at <= now:
            return KEPT
        if self.is_paused and self.pauses[-1].started_at <= now:
            return PAUSED
        due_at, at_risk_at = self.due_at, self.at_risk_at
        if due_at is not None and due_at <= now:
            return BROKEN
        return AT_RISK if at_risk_at is not None and at_risk_at <= now else RUNNING

    def _held(self, now: datetime) -> datetime:
        return min(now, self.pauses[-1].started_at) if self.is_paused else now

    def _fixed(self, due_at: datetime) -> datetime | None:
        for pause in self.pauses:
            if pause.started_at < due_at and pause.ended_at is None:
                return None
            if pause.ended_at is not None and pause.started_at < due_at <= pause.ended_at:
                due_at = pause.ended_at + (due_at - pause.started_at)
        return due_at

    def _after(self, start: datetime, amount: timedelta, calendar: BusinessCalendar) -> datetime | None:
        """The moment ``amount`` of unpaused time has passed since ``start``; None if a pause stands in between."""
        for pause in self.pauses:
            if pause.ended_at is not None and pause.ended_at <= start:
                continue
            before = calendar.between(start, pause.started_at)
            if amount <= before and calendar.add(start, amount) <= pause.started_at:
                break
            if pause.ended_at is None:
                return None
            amount, start = amount - before, max(pause.ended_at, start)
        return calendar.add(start, amount)
