"""One question, once a report, first of all whether it works; then why, once. No order of clicks makes two of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.lib.errors import Refusal
from makegood.life.aftercare import actions, feedback, relayed
from makegood.life.aftercare.models import Csat
from makegood.life.reports.models import LedgerEntry
from tests.length import examples
from tests.life.aftercare.after import HOUR, rated, solved, works
from tests.life.case import file_report, fresh, work

DAY = timedelta(days=1)


def test_nobody_is_asked_before_it_works_for_them(cast, monday):
    report = solved(cast, monday)
    with pytest.raises(feedback.NotAScore):
        feedback.rate(report, 5, by=cast.ana.actor, at=monday + HOUR)
    actions.confirm(report, "not_yet", by=cast.ana.actor, at=monday + HOUR)
    assert not feedback.may_rate(fresh(report))
    actions.confirm(report, "yes", by=cast.ana.actor, at=monday + HOUR)
    assert feedback.may_rate(fresh(report))


def test_who_says_no_is_helped_and_not_asked(cast, monday):
    report = solved(cast, monday)
    actions.confirm(report, "no", by=cast.ana.actor, at=monday + HOUR)
    assert not feedback.may_rate(fresh(report))


def test_a_duplicate_and_spam_are_never_asked(cast, monday):
    for key, reason in (("ana-0001", "duplicate"), ("ana-0002", "spam")):
        report = file_report(cast, monday, key=key)
        actions.close(report, reason=reason, words="It goes on there.", by=cast.dora.actor, at=monday + HOUR)
        assert not feedback.may_rate(fresh(report))


def test_closed_for_want_of_an_answer_the_first_question_still_comes_first(cast, monday):
    report = solved(cast, monday)
    actions.close(report, reason="silence", by=cast.dora.actor, at=monday + DAY)
    assert not feedback.may_rate(fresh(report))
    actions.confirm(fresh(report), "yes", by=cast.ana.actor, at=monday + 2 * DAY)
    assert feedback.may_rate(fresh(report))


def test_an_answered_question_needs_no_confirmation(cast, monday):
    report = file_report(cast, monday, kind="question")
    actions.close(report, reason="answered", by=cast.dora.actor, at=monday + HOUR)
    assert feedback.may_rate(fresh(report))


def test_the_first_answer_counts_and_is_explained_once(cast, monday):
    report = rated(cast, monday, 2)
    at = monday + 3 * HOUR
    feedback.rate(report, 5, by=cast.ana.actor, at=at)
    feedback.explain(report, by=cast.ana.actor, at=at, reasons=["speed", "nonsense"], words=" Slow. ", effort=3)
    feedback.explain(report, by=cast.ana.actor, at=at + HOUR, words="Something else.", effort=7)
    row = Csat.objects.get()
    assert (row.score, row.reasons, row.words, row.effort) == (2, ["speed"], "Slow.", 3)
    assert LedgerEntry.objects.filter(kind="feedback.explained").count() == 1


def test_there_is_nothing_to_explain_before_the_answer(cast, monday):
    report = works(cast, monday)
    with pytest.raises(feedback.NothingToExplain):
        feedback.explain(report, by=cast.ana.actor, at=monday + HOUR, words="Slow.")


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_are_five_answers(cast, monday, score):
    report = works(cast, monday)
    with pytest.raises(feedback.NotAScore):
        feedback.rate(report, score, by=cast.ana.actor, at=monday + HOUR)


def test_the_effort_has_seven(cast, monday):
    report = works(cast, monday)
    with pytest.raises(feedback.NotAScore):
        feedback.rate(report, 4, by=cast.ana.actor, at=monday + HOUR, effort=8)


def test_the_database_knows_the_ends_of_the_scale(cast, monday):
    report = works(cast, monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        Csat.objects.create(report=report, score=9, at=monday)


CLICKS = st.sampled_from(
    ["yes", "no", "not_yet", "solve", "rate 1", "rate 5", "explain", "relay", "follow up", "close", "write", "work"]
)


@settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(clicks=st.lists(CLICKS, min_size=3, max_size=14))
def test_no_order_of_clicks_makes_two_answers_of_one_report(clicks, cast, monday):
    with transaction.atomic():
        _play(clicks, cast, monday)
        transaction.set_rollback(True)


def _play(clicks, cast, at):
    report, ana, dora, first = solved(cast, at), cast.ana.actor, cast.dora.actor, None
    deeds = {
        "yes": lambda: actions.confirm(report, "yes", by=ana, at=at),
        "no": lambda: actions.confirm(report, "no", by=ana, at=at),
        "not_yet": lambda: actions.confirm(report, "not_yet", by=ana, at=at),
        "solve": lambda: actions.solve(report, cause="c", solution="s", by=dora, at=at),
        "rate 1": lambda: feedback.rate(report, 1, by=ana, at=at, words="Bad."),
        "rate 5": lambda: feedback.rate(report, 5, by=ana, at=at),
        "explain": lambda: feedback.explain(report, by=ana, at=at, words="Because.", effort=4),
        "relay": lambda: relayed.rate(report, 3, by=dora, at=at),
        "follow up": lambda: actions.follow_up(report, way="call", outcome="works", by=dora, at=at),
        "close": lambda: actions.close(report, reason="silence", by=dora, at=at),
        "write": lambda: actions.hear(report, "Useless.", by=ana, at=at),
        "work": lambda: work(at),
    }
    for click in clicks:
        at += timedelta(minutes=7)
        report = fresh(report)
        try:
            with transaction.atomic():
                deeds[click]()
        except Refusal:
            continue
        rows = list(Csat.objects.filter(report=report))
        assert len(rows) <= 1
        first = first or (rows[0].score if rows else None)
        assert not rows or rows[0].score == first
    work(at)
    assert Csat.objects.filter(report=report).count() == (1 if first else 0)
    given_ = LedgerEntry.objects.filter(report=report, kind="feedback.given").count()
    assert given_ == (1 if first else 0)
