"""Business time: when a desk is open, and how far a stretch of open time reaches. Pure; standard library only.

A calendar is open at a moment when the clock on its wall shows a time inside one of the day's blocks and the day is no
holiday. That one rule settles daylight saving: an hour the wall skips is never open, an hour it shows twice is open
twice, and what is counted is always real elapsed time.

Open stretches are tabled once a (calendar, year) with running totals and looked up by bisection, so that a due moment
years away costs a few milliseconds the first time and microseconds afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

Block = tuple[time, time]
Stretch = tuple[datetime, datetime]

MIDNIGHT = time(0)
HORIZON_YEARS = 20
_DAY = timedelta(days=1)
_ZERO = timedelta(0)


class BadCalendar(ValueError):
    """The blocks of a calendar contradict themselves; the text says which."""


class NeverOpen(ValueError):
    """The calendar has no open time at all, so nothing can ever fall due in it."""


class BeyondHorizon(ValueError):
    """The moment asked for lies further away than calendars are tabled."""


@dataclass(frozen=True)
class _Year:
    """The open stretches of one local year in order, and the open time before each of them."""

    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    total: timedelta

    def opened_until(self, moment: datetime) -> timedelta:
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return _ZERO
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]

    def moment_of(self, opened: timedelta) -> datetime:
        """The earliest moment by which ``opened`` (more than nothing, at most the total) has passed."""
        index = bisect_left(self.before, opened) - 1
        return self.starts[index] + (opened - self.before[index])


@dataclass(frozen=True, eq=False)
class BusinessCalendar:
    """Opening hours in a time zone. Weekdays count from 0, Monday; a block until 00:00 ends at midnight (24:00).

    ``always=True`` is the wall clock: open every second, blocks and holidays are ignored.
    """

    time_zone: str = "UTC"
    blocks: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    always: bool = False
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for weekday, blocks in self.blocks.items():
            if weekday not in range(7):
                raise BadCalendar(f"{weekday} is no weekday: 0 is Monday, 6 is Sunday.")
            _refuse_contradictions(blocks)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest moment (UTC) at which ``amount`` of open time has passed since ``start``.

        Raises NeverOpen, BeyondHorizon; ValueError for a naive ``start`` or a negative ``amount``.
        """
        start = _utc(start)
        if amount < _ZERO:
            raise ValueError("Open time is counted forwards only.")
        if self.always or not amount:
            return start + amount
        left = amount
        for year in self._years_from(start):
            passed = year.opened_until(start)
            if left <= year.total - passed:
                return year.moment_of(passed + left)
            left -= year.total - passed
        raise BeyondHorizon(f"{amount} of open time reach more than {HORIZON_YEARS} years past {start:%Y-%m-%d}.")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from ``start`` to ``end``; nothing if ``end`` is not later. Raises NeverOpen, BeyondHorizon."""
        start, end = _utc(start), _utc(end)
        if end <= start:
            return _ZERO
        if self.always:
            return end - start
        opened, last = _ZERO, _local_year(self.time_zone, end)
        for number in range(_local_year(self.time_zone, start), last + 1):
            year = self._year(number)
            opened += year.opened_until(end) - year.opened_until(start)
        return opened

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at that moment; the end of a block no longer is."""
        at = _utc(at)
        if self.always:
            return True
        wall = at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)
        return wall.date() not in self.holidays and any(
            opens <= wall < closes for opens, closes in _walls(wall.date(), self.blocks.get(wall.weekday(), ()))
        )

    def next_open(self, at: datetime) -> datetime:
        """``at`` itself when open, else the moment (UTC) the desk opens next. Raises NeverOpen, BeyondHorizon."""
        at = _utc(at)
        if self.is_open(at):
            return at
        for year in self._years_from(at):
            index = bisect_left(year.starts, at)
            if index < len(year.starts):
                return year.starts[index]
        raise BeyondHorizon(f"Closed for more than {HORIZON_YEARS} years from {at:%Y-%m-%d}.")

    def day_length(self) -> timedelta:
        """Open time of an ordinary working day: the longest of the week. A day for the wall clock."""
        if self.always:
            return _DAY
        return max((_length(blocks) for blocks in self.blocks.values()), default=_ZERO)

    def _years_from(self, start: datetime) -> Iterator[_Year]:
        first = _local_year(self.time_zone, start)
        for number in range(first, min(first + HORIZON_YEARS, 9998)):
            yield self._year(number)

    def _year(self, number: int) -> _Year:
        if not any(self.blocks.values()):
            raise NeverOpen("This calendar has no opening hours: give it at least one block.")
        if number not in self._years:
            self._years[number] = _tabled(self, number)
        return self._years[number]


