"""What the rail says each view holds: composed once, and still what a look at the view finds, for whoever looks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.doors.console import views_query
from makegood.life.reports import queries
from makegood.life.reports.models import Report
from tests.life.promises.conftest import make_report

HOUR = timedelta(hours=1)


@pytest.fixture
def now(cast):
    """One report that each view holds, besides one that hardly any does."""
    now = timezone.now()
    facts = (
        {"assignee": cast.dora},
        {"assignee": cast.eve, "technical_team": cast.platform, "is_escalated": True},
        {"owed_at": now - HOUR, "owed_kind": "hear_back", "owed_state": "broken"},
        {"owed_at": now + HOUR, "owed_kind": "hear_back", "owed_state": "paused", "waiting_for_reporter": True},
        {"state": "solved", "is_protected": True, "team": cast.desk},
        {"snoozed_until": now + HOUR, "owed_at": now + 2 * HOUR, "assignee": cast.dora},
        {"state": "closed"},
    )
    for more in facts:
        make_report(cast, now - 2 * HOUR, **more)
    return now


def shown(agent, now):
    return {
        view.key: views_query.counted(agent, view, now=now, newest=0)
        for view in views_query.DEFAULTS
        if view.key not in views_query.UNCOUNTED
    }


@pytest.mark.parametrize("name", ["dora", "eve", "emil", "ada", "fay"])
def test_each_count_is_what_the_view_finds(cast, now, name):
    agent = getattr(cast, name)
    for _time in range(2):
        views_query.forget_counts()
        found = shown(agent, now)
        assert found == {
            view.key: queries.find(agent, view.query, now=now).reports.count()
            for view in views_query.DEFAULTS
            if view.key in found
        }
    assert name != "dora" or all(found.values())
    assert name != "fay" or not any(found.values())


def test_a_later_moment_is_counted_as_that(cast, now):
    before = shown(cast.emil, now)["late"]
    Report.objects.filter(owed_state="paused").update(owed_state="running")
    views_query.forget_counts()
    with CaptureQueriesContext(connection) as asked:
        assert shown(cast.emil, now + 3 * HOUR)["late"] == before + 2
    assert len(asked) == len(views_query.DEFAULTS) - len(views_query.UNCOUNTED)
