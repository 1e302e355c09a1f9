"""One change over many reports: in slices, with failures named, stopped and taken back as a whole."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import bulk
from makegood.life.promises import kinds
from makegood.life.reports import access
from makegood.life.reports import actions as reports
from makegood.life.reports.models import BulkRun, Report
from tests.again import again
from tests.life.case import file_report, fresh, pending, told, work

SECOND = timedelta(seconds=1)


@pytest.fixture
def many(cast, monday):
    return again(lambda: [file_report(cast, monday, key=f"ana-{number:04}") for number in range(45)], monday)


def ids(rows):
    return [report.pk for report in rows]


def test_every_report_is_changed_and_counted(many, cast, monday):
    run = bulk.start(cast.dora, "assignee", str(cast.dora.pk), ids(many), at=monday)
    assert (run.state, run.total) == ("queued", 45)
    work(monday + SECOND)
    run.refresh_from_db()
    assert (run.state, run.done, run.failures) == ("done", 45, [])
    assert Report.objects.filter(assignee=cast.dora).count() == 45


def test_what_fails_is_named_and_the_rest_goes_on(many, cast, monday):
    reports.set_state(many[0], "cause_found", by=cast.dora.actor, at=monday)
    bulk.start(cast.dora, "close", "spam", ids(many[1:2]), at=monday)
    work(monday)
    run = bulk.start(cast.dora, "state", "investigating", ids(many[:3]), at=monday)
    work(monday + SECOND)
    run.refresh_from_db()
    assert [row["number"] for row in run.failures] == [many[1].number]
    assert [fresh(report).state for report in many[:3]] == ["investigating", "closed", "investigating"]


def test_one_undo_takes_all_of_it_back(many, cast, monday):
    run = bulk.start(cast.dora, "severity", "critical", ids(many), at=monday + SECOND)
    work(monday + SECOND)
    reports.set_severity(fresh(many[4]), "low", by=cast.emil.actor, at=monday + 2 * SECOND)
    run.refresh_from_db()
    bulk.take_back(run, at=monday + 3 * SECOND)
    work(monday + 3 * SECOND)
    run.refresh_from_db()
    assert run.state == "undone"
    assert [row["number"] for row in run.failures] == [many[4].number]
    assert Report.objects.filter(severity="medium").count() == 44


def test_it_stops_where_it_is(many, cast, monday):
    run = bulk.start(cast.dora, "label", "+vip", ids(many), at=monday)
    bulk.run_slice({"run": run.pk}, monday)
    bulk.cancel(run, at=monday)
    work(monday + SECOND)
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", bulk.SLICE)
    assert Report.objects.filter(labels__name="vip").count() == bulk.SLICE


def test_closing_many_says_so_to_each_and_can_be_taken_back_for_a_minute(many, cast, monday):
    run = bulk.start(cast.dora, "close", "withdrawn", ids(many[:2]), at=monday)
    work(monday + SECOND)
    assert [told(report)[-1].is_final for report in many[:2]] == [True, True]
    assert [pending(report) for report in many[:2]] == [[], []]
    run.refresh_from_db()
    bulk.take_back(run, at=monday + 30 * SECOND)
    work(monday + 30 * SECOND)
    assert [fresh(report).state for report in many[:2]] == ["received", "received"]
    assert pending(many[0]) == [kinds.HEAR_BACK]


def test_nobody_changes_what_they_may_not_see(many, cast, monday):
    Report.objects.filter(pk=many[0].pk).update(is_protected=True, team=cast.platform)
    run = bulk.start(cast.dora, "severity", "low", ids(many[:2]), at=monday)
    work(monday)
    run.refresh_from_db()
    assert [row["number"] for row in run.failures] == [many[0].number]
    assert fresh(many[0]).severity == "medium"
    with pytest.raises(access.NotFound):
        bulk.access_run(cast.emil, run.key)


def test_engineers_and_strangers_start_nothing(many, cast, monday):
    for person in (cast.eve, cast.fay):
        with pytest.raises(bulk.NotABulk):
            bulk.start(person, "severity", "low", ids(many), at=monday)
    assert not BulkRun.objects.exists()
