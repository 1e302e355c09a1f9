"""The month's budget: alarm at eighty percent, stop at its end, currencies apart; one person's rolling sum."""

from datetime import UTC, datetime

import pytest

from makegood.life.compensation import budgets, deciding, figures, policies, proposing, settling
from makegood.life.compensation.rules import Limit, Rules
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.cast import MONDAY
from tests.life.case import work
from tests.life.compensation.story import DAY, HOUR, RULES, current, furnish, policy, set_rules, solved

NOW = MONDAY + 4 * HOUR


@pytest.fixture
def desk(cast, db):
    furnish(cast, MONDAY - DAY, customer_most=None, customer_count=None, budget=10_000)
    policy(cast, MONDAY - DAY, "some", rate_minor=4_000, trigger="by_hand")
    return cast


def approved(desk, number, slug="some", by=None, at=NOW, **how):
    report = solved(desk, MONDAY, key=f"ana-{number:04}")
    made = proposing.propose(report, current(slug), by=desk.dora.actor, at=at)
    return deciding.approve(made, by=by or desk.emil, at=at, **how)


def alarms():
    return list(LedgerEntry.objects.filter(kind__startswith="compensation.budget").values_list("kind", flat=True))


def test_the_alarm_sounds_once_at_eighty_percent_and_once_at_the_end(desk):
    approved(desk, 1)
    assert alarms() == []
    second = approved(desk, 2)
    assert alarms() == ["compensation.budget_alarm"]
    work(NOW)
    mails = OutgoingMail.objects.filter(purpose="notice")
    assert sorted(mails.values_list("to_email", flat=True)) == ["ada@desk.example", "emil@desk.example"]
    assert "€80.00 of €100.00" in mails.first().text
    with pytest.raises(deciding.OverBudget):
        approved(desk, 3)
    settling.reverse(second, by=desk.emil.actor, at=NOW, reason="Not theirs.")
    approved(desk, 4)
    policy(desk, NOW, "rest", rate_minor=2_000, trigger="by_hand")
    approved(desk, 5, "rest")
    assert alarms() == ["compensation.budget_alarm", "compensation.budget_used_up"]


def test_only_an_admin_goes_over_it_and_says_why(desk):
    approved(desk, 1)
    approved(desk, 2)
    for by, reason in ((desk.emil, "Please."), (desk.ada, " ")):
        with pytest.raises(deciding.OverBudget):
            approved(desk, 10 + by.pk, by=by, over_budget=reason)
    made = approved(desk, 99, by=desk.ada, over_budget="The board wants it.")
    entry = made.entries.get(state="approved")
    assert (entry.over_budget, entry.reason) == (True, "The board wants it.")


def test_a_month_is_a_month_of_the_desk_and_the_next_one_begins_empty(desk):
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert budgets.month_of(late) in {"2026-11", "2026-12"}
    approved(desk, 1)
    approved(desk, 2)
    approved(desk, 3, at=datetime(2026, 12, 5, 9, tzinfo=UTC))
    assert (budgets.spent("EUR", "2026-11"), budgets.spent("EUR", "2026-12")) == (8_000, 4_000)


def test_what_is_let_go_later_is_free_in_the_month_it_was_given(desk):
    made = approved(desk, 1)
    settling.reverse(made, by=desk.emil.actor, at=datetime(2026, 12, 5, 9, tzinfo=UTC), reason="Late.")
    assert (budgets.spent("EUR", "2026-11"), budgets.spent("EUR", "2026-12")) == (0, 0)


def test_currencies_have_nothing_to_do_with_one_another(desk):
    policy(desk, NOW, "yen", currency="JPY", rate_minor=5_000, trigger="by_hand")
    with pytest.raises(deciding.AboveLimit):
        approved(desk, 1, "yen")
    policies.set_rules("JPY", Rules(limits={"lead": Limit(0, None)}), by=desk.ada.actor, at=NOW)
    approved(desk, 2, "yen")
    approved(desk, 3)
    assert (budgets.spent("JPY", "2026-11"), budgets.spent("EUR", "2026-11")) == (5_000, 4_000)
    assert figures.currencies("2026-01", "2026-12") == ["EUR", "JPY"]


def test_one_person_approves_only_so_much_within_some_days(desk):
    set_rules(desk, NOW, budget=None, limits={**RULES["limits"], "lead": Limit(5_000, 25_000, 6_000)})
    approved(desk, 1)
    with pytest.raises(deciding.AboveLimit):
        approved(desk, 2)
    approved(desk, 3, by=desk.ada)
    approved(desk, 4, at=NOW + 8 * DAY)


def test_figures_equal_the_rows_they_come_from(desk):
    one, _other = approved(desk, 1), approved(desk, 2, by=desk.ada)
    settling.reverse(one, by=desk.emil.actor, at=NOW, reason="Not theirs.")
    rows = figures.by("approver", since="2026-11", until="2026-11", currency="EUR")
    assert [(row.name, row.amount.minor, row.count) for row in rows] == [("Ada Adeyemi", 4_000, 1)]
    assert [row.amount.minor for row in figures.totals(rows)] == [4_000]
