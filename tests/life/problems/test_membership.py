"""Joining changes nothing of a report; leaving restores exactly what was; counts are always those of the rows."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.problems import actions, membership, queries
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Message, Report
from tests.cast import MONDAY
from tests.life.case import file_report

MINUTE = timedelta(minutes=1)


def open_one(cast, title="The claims page answers 500", **facts):
    return actions.open_problem(title, by=cast.dora.actor, at=MONDAY, **facts)


def filed(cast, count):
    people = [cast.ana, cast.ben, cast.cem]
    return [
        intake.file(Told(f"Error {n}.", f"key-of-report-{n:04}", email=people[n % 3].email), at=MONDAY).report
        for n in range(count)
    ]


def as_it_is(report):
    fresh = Report.objects.get(pk=report.pk)
    messages = list(Message.objects.filter(report=report).order_by("pk").values())
    return model_to_dict(fresh), messages, list(fresh.promises.order_by("pk").values())


def test_joining_and_leaving_leave_the_report_as_it_was(cast, monday):
    report, problem = file_report(cast, monday), open_one(cast)
    before = as_it_is(report)
    membership.join(problem, report, by=cast.dora.actor, at=monday)
    assert as_it_is(report) == before
    membership.leave(report, by=cast.dora.actor, at=monday + MINUTE)
    assert as_it_is(report) == before
    assert [entry.kind for entry in report.ledger.filter(about=problem.about).order_by("id")] == [
        "problem.joined",
        "problem.left",
    ]


def test_people_and_organisations_are_counted_once_each(cast, monday):
    problem = open_one(cast)
    for report in filed(cast, 7):
        membership.join(problem, report, by=cast.dora.actor, at=monday)
    assert (problem.reports_count, problem.people_count, problem.organisations_count) == (7, 3, 2)


def test_joining_twice_is_joining_once(cast, monday):
    report, problem = file_report(cast, monday), open_one(cast)
    first = membership.join(problem, report, by=cast.dora.actor, at=monday)
    assert membership.join(problem, report, by=cast.emil.actor, at=monday) == first
    assert problem.reports_count == 1


def test_a_member_that_joins_another_problem_leaves_the_first(cast, monday):
    report, one, other = file_report(cast, monday), open_one(cast), open_one(cast, "Something else")
    membership.join(one, report, by=cast.dora.actor, at=monday)
    membership.join(other, report, by=cast.dora.actor, at=monday)
    assert queries.problem_of(report) == other
    assert Problem.objects.get(pk=one.pk).reports_count == 0


def test_a_split_takes_its_reports_along(cast, monday):
    problem, made = open_one(cast), filed(cast, 4)
    for report in made:
        membership.join(problem, report, by=cast.dora.actor, at=monday)
    other = membership.split(problem, made[:2], "Only on phones", by=cast.dora.actor, at=monday)
    assert (other.reports_count, Problem.objects.get(pk=problem.pk).reports_count) == (2, 2)
    with pytest.raises(membership.CannotJoin):
        membership.split(problem, made[:2], "Again", by=cast.dora.actor, at=monday)


def test_a_merge_is_taken_back_whole(cast, monday):
    one, other, made = open_one(cast), open_one(cast, "The same, as it proved"), filed(cast, 4)
    for n, report in enumerate(made):
        membership.join(one if n < 3 else other, report, by=cast.dora.actor, at=monday)
    assert membership.merge(one, other, by=cast.emil.actor, at=monday) == 3
    with pytest.raises(membership.CannotJoin):
        membership.join(one, made[3], by=cast.dora.actor, at=monday)
    membership.leave(made[0], by=cast.dora.actor, at=monday)
    assert membership.unmerge(one, by=cast.emil.actor, at=monday) == 2
    assert {row.report_id for row in queries.members(cast.emil, one)} == {made[1].pk, made[2].pk}
    assert Problem.objects.get(pk=other.pk).reports_count == 1


def test_a_member_one_may_not_see_is_counted_but_not_shown(cast, monday):
    problem, made = open_one(cast), filed(cast, 2)
    for report in made:
        membership.join(problem, report, by=cast.dora.actor, at=monday)
    Report.objects.filter(pk=made[0].pk).update(team=cast.platform)
    reports.protect(made[0], True, by=cast.emil.actor, at=monday, reason="Names a member.")
    assert [row.report for row in queries.members(cast.dora, problem)] == [made[1]]
    assert problem.reports_count == 2


STEPS = st.lists(st.tuples(st.sampled_from(["join", "leave"]), st.integers(0, 3), st.integers(0, 2)), max_size=25)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_any_joins_and_leaves_counts_are_true_and_no_report_has_changed(cast, steps):
    with transaction.atomic():
        made, problems = filed(cast, 4), [open_one(cast, f"Problem {n}") for n in range(3)]
        before = [as_it_is(report) for report in made]
        expected: dict[int, int] = {}
        for verb, which, where in steps:
            if verb == "join":
                membership.join(problems[where], made[which], by=cast.dora.actor, at=MONDAY)
                expected[which] = where
            else:
                membership.leave(made[which], by=cast.dora.actor, at=MONDAY)
                expected.pop(which, None)
        for place, problem in enumerate(problems):
            mine = [made[which] for which, where in expected.items() if where == place]
            fresh = Problem.objects.get(pk=problem.pk)
            assert fresh.reports_count == len(mine) == Membership.objects.filter(problem=problem, left_at=None).count()
            assert fresh.people_count == len({report.contact_id for report in mine})
            assert fresh.organisations_count == len({report.organisation_id for report in mine} - {None})
        assert [as_it_is(report) for report in made] == before
        transaction.set_rollback(True)
