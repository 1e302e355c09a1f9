"""What is typed survives a closed tab, and is gone once it was sent or thrown away."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.people.models import Agent
from makegood.life.reports import conversation
from makegood.life.reports.models import Draft, KeptForm, Message, Report
from tests.cast import PASSWORD
from tests.journeys.desk import report_of

pytestmark = pytest.mark.journey

WHAT = "The claims page stays white.\nSince this morning."


@pytest.fixture
def report(desk):
    return report_of(desk.ana, 1, timezone.now(), team=desk.desk, category="error-message")


def reopened(page, address):
    """The tab is closed and another one opened, as a person does."""
    context = page.context
    page.close()
    other = context.new_page()
    other.goto(address)
    return other


def test_a_call_survives_a_closed_tab_whatever_was_typed_last(signed_in, desk):
    page = signed_in("dora")
    page.goto("/console/phone/")
    page.get_by_label("Name", exact=True).fill("Gus Green")
    page.locator("#phone-number").fill("+49 30 999")
    page.locator("#what").press_sequentially(WHAT, delay=5)
    page.get_by_label("They found another way").check()
    # What is known is looked for at each pause; that is no reason to forget the call.
    expect(page.locator("[data-draft-state]")).to_contain_text("Kept")
    page = reopened(page, "/console/phone/")
    expect(page.locator("#what")).to_have_value(WHAT)
    expect(page.locator("#name")).to_have_value("Gus Green")
    expect(page.locator("#phone-number")).to_have_value("+49 30 999")
    expect(page.get_by_label("They found another way")).to_be_checked()

    # Fields alone are kept as well, also when the tab is closed at once.
    page.locator("#name").fill("Gustav Green")
    page = reopened(page, "/console/phone/")
    expect(page.locator("#name")).to_have_value("Gustav Green")

    page.locator(".banner").get_by_role("button", name="Start anew").click()
    expect(page.locator("#what")).to_have_value("")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#what")).to_have_value(WHAT)
    page.get_by_role("button", name="Save the report").click()
    expect(page.get_by_role("heading", name="Your number is")).to_be_visible()
    page.goto("/console/phone/")
    expect(page.locator("#what")).to_have_value("")
    expect(page.get_by_role("button", name="Start anew")).to_have_count(0)
    assert not KeptForm.objects.exists()


def test_two_tabs_on_one_reply_hold_the_same_words_and_overwrite_nothing(signed_in, report):
    page = signed_in("dora")
    address = f"/console/reports/{report.pk}/"
    other = page.context.new_page()
    for one in (page, other):
        one.goto(address)
    page.locator("#composer-body").press_sequentially("We have found it.", delay=5)
    expect(other.locator("#composer-body")).to_have_value("We have found it.")
    other.locator("#composer-body").press_sequentially(" It was us.", delay=5)
    expect(page.locator("#composer-body")).to_have_value("We have found it. It was us.")
    page.locator("#composer-body").press_sequentially(" Sorry.", delay=5)
    expect(page.locator("#composer [data-draft-state]")).to_contain_text("Kept")
    page.close()
    other.close()
    assert Draft.objects.get().body == "We have found it. It was us. Sorry."


def test_a_reply_that_was_looked_at_survives_a_closed_tab(signed_in, report):
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    page.locator("#composer-body").fill("We have found it.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#composer")).to_contain_text("will read")
    page = reopened(page, f"/console/reports/{report.pk}/")
    expect(page.locator("#composer-body")).to_have_value("We have found it.")
    page.locator("#composer").get_by_role("button", name=re.compile("^Send Ctrl")).click()
    expect(page.locator(".timeline")).to_contain_text("We have found it.")
    expect(page.locator("#composer-body")).to_have_value("")
    page = reopened(page, f"/console/reports/{report.pk}/")
    expect(page.locator("#composer-body")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_solution_survives_a_closed_tab_and_a_stop(signed_in, report):
    page = signed_in("dora")
    address = f"/console/reports/{report.pk}/solve/"
    page.goto(address)
    page.locator("#s-cause").fill("The disk was full.")
    page = reopened(page, address)
    expect(page.locator("#s-cause")).to_have_value("The disk was full.")
    page.locator("#s-solution").fill("We made room.")
    emil = Agent.objects.get(name__startswith="Emil")
    conversation.note(Report.objects.get(pk=report.pk), "It is not solved yet.", by=emil.actor, at=timezone.now())
    page.get_by_role("button", name="Solved: tell them").click()
    expect(page.get_by_role("alert")).to_contain_text("It is not solved yet.")
    expect(page.locator("#s-solution")).to_have_value("We made room.")
    page.get_by_role("button", name="Go on anyway").click()
    expect(page.locator(".toast")).to_contain_text("Solved.")
    page.goto(address)
    expect(page.locator("#s-cause")).to_have_value("")


def test_the_words_of_a_dialog_survive_and_it_stops_for_what_came_in_since_it_was_opened(signed_in, report):
    emil = Agent.objects.get(name__startswith="Emil")
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    conversation.note(Report.objects.get(pk=report.pk), "Read before.", by=emil.actor, at=timezone.now())
    page.reload()
    page.evaluate("document.querySelector('[data-dialog=close]').click()")
    page.locator("#close-words").fill("Thank you for telling us.")
    page = reopened(page, f"/console/reports/{report.pk}/")
    page.evaluate("document.querySelector('[data-dialog=close]').click()")
    expect(page.locator("#close-words")).to_have_value("Thank you for telling us.")
    page.locator("#close").get_by_label("The reporter took it back").check()
    conversation.note(Report.objects.get(pk=report.pk), "Not yet!", by=emil.actor, at=timezone.now())
    page.get_by_role("button", name="Close it").click()
    expect(page.locator("#close").get_by_role("alert")).to_contain_text("Not yet!")
    expect(page.locator("#close").get_by_role("alert")).not_to_contain_text("Read before.")
    expect(page.locator("#close-words")).to_have_value("Thank you for telling us.")
    page.get_by_role("button", name="Close it").click()
    expect(page.locator("#report-head")).to_contain_text("closed")
    assert Message.objects.filter(report=report, body__contains="Thank you for telling us.").exists()


def test_signed_in_again_in_another_tab_the_first_one_goes_on(signed_in, desk, report):
    """The toast's link leaves the page where it is, and its form is good for the new session."""
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    page.keyboard.press("r")
    page.locator("#composer-body").fill("We look into it.")
    page.context.clear_cookies(name="mg_session")
    page.keyboard.press("Control+Enter")
    link = page.locator(".toast").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("target", "_blank")
    with page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.get_by_label("E-mail address").fill(desk.dora.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other).to_have_url(re.compile(f"/console/reports/{report.pk}/"))
    expect(page.locator("#composer-body")).to_have_value("We look into it.")
    page.locator("#composer-body").press("Control+Enter")
    expect(page.locator(".entry__body").filter(has_text="We look into it.")).to_be_visible()
    assert Message.objects.filter(body__contains="We look into it.", is_internal=False).count() == 1
