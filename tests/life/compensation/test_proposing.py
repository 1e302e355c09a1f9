"""What is proposed for what happened: by itself, once a failure, one step up the second time, never the same words."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.compensation import deciding, explain, facts, letters, offers, policies, proposing
from makegood.life.compensation.models import Compensation
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises.sweep import sweep
from makegood.life.reports.models import OutgoingMail, Report
from tests.cast import MONDAY
from tests.life.case import file_report, fresh, work
from tests.life.compensation.story import DAY, EUR, HOUR, confirm, current, furnish, policy, set_rules, solved

NOW = MONDAY + 4 * HOUR


@pytest.fixture
def desk(cast, db):
    furnish(cast, MONDAY - DAY)
    return cast


@pytest.fixture
def problem(desk):
    return problems.open_problem("The claims page answers 500", by=desk.dora.actor, at=MONDAY - HOUR)


def join(problem, report, cast, at=NOW):
    membership.join(problem, report, by=cast.dora.actor, at=at)


def close_unanswered(cast, report, at=NOW):
    aftercare.follow_up(report, way="call", outcome="no_answer", by=cast.dora.actor, at=at)
    aftercare.close(fresh(report), reason="silence", by=cast.dora.actor, at=at)
    return fresh(report)


def propose(report, cast, slug="hourly", at=NOW, **wish):
    return proposing.propose(report, current(slug), by=cast.dora.actor, at=at, **wish)


def test_when_a_report_is_confirmed_the_policy_that_fits_best_is_proposed_once(desk):
    policy(desk, MONDAY, "long", rate_minor=2_500, from_minutes=120)
    policy(desk, MONDAY, "critical", rate_minor=9_000, severities=["critical"])
    report = confirm(solved(desk, MONDAY), NOW)
    for _again in range(2):
        work(NOW)
    made = Compensation.objects.get()
    assert (made.policy.slug, made.minor, made.state) == ("long", 2_500, "proposed")
    assert made.entries.get().proposer_id is None
    assert made.report == report


def test_who_says_nothing_to_a_solution_gets_what_who_confirms_gets_and_once(desk, problem):
    for key in ("ana-0001", "ana-0002"):
        report = solved(desk, MONDAY, key=key)
        join(problem, report, desk)
        close_unanswered(desk, report)
    for _again in range(2):
        work(NOW)
    made = Compensation.objects.get()
    assert (made.policy.slug, made.state) == ("hourly", "proposed")
    aftercare.confirm(fresh(made.report), "yes", by=desk.ana.actor, at=NOW + HOUR)
    work(NOW + HOUR)
    assert Compensation.objects.get() == made


def test_one_failure_is_paid_once_whatever_is_counted_later(desk, problem):
    """Each of two reports was made good; the second joins the first's problem and is confirmed all the same."""
    policy(desk, MONDAY, "entitled", kind="credit", rate_minor=2_500, most_minor=2_500, is_automatic=True)
    first = solved(desk, MONDAY, key="ana-0001")
    join(problem, first, desk)
    confirm(first, NOW)
    work(NOW)
    second = solved(desk, MONDAY + 4 * HOUR, key="ana-0002")
    close_unanswered(desk, second, at=NOW + 4 * HOUR)
    work(NOW + 4 * HOUR)
    assert Compensation.objects.count() == 2
    join(problem, second, desk, at=NOW + 5 * HOUR)
    aftercare.confirm(fresh(second), "yes", by=desk.ana.actor, at=NOW + 6 * HOUR)
    work(NOW + 6 * HOUR)
    assert Compensation.objects.count() == 2
    with pytest.raises(proposing.OncePerFailure):
        propose(fresh(second), desk, at=NOW + 6 * HOUR)


