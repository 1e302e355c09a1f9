"""Fifty at once, in threads of their own with connections of their own: one approval, one code, one budget."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from makegood.lib.errors import Refusal
from makegood.life.compensation import budgets, deciding, offers, proposing, settling
from makegood.life.compensation.models import Compensation, Entry
from makegood.life.reports.models import OutgoingMail
from tests.cast import MONDAY, make_cast
from tests.life.compensation.story import DAY, HOUR, current, furnish, policy, set_rules, solved

pytestmark = pytest.mark.django_db(transaction=True)
NOW = MONDAY + 4 * HOUR
MANY = 50


@pytest.fixture
def desk(transactional_db):
    cast = make_cast()
    furnish(cast, MONDAY - DAY, customer_most=None, customer_count=None)
    policy(cast, MONDAY - DAY, "grand", rate_minor=20_000, trigger="by_hand")
    return cast


def together(deeds):
    """Do all of ``deeds`` at the same moment; what came of each: done, or why not."""
    gate = threading.Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait(30)
            for _try in range(20):
                try:
                    return deed()
                except OperationalError:  # The one file of SQLite is busy: the door asks the client to come again.
                    continue
            raise AssertionError("It was never let in.")
        except Refusal as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def done(results):
    return [one for one in results if not isinstance(one, Exception)]


def proposed(desk, number=0, slug="grand", by=None):
    report = solved(desk, MONDAY, key=f"at-once-{number}")
    return proposing.propose(report, current(slug), by=(by or desk.dora).actor, at=NOW)


def test_fifty_approvals_at_once_are_one(desk):
    made = proposed(desk)
    people = [desk.emil, desk.ada]

    def approve(number):
        mine = Compensation.objects.get(pk=made.pk)
        return deciding.approve(mine, by=people[number % 2], at=NOW)

    results = together([lambda n=number: approve(n) for number in range(MANY)])
    assert len(done(results)) == 1
    assert len(results) == MANY
    assert Entry.objects.filter(state="approved").count() == 1
    assert OutgoingMail.objects.filter(purpose="compensation").count() == 1
    assert budgets.spent("EUR", "2026-11") == 20_000


def test_the_proposer_is_refused_fifty_times_at_once(desk):
    made = proposed(desk, by=desk.emil)
    results = together([lambda: deciding.approve(made, by=desk.emil, at=NOW)] * MANY)
    assert done(results) == []
    assert Compensation.objects.get().state == "proposed"


def test_approvals_at_once_do_not_slip_past_the_budget(desk):
    set_rules(desk, NOW, budget=50_000, customer_most=None, customer_count=None)
    made = [proposed(desk, number) for number in range(8)]
    results = together([lambda one=one: deciding.approve(one, by=desk.emil, at=NOW) for one in made])
    assert len(done(results)) == 2
    assert budgets.spent("EUR", "2026-11") == 40_000


def test_proposals_at_once_for_one_failure_are_one(desk):
    report = solved(desk, MONDAY)
    wanted = current("grand")
    people = [desk.dora, desk.emil, desk.ada]
    results = together(
        [
            lambda n=number: proposing.propose(
                report, wanted, by=people[n % 3].actor, at=NOW, letter="Sorry, " + "x" * (n + 1)
            )
            for number in range(12)
        ]
    )
    assert len(done(results)) == 1
    assert Compensation.objects.count() == 1


def test_an_offer_taken_and_a_code_redeemed_at_once_happen_once(desk):
    made = deciding.approve(proposed(desk), by=desk.emil, at=NOW)
    take = [lambda: offers.accept(made.report, desk.ana, made.key, by=desk.ana.actor, at=NOW)] * 12
    (code,) = done(together(take))
    tills = [lambda: settling.redeem_code(code, by=desk.dora.actor, at=NOW)] * 12
    take_back = [lambda: settling.reverse(made, by=desk.emil.actor, at=NOW, reason="No.")]
    results = together(tills + take_back)
    redeemed = done(results[:12])
    assert len(redeemed) <= 1
    chain = list(made.entries.order_by("step").values_list("state", flat=True))
    assert chain[-1] == "reversed", "a till that came too late was refused"
    assert (chain.count("redeemed"), chain.count("reversed")) == (len(redeemed), 1)
