"""What was merged into what was merged itself: all stand in one place, and each merge is taken back by itself."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.life.colleagues import watching
from makegood.life.colleagues.models import Notice
from makegood.life.problems import actions, membership, undo
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.models import LedgerEntry
from tests.cast import MONDAY
from tests.life.case import file_report, work

MINUTE = timedelta(minutes=1)


def now_in(report):
    row = membership.member_row(report)
    return row and row.problem_id


def went_to(problem):
    return Problem.objects.get(pk=problem.pk).merged_into_id


@pytest.fixture
def three(cast, monday):
    """Three problems and a report in each."""
    found = []
    for name in "pqr":
        problem = actions.open_problem(name, by=cast.emil.actor, at=monday)
        report = file_report(cast, monday, key=f"of-problem-{name}")
        membership.join(problem, report, by=cast.emil.actor, at=monday)
        found.append((problem, report))
    return found


def merge(cast, one, other, minutes):
    membership.merge(one, other, by=cast.emil.actor, at=MONDAY + minutes * MINUTE)


def part(cast, one, minutes):
    return membership.unmerge(Problem.objects.get(pk=one.pk), by=cast.emil.actor, at=MONDAY + minutes * MINUTE)


def test_all_point_at_the_last_and_each_merge_is_taken_back_in_any_order(cast, three):
    (p, a), (q, b), (r, c) = three
    merge(cast, p, q, 1)
    merge(cast, q, r, 2)
    assert (went_to(p), went_to(q)) == (r.pk, r.pk)
    assert {now_in(one) for one in (a, b, c)} == {r.pk}
    assert part(cast, p, 3) == 1
    assert [now_in(one) for one in (a, b, c)] == [p.pk, r.pk, r.pk]
    assert part(cast, q, 4) == 1
    assert [now_in(one) for one in (a, b, c)] == [p.pk, q.pk, r.pk]
    assert Problem.objects.get(pk=r.pk).reports_count == 1


def test_what_went_along_goes_back_with_it(cast, three):
    (p, a), (q, b), (r, _c) = three
    merge(cast, p, q, 1)
    merge(cast, q, r, 2)
    assert part(cast, q, 3) == 2
    assert (went_to(p), went_to(q)) == (q.pk, None)
    assert [now_in(one) for one in (a, b)] == [q.pk, q.pk]
    part(cast, p, 4)
    assert now_in(a) == p.pk


def test_what_came_by_another_way_stays(cast, three):
    (p, a), (q, b), (r, _c) = three
    merge(cast, p, q, 1)
    merge(cast, q, r, 2)
    part(cast, p, 3)
    merge(cast, p, r, 4)
    assert part(cast, q, 5) == 1
    assert (went_to(p), went_to(q)) == (r.pk, None)
    assert (now_in(a), now_in(b)) == (r.pk, q.pk)


def test_a_report_taken_back_to_what_was_merged_meanwhile_goes_where_that_went(cast, three):
    (p, a), (q, _b), (r, _c) = three
    membership.join(q, a, by=cast.dora.actor, at=MONDAY + MINUTE)
    line = LedgerEntry.objects.filter(about=q.about, kind="problem.joined").latest("id")
    merge(cast, p, r, 2)
    undo.undo(line, by=cast.dora.actor, at=MONDAY + 3 * MINUTE)
    assert now_in(a) == r.pk


def test_whoever_watches_the_first_follows_it_to_the_last(cast, three):
    (p, _a), (q, _b), (r, _c) = three
    watching.watch(cast.eve, p, at=MONDAY)
    merge(cast, p, q, 1)
    merge(cast, q, r, 2)
    work(MONDAY + 3 * MINUTE)
    actions.move(r, "released", by=cast.emil.actor, at=MONDAY + 4 * MINUTE)
    actions.move(r, "came_back", by=cast.emil.actor, at=MONDAY + 5 * MINUTE)
    work(MONDAY + 5 * MINUTE)
    assert Notice.objects.filter(agent=cast.eve, problem=r).exists()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_after_any_merges_all_taken_back_in_any_order_everybody_is_at_home(cast, monday, data):
    Membership.objects.all().delete()
    problems = [actions.open_problem(f"n{n}", by=cast.emil.actor, at=monday) for n in range(4)]
    reports = [file_report(cast, monday, key=f"of-many-{n:04}") for n in range(4)]
    for problem, report in zip(problems, reports, strict=True):
        membership.join(problem, report, by=cast.emil.actor, at=monday)
    minutes = 0
    for _step in range(data.draw(st.integers(1, 8))):
        minutes += 1
        one, other = data.draw(st.permutations(problems))[:2]
        if went_to(one) is not None:
            part(cast, one, minutes)
        elif went_to(other) is None:
            merge(cast, one, other, minutes)
        alive = set(Problem.objects.filter(merged_into=None).values_list("pk", flat=True))
        assert {now_in(report) for report in reports} <= alive
        assert not Problem.objects.filter(merged_into__merged_into__isnull=False).exists()
    for problem in data.draw(st.permutations(problems)):
        minutes += 1
        if went_to(problem) is not None:
            part(cast, problem, minutes)
    assert [now_in(report) for report in reports] == [problem.pk for problem in problems]