def test_a_problem_that_comes_back_for_others_is_no_second_failure_of_hers(desk, problem):
    report = solved(desk, MONDAY)
    aftercare.confirm(report, "no", by=desk.ana.actor, at=MONDAY + 3 * HOUR + HOUR / 2)
    aftercare.solve(fresh(report), by=desk.dora.actor, at=NOW, cause="A disk.", solution="Another.", words="It works.")
    join(problem, report, desk)
    made = propose(confirm(fresh(report), NOW), desk)
    deciding.approve(made, by=desk.emil, at=NOW)
    for state in ("cause_known", "released", "watching", "came_back"):
        problem.refresh_from_db()
        problems.move(problem, state, by=desk.emil.actor, at=NOW + HOUR, reason="Ben says so.")
    assert facts.facts_of(fresh(report), at=NOW + 2 * HOUR).failure == 2
    with pytest.raises(proposing.OncePerFailure):
        propose(fresh(report), desk, at=NOW + 2 * HOUR, letter="Something else entirely, in words of my own.")
    aftercare.confirm(fresh(report), "no", by=desk.ana.actor, at=NOW + 3 * HOUR)
    words = {"cause": "A disk.", "solution": "A third.", "words": "It works."}
    aftercare.solve(fresh(report), by=desk.dora.actor, at=NOW + 4 * HOUR, **words)
    assert propose(fresh(report), desk, at=NOW + 5 * HOUR, letter="Now it did fail you twice, and we are sorry.")


def test_a_question_of_ours_that_stays_unanswered_is_no_solution(desk):
    report = file_report(desk, MONDAY)
    Report.objects.filter(pk=report.pk).update(waiting_for_reporter=True)
    aftercare.close(fresh(report), reason="silence", by=desk.dora.actor, at=NOW)
    work(NOW)
    assert not Compensation.objects.exists()


def test_what_was_opened_again_before_we_came_to_it_waits_for_its_solution(desk):
    report = close_unanswered(desk, solved(desk, MONDAY))
    aftercare.reopen(report, by=desk.ana.actor, at=NOW, reason="It is not.", words="It fails again.")
    work(NOW)
    assert not Compensation.objects.exists()


def test_what_a_person_declined_is_not_proposed_again_by_itself(desk):
    report = close_unanswered(desk, solved(desk, MONDAY))
    work(NOW)
    deciding.decline(Compensation.objects.get(), by=desk.emil.actor, at=NOW, reason="They caused it themselves.")
    aftercare.confirm(fresh(report), "yes", by=desk.ana.actor, at=NOW + HOUR)
    work(NOW + HOUR)
    assert Compensation.objects.get().state == "declined"


def test_nothing_is_proposed_where_no_policy_fits(desk):
    policies.set_policy("hourly", by=desk.ada.actor, at=MONDAY, plan="gold")
    confirm(solved(desk, MONDAY), NOW)
    work(NOW)
    assert not Compensation.objects.exists()
    Contact.objects.filter(pk=desk.cem.pk).update(plan="Gold")
    desk.cem.refresh_from_db()
    confirm(solved(desk, MONDAY, key="cem-0001", contact=desk.cem), NOW)
    work(NOW)
    assert Compensation.objects.get().contact == desk.cem


def test_the_plan_of_an_organisation_counts_for_its_people(desk):
    type(desk.acme).objects.filter(pk=desk.acme.pk).update(plan="gold")
    assert facts.facts_of(solved(desk, MONDAY), at=NOW).plan == "gold"


def test_an_entitlement_is_given_without_asking_anybody(desk):
    policy(desk, MONDAY, "due", kind="credit", rate_minor=800, most_minor=800, is_automatic=True, from_minutes=60)
    confirm(solved(desk, MONDAY), NOW)
    work(NOW)
    made = Compensation.objects.get()
    assert list(made.entries.values_list("state", "actor_kind")) == [
        ("proposed", "system"),
        ("approved", "system"),
        ("issued", "system"),
    ]
    (offer,) = offers.offers_of(made.report, desk.ana, now=NOW, language="en")
    assert offer.state == "given"
    assert "You need not ask for anything" in OutgoingMail.objects.get(purpose="compensation").text


def test_an_entitlement_beyond_the_budget_waits_for_a_person(desk):
    set_rules(desk, MONDAY, budget=500)
    policy(desk, MONDAY, "due", kind="credit", rate_minor=800, most_minor=800, is_automatic=True, from_minutes=60)
    confirm(solved(desk, MONDAY), NOW)
    work(NOW)
    assert Compensation.objects.get().state == "proposed"


