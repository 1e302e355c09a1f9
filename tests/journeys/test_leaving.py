"""Going back from a report, and screens that keep still under the hand."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey


@pytest.fixture
def reports(desk):
    at = timezone.now() - timedelta(hours=1)
    told = ["It fails. " * 3, "It hangs. " * 3, "It is empty. " * 3]
    return [file_report(desk, at + timedelta(minutes=n), what=what, key=f"k-{n}") for n, what in enumerate(told)]


@pytest.mark.parametrize("key", ["u", "Escape"])
def test_back_leads_to_the_row_one_left(signed_in, reports, key):
    page = signed_in("dora")
    page.goto("/console/queue/?q=state%3Aopen")
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.closest('.row').id")
    page.keyboard.press("Enter")
    page.locator("#composer").wait_for()
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile(r"/console/queue/\?q=state%3Aopen$"))
    page.wait_for_load_state()
    assert page.evaluate("document.activeElement.closest('.row')?.id") == row


def test_escape_first_leaves_the_field_and_closes_the_menu(signed_in, reports):
    page = signed_in("dora")
    address = f"/console/reports/{reports[0].pk}/"
    page.goto(address)
    page.locator("#composer-body").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#composer details")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("#composer details")).not_to_have_attribute("open", "")
    assert page.url.endswith(address)
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/console/queue/$"))


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_no_button_moves_when_the_draft_is_kept(signed_in, reports, width):
    page = signed_in("dora", width=width, height=900)
    page.goto(f"/console/reports/{reports[0].pk}/")
    buttons = page.locator("#composer button:visible, #composer summary:visible")
    places = "all => all.map(one => { const at = one.getBoundingClientRect(); return [at.x, at.y + scrollY]; })"
    page.locator("#composer-body").focus()
    before = buttons.evaluate_all(places)
    page.locator("#composer-body").press_sequentially("We are looking")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    assert buttons.evaluate_all(places) == before
    kept = page.locator("[data-draft-state]")
    assert kept.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_triage_opens_at_its_answer(signed_in, reports):
    page = signed_in("dora", height=500)
    page.goto(f"/console/reports/{reports[0].pk}/triage/")
    page.wait_for_load_state()
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.activeElement === document.body")
