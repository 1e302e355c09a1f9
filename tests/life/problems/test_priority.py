"""How urgent: the matrix, what raises it and what lowers it, and the reasons that go with the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.life.problems import priority, spikes
from makegood.life.problems.priority import BadTerms, Facts, Terms, judge

FACTS = st.builds(
    Facts,
    severity=st.sampled_from(priority.SEVERITIES),
    people=st.integers(1, 10_000),
    hindrance=st.sampled_from(["", "blocked", "workaround", "cosmetic"]),
    has_key_account=st.booleans(),
    has_way_round=st.booleans(),
    is_spiking=st.booleans(),
    days_open=st.integers(0, 100),
)


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        (Facts("critical"), 2),
        (Facts("critical", hindrance="blocked"), 1),
        (Facts("critical", hindrance="cosmetic"), 3),
        (Facts("high", hindrance="blocked"), 2),
        (Facts("medium"), 3),
        (Facts("low"), 4),
        (Facts("medium", people=10), 2),
        (Facts("medium", people=100), 2),
        (Facts("high", people=100), 1),
        (Facts("low", people=126), 2),
        (Facts("medium", has_key_account=True), 2),
        (Facts("high", people=20, has_way_round=True), 3),
        (Facts("medium", is_spiking=True), 2),
        (Facts("medium", days_open=14), 2),
        (Facts("critical", hindrance="blocked", is_spiking=True), 1),
        (Facts("low", days_open=14), 3),
    ],
)
def test_cases_worked_out_by_hand(facts, value):
    assert judge(facts).value == value


def test_the_reasons_say_what_counted():
    judged = judge(Facts("high", people=126, is_spiking=True))
    assert judged.reasons == (("severity", 2), ("many", 126))
    assert judge(Facts("medium", people=3, hindrance="workaround", days_open=30)).reasons == (
        ("severity", 3),
        ("hindrance", 3),
        ("few", 3),
        ("long_open", 30),
    )


@given(FACTS)
def test_it_is_always_one_of_four_and_never_less_urgent_for_being_worse(facts):
    value = judge(facts).value
    assert value in priority.VALUES
    for worse in (
        Facts(**{**vars(facts), "people": facts.people * 10}),
        Facts(**{**vars(facts), "has_key_account": True}),
        Facts(**{**vars(facts), "is_spiking": True}),
        Facts(**{**vars(facts), "days_open": facts.days_open + 50}),
        Facts(**{**vars(facts), "severity": "critical"}),
    ):
        assert judge(worse).value <= value, worse


@pytest.mark.parametrize(
    "data",
    [
        {"matrix": [[1, 2], [3, 4]]},
        {"matrix": [[1, 2, 3, 5]] * 4},
        {"some_people": 100, "many_people": 10},
        {"some_people": 1},
        {"long_days": 0},
    ],
)
def test_terms_that_make_no_sense_are_refused(data):
    with pytest.raises(BadTerms):
        Terms.from_data(data)


@pytest.mark.parametrize(
    ("count", "people", "before", "is_spike"),
    [
        (3, 3, [0] * 8, True),
        (2, 2, [0] * 8, False),
        (3, 2, [0] * 8, False),
        (30, 1, [0] * 8, False),
        (3, 3, [1] * 8, False),
        (8, 8, [1] * 8, True),
        (12, 12, [5] * 8, False),
        (17, 17, [5] * 8, True),
        (3, 3, [], True),
    ],
)
def test_more_than_usual(count, people, before, is_spike):
    assert bool(spikes.judge(count, people, before)) is is_spike


@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    # Summed with fractions: P(X >= count).
    [
        (3, 1.0, 0.08030),
        (8, 1.0, 1.0249e-5),
        (17, 5.0, 1.9869e-5),
        (5, 0.5, 1.7212e-4),
        (0, 3.0, 1.0),
        (1, 3.0, 0.95021),
    ],
)
def test_the_tail_of_the_distribution(count, mean, chance):
    assert spikes.tail(count, mean) == pytest.approx(chance, rel=0.02)


def test_the_tail_keeps_its_digits_where_it_is_very_thin():
    assert 0 < spikes.tail(60, 1.0) < 1e-70