def test_a_broken_promise_is_a_reason_of_its_own(desk):
    policy(desk, MONDAY, "late", trigger="broken", rate_minor=3_000)
    report = file_report(desk, MONDAY)
    sweep(MONDAY + 8 * HOUR)
    aftercare.solve(report, by=desk.dora.actor, at=MONDAY + 9 * HOUR, cause="x", solution="y", words="It works.")
    confirm(fresh(report), MONDAY + 10 * HOUR)
    work(MONDAY + 10 * HOUR)
    made = Compensation.objects.get()
    assert made.policy.slug == "late"
    assert any("We broke" in one for one in explain.reasons(made, "en"))


def test_two_reports_of_one_outage_are_made_good_once(desk, problem):
    first = solved(desk, MONDAY)
    second = solved(desk, MONDAY + HOUR, key="ana-0002")
    join(problem, first, desk)
    join(problem, second, desk)
    propose(first, desk)
    with pytest.raises(proposing.OncePerFailure):
        propose(second, desk)


def test_once_also_when_the_cause_is_only_known_later(desk, problem):
    first = solved(desk, MONDAY)
    made = propose(first, desk)
    assert made.cause == f"report:{first.pk}"
    second = solved(desk, MONDAY + HOUR, key="ana-0002")
    join(problem, first, desk)
    join(problem, second, desk)
    with pytest.raises(proposing.OncePerFailure):
        propose(second, desk)


def test_two_proposals_that_prove_to_be_for_one_thing_are_not_both_approved(desk, problem):
    first, second = solved(desk, MONDAY), solved(desk, MONDAY + HOUR, key="ana-0002")
    one, other = propose(first, desk), propose(second, desk)
    join(problem, first, desk)
    join(problem, second, desk)
    other.problem = problem
    Compensation.objects.filter(pk=other.pk).update(problem=problem)
    deciding.approve(one, by=desk.emil, at=NOW)
    with pytest.raises(deciding.OverCap):
        deciding.approve(other, by=desk.emil, at=NOW)


def test_the_same_fault_of_another_customer_is_theirs(desk, problem):
    first = solved(desk, MONDAY)
    second = solved(desk, MONDAY, key="cem-0001", contact=desk.cem)
    join(problem, first, desk)
    join(problem, second, desk)
    assert {propose(one, desk).contact_id for one in (first, second)} == {desk.ana.pk, desk.cem.pk}


def test_the_second_failure_of_one_cause_is_a_tier_up_and_other_words(desk, problem):
    policy(desk, MONDAY, "again", tier=2, rate_minor=8_000)
    first = solved(desk, MONDAY)
    join(problem, first, desk)
    one = propose(first, desk)
    later = MONDAY + 2 * DAY
    second = solved(desk, later, key="ana-0002")
    join(problem, second, desk, at=later)
    assert [each.slug for each in policies.fitting(facts.facts_of(second, at=later), by_hand=True)] == ["again"]
    with pytest.raises(letters.SameApology):
        propose(second, desk, "again", at=later + 4 * HOUR, letter=one.letter.upper().replace(",", " ;"))
    other = propose(second, desk, "again", at=later + 4 * HOUR)
    assert (other.failure, other.minor) == (2, 8_000)
    assert "failed you twice" in other.letter
    with pytest.raises(proposing.DoesNotFit):
        propose(second, desk, "hourly", at=later + 5 * HOUR)


def test_the_third_time_a_person_writes_the_words(desk, problem):
    policy(desk, MONDAY, "again", tier=2, rate_minor=800)
    for number in range(3):
        at = MONDAY + number * 2 * DAY
        report = solved(desk, at, key=f"ana-{number:04}")
        join(problem, report, desk, at=at)
        slug = "again" if number else "hourly"
        if number < 2:
            propose(report, desk, slug, at=at + 4 * HOUR)
    with pytest.raises(letters.NeedsOwnWords):
        propose(report, desk, "again", at=at + 4 * HOUR)
    assert propose(report, desk, "again", at=at + 4 * HOUR, letter="Ana, I will call you today.").failure == 3


