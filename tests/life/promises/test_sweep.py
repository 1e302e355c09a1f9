"""Time passing: each warning, break and rung exactly once."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions, kinds, sweep
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.promises.conftest import berlin, hours, make_report, minutes

SWEPT = ("promise.at_risk", "promise.broken", "promise.rung_climbed")


def told(report):
    entries = LedgerEntry.objects.filter(report=report, kind__in=SWEPT).order_by("id")
    return [(entry.kind.removeprefix("promise."), entry.data["whom"]) for entry in entries]


@pytest.fixture
def critical(cast, monday):
    report = make_report(cast, monday, "critical")
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday, team=cast.platform)
    return report


WHOLE_LADDER = [
    ("at_risk", ""),
    ("broken", ""),
    ("rung_climbed", "backup"),
    ("rung_climbed", "lead"),
    ("rung_climbed", "manager"),
    ("rung_climbed", "executive"),
]


def test_nothing_happens_before_its_time(critical, monday):
    assert sweep.sweep(monday + minutes(3)) == 0
    assert told(critical) == []


def test_the_ladder_is_climbed_rung_by_rung_as_time_passes(critical, monday):
    seen = []
    for minute in range(40):
        sweep.sweep(monday + minutes(minute))
        seen.append(len(told(critical)))
    assert told(critical) == WHOLE_LADDER
    # 80 % of five minutes; due and backup at 5; lead at 10, manager at 20, executive at 30
    assert [seen.index(count) for count in (1, 3, 4, 5, 6)] == [4, 5, 10, 20, 30]


def test_the_report_shows_what_time_did(critical, monday):
    for minute, state in ((3, "running"), (4, "at_risk"), (5, "broken")):
        sweep.sweep(monday + minutes(minute))
        assert Report.objects.get(pk=critical.pk).owed_state == state
    assert Promise.objects.get(report=critical).broken_at == monday + minutes(5)


def test_sweeping_twice_changes_nothing(critical, monday):
    assert sweep.sweep(monday + hours(1)) == 6
    assert sweep.sweep(monday + hours(1)) == 0
    assert told(critical) == WHOLE_LADDER


def test_missed_ticks_are_caught_up_in_order_and_say_how_late(critical, monday):
    sweep.sweep(monday + hours(2))
    assert told(critical) == WHOLE_LADDER
    delays = [entry.data["delay_seconds"] for entry in LedgerEntry.objects.filter(kind__in=SWEPT).order_by("id")]
    assert delays == [7200 - 60 * minute for minute in (4, 5, 5, 10, 20, 30)]


def test_a_sweep_stops_at_its_limit_and_the_next_goes_on(critical, monday):
    assert sweep.sweep(monday + hours(1), limit=2) == 2
    assert sweep.sweep(monday + hours(1), limit=100) == 4
    assert told(critical) == WHOLE_LADDER


@pytest.mark.parametrize("end", ["keep", "withdraw", "pause"])
def test_whatever_is_kept_withdrawn_or_paused_climbs_no_further(critical, monday, cast, end):
    sweep.sweep(monday + minutes(6))
    if end == "keep":
        actions.keep(critical, kinds.ACCEPT, by=cast.eve.actor, at=monday + minutes(6))
    elif end == "withdraw":
        actions.withdraw(critical, kinds.ACCEPT, by=cast.dora.actor, at=monday + minutes(6), reason="Solved.")
    else:
        actions.pause(critical, kinds.ACCEPT, by=cast.eve.actor, at=monday + minutes(6), reason="Asked back.")
    assert sweep.sweep(monday + hours(3)) == 0
    assert len(told(critical)) == 3


def test_a_broken_promise_that_was_paused_climbs_on_where_it_stood(critical, monday, cast):
    sweep.sweep(monday + minutes(6))
    actions.pause(critical, kinds.ACCEPT, by=cast.eve.actor, at=monday + minutes(6), reason="Asked back.")
    actions.resume(critical, kinds.ACCEPT, by=cast.ana.actor, at=monday + minutes(60))
    assert sweep.sweep(monday + minutes(63)) == 0
    assert sweep.sweep(monday + minutes(64)) == 1  # the lead: four more minutes were left
    assert told(critical)[-1] == ("rung_climbed", "lead")


def test_a_promise_moved_in_time_warns_again_at_its_new_time(critical, monday, cast):
    sweep.sweep(monday + minutes(4))
    promise = Promise.objects.get(report=critical)
    actions.move(promise, by=cast.eve.actor, at=monday + minutes(4), due_at=monday + hours(2), reason="Agreed.")
    sweep.sweep(monday + hours(2))
    assert told(critical)[:3] == [("at_risk", ""), ("at_risk", ""), ("broken", "")]


def test_rungs_in_business_time_wait_for_the_morning(cast, db):
    friday = berlin(2026, 11, 20, 17)
    report = make_report(cast, friday, "medium")
    actions.make(report, kinds.ACCEPT, by=SYSTEM, at=friday)  # one business hour: due when the desk closes
    sweep.sweep(berlin(2026, 11, 22, 12))
    assert told(report) == [("at_risk", ""), ("broken", ""), ("rung_climbed", "backup")]
    sweep.sweep(berlin(2026, 11, 23, 9))
    assert told(report)[-1] == ("rung_climbed", "lead")


def test_killed_between_two_steps_the_next_sweep_goes_on_with_the_second(critical, monday, monkeypatch):
    record, calls = ledger.record, []

    def dies_at_the_third(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return record(*args, **kwargs)

    monkeypatch.setattr(ledger, "record", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        sweep.sweep(monday + hours(1))
    assert told(critical) == WHOLE_LADDER[:2]
    monkeypatch.setattr(ledger, "record", record)
    sweep.sweep(monday + hours(1))
    assert told(critical) == WHOLE_LADDER


def test_an_edited_policy_does_not_touch_promises_under_way(critical, monday, cast):
    from makegood.life.promises import policies

    terms = policies.PolicyTerms(600, False, rungs=({"after_minutes": 0, "whom": "lead"},))
    policies.set_policy(kinds.ACCEPT, "critical", terms=terms, by=cast.ada.actor, at=monday + minutes(1))
    sweep.sweep(monday + hours(1))
    assert told(critical) == WHOLE_LADDER


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_take_each_step_once(monday):
    from tests.cast import make_cast

    cast = make_cast()
    reports = [make_report(cast, monday, "critical") for _ in range(6)]
    for report in reports:
        actions.make(report, kinds.ACCEPT, by=SYSTEM, at=monday)
    taken, together = [], threading.Barrier(3)

    def run():
        together.wait()
        try:
            for _ in range(20):
                try:
                    taken.append(sweep.sweep(monday + hours(1)))
                except OperationalError:  # an in-memory database of tests locks whole tables
                    continue
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PromiseStep.objects.count() == 6 * len(reports)
    for report in reports:
        assert told(report) == WHOLE_LADDER


def test_a_step_cannot_be_written_twice(critical, monday):
    sweep.sweep(monday + minutes(4))
    step = PromiseStep.objects.get()
    step.pk = None
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        step.save(force_insert=True)
