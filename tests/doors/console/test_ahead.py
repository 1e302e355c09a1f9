"""Fetching ahead is a rule for the browser's memory: nothing is kept on disk, nothing changes by it."""

from django.test import Client

from makegood.life.reports.models import ReadMark
from tests.doors.console.report_cast import url


def test_the_queue_names_the_rule_and_anybody_may_read_it(dora):
    address = dora.get("/console/queue/")["Speculation-Rules"].strip('"')
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/speculationrules+json"
    assert answer.json()["prefetch"][0]["where"] == {"selector_matches": "a[data-ahead]"}


def test_a_report_fetched_ahead_is_not_kept_and_stays_unread(dora, case):
    answer = dora.get(url(case), headers={"Sec-Purpose": "prefetch"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not ReadMark.objects.exists()
