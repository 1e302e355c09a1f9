"""Actions: promised, done, checked by somebody else, proved wrong by what comes back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from makegood.life.colleagues.models import Notice
from makegood.life.problems import actions as problems
from makegood.life.promises.models import Promise
from makegood.life.promises.sweep import sweep
from makegood.life.rca import actions, queries, reminding
from makegood.life.rca.models import Action
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.again import again
from tests.life.case import work
from tests.life.rca.study import DAY, action, analysed, done


@pytest.fixture
def rca(cast, monday):
    return again(lambda: analysed(cast, monday), monday)


def owed(one):
    return [(p.kind, p.agent.name.split()[0]) for p in Promise.objects.filter(about=one.about, state="open")]


def test_accepting_it_is_a_promise_of_its_owner_by_severity(rca, cast, monday):
    one = action(cast, rca, monday + DAY)
    assert owed(one) == []
    actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    assert owed(one) == [("action", "Eve")]
    assert one.promise.due_at == monday + DAY + timedelta(days=15)


def test_a_day_named_before_is_the_day_promised(rca, cast, monday):
    one = action(cast, rca, monday + DAY, wanted_by=monday + 5 * DAY)
    actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    assert one.promise.due_at == monday + 5 * DAY


@pytest.mark.parametrize(("field", "value"), [("owner", None), ("verifier", None), ("measure", " ")])
def test_nothing_is_accepted_without_who_and_how_one_sees_it(rca, cast, monday, field, value):
    one = action(cast, rca, monday + DAY, **{field: value})
    with pytest.raises(actions.Unready) as refusal:
        actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    assert refusal.value.field == field


def test_who_does_it_cannot_be_who_checks_it(rca, cast, monday):
    with pytest.raises(actions.SamePerson):
        action(cast, rca, monday + DAY, verifier=cast.eve)
    one = action(cast, rca, monday + DAY)
    with pytest.raises(actions.SamePerson):
        actions.edit(one, by=cast.emil.actor, at=monday + DAY, owner=cast.emil)


@pytest.mark.parametrize("field", ["verifier", "verified_by"])
def test_the_database_says_so_too(rca, cast, monday, field):
    one = action(cast, rca, monday + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=one.pk).update(**{field: cast.eve})


def test_done_keeps_one_promise_and_makes_the_next(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    assert owed(one) == [("verify", "Emil")]
    assert one.promise.due_at > monday + 31 * DAY
    assert Promise.objects.get(about=one.about, kind="action").state == "kept"


def test_how_success_is_seen_is_said_beforehand(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    for facts in ({"measure": "Anything goes."}, {"verify_after_days": 1}, {"owner": cast.ada}):
        with pytest.raises(actions.SetBeforehand):
            actions.edit(one, by=cast.emil.actor, at=monday + DAY, **facts)
    actions.edit(one, by=cast.emil.actor, at=monday + DAY, verifier=cast.ada)
    assert owed(one) == [("verify", "Ada")]


def test_that_it_worked_can_be_said_after_its_time_and_by_another(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    with pytest.raises(actions.TooEarly):
        actions.verify(one, worked=True, by=cast.emil, at=monday + 30 * DAY, words="None so far.")
    with pytest.raises(actions.SamePerson):
        actions.verify(one, worked=True, by=cast.eve, at=monday + 31 * DAY, words="None.")
    with pytest.raises(actions.NeedsReason):
        actions.verify(one, worked=True, by=cast.emil, at=monday + 31 * DAY, words="")
    actions.verify(one, worked=True, by=cast.emil, at=monday + 31 * DAY, words="No 502 since.")
    assert (one.state, one.verified_by, one.outcome) == ("effective", cast.emil, "No 502 since.")
    assert owed(one) == []
    told = [step.state for step in one.steps.order_by("id")]
    assert told == ["proposed", "accepted", "implemented", "verifying", "effective"]


def test_that_it_failed_can_be_said_at_once_and_it_is_tried_again(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    actions.verify(one, worked=False, by=cast.emil, at=monday + 2 * DAY, words="Again, this morning.")
    assert one.state == "ineffective"
    actions.accept(one, by=cast.emil.actor, at=monday + 3 * DAY)
    assert owed(one) == [("action", "Eve")]
    assert (one.implemented_at, one.verified_by, one.outcome) == (None, None, "")


def test_the_clock_lets_the_check_begin(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    assert reminding.begin_checks(monday + 30 * DAY) == 0
    assert reminding.begin_checks(monday + 31 * DAY) == 1
    assert reminding.begin_checks(monday + 31 * DAY) == 0
    one.refresh_from_db()
    assert one.state == "verifying"
    work(monday + 31 * DAY)
    assert Notice.objects.filter(agent=cast.emil, why=Notice.ACTION).count() == 1


@pytest.mark.parametrize("state", ["implemented", "verifying", "effective"])
def test_what_comes_back_proves_it_wrong_and_says_so(rca, cast, monday, state):
    one = done(cast, rca, monday + DAY, verify_after_days=0 if state != "implemented" else 30)
    if state == "effective":
        actions.verify(one, worked=True, by=cast.emil, at=monday + DAY, words="Fine.")
    assert one.state == state
    problem = rca.problem
    problems.move(problem, "released", by=cast.eve.actor, at=monday + 2 * DAY)
    problems.move(problem, "came_back", by=cast.eve.actor, at=monday + 3 * DAY)
    work(monday + 3 * DAY)
    one.refresh_from_db()
    assert one.state == "ineffective"
    assert one.outcome == f"{problem.number} came back."
    assert owed(one) == []
    entry = LedgerEntry.objects.filter(kind="action.state_changed", about=problem.about).last()
    assert entry.data["to"] == {"state": "ineffective"}
    assert set(Notice.objects.filter(entry=entry).values_list("agent__name", flat=True)) == {"Eve Eriksen", "Emil Ek"}
    work(monday + 3 * DAY)
    assert one.steps.filter(state="ineffective").count() == 1


@pytest.mark.parametrize("state", ["proposed", "accepted", "declined"])
def test_what_was_not_done_is_not_proved_wrong(rca, cast, monday, state):
    one = action(cast, rca, monday + DAY)
    if state == "accepted":
        actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    if state == "declined":
        actions.decline(one, by=cast.emil.actor, at=monday + DAY, reason="Too dear.")
    assert actions.prove_wrong(one, by=cast.emil.actor, at=monday + 2 * DAY, reason="Again.") is False
    assert Action.objects.get().state == state


def test_declining_says_why_and_ends_the_promise(rca, cast, monday):
    one = action(cast, rca, monday + DAY)
    actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    with pytest.raises(actions.NeedsReason):
        actions.decline(one, by=cast.emil.actor, at=monday + DAY, reason="")
    actions.decline(one, by=cast.emil.actor, at=monday + DAY, reason="The gateway is replaced.")
    assert owed(one) == []
    actions.propose_again(one, by=cast.emil.actor, at=monday + 2 * DAY)
    assert one.state == "proposed"


def test_not_done_after_all(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    with pytest.raises(actions.NeedsReason):
        actions.start(one, by=cast.emil.actor, at=monday + 2 * DAY)
    actions.start(one, by=cast.emil.actor, at=monday + 2 * DAY, reason="Only one node has it.")
    assert owed(one) == [("action", "Eve")]
    assert one.implemented_at is None


def test_a_step_back_from_work_leaves_its_promise_alone(rca, cast, monday):
    one = action(cast, rca, monday + DAY)
    actions.accept(one, by=cast.emil.actor, at=monday + DAY)
    actions.start(one, by=cast.eve.actor, at=monday + DAY)
    actions.accept(one, by=cast.emil.actor, at=monday + 2 * DAY)
    assert Promise.objects.filter(about=one.about).count() == 1


def test_reminders_go_on_after_the_problem_is_closed(rca, cast, monday):
    one = action(cast, rca, monday + DAY)
    actions.accept(one, by=cast.emil.actor, at=monday + DAY, due_at=monday + 2 * DAY)
    problems.move(rca.problem, "resolved", by=cast.emil.actor, at=monday + DAY)
    work(monday + DAY)
    for days in (3, 5, 10, 12, 17):
        sweep(monday + days * DAY)
        reminding.keep_going(monday + days * DAY)
        work(monday + days * DAY)
    told = LedgerEntry.objects.filter(kind="action.reminded").order_by("id")
    assert [entry.data["days"] for entry in told] == [1, 8, 15]
    assert Notice.objects.filter(agent=cast.eve, entry__kind="action.reminded").count() == 3
    mails = OutgoingMail.objects.filter(purpose="notice", to_email=cast.eve.email)
    assert mails.filter(subject=f"{rca.problem.number}: an action is up to you").count() >= 3
    actions.implement(one, by=cast.eve.actor, at=monday + 18 * DAY)
    assert reminding.remind(monday + 30 * DAY) == 0


def test_lists_ages_and_burn_down_count_what_there_is(rca, cast, monday):
    now = monday + 40 * DAY
    young = action(cast, rca, now - 3 * DAY, title="Young")
    old = action(cast, rca, now - 35 * DAY, title="Old")
    for one in (young, old):
        actions.accept(one, by=cast.emil.actor, at=one.proposed_at)
    action(cast, rca, now - DAY, title="Only thought of")
    finished = done(cast, rca, now - 33 * DAY, title="Finished")
    actions.verify(finished, worked=True, by=cast.emil, at=now - DAY, words="Good.")
    counts = queries.counts(cast.emil, whose="all", now=now)
    assert (counts.open, counts.late, counts.effective, counts.ineffective) == (3, 1, 1, 0)
    ages = queries.ageing(cast.emil, whose="all", now=now)
    assert [(age.count, age.late) for age in ages] == [(1, 0), (0, 0), (1, 1), (0, 0), (0, 0)]
    burn = queries.burn_down(cast.emil, whose="all", now=now)
    assert (burn[-1].to_do, burn[-1].late, burn[-1].done, burn[-1].effective) == (2, 1, 0, 1)
    assert [one.to_do for one in burn[-6:]] == [1, 1, 1, 1, 1, 2]
    mine = queries.listed(cast.eve, whose="mine", which="late", now=now)
    assert [one.title for one in mine] == ["Old"]
    assert not queries.listed(cast.dora, whose="mine", which="any", now=now)
    assert {one.title for one in queries.listed(cast.eve, whose="team", which="open", now=now)} == {
        "Young",
        "Old",
        "Only thought of",
    }


def test_only_those_of_problems_one_sees(rca, cast, monday):
    one = done(cast, rca, monday + DAY)
    problems.protect(rca.problem, True, by=cast.emil.actor, at=monday + DAY, reason="Secret.")
    assert not queries.listed(cast.dora, whose="all", which="any", now=monday + DAY).exists()
    assert queries.counts(cast.dora, whose="all", now=monday + DAY).open == 0
    assert list(queries.listed(cast.eve, whose="all", which="any", now=monday + DAY)) == [one]


def test_two_at_once_and_words_that_fit(rca, cast, monday):
    one = action(cast, rca, monday + DAY)
    seen = one.version
    actions.edit(one, by=cast.eve.actor, at=monday + DAY, expected=seen, details="Eve's")
    with pytest.raises(actions.Conflict):
        actions.edit(one, by=cast.emil.actor, at=monday + DAY, expected=seen, details="Emil's")
    with pytest.raises(actions.TooLong) as refusal:
        actions.edit(one, by=cast.eve.actor, at=monday + DAY, title="x" * 201)
    assert refusal.value.field == "title"
