"""Steps Makegood took by itself stand behind one line where they would push what people said out of sight."""

from datetime import timedelta

from makegood.doors.console.timeline import Item, Run, folded
from makegood.life.reports.models import LedgerEntry
from tests.cast import MONDAY


def step(minute, *, ring="", who_kind="system", icon="clock"):
    at = MONDAY + timedelta(minutes=minute)
    entry = LedgerEntry(pk=minute + 1, kind="promise.broken", at=at)
    made = Item(at=at, kind="thing", who="Makegood", who_kind=who_kind, order=(at, 2, minute), entry=entry)
    made.ring, made.icon, made.is_clock = ring, icon, bool(ring)
    return made


def said(minute):
    at = MONDAY + timedelta(minutes=minute)
    return Item(at=at, kind="message", who="Ana", who_kind="contact", order=(at, 1, minute))


def test_a_long_run_is_one_line_with_the_worst_of_its_rings():
    steps = [step(1, ring="at_risk"), step(2, ring="broken"), step(3), step(4, ring="kept")]
    first, run, last = folded([said(0), *steps, said(5)], now=MONDAY + timedelta(days=1))
    assert isinstance(run, Run)
    assert (first.kind, last.kind) == ("message", "message")
    assert (run.run, run.ring, run.key) == (steps, "broken", 2)
    assert run.when.endswith("09:01 to 09:04")


def test_few_steps_are_told_one_by_one():
    items = [step(1), step(2), step(3), said(4)]
    assert folded(items, now=MONDAY) == items


def test_what_people_did_and_what_failed_is_never_behind_a_line():
    by_dora, failed = step(3, who_kind="agent"), step(6, icon="alert")
    items = [step(1), step(2), by_dora, step(4), step(5), failed, step(7)]
    assert folded(items, now=MONDAY) == items
