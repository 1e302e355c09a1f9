"""A severe problem owes an analysis, with a promise of its own; once until it comes back."""

from datetime import timedelta

import pytest

from makegood.config import env
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises.models import Promise
from makegood.life.rca import review, writing
from makegood.life.rca.models import Rca
from makegood.life.reports.models import LedgerEntry
from tests.life.case import work
from tests.life.rca.study import DAY, HOUR, WORDS, action, analysed, severe


@pytest.mark.parametrize(("severity", "days"), [("critical", 3), ("high", 7)])
def test_a_known_cause_of_a_severe_problem_makes_it_due(cast, monday, severity, days):
    problem = severe(cast, monday, severity=severity)
    rca = Rca.objects.get(problem=problem)
    assert rca.is_required
    assert rca.owner == cast.eve
    assert rca.root_cause == "A retired machine."
    promise = rca.promise
    assert (promise.kind, promise.about, promise.agent, promise.state) == ("rca", rca.about, cast.eve, "open")
    # Three days by the wall; five business days from Monday morning end a week later.
    assert promise.due_at - (monday + HOUR) == timedelta(days=days)
    assert LedgerEntry.objects.filter(kind="rca.required", about=problem.about).count() == 1


def test_one_that_is_resolved_without_a_cause_owes_it_too(cast, monday):
    problem = problems.open_problem("Gone by itself", by=cast.emil.actor, at=monday, severity="critical")
    work(monday)
    assert not Rca.objects.exists()
    problems.move(problem, "resolved", by=cast.emil.actor, at=monday)
    work(monday)
    assert Rca.objects.get().problem == problem


def test_others_owe_none_until_they_prove_severe(cast, monday):
    problem = severe(cast, monday, severity="medium")
    assert not Rca.objects.exists()
    problems.edit(problem, by=cast.emil.actor, at=monday + 2 * HOUR, severity="high")
    work(monday + 2 * HOUR)
    assert Rca.objects.get().problem == problem


def test_which_severities_is_a_setting(cast, monday, settings):
    settings.RCA_SEVERITIES = env.severities(["medium"])
    severe(cast, monday, severity="critical")
    assert not Rca.objects.exists()
    assert env.severities(["none"]) == frozenset()
    with pytest.raises(env.BadSetting, match="must name severities"):
        env.severities(["awful"])


def test_the_same_again_begins_no_second_one(cast, monday):
    problem = severe(cast, monday)
    for state in ("fixing", "released", "watching"):
        problems.move(problem, state, by=cast.eve.actor, at=monday + 2 * HOUR)
        work(monday + 2 * HOUR)
    assert Rca.objects.count() == 1
    assert writing.begin(problem, by=cast.eve.actor, at=monday + 3 * HOUR) == Rca.objects.get()


def test_what_comes_back_after_it_was_published_owes_another_one(cast, monday):
    rca = analysed(cast, monday)
    action(cast, rca, monday)
    at = monday + DAY
    review.submit(rca, by=cast.eve.actor, at=at)
    review.approve(rca, by=cast.emil, at=at)
    review.publish(rca, by=cast.emil.actor, at=at)
    problem = rca.problem
    problems.move(problem, "released", by=cast.eve.actor, at=at)
    work(at)
    assert Rca.objects.count() == 1
    problems.move(problem, "came_back", by=cast.eve.actor, at=at + DAY)
    problems.move(problem, "fixing", by=cast.eve.actor, at=at + DAY)
    work(at + DAY)
    assert Rca.objects.filter(problem=problem, state="draft").count() == 1
    assert Rca.objects.count() == 2


def test_a_problem_that_proved_to_be_another_owes_none(cast, monday):
    problem = severe(cast, monday)
    other = problems.open_problem("The same, named before", by=cast.emil.actor, at=monday)
    membership.merge(problem, other, by=cast.emil.actor, at=monday + 2 * HOUR)
    work(monday + 2 * HOUR)
    assert Rca.objects.get(problem=problem).promise.state == Promise.WITHDRAWN


def test_anybody_may_begin_one_of_a_small_problem(cast, monday):
    problem = severe(cast, monday, severity="low")
    rca = writing.begin(problem, by=cast.eve.actor, at=monday + DAY)
    assert not rca.is_required
    assert rca.promise.kind == "rca"
    writing.edit(rca, by=SYSTEM, at=monday + DAY, **WORDS)
    assert rca.monitoring_gap == WORDS["monitoring_gap"]
