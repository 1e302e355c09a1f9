"""Wilson's interval against figures worked out elsewhere, and what it must do at the ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.life.aftercare.intervals import Share, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998, table I, and R's prop.test without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_known_figures(hits, n, low, high):
    found = wilson(hits, n)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(n=st.integers(1, 10_000), part=st.floats(0, 1))
def test_it_holds_the_share_and_stays_between_nothing_and_all(n, part):
    hits = round(part * n)
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1


def test_of_nothing_there_is_no_share_and_of_four_none_is_shown():
    assert wilson(0, 0) is None
    assert Share(0, 0).value is None
    assert [Share(n, n).is_shown for n in (4, 5)] == [False, True]
