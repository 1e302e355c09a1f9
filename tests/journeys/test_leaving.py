"""Going back from a report, screens that keep still under the hand, and keys that send nothing by mistake."""

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
    page.wait_for_load_state()  # keys are heard from then on
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
    expect(page.locator("#composer [data-draft-state]")).to_contain_text("Kept")
    assert buttons.evaluate_all(places) == before
    kept = page.locator("#composer [data-draft-state]")
    assert kept.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_triage_opens_at_its_answer(signed_in, reports):
    page = signed_in("dora", height=500)
    page.goto(f"/console/reports/{reports[0].pk}/triage/")
    page.wait_for_load_state()
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.activeElement === document.body")


def test_the_caller_is_found_by_keys_alone(signed_in, desk):
    page = signed_in("dora")
    page.goto("/console/phone/")
    field = page.locator("#caller")
    field.press_sequentially("an")
    expect(page.locator("#callers a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#callers') !== null")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()

    field.fill("")
    field.press_sequentially(desk.ana.name)
    page.keyboard.press("Enter")  # The matches are still on their way.
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_value(desk.ana.name)
    assert page.url.endswith("/console/phone/")

    field.fill("")
    field.press_sequentially("nobody of that name")
    page.keyboard.press("Enter")
    expect(page.locator("#callers")).to_contain_text("Nobody known by that")
    assert page.url.endswith("/console/phone/")
    expect(page.locator("#name")).to_have_value(desk.ana.name)


def test_a_tablet_says_the_state_and_shows_the_whole_rail(signed_in, reports):
    page = signed_in("ada", width=768, height=900)
    page.goto("/console/queue/")
    icon = page.locator(".row__state .icon").first
    expect(icon).to_be_visible()
    assert icon.bounding_box()["width"] >= 14
    assert page.locator(".row__state .cut").first.text_content() == "received"
    assert page.locator("#rail").evaluate("one => one.scrollHeight <= one.clientHeight")
    sides = page.locator(".rail__link .icon").evaluate_all("all => all.map(one => one.getBoundingClientRect().x)")
    assert len(set(sides)) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
