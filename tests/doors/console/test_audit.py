"""The audit tells in words what happened; the technical kind stands small beside it."""

import html
import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.problems import actions as problems
from makegood.life.promises import about, kinds
from makegood.life.promises import actions as promises
from makegood.life.reports import actions, ledger
from tests.doors.console.report_cast import signed_in


def rows(client, query=""):
    page = client.get(f"/console/setup/audit/{query}").content.decode()
    cells = re.findall(r'<td class="roomy">(.*?)</td>', page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]


def test_what_happened_to_a_report_is_told_as_its_own_page_tells_it(cast, case):
    now = timezone.now()
    actions.set_state(case, "investigating", by=cast.dora.actor, at=now)
    actions.set_severity(case, "critical", by=cast.dora.actor, at=now)
    promises.make(case, kinds.FOLLOW_UP, by=cast.dora.actor, at=now)
    promises.withdraw(case, kinds.FOLLOW_UP, by=cast.dora.actor, at=now, reason="Agreed by phone")
    told = rows(signed_in(cast.ada))
    assert any(row.startswith("Moved it from received to investigating") for row in told)
    assert any(row.startswith("Set the severity to critical") for row in told)
    assert any(row.startswith("No longer owed: Follow-up") and "“Agreed by phone”" in row for row in told)
    for row in told:
        words, _gap, kind = row.rpartition(" ")
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind), row
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|\bNone\b|[{}]", words), row


def test_a_kind_filters_and_says_what_it_means(cast, case):
    ada = signed_in(cast.ada)
    actions.set_state(case, "investigating", by=cast.dora.actor, at=timezone.now())
    assert {row.split()[-1] for row in rows(ada, "?kind=report.state_changed")} == {"report.state_changed"}
    page = ada.get("/console/setup/audit/").content.decode()
    assert '<option value="report.closed">The report was closed.</option>' in page


def test_a_full_page_asks_as_often_as_a_short_one(cast, case):
    ada = signed_in(cast.ada)
    ada.get("/console/setup/audit/")
    with CaptureQueriesContext(connection) as few:
        ada.get("/console/setup/audit/")
    for severity in ("critical", "low") * 10:
        actions.set_severity(case, severity, by=cast.dora.actor, at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        ada.get("/console/setup/audit/")
    assert len(many) <= len(few)


def test_what_is_about_no_report_is_named_and_linked_and_stands_in_order_of_time(cast, case):
    now = timezone.now()
    problem = problems.open_problem("Saving is slow", by=cast.emil.actor, at=now)
    about.make(problem.about, kinds.PUBLIC_NEWS, by=cast.emil.actor, at=now)
    ledger.record(None, "problem.noted", by=cast.emil.actor, at=now - timedelta(days=400), about=problem.about)
    page = signed_in(cast.ada).get("/console/setup/audit/").content.decode()
    assert f'<a href="/console/problems/{problem.number}/">{problem.number}</a>' in page
    assert "Saving is slow" in page
    assert any(row.startswith("Promised: ") for row in rows(signed_in(cast.ada)))
    assert not any("Something was promised" in row for row in rows(signed_in(cast.ada)))
    moments = re.findall(r'<tr><td class="nowrap"><time class="num " datetime="([^"]+)"', page)
    assert moments == sorted(moments, reverse=True)
    assert len(moments) > 3


def test_the_audit_goes_on_where_the_page_ended(cast, case):
    ada, now = signed_in(cast.ada), timezone.now()
    for minute in range(70):
        ledger.record(case, "report.closed", by=cast.dora.actor, at=now - timedelta(minutes=minute // 2))
    seen, address = [], "?kind=report.closed"
    while address:
        page = html.unescape(ada.get(f"/console/setup/audit/{address}").content.decode())
        seen += re.findall(r'<tr><td class="nowrap"><time class="num " datetime="([^"]+)"', page)
        found = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        address = found[1] if found else ""
    assert len(seen) == 70
    assert seen == sorted(seen, reverse=True)
    assert ada.get("/console/setup/audit/?after=nonsense").status_code == 200
