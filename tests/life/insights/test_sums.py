"""The arithmetic of figures."""

from hypothesis import given
from hypothesis import strategies as st

from makegood.life.insights import sums

SPREADS = st.dictionaries(st.integers(0, 5000), st.integers(1, 9), min_size=1, max_size=40)


@given(SPREADS, st.floats(0.01, 1.0))
def test_a_quantile_is_the_smallest_value_that_enough_do_not_exceed(spread, share):
    found = sums.quantile(spread, share)
    whole = sum(spread.values())
    assert sum(n for value, n in spread.items() if value <= found) >= share * whole - 1e-9
    assert sum(n for value, n in spread.items() if value < found) < max(share * whole, 1)


def test_of_nothing_there_is_no_quantile_and_no_share():
    assert sums.quantile({}, 0.5) is None
    assert sums.share(0, 0) is None


@given(st.integers(0, 10_000_000))
def test_minutes_keep_three_digits_and_are_never_longer_than_they_were(minutes):
    kept = sums.rounded(minutes)
    assert kept <= minutes
    assert minutes - kept <= minutes / 100
    assert sums.rounded(kept) == kept


def test_a_small_step_and_a_step_that_chance_explains_are_no_change():
    assert not sums.counts_differ(6, 2)
    assert not sums.counts_differ(105, 100)
    assert not sums.counts_differ(1000, 900)
    assert sums.counts_differ(60, 30)
    assert sums.counts_differ(0, 20)


def test_shares_of_few_are_not_told_apart():
    assert not sums.shares_differ((9, 9), (0, 9))
    assert sums.shares_differ((90, 100), (70, 100))
    assert not sums.shares_differ((90, 100), (87, 100))


def test_medians_are_apart_when_a_fifth_lies_between_and_enough_lie_beyond():
    short, long = {10: 20}, {30: 20}
    assert sums.medians_differ(long, short)
    assert not sums.medians_differ({11: 20}, short)
    assert not sums.medians_differ({30: 5}, short)
