"""When an article is looked at again: pure, and the promise that is made when it comes near."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.life.knowledge import reviewing, states
from makegood.life.knowledge.reviewing import DAY, Facts, judge

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
FRESH = Facts(states.VALIDATED, since=NOW - 10 * DAY, last_used_at=NOW - DAY)


def days(facts, now=NOW):
    """From the last look to the next."""
    return (judge(facts, now=now).at - facts.since) / DAY


@pytest.mark.parametrize(("confidence", "usual"), [("wip", 14), ("not_validated", 60), ("validated", 180)])
def test_by_age_it_depends_on_how_sure_we_are(confidence, usual):
    assert days(replace(FRESH, confidence=confidence)) == usual


def test_the_archive_rests():
    assert judge(replace(FRESH, confidence="archived"), now=NOW) == reviewing.Verdict(None)


def test_use_puts_it_off_and_never_beyond_double():
    assert days(replace(FRESH, uses=20)) == pytest.approx(216)
    assert days(replace(FRESH, uses=10_000)) == pytest.approx(360)
    assert judge(replace(FRESH, uses=20), now=NOW).why == (reviewing.USED,)


def test_each_no_brings_it_nearer_and_three_bring_it_now():
    assert days(replace(FRESH, not_helped=1, last_not_helped_at=NOW)) == 165
    doubted = replace(FRESH, not_helped=3, last_not_helped_at=NOW)
    assert judge(doubted, now=NOW).at == NOW + 3 * DAY
    assert judge(doubted, now=NOW).why[0] == reviewing.VOTES


def test_few_no_among_many_yes_are_no_alarm():
    assert days(replace(FRESH, not_helped=3, helped=60, last_not_helped_at=NOW)) == 135


def test_a_flag_and_another_release_are_looked_at_soon():
    flagged = judge(replace(FRESH, flagged_at=NOW), now=NOW)
    assert (flagged.at, flagged.why) == (NOW + 3 * DAY, (reviewing.FLAGGED,))
    moved_on = replace(FRESH, checked_release="v4.18.2", newest_release="v4.19.0", released_at=NOW)
    assert (judge(moved_on, now=NOW).at, judge(moved_on, now=NOW).why) == (NOW + 14 * DAY, (reviewing.RELEASE,))
    old = replace(FRESH, flagged_at=FRESH.since - DAY)
    assert days(old) == 180


@pytest.mark.parametrize(
    ("checked", "newest", "moved"),
    [("4.18.2", "4.18.9", False), ("v4.18", "4.19.0", True), ("", "4.19", False), ("portal-3", "portal-4", True)],
)
def test_a_patch_is_no_other_release(checked, newest, moved):
    assert reviewing.is_another_release(replace(FRESH, checked_release=checked, newest_release=newest)) is moved


def test_what_nobody_used_for_half_a_year_may_rest():
    unused = replace(FRESH, since=NOW - 200 * DAY, last_used_at=NOW - 181 * DAY)
    assert judge(unused, now=NOW).may_rest
    assert not judge(replace(unused, last_used_at=NOW - DAY), now=NOW).may_rest
    assert not judge(replace(unused, confidence="wip"), now=NOW).may_rest


facts = some.builds(
    Facts,
    confidence=some.sampled_from(["wip", "not_validated", "validated"]),
    since=some.integers(0, 900).map(lambda n: NOW - n * DAY),
    uses=some.integers(0, 5_000),
    helped=some.integers(0, 500),
    not_helped=some.integers(0, 500),
    last_not_helped_at=some.none() | some.integers(0, 90).map(lambda n: NOW - n * DAY),
    flagged_at=some.none() | some.integers(0, 90).map(lambda n: NOW - n * DAY),
)


@given(facts)
def test_it_is_always_due_some_day_and_says_why(one):
    verdict = judge(one, now=NOW)
    assert verdict.why
    assert verdict.at <= one.since + 2 * reviewing.USUAL[one.confidence]


@given(facts, some.integers(1, 50))
def test_more_no_never_puts_it_off(one, more):
    later = replace(one, not_helped=one.not_helped + more)
    assert judge(later, now=NOW).at <= judge(one, now=NOW).at


@given(facts, some.integers(1, 500))
def test_more_use_never_brings_it_nearer(one, more):
    assert judge(replace(one, uses=one.uses + more), now=NOW).at >= judge(one, now=NOW).at
