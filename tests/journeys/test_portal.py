"""Ana at her phone: reports without scripts, with scripts, by keyboard; loses nothing, sends once."""

import re

import pytest
from playwright.sync_api import expect

from makegood.life.intake.models import FormDraft
from makegood.life.reports.models import Report

pytestmark = pytest.mark.journey
WORDS = "I cannot sign in. The code never arrives."
# A picture on the clipboard, as a browser hands it over when somebody pastes.
PASTE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 20 });
  canvas.getContext("2d").fillRect(0, 0, 40, 20);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const carrier = new DataTransfer();
  carrier.items.add(new File([blob], "image.png", { type: "image/png" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carrier, bubbles: true }));
}"""


def go_on(page):
    page.get_by_role("button", name="Continue").click()


def to_the_end(page):
    page.goto("/report/what/")
    page.get_by_label("What happened?").fill(WORDS)
    go_on(page)
    page.locator("#id_category_unsure").check()
    for _page in ("kind", "where", "doing", "how-bad", "pictures"):
        go_on(page)
    page.get_by_label("E-mail address", exact=True).fill("ana@example.org")
    go_on(page)


def test_ana_reports_at_phone_size_without_scripts(new_page, desk):
    page = new_page(width=360, mode="dark", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Report an error").click()
    go_on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("What happened?").fill(WORDS)
    go_on(page)
    page.locator("#id_category_0").check()
    go_on(page)
    page.goto("/report/pictures/")
    page.set_input_files("#id_files", {"name": "shot.txt", "mimeType": "text/plain", "buffer": b"log"})
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("shot.txt").first).to_be_visible()
    page.goto("/report/reach/")
    page.get_by_label("E-mail address", exact=True).fill("ana@example.org")
    go_on(page)
    page.get_by_role("button", name="Send the report").click()
    report = Report.objects.get()
    expect(page.get_by_text(report.number, exact=True)).to_be_visible()
    expect(page.get_by_text("You hear from us by")).to_be_visible()
    assert report.attachments.get().name == "shot.txt"


def test_the_summary_takes_the_focus_and_leads_to_the_field(page, desk, check_axe):
    page.goto("/report/what/")
    go_on(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check_axe(page)
    page.get_by_role("link", name="Tell us in your own words").click()
    expect(page.locator("#id_what")).to_be_focused()


def test_half_a_sentence_survives_a_reload(page, desk):
    page.goto("/report/what/")
    page.get_by_label("What happened?").press_sequentially("The page sh")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    assert FormDraft.objects.get().data["what"] == "The page sh"
    page.reload()
    expect(page.get_by_label("What happened?")).to_have_value("The page sh")


def test_a_pasted_picture_is_added_shown_and_removed(page, desk, check_axe):
    page.goto("/report/what/")
    page.get_by_label("What happened?").fill(WORDS)
    go_on(page)
    page.goto("/report/pictures/")
    page.evaluate(PASTE)
    expect(page.locator("li.file:not(.is-busy) img")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("li.file")).to_have_count(0)
    expect(page.locator("#id_files")).to_be_focused()
    assert not FormDraft.objects.get().files.exists()


def test_two_quick_clicks_send_one_report_and_nothing_stays_behind(page, desk):
    to_the_end(page)
    page.get_by_role("button", name="Send the report").dblclick()
    expect(page.get_by_text("Your number")).to_be_visible()
    assert Report.objects.count() == 1
    page.go_back()
    expect(page.get_by_text("Your number")).to_be_visible()
    page.goto("/report/what/")
    expect(page.get_by_label("What happened?")).to_have_value("")


def test_the_whole_form_by_keyboard_alone(page, desk):
    page.goto("/report/what/")
    page.locator("#id_what").focus()
    page.keyboard.type(WORDS)
    for _tab in range(2):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Continue":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Which of these comes closest?")).to_be_visible()
    page.locator("#id_category_0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where and when did it happen?")).to_be_visible()


def test_times_are_told_in_the_zone_of_the_reader(new_page, desk):
    page = new_page(timezone_id="America/New_York")
    to_the_end(page)
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".news")).to_contain_text("New York time")
