"""The history of a problem that hundreds joined: readable, and as cheap as a short one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.doors.console.problems.history import Mark, runs
from makegood.life.people.models import Contact
from makegood.life.problems import actions, membership
from makegood.life.reports.models import LedgerEntry, Report
from tests.life.case import file_report

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def marks(kinds):
    return [Mark(n, NOON, {"j": "problem.joined", "l": "problem.left"}.get(kind, "")) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "lengths"),
    [("", []), ("j", [1]), ("jjj", [3]), ("jj.jjjj", [4, 1, 2]), ("jjlljj", [2, 2, 2]), ("..j..", [2, 1, 2])],
)
def test_what_stands_together_is_one_run_newest_first(kinds, lengths):
    assert [len(run.marks) for run in runs(marks(kinds))] == lengths
    assert [mark.pk for run in runs(marks(kinds)) for mark in run.marks] == list(reversed(range(len(kinds))))


def test_only_more_than_three_of_one_kind_are_folded():
    assert [run.is_long for run in runs(marks("jjj....jjjj"))] == [True, False, False]


@pytest.fixture
def fault(cast):
    return actions.open_problem("Pool exhausted", by=cast.emil.actor, at=timezone.now() - timedelta(hours=3))


def joins(fault, cast, count, at, *, by="Emil Ek"):
    """Entries of joining, laid down at once a minute apart, as a wave leaves them."""
    people = Contact.objects.bulk_create(Contact(name=f"Person {n}", created_at=at) for n in range(count))
    reports = Report.objects.bulk_create(
        Report(title=f"Case {n}", contact=one, team=cast.desk, received_at=at, updated_at=at, owed_at=at)
        for n, one in enumerate(people)
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            report=one,
            kind="problem.joined",
            at=at + timedelta(seconds=n),
            actor_kind="agent",
            actor_name=by,
            about=fault.about,
            data={"problem": fault.pk, "number": fault.number, "how": "agent"},
        )
        for n, one in enumerate(reports)
    )


def history(client, fault, rest=""):
    shown = client.get(f"/console/problems/{fault.number}/{rest}").content.decode()
    return re.search(r'<section[^>]*id="history".*?</section>', shown, re.DOTALL)[0]


def test_hundreds_who_joined_are_one_line_to_open_and_hide_nothing_else(cast, fault, dora):
    at = timezone.now() - timedelta(hours=2)
    joins(fault, cast, 200, at)
    actions.note(fault, "The pool is full.", by=cast.eve.actor, at=at + timedelta(hours=1))
    joins(fault, cast, 100, at + timedelta(hours=1))
    shown = history(dora, fault)
    assert re.findall(r"<summary><b>(\d+ reports joined)</b>", shown) == ["100 reports joined", "200 reports joined"]
    assert "wrote a note" in shown
    assert "opened the problem" in shown
    assert "and 70 earlier ones" in shown
    assert "and 170 earlier ones" in shown
    assert shown.count("</a>: joined it to") == 60
    assert re.search(r"\d\d:\d\d to \d\d:\d\d</span></summary>", shown)


def test_a_few_who_joined_are_told_one_by_one_and_may_be_taken_back(cast, fault, dora):
    now = timezone.now()
    for number in range(3):
        membership.join(fault, file_report(cast, now, key=f"k-{number}"), by=cast.dora.actor, at=now)
    shown = history(dora, fault)
    assert "<summary>" not in shown
    assert shown.count("</a>: joined it to") == 3
    assert shown.count("Undo<span") == 4, "and the opening"


def test_a_long_history_asks_as_much_as_a_short_one(cast, fault, dora):
    at = timezone.now() - timedelta(hours=2)
    joins(fault, cast, 5, at)
    counts = []
    for _turn in range(2):
        history(dora, fault)
        with CaptureQueriesContext(connection) as asked:
            history(dora, fault)
        counts.append(len(asked.captured_queries))
        joins(fault, cast, 300, at + timedelta(minutes=1))
    assert counts[0] == counts[1]