def test_a_customer_who_looks_like_one_of_us_is_decided_by_another(desk):
    policy(desk, MONDAY, "due", kind="credit", rate_minor=800, most_minor=800, is_automatic=True, from_minutes=60)
    report = solved(desk, MONDAY)
    Contact.objects.filter(pk=desk.ana.pk).update(email="someone@desk.example")
    made = propose(report, desk)
    assert made.is_related
    with pytest.raises(deciding.NotForYou):
        deciding.approve(made, by=desk.dora, at=NOW)
    deciding.decline(made, by=desk.emil.actor, at=NOW, reason="By itself, please.")
    confirm(report, NOW)
    work(NOW)
    assert Compensation.objects.order_by("-pk").first().state == "proposed"


def test_nobody_approves_what_goes_to_themselves(desk):
    Contact.objects.filter(pk=desk.ana.pk).update(second_email=desk.emil.email)
    made = propose(solved(desk, MONDAY), desk)
    with pytest.raises(deciding.NotForYou):
        deciding.approve(made, by=desk.emil, at=NOW)


def test_what_is_left_of_a_customers_cap_is_all_there_is(desk):
    set_rules(desk, MONDAY, customer_most=2_000, customer_count=None)
    propose(solved(desk, MONDAY), desk)
    second = propose(solved(desk, MONDAY, key="ana-0002"), desk)
    assert second.minor == 500
    assert explain.steps_told(second.steps, "en")[-1].startswith("This customer may get only €5.00 more")
    with pytest.raises(proposing.NothingLeft):
        propose(solved(desk, MONDAY, key="ana-0003"), desk)


def test_a_customer_gets_something_only_so_often(desk):
    set_rules(desk, MONDAY, customer_most=None, customer_count=1)
    propose(solved(desk, MONDAY), desk)
    second = solved(desk, MONDAY, key="ana-0002")
    with pytest.raises(proposing.NothingLeft):
        propose(second, desk)
    assert propose(second, desk, at=NOW + timedelta(days=366)).minor > 0


def test_a_share_needs_an_amount_in_the_same_currency(desk):
    policy(desk, MONDAY, "share", form="percent", basis_points=1_250, rate_minor=0)
    report = solved(desk, MONDAY)
    with pytest.raises(proposing.NeedsFact):
        propose(report, desk, "share")
    with pytest.raises(proposing.NeedsFact):
        propose(report, desk, "share", stated=proposing.Money(10_000, "USD"))
    made = propose(report, desk, "share", stated=proposing.Money(10_000, EUR))
    assert made.minor == 1_250
    assert explain.steps_told(made.steps, "de") == ["12.5 % of 100,00\xa0€: 12,50\xa0€."]


def test_another_amount_stays_within_the_policy_and_says_why(desk):
    report = solved(desk, MONDAY)
    for amount, why in ((500, "Less."), (20_000, "More."), (1_200, "")):
        with pytest.raises(proposing.OutOfBounds):
            propose(report, desk, amount=proposing.Money(amount, EUR), why=why)
    made = propose(report, desk, amount=proposing.Money(1_200, EUR), why="They asked for less.")
    assert made.entries.get().reason == "They asked for less."


def test_a_decision_keeps_the_version_it_was_made_by(desk):
    made = propose(solved(desk, MONDAY), desk)
    policies.set_policy("hourly", by=desk.ada.actor, at=NOW, rate_minor=700, reason="Dearer.")
    made.refresh_from_db()
    assert (made.policy.version, made.policy.rate_minor, made.minor) == (1, 500, 1_500)
    assert current("hourly").version == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "eval", "rate_minor": 1},
        {"kind": "bribe"},
        {"currency": "EURO"},
        {"currency": ""},
        {"rate_minor": 0},
        {"form": "percent", "basis_points": 0},
        {"least_minor": 20_000},
        {"from_minutes": 60, "below_minutes": 60},
        {"is_automatic": True, "most_minor": None},
        {"tier": 0},
        {"severities": ["terrible"]},
        {"kind": "extension", "days": 0},
        {"name": " "},
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(desk, wrong):
    with pytest.raises(policies.BadPolicy):
        policies.set_policy("hourly", by=desk.ada.actor, at=NOW, **wrong)
    assert current("hourly").version == 1
