"""The clock of one promise, from facts alone."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.life.promises.calendars import WALL_CLOCK, BusinessCalendar
from makegood.life.promises.clocks import AT_RISK, BROKEN, KEPT, PAUSED, RUNNING, Clock, Pause, Rung, Terms
from tests.life.promises.conftest import berlin, hours, minutes

DESK = BusinessCalendar("Europe/Berlin", {day: ((time(8), time(12)), (time(13), time(18))) for day in range(5)})
TEN = berlin(2026, 11, 16, 10)
TWO_HOURS = Terms(hours(2), DESK, rungs=(Rung(minutes(0), "backup", DESK), Rung(hours(2), "lead", DESK)))


def test_the_states_follow_one_another_as_time_passes():
    clock = Clock(TEN, TWO_HOURS)
    assert [clock.state(TEN + minutes(m)) for m in (0, 95, 96, 119, 120, 500)] == [
        RUNNING,
        RUNNING,
        AT_RISK,
        AT_RISK,
        BROKEN,
        BROKEN,
    ]


def test_rungs_count_open_hours_from_the_due_moment():
    assert Clock(TEN, TWO_HOURS).rung_moments == (berlin(2026, 11, 16, 12), berlin(2026, 11, 16, 15))


def test_what_is_kept_stays_kept():
    clock = Clock(TEN, TWO_HOURS, kept_at=TEN + hours(1))
    assert clock.state(TEN + minutes(59)) == RUNNING
    assert clock.state(TEN + hours(9)) == KEPT
    assert clock.used(TEN + hours(9)) == hours(1)


def test_an_open_pause_leaves_everything_open_that_comes_after_it():
    clock = Clock(TEN, TWO_HOURS, (Pause(TEN + minutes(30)),))
    assert (clock.due_at, clock.at_risk_at, clock.rung_moments) == (None, None, (None, None))
    assert clock.state(TEN + hours(9)) == PAUSED
    assert clock.remaining(TEN + hours(9)) == minutes(90)
    assert clock.steps == ()


def test_a_pause_after_the_warning_leaves_the_warning_where_it_was():
    clock = Clock(TEN, TWO_HOURS, (Pause(TEN + minutes(100)),))
    assert clock.at_risk_at == TEN + minutes(96)
    assert clock.due_at is None


def test_a_finished_pause_moves_what_follows():
    clock = Clock(TEN, TWO_HOURS, (Pause(TEN + minutes(30), TEN + minutes(60)),))
    assert clock.due_at == berlin(2026, 11, 16, 13, 30)
    assert clock.used(TEN + minutes(45)) == minutes(30)
    assert clock.used(TEN + minutes(75)) == minutes(45)


def test_a_pause_outside_open_hours_costs_and_gives_nothing():
    night = Pause(berlin(2026, 11, 16, 19), berlin(2026, 11, 17, 7))
    start = berlin(2026, 11, 16, 17, 30)
    assert Clock(start, TWO_HOURS, (night,)).due_at == Clock(start, TWO_HOURS).due_at


def test_a_fixed_time_warns_at_its_share_of_wall_time():
    clock = Clock(TEN, TWO_HOURS, (), TEN + hours(10))
    assert (clock.at_risk_at, clock.due_at) == (TEN + hours(8), TEN + hours(10))
    assert clock.remaining(TEN + hours(4)) == hours(6)


STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(minutes=1), timedelta(days=3))


@st.composite
def clocks(draw):
    start = moment = draw(STARTS)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begins = moment + draw(SPANS)
        moment = begins + draw(SPANS)
        pauses.append(Pause(begins, moment))
    calendar = draw(st.sampled_from([DESK, WALL_CLOCK]))
    return Clock(start, Terms(draw(SPANS), calendar), tuple(pauses))


@given(clocks())
@settings(max_examples=150)
def test_it_falls_due_when_exactly_its_time_is_used(clock):
    assert clock.used(clock.due_at) == clock.terms.target
    assert clock.remaining(clock.due_at) == timedelta(0)
    assert clock.at_risk_at <= clock.due_at


@given(clocks(), STARTS)
@settings(max_examples=150)
def test_used_and_remaining_make_the_whole_until_it_is_due(clock, now):
    now = max(now, clock.counted_from)
    if now <= clock.due_at:
        assert clock.used(now) + clock.remaining(now) == clock.terms.target
