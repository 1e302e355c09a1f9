"""No order of calls, races, retries and crashes pays anybody twice, above a limit, above a cap or above the budget."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from makegood.lib.errors import Refusal
from makegood.life.compensation import budgets, deciding, offers, policies, proposing, settling, states
from makegood.life.compensation.models import Compensation, Entry, Policy, Voucher
from makegood.life.compensation.rules import Limit
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry
from tests.cast import MONDAY
from tests.length import examples
from tests.life.compensation.story import DAY, EUR, HOUR, furnish, policy, solved

CAP, BUDGET, ALONE, LEADS = 6_000, 7_000, 1_500, 6_000
SEVERAL = 5
# Which report, who proposes, by which policy, whether the customer takes it.
STORY = st.tuples(
    st.integers(0, SEVERAL - 1), st.integers(0, 2), st.sampled_from(["hourly", "grand", "back"]), st.booleans()
)


class Crash(Exception):
    """The process died here."""


class MakingGood(RuleBasedStateMachine):
    """Ana and Cem with reports of one problem and of none, four colleagues, and whatever they may do or repeat."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, cast = MONDAY + DAY, self.cast
        limits = {"agent": Limit(ALONE, 2_500, 5_000), "lead": Limit(3_000, LEADS), "admin": Limit(3_000, None)}
        rules = {"limits": limits, "customer_most": CAP, "customer_count": 3, "budget": BUDGET}
        furnish(cast, MONDAY - DAY, **rules)
        policy(cast, MONDAY - DAY, "grand", rate_minor=5_000, most_minor=8_000, trigger="by_hand")
        policy(cast, MONDAY - DAY, "back", kind="refund", rate_minor=1_200, most_minor=4_000, trigger="by_hand")
        self.problem = problems.open_problem("It fails", by=cast.dora.actor, at=MONDAY)
        self.reports = [
            solved(cast, MONDAY, key=f"never-{number}", contact=cast.cem if number % 2 else None)
            for number in range(SEVERAL)
        ]
        for report in self.reports[:3]:
            membership.join(self.problem, report, by=cast.dora.actor, at=MONDAY + 4 * HOUR)
        self.people = [cast.dora, cast.emil, cast.ada, cast.eve]
        self.codes, self.paid = [], []

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *args, crashes=False, **kwargs):
        """One call in a transaction of its own; a crash undoes all of it, as the database does."""
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                done = verb(*args, at=self.now, **kwargs)
                if crashes:
                    raise Crash
                return done
        except (Refusal, NotFound, Crash):
            return None

    def one(self, number):
        rows = list(Compensation.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(
        report=st.integers(0, SEVERAL - 1),
        who=st.integers(0, 3),
        slug=st.sampled_from(["hourly", "grand", "back"]),
        minutes=st.sampled_from([None, 30, 600, 6_000]),
        crashes=st.booleans(),
    )
    def somebody_proposes(self, report, who, slug, minutes, crashes):
        wanted = Policy.objects.get(slug=slug, is_current=True)
        wish = {"letter": f"We are sorry, the {'x' * (self.now.microsecond + self.now.second)} time."}
        wish |= {"minutes": minutes} if slug == "hourly" else {}
        by = self.people[who].actor
        self.attempt(proposing.propose, self.reports[report], wanted, by=by, crashes=crashes, **wish)

    @initialize(stories=st.lists(STORY, min_size=3, max_size=6))
    def it_begins_with_some(self, stories):
        """So that no example is spent on a desk where nothing was ever proposed."""
        for report, who, slug, takes in stories:
            self.tell(report, who, slug, takes)

    @rule(story=STORY)
    def the_usual_story(self, story):
        self.tell(*story)

    def tell(self, report, who, slug, takes):
        """Proposed; whoever proposed it tries first, then the lead, then the admin; often taken."""
        wanted = Policy.objects.get(slug=slug, is_current=True)
        letter = f"We are sorry for {'o' * (1 + self.now.second)}ur fault."
        first = self.people[who]
        one = self.attempt(proposing.propose, self.reports[report], wanted, by=first.actor, letter=letter)
        for person in (first, self.cast.emil, self.cast.ada) if one else ():
            self.attempt(deciding.approve, one, by=person)
        if one and takes:
            code = self.attempt(offers.accept, one.report, one.contact, one.key, by=one.contact.actor)
            self.codes += [code] if code else []

    @rule(
        number=st.integers(0, 9), who=st.integers(0, 3), over=st.sampled_from(["", "", "Yes."]), crashes=st.booleans()
    )
    def somebody_approves_twice(self, number, who, over, crashes):
        one = self.one(number)
        for _press in range(2 if one else 0):
            self.attempt(deciding.approve, one, by=self.people[who], over_budget=over, crashes=crashes)

    @rule(number=st.integers(0, 9), who=st.integers(0, 3))
    def somebody_forges_an_approval(self, number, who):
        """A row written past the verbs, with limits the forger likes: the chain still has one approval."""
        one = self.one(number)
        before = one and one.entries.filter(step=1).first()
        if before is None or one.state != states.PROPOSED:
            return
        person = self.people[who]
        try:
            with transaction.atomic():
                Entry.objects.create(
                    compensation=one,
                    step=2,
                    before="proposed",
                    state="approved",
                    minor=one.minor,
                    currency=EUR,
                    booked=one.minor,
                    proposer_id=before.proposer_id,
                    at=self.now,
                    actor_kind="agent",
                    actor_id=person.pk,
                    actor_name="?",
                    alone_minor=0,
                    limit_minor=0,
                )
        except IntegrityError:
            return
        raise AssertionError("The database let a forged approval through.")

    @rule(number=st.integers(0, 9), crashes=st.booleans())
    def the_customer_takes_it_twice(self, number, crashes):
        one = self.one(number)
        for _press in range(2 if one else 0):
            by = one.contact.actor
            code = self.attempt(offers.accept, one.report, one.contact, one.key, by=by, crashes=crashes)
            if code:
                self.codes.append(code)

    @rule(number=st.integers(0, 9))
    def the_customer_says_no(self, number):
        if one := self.one(number):
            self.attempt(offers.refuse, one.report, one.contact, one.key, by=one.contact.actor)

    @rule(number=st.integers(0, 9))
    def the_customer_lost_the_code(self, number):
        if one := self.one(number):
            by = one.contact.actor
            self.codes.append(self.attempt(offers.new_code, one.report, one.contact, one.key, by=by) or "0")

    @precondition(lambda self: self.codes)
    @rule(number=st.integers(0, 9), crashes=st.booleans())
    def a_code_is_shown_at_three_tills(self, number, crashes):
        code = self.codes[number % len(self.codes)]
        for _till in range(3):
            done = self.attempt(settling.redeem_code, code, by=self.cast.dora.actor, crashes=crashes)
            self.paid += [done.pk] if done else []

    @rule(number=st.integers(0, 9))
    def it_is_carried_out_twice(self, number):
        one = self.one(number)
        for _press in range(2 if one else 0):
            done = self.attempt(settling.carry_out, one, by=self.cast.dora.actor)
            self.paid += [done.pk] if done else []

    @rule(number=st.integers(0, 9), how=st.sampled_from(["decline", "reverse"]))
    def a_lead_says_no(self, number, how):
        if one := self.one(number):
            verb = deciding.decline if how == "decline" else settling.reverse
            self.attempt(verb, one, by=self.cast.emil.actor, reason="No.")

    @rule(days=st.sampled_from([1, 40, 400]))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        settling.expire_due(self.now)

    @rule(report=st.integers(0, SEVERAL - 1))
    def the_cause_is_found(self, report):
        membership.join(self.problem, self.reports[report], by=self.cast.dora.actor, at=self.now)

    @rule(most=st.sampled_from([4_000, 8_000]))
    def an_admin_changes_the_policy(self, most):
        policies.set_policy("grand", by=self.cast.ada.actor, at=self.now, most_minor=most, rate_minor=min(most, 5_000))

    # What holds after every step.

    @invariant()
    def nobody_is_paid_twice(self):
        assert len(self.paid) == len(set(self.paid))
        standing = Counter(Compensation.objects.filter(is_standing=True).values_list("number", flat=True))
        for number, times in standing.items():
            opened_again = LedgerEntry.objects.filter(report=number, kind="report.reopened").count()
            assert times <= 1 + opened_again, f"report {number} was made good {times} times"

    @invariant()
    def a_chain_has_each_step_once_and_the_head_shows_its_end(self):
        for one in Compensation.objects.prefetch_related("entries"):
            chain = list(one.entries.all())
            assert [entry.step for entry in chain] == list(range(1, len(chain) + 1))
            assert all(states.may_follow(entry.before, entry.state) for entry in chain)
            assert one.state == chain[-1].state
            assert one.is_standing == (one.state in states.STANDING)
            assert {(entry.minor, entry.currency) for entry in chain} == {(one.minor, one.currency)}

    @invariant()
    def four_eyes_saw_what_needed_four(self):
        roles = {person.pk: person.role for person in self.people}
        alone = {"agent": ALONE, "lead": 3_000, "admin": 3_000}
        most = {"agent": 2_500, "lead": LEADS, "admin": 10**15}
        for entry in Entry.objects.filter(state="approved"):
            role = roles[entry.actor_id]
            assert entry.minor <= max(alone[role], most[role])
            assert entry.actor_id != entry.proposer_id or entry.minor <= alone[role]

    @invariant()
    def no_month_and_no_customer_gets_more_than_there_is(self):
        for month in set(Entry.objects.exclude(budget_month="").values_list("budget_month", flat=True)):
            within = Entry.objects.filter(budget_month=month, state="approved", over_budget=False)
            if not Entry.objects.filter(budget_month=month, over_budget=True).exists():
                assert budgets.spent(EUR, month) <= BUDGET
            assert sum(entry.booked for entry in Entry.objects.filter(budget_month=month)) >= 0 or not within
        for contact in (self.cast.ana, self.cast.cem):
            money, count = budgets.given(contact.pk, EUR, since=self.now - timedelta(days=365))
            assert money <= CAP
            assert count <= 3

    @invariant()
    def a_code_that_works_belongs_to_what_is_issued(self):
        living = Voucher.objects.filter(ended_at=None).values_list("compensation__state", flat=True)
        assert set(living) <= {states.ISSUED}


@pytest.mark.long
def test_no_order_of_events_pays_twice_or_above_a_limit(cast):
    class Here(MakingGood):
        pass

    Here.cast = cast
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples(8),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
