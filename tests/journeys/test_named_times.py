"""A time in the words that is not the promise's: one press promises it, or says that what is promised is meant."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.reports.models import Message
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey


def test_words_and_promise_are_brought_together_with_one_press(desk, signed_in, check_axe):
    report = file_report(desk, timezone.now())
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    for words, offer in (
        ("I will call you in 30 days.", "Promise "),
        ("You will hear from us in a few days.", "Yes, "),
    ):
        page.locator("#composer-body").fill(words)
        page.get_by_role("button", name="Send", exact=False).last.click()
        expect(page.get_by_role("alert")).to_contain_text("Not sent.")
        expect(page.locator("#composer-body")).to_have_value(words)
        check_axe(page)
        page.get_by_role("button", name=offer).click()
        expect(page.locator("#composer-body")).to_have_value("")
        assert Message.objects.filter(report=report).latest("id").body.startswith(words)
