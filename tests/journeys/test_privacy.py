"""Ada erases Ana, who asked for it, with the keyboard alone; Emil takes one message out of a report."""

import re

import pytest
from playwright.sync_api import expect

from makegood.life.people.models import Contact
from makegood.life.privacy.models import Erasure
from tests.journeys.desk import work
from tests.life.case import file_report

pytestmark = pytest.mark.journey


@pytest.fixture
def report(desk):
    from django.utils import timezone

    now = timezone.now()
    report = file_report(desk, now)
    work(now)
    return report


def test_a_person_is_counted_erased_and_certified(report, desk, signed_in, check_axe):
    from datetime import timedelta

    from django.utils import timezone

    page = signed_in("ada")
    page.goto("/console/setup/privacy/")
    page.get_by_label("Name, address, phone or member number").fill("ana@example.org")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ana Alvarez").press("Enter")
    expect(page.get_by_role("heading", name="What we hold of them")).to_be_visible()
    check_axe(page)
    why, typed = page.locator("#erase-reason"), page.locator("#erase-typed")
    why.fill("Letter of 12 November")
    typed.fill("somebody@example.org")
    page.keyboard.press("Enter")
    expect(page.locator("#erase-typed-error")).to_be_visible()
    expect(why).to_have_value("Letter of 12 November")
    typed.fill("ana@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A person is being erased")).to_be_visible()
    for second in range(40):
        work(timezone.now() + timedelta(seconds=second))
    assert Erasure.objects.get().state == "done"
    page.reload()
    expect(page.get_by_role("heading", name="Certificate of erasure")).to_be_visible()
    check_axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert re.fullmatch(r"erasure-\w+\.pdf", download.value.suggested_filename)
    assert Contact.objects.get(pk=desk.ana.pk).email is None
    page.goto(f"/console/reports/{report.pk}/")
    expect(page.get_by_role("heading", name="[erased]")).to_be_visible()


def test_one_message_is_taken_out_with_the_reason(report, signed_in, check_axe):
    page = signed_in("emil")
    page.goto(f"/console/reports/{report.pk}/")
    page.get_by_role("link", name=re.compile("Take out")).first.press("Enter")
    expect(page.get_by_text("The claims page shows error 500.").first).to_be_visible()
    check_axe(page)
    page.locator("#redact-reason").fill("Health data")
    page.get_by_role("button", name="Take it out for good").press("Enter")
    expect(page.get_by_text("“Health data”")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("The claims page shows error 500.")
