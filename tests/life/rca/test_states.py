"""The two tables in full: every pair of states, what may be and what may not."""

import pytest

from makegood.life.rca import states
from makegood.life.rca.models import Action, Rca

ACTION = {
    "proposed": "accepted declined",
    "accepted": "in_progress implemented declined",
    "in_progress": "accepted implemented declined",
    "implemented": "in_progress verifying ineffective",
    "verifying": "in_progress effective ineffective",
    "effective": "ineffective",
    "ineffective": "accepted declined",
    "declined": "proposed",
}
RCA = {"draft": "in_review", "in_review": "draft approved", "approved": "draft published", "published": "draft"}


@pytest.mark.parametrize("source", states.ACTION_STATES)
@pytest.mark.parametrize("target", states.ACTION_STATES)
def test_an_action_goes_where_the_table_says(source, target):
    if target in ACTION[source].split():
        states.check_action_move(source, target)
    else:
        with pytest.raises(states.NotAMove):
            states.check_action_move(source, target)


@pytest.mark.parametrize("source", states.RCA_STATES)
@pytest.mark.parametrize("target", states.RCA_STATES)
def test_an_analysis_goes_where_the_table_says(source, target):
    if target in RCA[source].split():
        states.check_rca_move(source, target)
    else:
        with pytest.raises(states.NotAMove):
            states.check_rca_move(source, target)


def test_the_rows_know_the_same_states_and_fit_their_columns():
    assert tuple(dict(Action.STATES)) == states.ACTION_STATES
    assert tuple(dict(Rca.STATES)) == states.RCA_STATES
    assert max(map(len, states.ACTION_STATES)) <= 12
    assert max(map(len, states.RCA_STATES)) <= 10


def test_nothing_works_because_somebody_did_it():
    """Effective is reached by way of the check alone."""
    assert [state for state in states.ACTION_STATES if "effective" in states.ACTION_MOVES[state]] == ["verifying"]


def test_every_state_can_be_reached_and_left():
    for table in (states.ACTION_MOVES, states.RCA_MOVES):
        assert all(table.values())
        reached = set().union(*table.values())
        assert reached | {next(iter(table))} == set(table)
