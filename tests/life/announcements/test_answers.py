"""Whoever was told of a fix is asked; every "no" opens theirs again and counts, and enough of them say it came back."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import undo
from makegood.life.announcements import answers, queries
from makegood.life.announcements.verdict import COUNT, SHARE, Answers, Limits, doubt
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.problems import undo as problem_undo
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry
from tests.again import again
from tests.life.announcements.crowd import SECOND, crowd, fixed, go_out, open_problem
from tests.life.case import fresh, work

DAY = timedelta(days=1)


@pytest.fixture
def told(cast, monday):
    """Twelve who were told of a fix, and the announcement."""
    return again(lambda: tell_twelve(cast, monday), monday)


def tell_twelve(cast, monday):
    problem = open_problem(cast, monday)
    reports = crowd(problem, 12, monday, by=cast.emil.actor)
    announcement = fixed(problem, cast.emil, monday)
    go_out(announcement, monday)
    return reports, announcement, problem


def says(report, answer, at):
    aftercare.confirm(fresh(report), answer, by=report.contact.actor, at=at)
    work(at)


def state(problem):
    return Problem.objects.get(pk=problem.pk).state


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [(0, 1, ""), (0, 2, SHARE), (8, 2, SHARE), (9, 2, ""), (100, 3, COUNT), (0, 0, "")],
)
def test_how_many_are_enough(yes, no, expected):
    assert doubt(Answers(yes=yes, no=no), Limits()) == expected


def test_yes_no_and_silence_are_counted(told, monday):
    reports, announcement, problem = told
    says(reports[0], "yes", monday + DAY)
    says(reports[1], "not_yet", monday + DAY)
    says(reports[2], "no", monday + DAY)
    found = answers.so_far(problem)
    assert (found.yes, found.no, found.not_yet, found.silent, found.told) == (1, 1, 1, 9, 12)
    assert state(problem) == "watching"
    (row,) = queries.told_about(announcement.agent, problem)
    assert (row.said, row.yes, row.no) == (12, 1, 1)


def test_a_no_opens_theirs_again_more_urgent_and_the_others_stay_solved(told, monday):
    reports, _announcement, _problem = told
    says(reports[0], "no", monday + DAY)
    assert (fresh(reports[0]).state, fresh(reports[0]).severity) == ("investigating", "high")
    assert {fresh(report).state for report in reports[1:]} == {"solved"}


def test_enough_no_and_the_problem_came_back_and_says_why(told, monday):
    reports, _announcement, problem = told
    for number in range(8):
        says(reports[number], "yes", monday + DAY)
    says(reports[8], "no", monday + DAY)
    assert state(problem) == "watching"
    says(reports[9], "no", monday + DAY + SECOND)
    assert state(problem) == "came_back"
    entry = LedgerEntry.objects.get(kind="problem.came_back")
    assert entry.reason.startswith("2 of 10 who answered say that it does not work for them (12 were told")


def test_a_change_of_mind_counts_as_it_is_now(told, monday):
    reports, _announcement, problem = told
    says(reports[0], "yes", monday + DAY)
    says(reports[0], "no", monday + 2 * DAY)
    found = answers.so_far(problem)
    assert (found.yes, found.no) == (0, 1)


def test_a_colleague_who_hears_it_on_the_phone_counts_too_and_can_take_it_back(told, cast, monday):
    reports, _announcement, problem = told
    at = monday + DAY
    aftercare.reopen(fresh(reports[0]), by=cast.dora.actor, at=at, reason="She called: still white.")
    work(at)
    assert answers.so_far(problem).no == 1
    entry = LedgerEntry.objects.get(report=reports[0], kind="report.reopened")
    undo.undo(entry, by=cast.dora.actor, at=at + SECOND)
    work(at + SECOND)
    assert answers.so_far(problem).no == 0


def test_the_same_entry_twice_is_one_answer(told, monday):
    reports, _announcement, problem = told
    says(reports[0], "no", monday + DAY)
    entry = LedgerEntry.objects.get(kind="report.reopened")
    answers.count_answer(entry, monday + DAY)
    assert LedgerEntry.objects.filter(kind="announcement.answered").count() == 1
    assert answers.so_far(problem).no == 1


def test_an_answer_to_another_solution_does_not_count(told, cast, monday):
    reports, _announcement, problem = told
    at = monday + DAY
    says(reports[0], "no", at)
    aftercare.solve(fresh(reports[0]), by=cast.dora.actor, at=at + SECOND, cause="Hers.", solution="Another way.")
    work(at + 2 * SECOND)
    says(reports[0], "yes", at + DAY)
    assert answers.so_far(problem).no == 1


def test_answers_begin_anew_with_the_next_fix(told, cast, monday):
    reports, _announcement, problem = told
    for report in reports[:2]:
        says(report, "no", monday + DAY)
    assert state(problem) == "came_back"
    problem.refresh_from_db()
    again = fixed(problem, cast.emil, monday + 2 * DAY)
    go_out(again, monday + 2 * DAY)
    assert queries.progress(again) == queries.Progress(said=2, skipped=10)
    assert answers.so_far(problem) == Answers(silent=2)
    assert state(problem) == "watching"


def test_after_a_lead_took_it_back_that_it_came_back_no_yes_says_so_again_but_a_further_no(told, cast, monday):
    reports, _announcement, problem = told
    for number in range(3):
        says(reports[number], "no", monday + DAY + number * SECOND)
    entry = LedgerEntry.objects.get(kind="problem.came_back")
    problem_undo.undo(entry, by=cast.emil.actor, at=monday + DAY + 10 * SECOND)
    work(monday + DAY + 10 * SECOND)
    assert state(problem) == "watching"
    for number, answer, then in ((3, "yes", "watching"), (4, "not_yet", "watching"), (5, "no", "came_back")):
        says(reports[number], answer, monday + DAY + (20 + number) * SECOND)
        assert state(problem) == then


def test_no_to_what_was_merged_since_counts_where_it_went(cast, told, monday):
    reports, _announcement, problem = told
    other = open_problem(cast, monday)
    problems.move(other, "released", by=cast.emil.actor, at=monday)
    membership.merge(problem, other, by=cast.emil.actor, at=monday + DAY)
    for report in reports[:2]:
        says(report, "no", monday + DAY)
    assert (state(problem), state(other)) == ("watching", "came_back")
