"""Two people on one report, and ten seconds to think again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.people.models import Agent
from makegood.life.reports.models import Message, OutgoingMail
from tests.doors.console.report_cast import file_report
from tests.journeys.desk import report_of, work

pytestmark = pytest.mark.journey


@pytest.fixture
def report(desk):
    return report_of(desk.ana, 1, timezone.now(), team=desk.desk, category="error-message")


def write(page, words) -> None:
    page.locator("#composer-body").fill(words)


def send(page) -> None:
    page.locator("#composer").get_by_role("button", name="Send", exact=False).last.click()


def said(report) -> list[str]:
    return list(
        Message.objects.filter(report=report, said_by="agent", withdrawn_at=None).values_list("body", flat=True)
    )


def test_whoever_sends_second_is_stopped_and_sees_what_came_in(signed_in, report):
    dora, emil = signed_in("dora"), signed_in("emil")
    for page in (dora, emil):
        page.goto(f"/console/reports/{report.pk}/")
    write(dora, "We have found it.")
    write(emil, "Could you try again, please?")
    send(dora)
    expect(dora.locator(".timeline")).to_contain_text("We have found it.")
    send(emil)
    expect(emil.locator("#composer")).to_contain_text("Not sent: this came in while you were writing.")
    expect(emil.locator("#composer .banner")).to_contain_text("We have found it.")
    expect(emil.locator("#composer-body")).to_have_value("Could you try again, please?")
    assert len(said(report)) == 1
    emil.get_by_role("button", name="Send anyway").click()
    expect(emil.locator(".timeline")).to_contain_text("Could you try again, please?")
    assert len(said(report)) == 2


def test_a_reply_is_taken_back_within_ten_seconds_and_never_leaves(signed_in, report, desk):
    dora = signed_in("dora")
    dora.goto(f"/console/reports/{report.pk}/")
    write(dora, "Dear Anna, we have found it.")
    send(dora)
    toast = dora.locator(".toast", has_text="in 10 seconds")
    expect(toast).to_be_visible()
    waiting = OutgoingMail.objects.filter(to_email=desk.ana.email, purpose="reply")
    assert waiting.get().send_after > waiting.get().made_at
    toast.get_by_role("button", name="Undo").click()
    expect(dora.locator("#composer-body")).to_have_value(re.compile("Dear Anna"))
    assert said(report) == []
    work(timezone.now() + timedelta(minutes=1))
    assert not waiting.filter(sent_at__isnull=False).exists()


def test_a_note_never_reaches_the_reporters_page(signed_in, new_page, report, desk):
    from makegood.life.people.actors import SYSTEM
    from makegood.life.reports import access

    dora = signed_in("dora")
    dora.goto(f"/console/reports/{report.pk}/?mode=note")
    write(dora, "NOTESENTINEL she sounded upset.")
    dora.keyboard.press("Control+Enter")
    expect(dora.locator(".timeline")).to_contain_text("NOTESENTINEL")
    ana = new_page(width=390)
    ana.goto(f"/r/{access.make_link(report, desk.ana, by=SYSTEM, at=timezone.now())}/")
    expect(ana.get_by_role("heading", name="Our conversation")).to_be_visible()
    assert "NOTESENTINEL" not in ana.content()


def test_single_keys_can_be_switched_off_on_the_report(signed_in, report):
    dora = signed_in("dora")
    Agent.objects.filter(email__startswith="dora").update(preferences={"keys": "off"})
    dora.goto(f"/console/reports/{report.pk}/")
    dora.keyboard.press("e")
    dora.keyboard.press("n")
    expect(dora).to_have_url(f"{dora.url.split('/console')[0]}/console/reports/{report.pk}/")
    expect(dora.locator("#composer-body")).not_to_be_focused()


def test_a_composer_made_larger_stays_so_and_breaks_no_rule(signed_in, desk):
    """Whoever drags the field larger leaves a style on it; the page's policy must not be asked to carry it over."""
    report = file_report(desk, timezone.now())
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    area = page.locator("#composer-body")
    area.evaluate("area => area.style.height = '260px'")
    page.keyboard.press("n")
    page.locator("form.composer--note").wait_for()
    assert area.bounding_box()["height"] >= 250
    # A complaint of the browser's console would fail this test (conftest.new_page).
