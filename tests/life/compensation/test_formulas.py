"""Arithmetic of money and of the four forms: whole units, exact, every step told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.lib.money import MOST, MixedCurrencies, Money, NotMoney, exponent_of, read
from makegood.life.compensation import formulas, states
from makegood.life.compensation.formulas import FIXED, PER_DAY, PER_HOUR, PERCENT, Terms, compute

CODES = ("EUR", "USD", "JPY", "KWD", "ISK", "BHD", "CHF", "UYW", "CLP", "RSD")
codes = st.sampled_from(CODES)
minors = st.integers(0, MOST)


def test_a_currency_has_the_digits_iso_gives_it():
    assert [exponent_of(code) for code in CODES] == [2, 2, 0, 3, 0, 3, 2, 4, 0, 2]


def test_money_is_written_as_the_reader_writes_it():
    assert Money(1_250, "EUR").shown("en") == "€12.50"
    assert Money(1_250, "EUR").shown("de") == "12,50\xa0€"
    assert Money(1_250, "JPY").shown("en") == "¥1,250"
    assert Money(1_250, "KWD").shown("en") == "KWD\xa01.250"


@given(minors, codes, st.sampled_from(["en", "de"]))
def test_what_a_form_shows_is_read_back_as_the_same(minor, code, language):
    money = Money(minor, code)
    assert read(money.plain(), code, language) == money


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "EUR"), ("12.505", "EUR"), ("5.5", "JPY"), ("1e3", "EUR"), ("-1", "EUR"), ("٣", "EUR"), ("9" * 30, "EUR")],
)
def test_what_is_no_amount_is_refused(text, code):
    with pytest.raises(NotMoney):
        read(text, code)


def test_a_float_or_an_unknown_currency_is_no_money():
    for wrong in ((12.5, "EUR"), (True, "EUR"), (1, "EURO"), (1, "QQQ"), (1, "eur")):
        with pytest.raises(NotMoney):
            Money(*wrong)


def test_two_currencies_never_meet():
    for deed in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b):
        with pytest.raises(MixedCurrencies):
            deed(Money(1, "EUR"), Money(1, "USD"))


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_share_is_exact_to_half_a_unit(minor, basis_points):
    part = Money(minor, "EUR").part(basis_points).minor
    assert abs(part * 10_000 - minor * basis_points) <= 5_000


def hours(minutes, **more):
    return compute(Terms(PER_HOUR, "EUR", rate=500, **more), minutes=minutes, stated=None)


def test_each_started_hour_counts():
    assert [hours(m).amount.minor for m in (0, 1, 60, 61, 180)] == [500, 500, 500, 1_000, 1_500]


def test_a_bound_that_bites_is_a_step_of_its_own():
    outcome = hours(600, most=2_000)
    assert outcome.amount.minor == 2_000
    assert [step["step"] for step in outcome.steps] == ["per_hour", "most"]
    assert hours(1, least=900).steps[-1] == {"step": "least", "bound": 900, "currency": "EUR", "amount": 900}


def test_longer_service_is_whole_days_within_the_bounds():
    terms = Terms(PER_DAY, "EUR", rate=300, days=2, most=1_000)
    outcome = compute(terms, minutes=2 * 1440, stated=None)
    assert (outcome.days, outcome.amount.minor) == (3, 900)


def test_a_share_needs_the_amount_and_an_outage_its_length():
    for terms in (Terms(PERCENT, "EUR", basis_points=1_000), Terms(PER_DAY, "EUR", rate=1)):
        with pytest.raises(formulas.CannotCompute):
            compute(terms, minutes=None, stated=None)


@given(
    st.sampled_from([FIXED, PER_HOUR, PER_DAY]),
    st.integers(1, MOST),
    st.integers(0, 10**7),
    st.one_of(st.none(), st.integers(0, MOST)),
    st.one_of(st.none(), st.integers(0, MOST)),
    st.integers(0, 40),
)
def test_nothing_is_ever_above_the_most(form, rate, minutes, one, other, days):
    least, most = (one, other) if one is None or other is None else sorted((one, other))
    terms = Terms(form, "EUR", rate=rate, days=days, least=least, most=most)
    outcome = compute(terms, minutes=minutes, stated=None)
    assert outcome.amount.minor >= 0
    if most is not None and (not days or least is None):
        assert outcome.amount.minor <= most
    if outcome.days:
        assert outcome.amount.minor == min(outcome.days * rate, MOST) or outcome.amount.minor <= outcome.days * rate


def test_every_pair_of_states_is_allowed_or_not_as_the_table_says():
    allowed = set(states.pairs())
    assert all(
        states.may_follow(before, after) == ((before, after) in allowed)
        for before in states.MOVES
        for after in states.STATES
    )
    assert all(not states.MOVES[one] for one in (states.DECLINED, states.EXPIRED, states.REVERSED))
