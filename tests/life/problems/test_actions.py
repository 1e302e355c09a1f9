"""A problem is opened, described, moved, made public; whatever happens to it is in the ledger."""

from datetime import timedelta

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import access, actions, membership, news, queries, states
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.sweep import sweep
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry
from tests.life.case import file_report

HOUR = timedelta(hours=1)
PUBLIC = {"public_titles": {"en": "Claims page"}, "public_texts": {"en": "The claims page shows an error."}}


def open_one(cast, at, **facts):
    return actions.open_problem("The claims page answers 500", by=cast.dora.actor, at=at, **facts)


def kinds_of(problem):
    return [entry.kind for entry in reversed(queries.history(problem))]


def test_it_takes_over_what_is_known_of_the_report_it_is_opened_from(cast, monday):
    report = file_report(cast, monday)
    report.technical_team, report.severity = cast.platform, "high"
    problem = open_one(cast, monday, of=report)
    assert (problem.number, problem.state, problem.team) == (f"PRB-{problem.pk}", states.OPEN, cast.platform)
    assert (problem.severity, problem.category) == ("high", report.category)
    assert problem.reports_count == 0
    assert kinds_of(problem) == ["problem.opened"]


def test_it_needs_a_title(cast, monday):
    with pytest.raises(actions.NeedsWords):
        actions.open_problem("  ", by=cast.dora.actor, at=monday)


def test_writing_the_cause_down_is_knowing_it(cast, monday):
    problem = open_one(cast, monday)
    actions.edit(problem, by=cast.eve.actor, at=monday, cause="A full disk.")
    fresh = Problem.objects.get(pk=problem.pk)
    assert (fresh.state, fresh.cause_known_at, fresh.is_known_error) == (states.CAUSE_KNOWN, monday, True)


def test_nothing_changed_leaves_no_trace(cast, monday):
    problem = open_one(cast, monday)
    assert actions.edit(problem, by=cast.eve.actor, at=monday, title=problem.title) is None
    assert kinds_of(problem) == ["problem.opened"]


def test_two_people_cannot_overwrite_one_another(cast, monday):
    problem = open_one(cast, monday)
    seen = problem.version
    actions.edit(problem, by=cast.eve.actor, at=monday, expected=seen, symptom="White page.")
    with pytest.raises(actions.Conflict):
        actions.edit(problem, by=cast.dora.actor, at=monday, expected=seen, symptom="Error 500.")
    assert Problem.objects.get(pk=problem.pk).symptom == "White page."


@pytest.mark.parametrize("source", states.STATES)
@pytest.mark.parametrize("target", states.STATES)
def test_it_moves_by_the_table_only(cast, monday, source, target):
    problem = open_one(cast, monday)
    Problem.objects.filter(pk=problem.pk).update(state=source)
    if source == target:
        assert actions.move(problem, target, by=SYSTEM, at=monday) is False
    elif target in states.MOVES[source]:
        assert actions.move(problem, target, by=SYSTEM, at=monday)
        assert Problem.objects.get(pk=problem.pk).state == target
    else:
        with pytest.raises(states.NotAMove):
            actions.move(problem, target, by=SYSTEM, at=monday)
        assert Problem.objects.get(pk=problem.pk).state == source


def test_coming_back_is_counted_and_kept(cast, monday):
    problem = open_one(cast, monday)
    for state in (states.RELEASED, states.WATCHING, states.CAME_BACK):
        actions.move(problem, state, by=SYSTEM, at=monday)
    fresh = Problem.objects.get(pk=problem.pk)
    assert (fresh.came_back_count, fresh.came_back_at, fresh.watching_until) == (1, monday, None)
    assert kinds_of(problem)[-1] == "problem.came_back"


def test_publishing_promises_news_and_keeps_the_promise_before(cast, monday):
    problem = open_one(cast, monday)
    with pytest.raises(actions.NeedsWords):
        news.publish(problem, by=cast.emil.actor, at=monday)
    actions.edit(problem, by=cast.emil.actor, at=monday, **PUBLIC)
    news.publish(problem, by=cast.emil.actor, at=monday, next_news_at=monday + HOUR)
    assert Problem.objects.get(pk=problem.pk).next_news_at == monday + HOUR
    assert list(queries.offered()) == [problem]
    news.promise_news(problem, by=cast.emil.actor, at=monday + HOUR / 2, due_at=monday + 3 * HOUR)
    owed = promises.pending(problem.about, kinds.PUBLIC_NEWS)
    assert [promise.due_at for promise in owed] == [monday + 3 * HOUR]
    news.unpublish(problem, by=cast.emil.actor, at=monday + HOUR)
    assert promises.pending(problem.about) == []
    assert not queries.offered().exists()


def test_public_news_not_told_is_a_promise_broken(cast, monday):
    problem = open_one(cast, monday)
    actions.edit(problem, by=cast.emil.actor, at=monday, **PUBLIC)
    news.publish(problem, by=cast.emil.actor, at=monday, next_news_at=monday + HOUR)
    sweep(monday + 2 * HOUR)
    sweep(monday + 2 * HOUR)
    broken = LedgerEntry.objects.filter(kind="promise.broken", about=problem.about)
    assert broken.count() == 1


def test_a_fixed_or_protected_problem_is_offered_to_nobody(cast, monday):
    problem = open_one(cast, monday)
    actions.edit(problem, by=cast.emil.actor, at=monday, **PUBLIC)
    actions.protect(problem, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    with pytest.raises(actions.NeedsWords):
        news.publish(problem, by=cast.emil.actor, at=monday)
    actions.protect(problem, False, by=cast.emil.actor, at=monday, reason="The name is gone.")
    news.publish(problem, by=cast.emil.actor, at=monday)
    actions.move(problem, states.RELEASED, by=SYSTEM, at=monday)
    assert not queries.offered().exists()


def test_a_protected_problem_is_seen_by_its_people_only(cast, monday):
    problem = open_one(cast, monday)
    actions.hand_to(problem, by=cast.emil.actor, at=monday, team=cast.platform, owner=None)
    actions.protect(problem, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    assert access.access_problem(cast.eve, problem.number) == problem
    assert access.access_problem(cast.emil, problem.key) == problem
    for seeker in (cast.dora, cast.fay):
        with pytest.raises(NotFound):
            access.access_problem(seeker, problem.number)


def test_a_note_is_kept_once(cast, monday):
    problem = open_one(cast, monday)
    first = actions.note(problem, "Seen it in March.", by=cast.eve.actor, at=monday, idempotency_key="n1")
    assert actions.note(problem, "Seen it in March.", by=cast.eve.actor, at=monday, idempotency_key="n1") == first
    assert membership.member_row(file_report(cast, monday)) is None
