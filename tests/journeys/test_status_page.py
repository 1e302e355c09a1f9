"""A problem is made public, everybody reads it, a reader hears of it once, it is solved, the reader has had enough."""

import re
import urllib.request

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.problems import actions as problems
from makegood.life.reports.models import OutgoingMail
from makegood.life.statuspage import components
from makegood.life.statuspage.models import Subscriber
from tests.journeys.desk import mails_to, work
from tests.journeys.test_accessibility import look_around
from tests.life.statuspage.page import DAY, furnish, one_of_each

pytestmark = pytest.mark.journey
READER = "zoe@readers.example"


@pytest.fixture
def problem(desk):
    now = timezone.now()
    furnish(desk, now - DAY)
    one = problems.open_problem("Session keys differ", by=desk.emil.actor, at=now)
    problems.set_components(one, [components.every_component()[0][0]], by=desk.emil.actor, at=now)
    return one


def link_to(mail, word):
    return "/" + re.search(rf"https?://[^/]+/(status/{word}/[0-9a-z]+/)", mail.text)[1]


def test_from_the_first_word_to_the_last(problem, desk, site, signed_in, new_page):
    reader = new_page(width=360)
    reader.goto("/status/")
    expect(reader.get_by_role("heading", name="Everything works")).to_be_visible()
    reader.get_by_role("link", name="Get news").click()
    reader.get_by_label("Your e-mail address").fill(READER)
    reader.get_by_role("button", name="Ask me to confirm").click()
    expect(reader.get_by_role("heading", name="Look into your mail")).to_be_visible()
    work(timezone.now())
    (asked,) = mails_to(READER)
    reader.goto(link_to(asked, "confirm"))
    assert not Subscriber.objects.exists()
    reader.get_by_role("button", name="Yes, keep me informed").click()
    expect(reader.get_by_role("heading", name="You will hear from us")).to_be_visible()

    lead = signed_in("emil")
    lead.goto(f"/console/problems/{problem.number}/public/")
    lead.locator("#title-en").fill("Signing in fails")
    lead.locator("#text-en").fill("Some members are sent back to the start. We are looking into it.")
    lead.get_by_role("button", name="Publish").click()
    work(timezone.now())
    reader.goto("/status/")
    expect(reader.get_by_role("heading", name="Something works less well than it should")).to_be_visible()
    expect(reader.get_by_text("Some members are sent back to the start.")).to_be_visible()
    expect(reader.get_by_text("Next news by")).to_be_visible()
    assert len(mails_to(READER)) == 2

    lead.goto("/console/status/")
    lead.get_by_role("link", name="Signing in fails").first.focus()
    lead.keyboard.press("Enter")
    lead.locator("#text-en").fill("We found the keys.")
    lead.get_by_label("Signing in", exact=True).select_option("major_outage")
    lead.get_by_role("button", name="Tell it").press("Enter")
    expect(lead.get_by_text("Told. It goes out now.")).to_be_visible()
    work(timezone.now())
    reader.reload()
    expect(reader.locator(".state--broken")).to_have_text("Does not work")
    expect(reader.get_by_text("We found the keys.")).to_be_visible()

    lead.goto(f"/console/problems/{problem.number}/")
    lead.get_by_label("It is now").select_option("resolved")
    lead.get_by_text("the last word to the public").click()
    lead.get_by_label("Last news, English").fill("Signing in works again.")
    lead.get_by_role("button", name="Move", exact=True).click()
    expect(lead.locator("#problem-state")).to_contain_text("Resolved")
    work(timezone.now())
    reader.reload()
    expect(reader.get_by_role("heading", name="Everything works")).to_be_visible()
    reader.get_by_role("link", name="Signing in fails").click()
    expect(reader.locator(".told__one")).to_have_count(3)

    told = [mail for mail in mails_to(READER) if mail.purpose == "status"]
    assert len(told) == len({mail.text for mail in told}) == 3
    request = urllib.request.Request(
        site + link_to(told[-1], "unsubscribe"), b"List-Unsubscribe=One-Click", {"User-Agent": "A mail program"}
    )
    assert urllib.request.urlopen(request).status == 200
    assert Subscriber.objects.get().ended_at
    work(timezone.now())
    assert OutgoingMail.objects.filter(purpose="status").count() == 3


def test_every_page_is_clean_in_both_colours_at_every_width(desk, signed_in, new_page):
    keys = one_of_each(desk, timezone.now())
    reader, lead, found = new_page(), signed_in("emil"), []
    public = ["", "de/", "history/", f"incidents/{keys['incidents']}/", f"maintenance/{keys['maintenance']}/", "frame/"]
    public += ["subscribe/", "subscribe/sent/", "unsubscribe/nothing/"]
    inside = ["", "components/", "components/sign-in/", "maintenance/plan/", "subscribers/"]
    inside += [f"{folder}/{key}/" for folder, key in keys.items() if folder != "subscribers"]
    for page, start, places in ((reader, "/status/", public), (lead, "/console/status/", inside)):
        for place in places:
            page.goto(f"{start}{place}")
            for one in page.locator("details:visible").all():
                one.evaluate("one => { one.open = true }")
            found += [f"{start}{place}: {one}" for one in look_around(page)]
    assert found == [], "\n".join(found)


def test_it_is_read_without_scripts(desk, new_page):
    one_of_each(desk, timezone.now())
    page = new_page(java_script_enabled=False)
    page.goto("/status/")
    expect(page.get_by_role("heading", name="Something does not work")).to_be_visible()
    page.get_by_role("link", name="Deutsch").click()
    expect(page.get_by_text("Die Anmeldung gelingt manchen nicht.").first).to_be_visible()
