"""Days out of kept changes: every second of the window stands in exactly one state, also when clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from makegood.life.statuspage import history, standing

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_day_says_the_worst_and_how_long():
    changes = [
        (NOW - 100 * DAY, standing.OPERATIONAL),
        (NOW - DAY, standing.DEGRADED),
        (NOW - DAY + HOUR, standing.MAJOR),
        (NOW - DAY + 3 * HOUR, standing.OPERATIONAL),
    ]
    found = history.days(changes, now=NOW, zone=BERLIN)
    assert len(found) == 90
    yesterday = found[-2]
    assert (yesterday.worst, yesterday.lasted) == (
        standing.MAJOR,
        {standing.DEGRADED: HOUR, standing.MAJOR: 2 * HOUR},
    )
    assert {one.worst for one in (*found[:-2], found[-1])} == {standing.OPERATIONAL}
    share = history.free_of_outages(found, changes, now=NOW, zone=BERLIN)
    whole = NOW - datetime(2026, 8, 18, 22, 0, tzinfo=UTC)
    assert abs(share - 100 * (1 - 2 * HOUR / whole)) < 1e-9


def test_what_was_not_shown_yet_is_not_known():
    found = history.days([(NOW - 2 * DAY, standing.OPERATIONAL)], now=NOW, zone=BERLIN)
    assert [one.is_known for one in found[-4:]] == [False, True, True, True]
    assert history.free_of_outages([], [], now=NOW, zone=BERLIN) is None


def test_the_long_day_in_autumn_has_twenty_five_hours():
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Berlin before the clocks go back
    changes = [(night, standing.MAJOR), (night + 25 * HOUR, standing.OPERATIONAL)]
    found = {one.on.isoformat(): one for one in history.days(changes, now=NOW, zone=BERLIN)}
    assert found["2026-10-25"].lasted == {standing.MAJOR: 25 * HOUR}
    assert found["2026-10-26"].lasted == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 200 * 24 * 60), st.sampled_from(standing.COMPONENT_STATES)), min_size=1, max_size=30
    ),
    st.sampled_from(["Europe/Berlin", "America/New_York", "UTC", "Australia/Lord_Howe"]),
)
def test_no_second_is_lost_or_counted_twice(told, name):
    changes = sorted(((NOW - timedelta(minutes=minutes), state) for minutes, state in told), key=lambda one: one[0])
    zone = ZoneInfo(name)
    found = history.days(changes, now=NOW, zone=zone)
    begins = datetime(found[0].on.year, found[0].on.month, found[0].on.day, tzinfo=zone).astimezone(UTC)
    ends = [at for at, _state in changes[1:]] + [NOW]
    expected = timedelta(0)
    for (at, state), until in zip(changes, ends, strict=True):
        if state != standing.OPERATIONAL:
            expected += max(timedelta(0), until - max(at, begins))
    assert sum((sum(one.lasted.values(), timedelta(0)) for one in found), timedelta(0)) == expected
