"""What `make run` shows: played through the ordinary verbs, with fewer reports than a newcomer meets."""

from datetime import timedelta

import pytest
from bench import fresh

from makegood.demo.seed import seed
from makegood.engine.models import Job
from makegood.life.aftercare.models import Recovery
from makegood.life.insights import rolling
from makegood.life.insights.days import Period, day_of
from makegood.life.insights.plots import Asked
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.reports.models import OutgoingMail, Report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
COUNT = 30


def test_the_demo_is_a_desk_in_the_middle_of_its_work(monday, settings, tmp_path):
    settings.DATA_DIR = settings.FILES_DIR = tmp_path
    seed(monday, count=COUNT)
    assert Report.objects.count() > COUNT
    assert {"received", "solved", "closed"} <= set(Report.objects.values_list("state", flat=True))
    assert {"web", "phone"} <= set(Report.objects.values_list("channel", flat=True))
    owed_nothing = Report.objects.exclude(state="closed").exclude(promises__state__in=Promise.PENDING)
    assert not owed_nothing
    assert Promise.objects.filter(broken_at__isnull=False).exists()
    assert Problem.objects.exists()
    assert Recovery.objects.exists()
    assert not Job.objects.filter(parked_at__isnull=False)
    assert not OutgoingMail.objects.filter(state="failed")
    while rolling.roll(monday):
        pass
    lead = Agent.objects.get(email="emil@fairfield.example")
    today = day_of(monday, rolling.zone())
    for days in (30, 90):
        asked = Asked(Period(today - timedelta(days=days - 1), today), lead, monday)
        assert fresh.wrong(asked) == []
