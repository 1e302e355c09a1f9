"""Somebody who takes part reads and speaks; whether it is solved says the reporter alone."""

import pytest
from django.test import Client
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare.models import Resolution
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import access, participants
from makegood.life.reports.models import Report
from tests.life.case import file_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def report(desk, cast, monday):
    made = file_report(cast, monday)
    aftercare.solve(made, by=cast.dora.actor, at=monday, words="It works again.", cause="Full.", solution="Emptied.")
    return Report.objects.get(pk=made.pk)


def browser_of(report, contact, now):
    browser = Client()
    browser.get(f"/r/{access.make_link(report, contact, by=SYSTEM, at=now)}/")
    return browser


@pytest.fixture
def ben(report, cast, now):
    participants.invite(report, cast.ben, by=cast.dora.actor, at=now)
    return browser_of(report, cast.ben, now)


@pytest.mark.parametrize(("path", "given"), [("solved", {"answer": "yes"}), ("rate", {"score": "1"})])
def test_who_takes_part_neither_confirms_nor_rates(report, ben, path, given):
    answer = ben.post(f"/r/MG-{report.pk}/{path}/", given, follow=True).content.decode()
    assert Resolution.objects.get(report=report).answer == ""
    assert not report.ledger.filter(kind__in=["report.confirmed", "feedback.given"]).exists()
    assert "Only the person who reported it" in answer


def test_the_reporter_still_does(report, ben, cast, now):
    ana = browser_of(report, cast.ana, now)
    assert 'name="answer"' in ana.get(f"/r/MG-{report.pk}/").content.decode()
    assert 'name="answer"' not in ben.get(f"/r/MG-{report.pk}/").content.decode()
    ana.post(f"/r/MG-{report.pk}/solved/", {"answer": "yes"})
    assert Resolution.objects.get(report=report).answer == "yes"
