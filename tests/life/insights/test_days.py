"""Whole days, weeks and months."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from makegood.life.insights.days import Period, span_of, whole_month_before, whole_week_before

BERLIN = ZoneInfo("Europe/Berlin")
PERIODS = st.builds(
    lambda first, length: Period(first, first + timedelta(days=length)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
)


@given(PERIODS)
def test_days_weeks_and_months_each_cover_every_day_of_a_period_once(period):
    for slots in (period.days(), period.weeks(), period.months(), period.slots()):
        days = [slot.first + timedelta(days=n) for slot in slots for n in range((slot.last - slot.first).days + 1)]
        assert days == [period.first + timedelta(days=n) for n in range(period.length)]


@given(PERIODS)
def test_the_period_before_ends_where_this_one_begins(period):
    before = period.before()
    assert before.last + timedelta(days=1) == period.first
    assert before.length == period.length or before.first.day == 1


def test_before_a_whole_month_comes_the_month_before():
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).before() == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert Period(date(2024, 3, 1), date(2024, 3, 31)).before() == Period(date(2024, 2, 1), date(2024, 2, 29))


def test_the_day_on_which_clocks_change_has_23_or_25_hours():
    lengths = [end - begin for begin, end in (span_of(day, BERLIN) for day in (date(2026, 3, 29), date(2026, 10, 25)))]
    real = [
        (end.timestamp() - begin.timestamp()) / 3600
        for begin, end in (span_of(day, BERLIN) for day in (date(2026, 3, 29), date(2026, 10, 25)))
    ]
    assert real == [23, 25]
    assert len(lengths) == 2


def test_the_week_and_the_month_before_a_day_are_over_when_it_begins():
    monday = date(2026, 11, 16)
    assert whole_week_before(monday) == Period(date(2026, 11, 9), date(2026, 11, 15))
    assert whole_week_before(date(2026, 11, 22)) == Period(date(2026, 11, 9), date(2026, 11, 15))
    assert whole_month_before(date(2026, 3, 1)) == Period(date(2026, 2, 1), date(2026, 2, 28))
