"""The audit tells in words what happened; the technical kind stands small beside it."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.reports import actions
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
