"""Dora proposes above her limit, Emil approves, Ana takes it on her telephone; a code redeemed, the budget shown."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.compensation.models import Compensation, Entry
from makegood.life.reports.models import OutgoingMail
from tests.journeys.axe import colours
from tests.journeys.desk import link_in, work
from tests.life.compensation import screens
from tests.life.compensation.story import furnish, policy, solved

pytestmark = pytest.mark.journey
HOUR = timedelta(hours=1)


@pytest.fixture
def report(desk):
    now = timezone.now()
    furnish(desk, now - timedelta(days=40), budget=10_000)
    terms = {"en": "One code a household. Not paid out."}
    policy(desk, now - HOUR, "hourly", form="per_hour", rate_minor=500, most_minor=10_000, terms=terms)
    found = solved(desk, now - 9 * HOUR, hours=8)
    work(now)
    return found


def test_from_above_her_limit_to_a_code_on_a_telephone(report, signed_in, new_page, check_axe):
    dora = signed_in("dora")
    dora.goto(f"/console/reports/{report.pk}/")
    dora.get_by_role("link", name="Make good…").press("Enter")
    expect(dora.get_by_text("Here: Discount of €40.00.")).to_be_visible()
    dora.get_by_role("link", name="Hourly").press("Enter")
    expect(dora.get_by_text("€5.00 for each started hour: 8 hours, €40.00.")).to_be_visible()
    dora.locator("#out-for").fill("9 h")
    dora.get_by_role("button", name="Compute again").press("Enter")
    expect(dora.get_by_role("heading", name="Discount of €45.00")).to_be_visible()
    dora.locator("#why").fill("She wrote that it began an hour before.")
    dora.get_by_role("button", name="Propose it").press("Enter")
    expect(dora.get_by_text("it is more than the €15.00 you may decide alone")).to_be_visible()
    expect(dora.get_by_role("button", name="Approve")).to_have_count(0)
    check_axe(dora)

    ana = new_page(width=360, height=740)
    assert not OutgoingMail.objects.filter(purpose="compensation").exists()
    emil = signed_in("emil")
    emil.goto("/console/compensation/")
    emil.keyboard.press("j")
    expect(emil.get_by_role("link", name="Discount of €45.00")).to_be_focused()
    emil.keyboard.press("Enter")
    expect(emil.get_by_text("She wrote that it began an hour before.")).to_be_visible()
    emil.get_by_role("button", name="Approve: Discount of €45.00").press("Enter")
    expect(emil.locator(".pagehead").get_by_text("Offered")).to_be_visible()

    work(timezone.now())
    ana.goto(link_in(OutgoingMail.objects.get(purpose="compensation")))
    ana.get_by_role("link", name="Look at our offer").click()
    expect(ana.get_by_text("One code a household. Not paid out.")).to_be_visible()
    check_axe(ana)
    ana.get_by_role("button", name="Yes, I take it").click()
    expect(ana.get_by_role("heading", name="Take it?")).to_be_visible()
    check_axe(ana)
    assert Compensation.objects.get().state == "approved"
    ana.get_by_role("button", name="Yes, I take it").click()
    code = ana.locator("#offer-code").inner_text()
    check_axe(ana)
    assert ana.evaluate("document.documentElement.scrollWidth") <= 360
    ana.emulate_media(color_scheme="dark")
    assert colours(ana) == []
    ana.get_by_role("link", name="Back to your report").click()
    expect(ana.get_by_text("What we gave to make this good")).to_be_visible()

    emil.goto("/console/compensation/redeem/")
    emil.locator("#code").fill(code.lower())
    emil.locator("#reference").fill("Till 4")
    emil.locator("#reference").press("Enter")
    expect(emil.get_by_text("Redeemed: Discount of €45.00.")).to_be_visible()
    emil.goto("/console/compensation/given/")
    expect(emil.get_by_text("€45.00 of €100.00 given, 45 %")).to_be_visible()
    states = list(Entry.objects.values_list("state", flat=True))
    assert states == ["proposed", "approved", "issued", "redeemed"]


def test_every_screen_in_both_colours(desk, signed_in, check_axe):
    pages = screens.pages(desk)
    page = signed_in("ada")
    for name, cases in pages.items():
        for one in cases:
            is_rest = isinstance(one, str)
            whole = is_rest and one.startswith("/")
            address = one if whole else reverse(f"console:{name}", args=() if is_rest else one)
            page.emulate_media(color_scheme="light")
            page.goto(address + (one if is_rest and not whole else ""))
            check_axe(page)
            page.emulate_media(color_scheme="dark")
            assert colours(page) == [], address
