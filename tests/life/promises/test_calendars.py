"""Business time, by hand. Every expected value here was worked out on paper."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from makegood.life.promises.calendars import (
    WALL_CLOCK,
    BadCalendar,
    BeyondHorizon,
    BusinessCalendar,
    NeverOpen,
)

BERLIN, NEW_YORK, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
WORKDAY = ((time(8), time(12)), (time(13), time(18)))
DESK = BusinessCalendar("Europe/Berlin", dict.fromkeys(range(5), WORKDAY))
ROUND_THE_CLOCK = {day: ((time(0), time(0)),) for day in range(7)}
NIGHTS = {day: ((time(0), time(6)), (time(22), time(0))) for day in range(7)}


def berlin(*parts, fold=0):
    return datetime(*parts, tzinfo=BERLIN, fold=fold)


def hours(count):
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (berlin(2026, 11, 16, 9), hours(2), berlin(2026, 11, 16, 11)),
        (berlin(2026, 11, 16, 11), hours(2), berlin(2026, 11, 16, 14)),  # over the lunch break
        (berlin(2026, 11, 16, 8), hours(4), berlin(2026, 11, 16, 12)),  # ends with the block, not after lunch
        (berlin(2026, 11, 16, 12, 30), hours(1), berlin(2026, 11, 16, 14)),  # asked during lunch
        (berlin(2026, 11, 16, 17), hours(2), berlin(2026, 11, 17, 9)),  # into the next morning
        (berlin(2026, 11, 20, 17), hours(2), berlin(2026, 11, 23, 9)),  # Friday evening to Monday
        (berlin(2026, 11, 21, 15), hours(1), berlin(2026, 11, 23, 9)),  # asked on a Saturday
        (berlin(2026, 11, 16, 10), hours(45), berlin(2026, 11, 23, 10)),  # a whole working week
        (berlin(2026, 3, 27, 17), hours(2), berlin(2026, 3, 30, 9)),  # over the spring night
        (berlin(2026, 10, 23, 17), hours(2), berlin(2026, 10, 26, 9)),  # over the autumn night
        (berlin(2028, 2, 28, 17), hours(11), berlin(2028, 3, 1, 9)),  # the leap day is a Tuesday
    ],
)
def test_open_time_is_counted_as_on_paper(start, amount, due):
    assert DESK.add(start, amount) == due
    assert DESK.between(start, due) == amount


def test_no_time_at_all_leaves_the_moment_alone():
    saturday = berlin(2026, 11, 21, 15)
    assert DESK.add(saturday, timedelta(0)) == saturday


def test_holidays_are_closed_all_day():
    desk = BusinessCalendar("Europe/Berlin", DESK.blocks, frozenset({date(2026, 12, 25)}))
    assert desk.add(berlin(2026, 12, 24, 17), hours(2)) == berlin(2026, 12, 28, 9)
    assert not desk.is_open(berlin(2026, 12, 25, 10))


def test_the_leap_day_can_be_a_holiday():
    desk = BusinessCalendar("Europe/Berlin", DESK.blocks, frozenset({date(2028, 2, 29)}))
    assert desk.add(berlin(2028, 2, 28, 17), hours(2)) == berlin(2028, 3, 1, 9)


@pytest.mark.parametrize(
    ("zone", "day", "real"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Santiago", date(2026, 9, 6), 23),  # the clock skips midnight itself
        ("Pacific/Apia", date(2011, 12, 30), 0),  # a day that never was
    ],
)
def test_a_round_the_clock_day_is_as_long_as_it_really_was(zone, day, real):
    calendar = BusinessCalendar(zone, ROUND_THE_CLOCK)
    start = datetime.combine(day, time(0), ZoneInfo(zone))
    end = datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone))
    assert calendar.between(start, end) == hours(real)


@pytest.mark.parametrize(
    ("zone", "evening", "due"),
    [
        # 22:00 plus six hours of night: one hour is skipped in spring and comes twice in autumn.
        (BERLIN, (2026, 3, 28, 22), (2026, 3, 29, 5)),
        (BERLIN, (2026, 10, 24, 22), (2026, 10, 25, 3)),
        (NEW_YORK, (2026, 3, 7, 22), (2026, 3, 8, 5)),
        (NEW_YORK, (2026, 10, 31, 22), (2026, 11, 1, 3)),
        (KOLKATA, (2026, 3, 28, 22), (2026, 3, 29, 4)),
    ],
)
def test_nights_with_a_change_of_the_clock_count_real_hours(zone, evening, due):
    calendar = BusinessCalendar(zone.key, NIGHTS)
    assert calendar.add(datetime(*evening, tzinfo=zone), hours(6)) == datetime(*due, tzinfo=zone)


def test_a_block_that_opens_in_the_skipped_hour_opens_when_the_clock_has_jumped():
    calendar = BusinessCalendar("Europe/Berlin", {6: ((time(2, 30), time(5)),)})
    assert calendar.next_open(berlin(2026, 3, 29, 0)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert calendar.between(berlin(2026, 3, 29, 0), berlin(2026, 3, 29, 12)) == hours(2)


def test_a_block_inside_the_skipped_hour_does_not_happen():
    calendar = BusinessCalendar("Europe/Berlin", {6: ((time(2), time(3)),)})
    assert calendar.between(berlin(2026, 3, 29, 0), berlin(2026, 3, 30, 0)) == timedelta(0)


def test_a_block_inside_the_repeated_hour_happens_twice():
    calendar = BusinessCalendar("America/New_York", {6: ((time(1), time(1, 30)),)})
    day = datetime(2026, 11, 1, tzinfo=NEW_YORK)
    assert calendar.between(day, day + timedelta(days=1)) == hours(1)
    assert calendar.is_open(datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK, fold=0))
    assert calendar.is_open(datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK, fold=1))
    assert calendar.add(day, timedelta(minutes=45)) == datetime(2026, 11, 1, 6, 15, tzinfo=UTC)  # 01:15, the second


def test_the_half_hour_zone_of_kolkata():
    desk = BusinessCalendar("Asia/Kolkata", DESK.blocks)
    assert desk.add(datetime(2026, 11, 16, 2, 30, tzinfo=UTC), hours(1)) == datetime(2026, 11, 16, 3, 30, tzinfo=UTC)
    assert desk.next_open(datetime(2026, 11, 16, 0, tzinfo=UTC)) == datetime(2026, 11, 16, 2, 30, tzinfo=UTC)


def test_a_block_ends_the_moment_the_desk_closes():
    assert DESK.is_open(berlin(2026, 11, 16, 11, 59, 59))
    assert not DESK.is_open(berlin(2026, 11, 16, 12))
    assert DESK.next_open(berlin(2026, 11, 16, 12)) == berlin(2026, 11, 16, 13)
    assert DESK.next_open(berlin(2026, 11, 16, 9)) == berlin(2026, 11, 16, 9)


def test_the_wall_clock_never_closes():
    assert WALL_CLOCK.add(berlin(2026, 3, 28, 22), hours(6)) == berlin(2026, 3, 29, 5)
    assert WALL_CLOCK.is_open(berlin(2026, 12, 25, 3))
    assert WALL_CLOCK.between(berlin(2026, 11, 17), berlin(2026, 11, 16)) == timedelta(0)


def test_a_calendar_without_hours_says_so():
    with pytest.raises(NeverOpen, match="no opening hours"):
        BusinessCalendar("Europe/Berlin").add(berlin(2026, 11, 16), hours(1))
    with pytest.raises(NeverOpen):
        BusinessCalendar("Europe/Berlin", {0: ()}).next_open(berlin(2026, 11, 16))


def test_what_is_never_reached_is_refused_and_not_searched_for_ever():
    everlasting = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(366 * 25))
    closed = BusinessCalendar("Europe/Berlin", {0: WORKDAY}, everlasting)
    with pytest.raises(BeyondHorizon):
        closed.next_open(berlin(2026, 11, 16))
    with pytest.raises(BeyondHorizon):
        DESK.add(berlin(2026, 11, 16), hours(100_000))


def test_a_due_moment_years_away_takes_no_seconds():
    desk = BusinessCalendar("Europe/Berlin", DESK.blocks)
    began = perf_counter()
    due = desk.add(berlin(2026, 1, 1), hours(9 * 260 * 10))
    assert due.year == 2035
    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    "blocks",
    [
        {7: WORKDAY},
        {0: ((time(12), time(8)),)},
        {0: ((time(8), time(8)),)},
        {0: ((time(8), time(13)), (time(12), time(18)))},
    ],
)
def test_contradicting_hours_are_refused(blocks):
    with pytest.raises(BadCalendar):
        BusinessCalendar("Europe/Berlin", blocks)


def test_moments_need_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        DESK.add(datetime(2026, 11, 16, 9), hours(1))
    with pytest.raises(ValueError, match="forwards"):
        DESK.add(berlin(2026, 11, 16, 9), -hours(1))


def test_a_working_day_is_as_long_as_its_blocks():
    assert DESK.day_length() == hours(9)
    assert BusinessCalendar("UTC", ROUND_THE_CLOCK).day_length() == hours(24)
    assert BusinessCalendar("UTC").day_length() == timedelta(0)
