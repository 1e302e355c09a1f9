"""Finding something by keyboard alone: the box, the hits, the message a hit stands in."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.reports import conversation
from tests.journeys.desk import work
from tests.life.case import file_report

pytestmark = pytest.mark.journey


@pytest.fixture
def said(desk):
    now = timezone.now()
    report = file_report(desk, now)
    said = conversation.say(report, "I tried Firefox and <b>nothing</b> else.", by=desk.ana.actor, at=now)
    work(now)
    return said


def test_from_the_slash_to_the_message_without_a_mouse(signed_in, said, check_axe):
    page = signed_in("dora")
    page.goto("/console/queue/")
    page.keyboard.press("/")
    page.keyboard.type("firefox nothing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/search/?q=firefox+nothing")
    expect(page.locator(".found mark")).to_have_text(["Firefox", "nothing"])
    expect(page.locator("#search-tabs .count").first).to_have_text("1")
    check_axe(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/?at={said.key}#m-{said.key}")
    expect(page.locator(f"#m-{said.key}")).to_be_in_viewport()


def test_the_filter_of_a_list_has_a_key_of_its_own(signed_in, said):
    page = signed_in("dora")
    page.goto("/console/queue/")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.id") == "q"
