"""Who may see what is owed, and how much was kept."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions, kinds, queries
from makegood.life.promises.actions import Wish
from tests.life.promises.conftest import berlin, hours, make_report, minutes


def test_the_reporter_is_told_the_soonest_news_that_runs(report, monday, cast):
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    assert queries.next_news(report) is None
    later = actions.make(report, kinds.FOLLOW_UP, by=SYSTEM, at=monday)
    sooner = actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    assert queries.next_news(report) == sooner
    actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.")
    assert queries.next_news(report) == later


def test_next_news_of_many_reports_is_one_query(cast, monday, django_assert_num_queries):
    reports = [make_report(cast, monday) for _ in range(5)]
    for report in reports:
        actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    with django_assert_num_queries(1):
        assert len(queries.next_news_of(reports)) == 5


def test_promised_time_depends_on_the_hours_of_the_team(cast, monday):
    from makegood.life.promises import book, policies

    book.install_defaults(monday)
    late_desk = policies.Hours("Europe/Berlin", {str(d): [["14:00", "22:00"]] for d in range(5)}, {})
    calendar = policies.add_calendar("late", "Late desk", hours=late_desk, by=cast.ada.actor, at=monday)
    policies.set_calendar_of(cast.platform, calendar, by=cast.ada.actor, at=monday)
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday) == berlin(2026, 11, 16, 12)
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday, cast.desk) == berlin(2026, 11, 16, 12)
    assert queries.promised_time(kinds.HEAR_BACK, "medium", monday, cast.platform) == berlin(2026, 11, 16, 16)


@pytest.mark.parametrize("severity", ["critical", "high", "medium", "low"])
def test_news_after_an_escalation_comes_within_two_to_four_hours(db, monday, severity):
    due = queries.promised_time(kinds.AFTER_ESCALATION, severity, berlin(2026, 11, 16, 8))
    assert hours(2) <= due - berlin(2026, 11, 16, 8) <= hours(4)


def test_everybody_sees_promises_of_the_reports_they_may_see(cast, monday):
    open_one = make_report(cast, monday)
    hidden = make_report(cast, monday, is_protected=True)
    theirs = make_report(cast, monday, team=cast.platform)
    for report in (open_one, hidden, theirs):
        actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    now = monday + hours(5)

    def seen(agent):
        return {promise.report_id for promise in queries.broken_open(agent, now=now)}

    assert seen(cast.dora) == {open_one.pk, theirs.pk}
    assert seen(cast.emil) == {open_one.pk, hidden.pk, theirs.pk}
    assert seen(cast.eve) == {theirs.pk}
    assert seen(cast.fay) == set()


def test_at_risk_lists_what_has_been_warned_of_and_what_is_due_soon(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    assert not queries.at_risk(cast.dora, now=monday + minutes(90))
    assert queries.at_risk(cast.dora, now=monday + minutes(90), within=hours(1))
    assert queries.at_risk(cast.dora, now=monday + minutes(100))
    assert not queries.at_risk(cast.dora, now=monday + minutes(120))
    actions.pause(report, by=cast.dora.actor, at=monday + minutes(100), reason="Asked.")
    assert not queries.at_risk(cast.dora, now=monday + minutes(110))
    assert queries.paused(cast.dora)


def test_the_kept_share_counts_what_fell_due(cast, monday):
    def promised(kept_after=None, withdrawn_after=None):
        report = make_report(cast, monday)
        actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
        if kept_after:
            actions.keep(report, kinds.HEAR_BACK, by=SYSTEM, at=monday + kept_after)
        if withdrawn_after:
            actions.withdraw(report, by=SYSTEM, at=monday + withdrawn_after, reason="Gone.")

    promised(kept_after=hours(1))
    promised(kept_after=hours(2))  # to the minute
    promised(kept_after=hours(3))
    promised(withdrawn_after=hours(1))
    promised(withdrawn_after=hours(3))
    promised()
    whole, hear_back = queries.kept_share(cast.emil, start=monday, end=monday + hours(10), now=monday + hours(10))
    assert (hear_back.kind, hear_back.kept, hear_back.broken, hear_back.unfinished) == ("hear_back", 2, 3, 1)
    assert (whole.kind, whole.due, whole.share) == ("", 5, 0.4)


def test_nothing_due_has_no_share(cast, monday):
    [whole] = queries.kept_share(cast.emil, start=monday, end=monday + hours(1), now=monday)
    assert whole.share is None


def test_an_acknowledgement_kept_in_the_act_counts_as_kept(report, cast, monday):
    actions.make_many(report, [Wish(kinds.ACKNOWLEDGE, kept_at=monday)], by=SYSTEM, at=monday)
    whole = queries.kept_share(cast.emil, start=monday, end=monday + hours(1), now=monday + hours(1))[0]
    assert (whole.kept, whole.broken) == (1, 0)


def test_the_timeline_brings_steps_along(report, cast, monday, django_assert_num_queries):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.")
    with django_assert_num_queries(2):
        assert [[step.kind for step in promise.steps.all()] for promise in queries.timeline(report)] == [
            ["paused"],
            ["paused"],
        ]
