"""The headline and the list never disagree, and no state claims more than is so."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from makegood.life.problems import states
from makegood.life.statuspage import standing

STATES = st.sampled_from(standing.COMPONENT_STATES)
BADNESS = {"none": 0, "maintenance": 1, "minor": 2, "major": 3, "critical": 4}


@given(baseline=STATES, claims=st.lists(STATES, max_size=5))
def test_a_component_is_as_bad_as_the_worst_said_of_it(baseline, claims):
    found = standing.effective(baseline, claims)
    rank = standing.COMPONENT_STATES.index
    assert rank(found) == max(map(rank, [baseline, *claims]))


def test_the_headline_says_that_all_is_well_only_if_every_line_does():
    for components in product(standing.COMPONENT_STATES, repeat=3):
        for impacts in ((), ("none",), ("minor",), ("critical", "none")):
            found = standing.indicator(components, impacts)
            is_well = set(components) == {standing.OPERATIONAL} and set(impacts) <= {"none"}
            assert (found == "none") == is_well
            is_out = {standing.PARTIAL, standing.MAJOR} & set(components)
            assert (BADNESS[found] >= 3) == bool(is_out)


@given(st.lists(STATES, min_size=1, max_size=8), STATES)
def test_a_worse_line_never_makes_a_better_headline(components, state):
    rank = standing.COMPONENT_STATES.index
    worse = [max(one, state, key=rank) for one in components]
    assert BADNESS[standing.indicator(worse)] >= BADNESS[standing.indicator(components)]


def test_only_half_of_all_in_a_major_outage_is_critical():
    one = [standing.MAJOR, standing.OPERATIONAL, standing.OPERATIONAL]
    assert standing.indicator(one) == "major"
    assert standing.indicator([standing.MAJOR, *one[:2]]) == "critical"
    assert standing.indicator([]) == "none"


def test_every_state_inside_has_a_most_that_may_be_said():
    assert set(standing.AT_MOST) == set(states.STATES)
    for inside, most in standing.AT_MOST.items():
        assert standing.allowed(inside)[-1] == most
        assert all(
            standing.claims_more(state, inside) != (state in standing.allowed(inside))
            for state in standing.TROUBLE_STATES
        )
    assert not any(standing.AT_MOST[inside] == "resolved" for inside in states.UNFIXED)
    assert standing.AT_MOST[states.RELEASED] == standing.AT_MOST[states.WATCHING] == "monitoring"