WALL_CLOCK = BusinessCalendar(always=True)


def _refuse_contradictions(blocks: tuple[Block, ...]) -> None:
    walls = sorted(_walls(date(2000, 1, 3), blocks))
    for opens, closes in walls:
        if closes <= opens:
            raise BadCalendar(f"A block from {opens:%H:%M} to {closes:%H:%M} has no length.")
    for (_, closes), (opens, _later) in pairwise(walls):
        if opens < closes:
            raise BadCalendar(f"A block opens at {opens:%H:%M} before the one until {closes:%H:%M} has closed.")


def _length(blocks: tuple[Block, ...]) -> timedelta:
    return sum((closes - opens for opens, closes in _walls(date(2000, 1, 3), blocks)), _ZERO)


def _walls(day: date, blocks: tuple[Block, ...]) -> list[Stretch]:
    """The blocks of ``day`` as naive wall-clock stretches."""
    return [
        (datetime.combine(day, opens), datetime.combine(day + _DAY if closes == MIDNIGHT else day, closes))
        for opens, closes in blocks
    ]


def _tabled(calendar: BusinessCalendar, number: int) -> _Year:
    pieces = _offsets(calendar.time_zone, number)
    stretches: list[Stretch] = []
    day, last = date(number, 1, 1), date(number, 12, 31)
    while day <= last:
        blocks = calendar.blocks.get(day.weekday(), ())
        if blocks and day not in calendar.holidays:
            for wall in _walls(day, blocks):
                stretches.extend(_real(wall, pieces))
        day += _DAY
    # Sorted, because a zone that falls back over midnight shows the end of a day after the beginning of the next.
    stretches.sort()
    before, total = [], _ZERO
    for opens, closes in stretches:
        before.append(total)
        total += closes - opens
    return _Year([opens for opens, _ in stretches], [closes for _, closes in stretches], before, total)


def _real(wall: Stretch, pieces: tuple[tuple[datetime, datetime, timedelta], ...]) -> Iterator[Stretch]:
    """The moments (UTC) at which the wall clock shows a time inside ``wall``."""
    for begins, ends, offset in pieces:
        opens = max((wall[0] - offset).replace(tzinfo=UTC), begins)
        closes = min((wall[1] - offset).replace(tzinfo=UTC), ends)
        if opens < closes:
            yield opens, closes


@lru_cache(maxsize=256)
def _offsets(time_zone: str, number: int) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The stretches (UTC) of constant offset that cover a local year with two days to spare on either side."""
    zone = ZoneInfo(time_zone)
    begins = moment = datetime(number, 1, 1, tzinfo=UTC) - 2 * _DAY
    end = datetime(number + 1, 1, 1, tzinfo=UTC) + 2 * _DAY
    pieces = []
    while moment < end:
        later = min(moment + _DAY, end)
        if _offset(zone, moment) != _offset(zone, later):
            change = _change(zone, moment, later)
            pieces.append((begins, change, _offset(zone, moment)))
            begins = change
        moment = later
    return (*pieces, (begins, end, _offset(zone, begins)))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or _ZERO


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The second within (low, high] from which the zone's offset is another one."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _local_year(time_zone: str, moment: datetime) -> int:
    return moment.astimezone(ZoneInfo(time_zone)).year


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(UTC)
