"""Reading stays cheap however much there is: the hot queries walk an index, and pages ask as often for many as for few.

With a handful of rows every database likes to read a whole table, so PostgreSQL is told that this is expensive: it then
does so only where no index serves, which is what would hurt at a million.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.doors.console import views_query
from makegood.life.people.models import Contact
from makegood.life.reports.models import Label, LedgerEntry, Message, Report
from makegood.life.searching import keeping
from tests.again import again
from tests.cast import MONDAY
from tests.doors.console.report_cast import signed_in, url

BIG = ("reports_report", "reports_message", "reports_ledgerentry", "promises_promise", "engine_searchdocument")
PAGES = [f"?view={view.key}" for view in views_query.DEFAULTS] + [
    "?q=state:open severity:>=high",
    "?q=state:open label:vip",
    "?q=state:any age:<3d",
    "?q=crash state:any",
    "?q=MG-3",
]


@pytest.fixture
def filled(cast):
    """Sixty reports, every second open."""
    return again(lambda: _make(cast, 60))


def _make(cast, count):
    people = Contact.objects.bulk_create(Contact(name=f"Person {n}", created_at=MONDAY) for n in range(count))
    label = Label.objects.get_or_create(name="vip")[0]
    reports = Report.objects.bulk_create(
        Report(
            title=f"Crash number {n}",
            contact=people[n],
            assignee=cast.dora if n % 3 else cast.emil,
            team=cast.desk,
            state="investigating" if n % 2 else "closed",
            received_at=MONDAY - timedelta(hours=n),
            updated_at=MONDAY,
            last_said_at=MONDAY,
            last_said_by="contact",
            closed_at=None if n % 2 else MONDAY,
            owed_at=MONDAY + timedelta(minutes=n) if n % 2 else None,
            owed_kind="next_update",
            owed_state="running",
        )
        for n in range(count)
    )
    for report in reports:
        report.labels.add(label)
    keeping.index_all(now=timezone.now())
    return reports


def _said(report, n):
    return Message(
        report=report, said_by="contact", name="Ana", body=f"Words {n}", at=MONDAY, visible_at=MONDAY - timedelta(1)
    )


def _plan(query):
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + query)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _reads_all(plan):
    """The big tables that the plan reads from end to end, not along an index."""
    if connection.vendor == "postgresql":
        return [table for table in BIG if re.search(rf"Seq Scan on {table}\b", plan)]
    return [table for table in BIG if re.search(rf"SCAN (TABLE )?{table}(?! USING)", plan)]


def _asked(client, path):
    views_query.forget_counts()
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return [query["sql"] for query in caught.captured_queries]


def _hate_reading_all():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def test_the_measure_itself_notices_a_whole_table_read(filled):
    assert _reads_all(_plan("SELECT * FROM reports_report WHERE title = 'Crash number 3'")) == ["reports_report"]


@pytest.mark.parametrize("query", PAGES)
def test_no_list_reads_a_whole_table(filled, cast, query):
    _hate_reading_all()
    for sql in _asked(signed_in(cast.dora), f"/console/queue/{query}"):
        if sql.startswith("SELECT") and any(table in sql for table in BIG):
            assert not _reads_all(_plan(sql)), sql


def test_the_report_page_reads_no_whole_table(filled, cast):
    _hate_reading_all()
    for sql in _asked(signed_in(cast.dora), url(filled[1])):
        if sql.startswith("SELECT") and any(table in sql for table in BIG):
            assert not _reads_all(_plan(sql)), sql


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.parametrize("view", [view.key for view in views_query.DEFAULTS])
def test_no_view_sorts_before_it_shows(filled, cast, view):
    lists = [sql for sql in _asked(signed_in(cast.dora), f"/console/queue/?view={view}") if "LIMIT 51" in sql]
    assert len(lists) == 1
    assert "FOR ORDER BY" not in _plan(lists[0])


@pytest.mark.parametrize("query", ["", "?view=closed", "?q=crash state:any"])
def test_a_list_of_many_asks_as_often_as_one_of_few(cast, query):
    _make(cast, 6)
    client = signed_in(cast.dora)
    _asked(client, f"/console/queue/{query}")
    few = len(_of_rows(_asked(client, f"/console/queue/{query}")))
    Report.objects.all().delete()
    Contact.objects.filter(name__startswith="Person").delete()
    _make(cast, 40)
    assert len(_of_rows(_asked(client, f"/console/queue/{query}"))) == few


def _of_rows(asked):
    """What is asked of rows: how often PostgreSQL's full-text index is asked depends on how far back it has to look,
    which the numbers given to documents decide (tests/engine/test_search.py), not on how many there are."""
    inside = ("engine_searchdocument", "SAVEPOINT", "set_config")
    return [sql for sql in asked if not any(word in sql for word in inside)]


def test_a_long_story_asks_as_often_as_a_short_one(filled, cast):
    client, report = signed_in(cast.dora), filled[1]
    Message.objects.create(
        report=report, said_by="contact", name="Ana", body="First", at=MONDAY, visible_at=MONDAY - timedelta(1)
    )
    _asked(client, url(report))
    few = len(_asked(client, url(report)))
    Message.objects.bulk_create(_said(report, n) for n in range(300))
    entry = {"kind": "report.state_changed", "at": MONDAY, "actor_kind": "system", "actor_name": "Makegood"}
    LedgerEntry.objects.bulk_create(LedgerEntry(report=report, delivered_at=MONDAY, **entry) for _ in range(300))
    assert len(_asked(client, url(report))) == few
