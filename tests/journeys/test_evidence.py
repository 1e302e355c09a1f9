"""Evidence by keyboard: along the time, a lane left out, and what is shown copied."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.life.reports import conversation
from tests.doors.console.report_cast import file_report
from tests.doors.console.test_evidence_line import add_picture

pytestmark = pytest.mark.journey


@pytest.fixture
def report(desk):
    at = timezone.now() - timedelta(hours=3)
    found = file_report(desk, at)
    add_picture(found, desk.ana.actor, at + timedelta(minutes=20))
    conversation.say(found, "It came back.", by=desk.ana.actor, at=at + timedelta(minutes=40))
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_one_goes_along_the_time_by_arrow_keys(signed_in, report, check_axe, mode):
    page = signed_in("dora", mode=mode)
    page.goto(f"/console/reports/{report.pk}/evidence/")
    slider = page.get_by_label("Move along the time")
    slider.focus()
    here = page.locator(".moment-row[aria-current=step]")
    page.keyboard.press("End")
    assert "It came back." in here.inner_text()

    page.keyboard.press("ArrowLeft")
    assert "screen.png" in here.inner_text()
    assert "screen.png" in slider.get_attribute("aria-valuetext")
    assert page.locator(".moment-row.is-later").count() == 1
    page.keyboard.press("Home")
    assert page.locator(".moment-row.is-later").count() >= 2
    check_axe(page)


def test_a_lane_is_left_out_and_the_rest_is_copied(signed_in, report):
    page = signed_in("dora")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/console/reports/{report.pk}/evidence/")
    for lane in ("What was done", "Promises", "What was said"):
        box = page.locator("#evidence-line").get_by_role("checkbox", name=lane)
        if box.count():
            box.uncheck()
    assert page.locator(".moment-row:visible").count() == 1
    page.get_by_role("button", name="Copy what is shown").click()
    page.locator(".toast").get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "screen.png" in copied
    assert "It came back" not in copied


def test_it_is_a_plain_list_without_scripts(signed_in, report):
    page = signed_in("dora", java_script_enabled=False)
    page.goto(f"/console/reports/{report.pk}/evidence/?show=files")
    assert page.locator(".moment-row:visible").count() == 1
    assert page.get_by_label("Move along the time").is_hidden()
