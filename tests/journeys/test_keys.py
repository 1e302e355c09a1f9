"""What the keys and the palette reach: each key agreed upon, and everything that stands in a menu."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.reports.models import SavedView
from tests.journeys.desk import report_of

pytestmark = pytest.mark.journey

# What a page offers by a menu or a command, in the words it shows.
OFFERED = """() => [...document.querySelectorAll("details[data-menu] :is(a, button).menu__item:not(:disabled)")]
  .filter((item) => !item.closest("[hidden]") && !item.closest("#palette"))
  .map((item) => item.dataset.command ? `command ${item.dataset.command}` : (item.dataset.label ??
    [...item.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("")
      .replace(/\\s+/g, " ").trim()))"""


@pytest.fixture
def report(desk):
    return report_of(desk.ana, 1, timezone.now(), team=desk.desk, category="error-message")


def palette(page) -> set[str]:
    page.keyboard.press("Control+k")
    found = page.locator("#palette [role=option] .cut:first-child").all_text_contents()
    page.keyboard.press("Escape")
    return set(found)


def test_everything_in_the_menus_is_in_the_palette(signed_in, report, desk):
    view = SavedView.objects.create(name="Mine", query="state:open", agent=desk.dora)
    page = signed_in("dora")
    keymap = None
    for address in ("/console/queue/", f"/console/queue/?view=s{view.pk}", f"/console/reports/{report.pk}/"):
        page.goto(address)
        keymap = keymap or {c["name"]: c["label"] for c in page.evaluate("JSON.parse(keymap.textContent)")}
        offered = {
            keymap[words.removeprefix("command ")] if words.startswith("command ") else words
            for words in page.evaluate(OFFERED)
        }
        assert len(offered) > 5, address
        assert offered - palette(page) == set(), address


@pytest.mark.parametrize(
    ("keys", "place"), [("gd", "insights"), ("gs", "status"), ("gu", "setup"), ("gk", "knowledge"), ("gt", "queue")]
)
def test_two_keys_go_where_they_say(signed_in, keys, place):
    page = signed_in("emil")
    page.goto("/console/escalations/")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(re.compile(f"/console/{place}/"))
    if keys == "gt":
        assert "team%3Amine" in page.url or "team:mine" in page.url


def test_shift_and_ctrl_enter_sends_and_waits(signed_in, report):
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    page.locator("#composer-body").fill("Could you try once more?")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".timeline")).to_contain_text("Could you try once more?")
    report.refresh_from_db()
    assert report.waiting_for_reporter
