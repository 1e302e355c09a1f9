"""Nobody acts, time passes: each rung is climbed once, each person is called once, and Ana is told honestly."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from makegood.life.escalation import actions as escalations
from makegood.life.escalation.models import Page
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.cast import MONDAY
from tests.journeys.desk import fresh, report_of
from tests.journeys.story import Story

pytestmark = pytest.mark.journey
# Acceptance of a critical escalation is due after 5 minutes: what happens in which minute (promises/defaults.py).
ACCEPTANCE = [
    (4, "at_risk", ""),
    (5, "broken", ""),
    (5, "rung", "backup"),
    (10, "rung", "lead"),
    (20, "rung", "manager"),
    (30, "rung", "executive"),
]


@pytest.fixture
def story(browser, signed_in, new_page, desk):
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield Story(traveller, MONDAY, signed_in, new_page)


def test_every_rung_is_climbed_once_and_everybody_can_see_it(story, desk):
    report = report_of(desk.ana, 1, MONDAY, team=desk.desk, category="error-message", hindrance="blocked")
    escalations.escalate(report, by=desk.dora.actor, at=MONDAY, team=desk.platform, severity="critical", reason="All.")
    story.later(seconds=15)
    assert called(desk.eve) == ["duty"]
    accept = Promise.objects.get(report=report, kind="accept")

    # Minute by minute; the worker looks twice each time, as two workers would.
    for minute in range(1, 36):
        story.at(MONDAY + timedelta(minutes=minute))
        story.later(seconds=1)
        due = [(kind, whom) for at, kind, whom in ACCEPTANCE if at <= minute]
        assert climbed(accept) == due, minute
    assert called(desk.emil) == ["backup", "lead"]
    assert called(desk.ada) == ["manager", "executive"]
    assert called(desk.eve) == ["duty"]

    # Ana was promised news within two hours of the escalation: late, she is told so, with a new time.
    news = Promise.objects.filter(report=report, kind="next_update").earliest("due_at")
    story.at(news.due_at + timedelta(seconds=1))
    story.later(seconds=11)
    honest = story.newest_mail(desk.ana, "apology")
    assert "are late. That is on us" in honest.text
    ana = story.reporter(width=390, height=844)
    story.open_link(ana, honest)
    expect(ana.locator(".timeline")).to_contain_text("are late. That is on us, and we are sorry.")
    expect(ana.locator(".news")).to_be_visible()

    # A lead sees who was told, on the view of promises and on the report; the technical queue shows it too.
    emil = story.staff("emil", width=1440, height=1000)
    emil.goto("/console/promises/")
    row = emil.locator("tr", has_text=report.number).filter(has_text="Acceptance by the technical team")
    expect(row).to_contain_text("rung 4")
    expect(row).to_contain_text("Emil Ek")
    expect(row).to_contain_text("Ada Adeyemi")
    emil.goto(f"/console/reports/{report.pk}/")
    timeline = emil.locator(".timeline")
    for words in ("the backup on duty", "the lead", "the manager", "the executive"):
        entry = f"Acceptance by the technical team is late, so {words} was told"
        expect(timeline.get_by_text(entry)).to_have_count(1)
    expect(timeline.get_by_text("At risk: Acceptance by the technical team")).to_have_count(1)
    expect(timeline.get_by_text("Late: Acceptance by the technical team was due")).to_have_count(1)
    expect(timeline.get_by_text("said honestly that we are late")).to_have_count(1)
    emil.goto("/console/escalations/?whose=all")
    expect(emil.locator(".escalation", has_text=report.number)).to_contain_text("late")
    emil.goto("/console/queue/?view=late")
    expect(emil.locator(f"#row-{report.pk}")).to_be_visible()

    # Two more days of nothing: still something is owed to her, and nothing was ever done twice.
    for hours in range(1, 49, 3):
        story.at(news.due_at + timedelta(hours=hours))
    assert Promise.objects.filter(report=report, kind="next_update", state__in=Promise.PENDING).exists()
    assert fresh(report).owed_state == "broken"
    steps = PromiseStep.objects.filter(promise__report=report, kind__in=["at_risk", "broken", "rung"])
    assert most_common(steps.values_list("promise", "timing", "kind", "number")) == 1
    assert most_common(LedgerEntry.objects.filter(kind="apology.queued").values_list("key")) == 1
    apologies = LedgerEntry.objects.filter(kind="apology.queued").count()
    assert OutgoingMail.objects.filter(purpose="apology", to_email=desk.ana.email).count() == apologies
    assert most_common(Page.objects.values_list("promise", "whom", "name", "channel")) == 1


def most_common(rows) -> int:
    return Counter(rows).most_common(1)[0][1]


def climbed(promise) -> list[tuple[str, str]]:
    steps = promise.steps.filter(kind__in=["at_risk", "broken", "rung"]).order_by("id")
    return [(step.kind, step.data.get("whom", "")) for step in steps]


def called(agent) -> list[str]:
    """As whom somebody was called by mail, in order, as far as it has left."""
    pages = Page.objects.filter(agent=agent, promise__kind="accept", mail__sent_at__isnull=False)
    return list(pages.exclude(key__startswith="warn:").order_by("id").values_list("whom", flat=True))
