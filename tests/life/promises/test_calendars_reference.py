"""Business time against a second method: a table of single minutes, each asked only what the wall clock shows.

The table knows nothing of stretches, offsets or totals: it walks UTC minute by minute, looks at the wall through
``zoneinfo`` and writes down open or closed. Hypothesis then checks what must hold for any calendar at all.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.life.promises.calendars import BusinessCalendar
from tests.length import examples

MINUTE = timedelta(minutes=1)
HOURS = {
    "desk": {day: ((time(8), time(12)), (time(13), time(18))) for day in range(5)},
    "nights": {day: ((time(0), time(2, 30)), (time(22, 15), time(0))) for day in range(7)},
    "odd": {0: ((time(0), time(0)),), 2: ((time(1, 30), time(2, 45)),), 6: ((time(1), time(4)),)},
}
WINDOWS = [
    ("Europe/Berlin", date(2026, 3, 26)),
    ("Europe/Berlin", date(2026, 10, 22)),
    ("America/New_York", date(2026, 3, 5)),
    ("America/New_York", date(2026, 10, 29)),
    ("Asia/Kolkata", date(2026, 3, 26)),
    ("America/Santiago", date(2026, 9, 3)),
    ("America/St_Johns", date(2010, 11, 4)),  # falls back over midnight, into the day before
    ("Australia/Lord_Howe", date(2026, 4, 2)),
    ("Africa/Casablanca", date(2026, 2, 12)),
    ("Europe/Berlin", date(2028, 2, 26)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("Pacific/Kiritimati", date(2026, 12, 29)),  # over new year, fourteen hours ahead
]


def minute_table(zone, hours, holidays, start, days):
    """(minute, open?) for each minute, told by the wall clock alone."""
    table, moment, end = [], start, start + timedelta(days=days)
    while moment < end:
        wall = moment.astimezone(zone)
        minutes = wall.hour * 60 + wall.minute
        is_open = wall.date() not in holidays and any(
            opens.hour * 60 + opens.minute <= minutes < (closes.hour * 60 + closes.minute or 1440)
            for opens, closes in hours.get(wall.weekday(), ())
        )
        table.append((moment, is_open))
        moment += MINUTE
    return table


@pytest.mark.parametrize(("zone", "first"), WINDOWS, ids=lambda value: str(value).replace("/", "-"))
@pytest.mark.parametrize("hours", HOURS.values(), ids=HOURS.keys())
def test_the_calendar_agrees_with_the_minute_table(zone, first, hours):
    days, pick = 9, random.Random(f"{zone}{first}")
    holidays = frozenset({first + timedelta(days=4)})
    start = datetime.combine(first, time(0), UTC)
    table = minute_table(ZoneInfo(zone), hours, holidays, start, days)
    calendar = BusinessCalendar(zone, hours, holidays)

    opened, total = [0], 0
    for moment, is_open in table:
        assert calendar.is_open(moment) is is_open, moment
        total += is_open
        opened.append(total)
    for _ in range(300):
        a, b = sorted((pick.randrange(len(table)), pick.randrange(len(table))))
        assert calendar.between(start + a * MINUTE, start + b * MINUTE) == (opened[b] - opened[a]) * MINUTE
        amount = pick.randrange(1, 900)
        if opened[a] + amount <= total:
            reached = next(n for n in range(a, len(opened)) if opened[n] == opened[a] + amount)
            assert calendar.add(start + a * MINUTE, amount * MINUTE) == start + reached * MINUTE


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "UTC"]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=40))


@st.composite
def calendars(draw):
    week = {}
    for day in range(7):
        marks = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
        quarters = [time(mark // 4, mark % 4 * 15) for mark in marks]
        if len(quarters) % 2:
            quarters.append(time(0))
        week[day] = tuple(zip(quarters[::2], quarters[1::2], strict=True))
    # A quarter of an hour a week would put most amounts beyond the horizon, which has a test of its own.
    if sum(len(blocks) for blocks in week.values()) < 6:
        week[draw(st.integers(0, 6))] = ((time(9), time(17)),)
    holidays = draw(st.frozensets(st.dates(date(2024, 1, 1), date(2030, 12, 31)), max_size=5))
    return BusinessCalendar(draw(ZONES), week, holidays)


@given(calendars(), MOMENTS, AMOUNTS)
@settings(max_examples=examples(40))
def test_what_is_added_is_found_between(calendar, start, amount):
    due = calendar.add(start, amount)
    assert due >= start
    assert calendar.between(start, due) == amount


@given(calendars(), MOMENTS, MOMENTS, AMOUNTS)
@settings(max_examples=examples(25))
def test_an_earlier_start_never_falls_due_later(calendar, one, other, amount):
    early, late = sorted((one, other))
    assert calendar.add(early, amount) <= calendar.add(late, amount)


@given(calendars(), MOMENTS, AMOUNTS, AMOUNTS)
@settings(max_examples=examples(25))
def test_two_steps_reach_as_far_as_one(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars(), st.lists(MOMENTS, min_size=3, max_size=3))
@settings(max_examples=examples(25))
def test_stretches_of_open_time_add_up(calendar, moments):
    a, b, c = sorted(moments)
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(calendars(), MOMENTS)
@settings(max_examples=examples(25))
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar, at):
    opening = calendar.next_open(at)
    assert calendar.is_open(opening)
    assert calendar.between(at, opening) == timedelta(0)
