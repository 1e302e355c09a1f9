"""Solved, yes, two of five with words: the lead reads why, calls with the keyboard alone, and says what came of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.aftercare.models import Csat, FollowUp, Recovery
from makegood.life.people.models import Contact
from makegood.life.reports.models import OutgoingMail, Report
from tests.journeys.desk import link_in, work
from tests.life.aftercare.after import solved

pytestmark = pytest.mark.journey


@pytest.fixture
def report(desk):
    """Ana's report was solved two days ago; her mail about it is out. She likes the telephone."""
    then = timezone.now() - timedelta(days=8)
    Contact.objects.filter(pk=desk.ana.pk).update(preferred_way="phone", phone="+49 30 1234")
    found = solved(desk, then)
    work(then)
    return found


def test_from_two_stars_to_a_call_that_made_good(report, desk, signed_in, new_page, check_axe):
    ana = new_page(width=360)
    ana.goto(link_in(OutgoingMail.objects.filter(report=report, purpose="reply").latest("id")))
    expect(ana.get_by_role("heading", name="How well were you looked after?")).to_have_count(0)
    ana.get_by_role("button", name="Yes, it works").click()
    expect(ana.get_by_role("heading", name="How well were you looked after?")).to_be_visible()
    check_axe(ana)
    ana.get_by_role("button", name="Badly", exact=True).click()
    expect(ana.get_by_text("Your answer: Badly.")).to_be_visible()
    ana.get_by_label("How quick you were").check()
    ana.get_by_label("What should we have done better?").fill("Nobody called back. A waste of time.")
    ana.get_by_label("3", exact=True).check()
    check_axe(ana)
    ana.get_by_role("button", name="Send").click()
    expect(ana.get_by_text("A waste of time.")).to_be_visible()
    row = Csat.objects.get()
    assert (row.score, row.reasons, row.effort) == (2, ["speed"], 3)
    work(timezone.now())

    emil = signed_in("emil")
    emil.goto("/console/calls/")
    expect(emil.get_by_text("unhappy", exact=True)).to_be_visible()
    check_axe(emil)
    emil.locator(".call", has_text="unhappy").get_by_role("link", name="Ana Alvarez").focus()
    emil.keyboard.press("Enter")
    expect(emil.get_by_text("They gave us 2 of 5.")).to_be_visible()
    expect(emil.get_by_text("“waste of time”")).to_be_visible()
    check_axe(emil)
    emil.get_by_label("What they said").fill("She waited on the line twice. Promised her my own number.")
    emil.get_by_label("How they feel about us now").select_option("4")
    emil.locator("h1").click()
    emil.keyboard.press("1")
    expect(emil.locator(".toast__text", has_text="Kept: what came of the call.")).to_be_visible()
    row = Recovery.objects.get()
    assert (row.outcome, row.score_after, row.is_open) == ("made_good", 4, False)

    # What comes next is Ana's follow-up: not reached, taken back, then reached.
    expect(emil).to_have_url(re.compile(r"/console/calls/\d+/"))
    emil.locator("h1").click()
    emil.keyboard.press("4")
    expect(emil.locator(".toast__text", has_text="Kept: not reached.")).to_be_visible()
    emil.get_by_role("button", name="Undo").click()
    expect(emil.locator(".toast__text", has_text="Taken back.")).to_be_visible()
    assert not FollowUp.objects.exists()
    emil.goto("/console/calls/")
    emil.get_by_role("link", name="Ana Alvarez").focus()
    emil.keyboard.press("Enter")
    expect(emil.get_by_text("They have told us that it works.")).to_be_visible()
    emil.locator("h1").click()
    emil.keyboard.press("1")
    expect(emil.get_by_text("Nobody waits for a call today")).to_be_visible()
    assert Report.objects.get(pk=report.pk).state == "closed"


def test_the_screens_in_both_modes(report, desk, signed_in, check_axe):
    emil = signed_in("emil")
    places = ("/console/feedback/", "/console/feedback/answers/", "/console/calls/letters/", "/console/setup/feedback/")
    for place in places:
        emil.goto(place)
        check_axe(emil)
    dark = signed_in("emil", mode="dark", width=360)
    for place in ("/console/calls/", *places):
        dark.goto(place)
        check_axe(dark)
        assert dark.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
