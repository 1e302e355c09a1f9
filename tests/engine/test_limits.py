"""Token buckets."""

from datetime import timedelta

import pytest

from makegood.engine import limits

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def take(now, key="ana", **options):
    return limits.take("mail", key, rate=2, per=HOUR, now=now, **options)


def test_the_rate_may_be_used_at_once_and_then_one_waits(monday):
    assert take(monday) == 0
    assert take(monday) == 0
    assert take(monday) == pytest.approx(1800)
    assert take(monday + timedelta(minutes=30)) == 0


def test_keys_do_not_share_and_refusals_cost_nothing(monday):
    take(monday, cost=2)
    assert take(monday, key="ben") == 0
    for _ in range(5):
        take(monday + timedelta(minutes=1))
    assert take(monday + timedelta(minutes=30)) == 0


def test_a_clock_that_jumps_back_gives_nothing_away(monday):
    take(monday, cost=2)
    assert take(monday - timedelta(hours=5)) > 0


def test_idle_buckets_are_forgotten(monday):
    take(monday)
    assert limits.forget_idle(now=monday + timedelta(days=2)) == 1


def test_a_draw_says_how_many_are_left_and_when_it_is_full_again(monday):
    minute = timedelta(minutes=1)
    draws = [limits.draw("api", "1", rate=3, per=minute, now=monday) for _ in range(4)]
    assert [draw.left for draw in draws] == [2, 1, 0, 0]
    assert [round(draw.fills) for draw in draws] == [20, 40, 60, 60]
    assert not draws[2].wait
    assert round(draws[3].wait) == 20
