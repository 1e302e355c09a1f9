"""Making, keeping, pausing, moving and withdrawing promises."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions, kinds, queries
from makegood.life.promises.actions import InThePast, MustBeTold, NeedsReason, NotPending, Wish
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.promises.owed import PARKED
from makegood.life.reports import actions as reports
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.promises.conftest import berlin, hours, make_report, minutes


def ledger_kinds(report):
    return list(LedgerEntry.objects.filter(report=report).order_by("id").values_list("kind", flat=True))


def owed(report):
    return Report.objects.values_list("owed_at", "owed_kind", "owed_state").get(pk=report.pk)


def test_a_promise_falls_due_by_policy_in_business_time(report, monday, cast):
    promise = actions.make(report, kinds.HEAR_BACK, by=cast.dora.actor, at=monday)
    assert promise.due_at == berlin(2026, 11, 16, 12)
    assert promise.at_risk_at == berlin(2026, 11, 16, 11, 36)
    assert (promise.owed_to, promise.made_by, promise.state) == ("reporter", "Dora Dahl", "open")
    assert owed(report) == (promise.due_at, "hear_back", "running")
    assert ledger_kinds(report) == ["promise.made"]


def test_a_critical_promise_runs_by_the_wall(cast, db):
    night = berlin(2026, 11, 22, 3)
    report = make_report(cast, night, "critical")
    assert actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=night).due_at == berlin(2026, 11, 22, 3, 10)


def test_a_named_time_is_kept_to_the_minute(report, monday, cast):
    named = berlin(2026, 11, 16, 20)
    promise = actions.make(report, kinds.NEXT_UPDATE, by=cast.dora.actor, at=monday, due_at=named)
    assert (promise.due_at, promise.named_at) == (named, named)
    assert promise.at_risk_at == berlin(2026, 11, 16, 18)


def test_a_time_that_has_passed_cannot_be_promised(report, monday):
    with pytest.raises(InThePast, match="already passed"):
        actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday)


def test_intake_makes_its_promises_with_few_queries(report, monday, django_assert_num_queries):
    queries.promised_time(kinds.HEAR_BACK, "medium", monday)
    wishes = [Wish(kinds.ACKNOWLEDGE, kept_at=monday), Wish(kinds.HEAR_BACK)]
    # stamp, what is owed (none of it for a row that is not written yet), promises, ledger entry
    with django_assert_num_queries(4):
        made = actions.plan(report, wishes, by=SYSTEM, at=monday)
        actions.put_down(report, made, by=SYSTEM, at=monday)
    assert [promise.state for promise in made] == ["kept", "open"]
    assert owed(report)[1] == "hear_back"


def test_the_soonest_promise_is_owed_next(report, monday):
    actions.make(report, kinds.FOLLOW_UP, by=SYSTEM, at=monday)
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    assert owed(report)[1] == "accept"


def test_a_sooner_promise_takes_the_place_of_a_later_one(report, monday):
    late = actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    soon = actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(1))
    late.refresh_from_db()
    assert (late.state, soon.state) == ("withdrawn", "open")


def test_a_later_promise_does_not_excuse_the_sooner_one(report, monday):
    soon = actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(1))
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(5))
    soon.refresh_from_db()
    assert soon.state == "open"
    assert queries.next_news(report) == soon


def test_keeping_in_time_closes_the_ring(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    [kept] = actions.keep(report, kinds.HEAR_BACK, kinds.NEXT_UPDATE, by=cast.dora.actor, at=monday + hours(1))
    assert (kept.state, kept.kept_at, kept.broken_at, kept.next_step_at) == ("kept", monday + hours(1), None, None)
    assert owed(report) == (None, "", "")
    assert actions.keep(report, kinds.HEAR_BACK, by=SYSTEM, at=monday + hours(2)) == []


def test_keeping_late_is_remembered_as_broken_even_if_nobody_noticed(report, monday, cast):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    [kept] = actions.keep(report, kinds.HEAR_BACK, by=cast.dora.actor, at=monday + hours(8))
    assert kept.broken_at == promise.due_at
    entry = LedgerEntry.objects.get(report=report, kind="promise.kept")
    assert entry.data["promises"][0]["late"] is True


def test_a_pause_gives_back_the_time_that_was_left(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday + minutes(30), reason="We asked for a picture.")
    assert owed(report) == (PARKED, "hear_back", "paused")
    [promise] = actions.resume(report, by=cast.ana.actor, at=berlin(2026, 11, 18, 16, 45))
    # half an hour was used; an hour and a half is left: 15 minutes by 17:00, an hour by 18:00, 15 minutes next day
    assert promise.due_at == berlin(2026, 11, 19, 8, 15)
    assert owed(report) == (promise.due_at, "hear_back", "running")


def test_several_pauses_add_up(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    for start in (10, 40, 70):
        actions.pause(report, by=cast.dora.actor, at=monday + minutes(start), reason="Asked.")
        [promise] = actions.resume(report, by=cast.ana.actor, at=monday + minutes(start + 20))
    assert promise.due_at == berlin(2026, 11, 16, 14)  # 12:00 plus an hour of pauses, over lunch
    assert promise.steps.filter(kind=PromiseStep.PAUSED).count() == 3


def test_a_pause_does_not_stop_what_waits_for_us(report, monday, cast):
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    assert actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.") == []


def test_a_named_time_stands_through_a_pause_that_ends_before_it(report, monday, cast):
    named = berlin(2026, 11, 17, 15)
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=named)
    actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.")
    [promise] = actions.resume(report, by=cast.ana.actor, at=monday + hours(3))
    assert promise.due_at == named


def test_a_named_time_that_passed_in_a_pause_starts_anew_with_what_was_left(report, monday, cast):
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(4))
    actions.pause(report, by=cast.dora.actor, at=monday + hours(1), reason="Asked.")
    [promise] = actions.resume(report, by=cast.ana.actor, at=monday + hours(30))
    assert promise.due_at == monday + hours(33)


def test_pausing_moving_and_withdrawing_must_say_why(report, monday):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    with pytest.raises(NeedsReason):
        actions.pause(report, by=SYSTEM, at=monday, reason=" ")
    with pytest.raises(NeedsReason):
        actions.withdraw(report, by=SYSTEM, at=monday, reason="")
    with pytest.raises(NeedsReason):
        actions.move(promise, by=SYSTEM, at=monday, due_at=monday + hours(1), reason="")


def test_moving_names_a_new_time_and_remembers_the_old_one(report, monday, cast):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    moved = actions.move(promise, by=cast.dora.actor, at=monday, due_at=monday + hours(1), reason="Agreed by phone.")
    assert (moved.due_at, moved.named_at, moved.timing) == (monday + hours(1), monday + hours(1), 2)
    assert owed(report)[0] == monday + hours(1)
    entry = LedgerEntry.objects.get(report=report, kind="promise.moved")
    assert entry.data["promises"][0]["was_due_at"] == promise.due_at.isoformat()
    assert entry.reason == "Agreed by phone."


@pytest.mark.parametrize("kind", [kind for kind, terms in kinds.KINDS.items() if terms.owed_to == kinds.REPORTER])
def test_what_a_reporter_is_owed_is_never_moved_to_later_by_itself(report, monday, kind):
    promise = actions.make(report, kind, by=SYSTEM, at=monday)
    with pytest.raises(MustBeTold):
        actions.move(promise, by=SYSTEM, at=monday, due_at=promise.due_at + minutes(1), reason="We are busy.")
    assert Promise.objects.get(pk=promise.pk).due_at == promise.due_at


def test_moving_does_not_whitewash_a_broken_promise(report, monday):
    promise = actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    later = berlin(2026, 11, 16, 15)
    moved = actions.move(promise, by=SYSTEM, at=later, due_at=later + hours(1), reason="We are late.")
    assert moved.broken_at == promise.due_at
    assert owed(report)[2] == "running"


def test_moving_a_paused_promise_sets_it_going(report, monday, cast):
    promise = actions.make(report, kinds.FIRST_ANSWER, by=SYSTEM, at=monday)
    actions.pause(report, kinds.FIRST_ANSWER, by=cast.dora.actor, at=monday, reason="Asked.")
    moved = actions.move(promise, by=cast.dora.actor, at=monday + hours(1), due_at=monday + hours(9), reason="Called.")
    assert (moved.state, moved.due_at) == ("open", monday + hours(9))


def test_what_is_over_cannot_be_moved(report, monday):
    promise = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.keep(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    with pytest.raises(NotPending):
        actions.move(promise, by=SYSTEM, at=monday, due_at=monday + hours(1), reason="Too late.")


def test_withdrawing_nothing_in_particular_withdraws_all(report, monday):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    assert len(actions.withdraw(report, by=SYSTEM, at=monday, reason="A duplicate.")) == 2
    assert owed(report) == (None, "", "")


def test_a_raised_severity_makes_promises_sooner_from_now_on(report, monday):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    later = monday + minutes(20)
    reports.set_severity(report, "critical", by=SYSTEM, at=later)
    actions.change_severity(report, by=SYSTEM, at=later)
    due = dict(Promise.objects.filter(report=report).values_list("kind", "due_at"))
    assert due == {"hear_back": later + minutes(10), "accept": later + minutes(5)}
    assert owed(report)[1] == "accept"


def test_a_lowered_severity_never_takes_back_what_the_reporter_was_told(report, monday):
    told = actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    inside = actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    reports.set_severity(report, "low", by=SYSTEM, at=monday)
    actions.change_severity(report, by=SYSTEM, at=monday)
    due = dict(Promise.objects.filter(report=report).values_list("kind", "due_at"))
    assert due["hear_back"] == told.due_at
    assert due["accept"] > inside.due_at


def test_a_raised_severity_brings_a_named_time_forward_but_never_back(report, monday):
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(30))
    for severity, expected in (("low", monday + hours(30)), ("critical", monday + hours(1))):
        reports.set_severity(report, severity, by=SYSTEM, at=monday)
        actions.change_severity(report, by=SYSTEM, at=monday)
        assert Promise.objects.get(report=report).due_at == expected


def test_a_paused_promise_stays_paused_when_the_severity_rises(report, monday, cast):
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.")
    reports.set_severity(report, "high", by=SYSTEM, at=monday + hours(1))
    actions.change_severity(report, by=SYSTEM, at=monday + hours(1))
    [promise] = actions.resume(report, by=cast.ana.actor, at=monday + hours(2))
    assert promise.due_at == monday + hours(2) + minutes(30)


def test_a_named_time_that_waits_stays_when_the_severity_rises(report, monday, cast):
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday, due_at=monday + hours(24))
    actions.pause(report, by=cast.dora.actor, at=monday, reason="Asked.")
    reports.set_severity(report, "high", by=SYSTEM, at=monday + hours(1))
    actions.change_severity(report, by=SYSTEM, at=monday + hours(1))
    [promise] = actions.resume(report, by=cast.ana.actor, at=monday + hours(23))
    assert promise.due_at == monday + hours(24)


def test_a_clock_that_waits_with_little_left_gets_no_more_when_the_severity_rises(cast, monday):
    report = make_report(cast, monday, "high")
    actions.make(report, kinds.HEAR_BACK, by=SYSTEM, at=monday)
    actions.pause(report, by=cast.dora.actor, at=monday + minutes(25), reason="Asked.")
    reports.set_severity(report, "critical", by=SYSTEM, at=monday + minutes(27))
    actions.change_severity(report, by=SYSTEM, at=monday + minutes(27))
    [promise] = actions.resume(report, by=cast.ana.actor, at=monday + minutes(30))
    assert promise.due_at == monday + minutes(35)


def test_an_open_report_is_always_owed_some_news(report, monday):
    made = actions.ensure_owed(report, by=SYSTEM, at=monday)
    assert made.kind == kinds.NEXT_UPDATE
    assert actions.ensure_owed(report, by=SYSTEM, at=monday) is None


def test_an_acknowledgement_alone_is_no_news(report, monday):
    actions.make(report, kinds.ACKNOWLEDGE, by=SYSTEM, at=monday)
    assert actions.ensure_owed(report, by=SYSTEM, at=monday).kind == kinds.NEXT_UPDATE


def test_a_solved_report_is_owed_a_follow_up(cast, monday):
    report = make_report(cast, monday, state="solved")
    assert actions.ensure_owed(report, by=SYSTEM, at=monday).kind == kinds.FOLLOW_UP


def test_a_closed_report_is_owed_nothing(report, monday):
    actions.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=monday)
    Report.objects.filter(pk=report.pk).update(state="closed")
    assert actions.ensure_owed(report, by=SYSTEM, at=monday) is None
    assert Promise.objects.get(report=report).state == "withdrawn"
    assert owed(report) == (None, "", "")
