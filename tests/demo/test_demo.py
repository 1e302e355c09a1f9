"""What `make run` shows: played through the ordinary verbs, with fewer reports than a newcomer meets."""

from datetime import timedelta

import pytest
from bench import fresh

from makegood.demo.seed import seed
from makegood.engine.models import Job
from makegood.life.aftercare.models import Recovery
from makegood.life.escalation.models import Escalation
from makegood.life.insights import rolling
from makegood.life.insights.days import Period, day_of
from makegood.life.insights.plots import Asked
from makegood.life.knowledge.models import Article
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.reports import queries
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
    _every_state_is_there(monday)
    assert Problem.objects.exists()
    _priorities_differ()
    assert Recovery.objects.exists()
    written = Article.objects.filter(problem=None)  # what was just drafted from a problem has one language yet
    assert written.exists()
    for language in ("en", "de"):
        assert not written.exclude(wordings__language=language), language
    assert not Job.objects.filter(parked_at__isnull=False)
    assert not OutgoingMail.objects.filter(state="failed")
    while rolling.roll(monday):
        pass
    lead = Agent.objects.get(email="emil@fairfield.example")
    today = day_of(monday, rolling.zone())
    for days in (30, 90):
        asked = Asked(Period(today - timedelta(days=days - 1), today), lead, monday)
        assert fresh.wrong(asked) == []


def _priorities_differ():
    """As on a real desk: a key account raises few of them, and a person overruled one and said why."""
    unresolved = Problem.objects.exclude(state="resolved")
    assert {1, 2, 4} <= set(unresolved.values_list("priority", flat=True))
    assert unresolved.exclude(priority_by="").exclude(priority_reason="").exists()
    open_ones = Report.objects.exclude(state="closed")
    raised = [one.number for one in open_ones if "key_account" in dict(one.priority_why.get("reasons", []))]
    assert len(raised) * 5 < open_ones.count()


def _every_state_is_there(now):
    """On its first day, whatever else chance brings: each view holds something and each ring is seen."""
    dora = Agent.objects.get(email="dora@fairfield.example")
    every = Report.objects.all()
    assert {"kept", "open", "paused", "withdrawn"} <= set(Promise.objects.values_list("state", flat=True))
    assert {"running", "at_risk", "broken", "paused"} <= set(every.values_list("owed_state", flat=True))
    assert every.filter(reopened_count__gt=0).exclude(state="closed").exists()
    assert {"received", "investigating", "cause_found", "fixing", "solved", "closed"} <= set(
        every.values_list("state", flat=True)
    )
    assert {"asked_back", "handed_back", "solved"} <= set(Escalation.objects.values_list("state", flat=True))
    for query in (
        "state:open waiting:reporter",
        "state:open owed:paused",
        "state:open owed:late",
        "state:open owed:at_risk",
        "snoozed:yes",
        "state:open reopened:yes",
        "state:open escalated:yes",
        "state:solved",
        "state:closed",
        "state:open assignee:none",
    ):
        assert queries.count(dora, query, now=now), query


def test_the_first_day_shows_every_state_on_a_weekend_night_too(monday, settings, tmp_path):
    settings.DATA_DIR = settings.FILES_DIR = tmp_path
    night = monday + timedelta(days=5, hours=17)
    seed(night, count=4)
    _every_state_is_there(night)
