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
