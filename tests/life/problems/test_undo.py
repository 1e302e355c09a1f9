"""One undo restores exactly what was: who belonged where, since when, by whom; a problem opened by a slip is gone."""

from datetime import timedelta

import pytest
from django.db import transaction

from makegood.life.problems import access, actions, known, membership, queries, undo
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry
from tests.cast import MONDAY
from tests.life.case import file_report, work

MINUTE = timedelta(minutes=1)
LATER = MONDAY + MINUTE


def entry_of(problem, kind):
    return LedgerEntry.objects.filter(about=problem.about, kind=kind).latest("id")


def rows_now():
    """Who belongs where, with all that is kept of it."""
    return sorted(
        Membership.objects.filter(left_at=None).values_list("pk", "problem", "report", "how", "joined_at", "joined_by")
    )


@pytest.fixture
def two(cast, monday):
    """The first belongs to a problem since it was told so by the reporter; the second to none."""
    first, second = file_report(cast, monday, key="one-0001"), file_report(cast, monday, key="two-0002")
    known_one = actions.open_problem("Old", by=cast.emil.actor, at=monday - MINUTE)
    membership.join(known_one, first, by=cast.ana.actor, at=monday, how=Membership.REPORTER)
    return first, second, known_one


def open_for_both(cast, two, at=LATER):
    first, second, _old = two
    with transaction.atomic():
        problem = actions.open_problem("The claims page shows error 500.", by=cast.dora.actor, at=at, of=second)
        for report in (second, first):
            membership.join(problem, report, by=cast.dora.actor, at=at)
    return problem


def test_a_problem_opened_for_two_is_taken_back_whole(cast, two):
    before = rows_now()
    problem = open_for_both(cast, two)
    work(LATER)
    done = undo.undo(entry_of(problem, "problem.opened"), by=cast.dora.actor, at=LATER + MINUTE)
    assert undo.undo(entry_of(problem, "problem.opened"), by=cast.dora.actor, at=LATER + MINUTE) == done
    work(LATER + MINUTE)
    assert rows_now() == before
    assert Problem.objects.get(pk=two[2].pk).reports_count == 1
    with pytest.raises(NotFound):
        access.access_problem(cast.ada, problem.number)
    with pytest.raises(membership.CannotJoin):
        membership.join(problem, two[1], by=cast.dora.actor, at=LATER + MINUTE)
    assert problem.pk not in [one.problem.pk for one in known.like(cast.ada, two[1], now=LATER) if one.problem]


@pytest.mark.parametrize("deed", ["edit", "note", "join"])
def test_a_problem_somebody_worked_on_is_not_taken_back(cast, two, deed):
    problem = open_for_both(cast, two)
    if deed == "edit":
        actions.edit(problem, by=cast.eve.actor, at=LATER + MINUTE, symptom="It shows 500.")
    elif deed == "note":
        actions.note(problem, "I look at it.", by=cast.eve.actor, at=LATER + MINUTE)
    else:
        third = file_report(cast, LATER, key="three-03")
        membership.join(problem, third, by=cast.eve.actor, at=LATER + MINUTE)
    before = rows_now()
    with pytest.raises(actions.Conflict):
        undo.undo(entry_of(problem, "problem.opened"), by=cast.dora.actor, at=LATER + 2 * MINUTE)
    assert rows_now() == before
    assert access.access_problem(cast.dora, problem.number) == problem


def test_joining_another_problem_is_taken_back_to_the_very_membership(cast, two):
    first, _second, _old = two
    before = rows_now()
    other = actions.open_problem("Other", by=cast.dora.actor, at=MONDAY)
    membership.join(other, first, by=cast.dora.actor, at=LATER)
    undo.undo(entry_of(other, "problem.joined"), by=cast.dora.actor, at=LATER + MINUTE)
    assert rows_now() == before


def test_leaving_is_taken_back_to_the_very_membership(cast, two):
    before = rows_now()
    membership.leave(two[0], by=cast.dora.actor, at=LATER)
    undo.undo(entry_of(two[2], "problem.left"), by=cast.dora.actor, at=LATER + MINUTE)
    assert rows_now() == before


def test_a_split_is_taken_back_whole(cast, two):
    first, second, old = two
    membership.join(old, second, by=cast.dora.actor, at=MONDAY)
    before = rows_now()
    other = membership.split(old, [second], "Another", by=cast.dora.actor, at=LATER)
    undo.undo(entry_of(old, "problem.split"), by=cast.dora.actor, at=LATER + MINUTE)
    assert rows_now() == before
    assert Problem.objects.get(pk=other.pk).withdrawn_at == LATER + MINUTE
    assert Problem.objects.get(pk=old.pk).reports_count == 2


def test_a_split_somebody_went_on_with_is_merged_back(cast, two):
    _first, second, old = two
    membership.join(old, second, by=cast.dora.actor, at=MONDAY)
    other = membership.split(old, [second], "Another", by=cast.dora.actor, at=LATER)
    actions.note(other, "Seen on phones.", by=cast.eve.actor, at=LATER + MINUTE)
    undo.undo(entry_of(old, "problem.split"), by=cast.dora.actor, at=LATER + 2 * MINUTE)
    assert queries.problem_of(second) == old
    assert Problem.objects.get(pk=other.pk).merged_into == old


def test_a_merge_is_taken_back_to_the_very_memberships(cast, two):
    """Also by the button on the problem, long after the day in which the line can be undone."""
    _first, second, known_one = two
    other = actions.open_problem("The same, as it proved", by=cast.emil.actor, at=MONDAY)
    membership.join(other, second, by=cast.dora.actor, at=MONDAY)
    before = rows_now()
    membership.merge(known_one, other, by=cast.emil.actor, at=LATER)
    membership.unmerge(known_one, by=cast.emil.actor, at=LATER + timedelta(days=3))
    assert rows_now() == before
    membership.merge(known_one, other, by=cast.emil.actor, at=LATER + timedelta(days=4))
    line = entry_of(known_one, "problem.merged")
    undo.undo(line, by=cast.emil.actor, at=LATER + timedelta(days=4))
    assert rows_now() == before
