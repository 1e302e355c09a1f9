"""Keyboard alone through the forms of the console: the error takes the focus, its link leads into the field, and on."""

import pytest
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare.models import FollowUp
from makegood.life.escalation.models import Escalation
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey
FOCUSED = "document.activeElement.id || document.activeElement.name"


@pytest.fixture
def report(desk):
    return file_report(desk, timezone.now())


def test_an_empty_phone_form_leads_to_what_is_missing(signed_in, desk, check_axe):
    page = signed_in("dora")
    page.goto("/console/phone/")
    page.get_by_label("Find the caller").wait_for()
    page.get_by_role("button", name="Save the report").focus()
    page.keyboard.press("Enter")
    page.locator("[data-error-summary]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "what"
    check_axe(page)


def test_a_follow_up_is_kept_by_keyboard_after_a_slip(signed_in, report, desk):
    aftercare.solve(report, cause="c", solution="s", by=desk.dora.actor, at=timezone.now())
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/follow-up/")
    page.get_by_label("What they said").focus()
    page.keyboard.type("All is well")
    page.keyboard.press("Control+Enter")
    page.locator("[data-error-summary]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "outcome"
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/reports/{report.pk}/")
    kept = FollowUp.objects.get()
    assert (kept.outcome, kept.notes) == ("works", "All is well")


def test_an_escalation_is_made_by_keyboard_after_a_slip(signed_in, report, desk):
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    page.keyboard.press("e")
    page.wait_for_url("**/escalate/")
    page.locator("#e-team:focus").wait_for()
    page.keyboard.press("P")
    page.get_by_label("Words to the technical team").focus()
    page.keyboard.press("Control+Enter")
    page.locator("[data-error-summary]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "e-reason"
    page.keyboard.type("Nobody can pay since noon.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/reports/{report.pk}/")
    assert Escalation.objects.get().team == desk.platform
