"""Emil looks at the figures by keyboard alone, goes to the reports behind one, and holds the review of the week."""

import re
from datetime import timedelta

import pytest
from bench import desk_years
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.insights import reviews, rolling
from makegood.life.insights.models import Improvement, Review
from makegood.life.people.models import Agent
from tests.journeys.axe import colours

pytestmark = pytest.mark.journey
PAGES = ("", "promises/", "causes/", "outcome/", "learning/", "load/")


@pytest.fixture
def figures(desk):
    now = timezone.now()
    desk_years.fill(80, now=now, days=40)
    rolling.rebuild(now)
    reviews.open_due(now)
    return desk


def test_figures_are_read_by_keyboard_and_lead_to_their_reports(figures, signed_in):
    page = signed_in("emil")
    page.goto("/console/insights/")
    page.locator("#from").fill((timezone.now() - timedelta(days=29)).strftime("%Y-%m-%d"))
    page.locator("#from").press("Enter")
    expect(page).to_have_url(re.compile(r"from=.*to="))

    drawing = page.get_by_role("slider", name="What came in, what was closed, what is open")
    drawing.focus()
    expect(drawing).to_have_attribute("aria-valuemax", "29")
    drawing.press("Home")
    first = drawing.get_attribute("aria-valuetext")
    assert re.search(r"came in \d+; closed \d+; open at the end \d+", first)
    drawing.press("ArrowRight")
    assert drawing.get_attribute("aria-valuenow") == "1"
    expect(page.locator("[data-readout='flow-data']")).to_have_text(drawing.get_attribute("aria-valuetext"))
    for _step in range(29):
        if re.search(r"came in [1-9]", drawing.get_attribute("aria-valuetext")):
            break
        drawing.press("ArrowRight")
    count = re.search(r"came in (\d+)", drawing.get_attribute("aria-valuetext"))[1]

    twin = page.locator("#flow details").first
    twin.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(twin.get_by_role("columnheader", name="came in")).to_be_visible()
    with page.expect_download() as got:
        page.locator("#flow").get_by_role("link", name="CSV").press("Enter")
    lines = got.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "key,label,received,closed,open"
    assert len(lines) == 31

    drawing.press("Enter")
    expect(page.get_by_role("heading", name="Reports that came in")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="in all")).to_contain_text(f"{count} in all")
    expect(page.locator("tbody tr")).to_have_count(int(count))


def test_every_page_of_figures_is_clean_in_both_modes(figures, signed_in, check_axe):
    page = signed_in("emil")
    for name in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"/console/insights/{name}")
        check_axe(page)
        page.emulate_media(color_scheme="dark")
        assert colours(page) == []


WIDER = """() => {
  document.querySelectorAll(".plot details").forEach(one => one.open = true);
  const all = [...document.querySelectorAll(".table-wrap:not(:has(.heat))")];
  const tables = all.filter(one => one.scrollWidth > one.clientWidth);
  const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
  return page.concat(tables.map(one => one.getAttribute("aria-label")));
}"""


@pytest.mark.parametrize("language", ["en", "de"])
def test_tables_of_figures_fit_a_phone(figures, signed_in, language):
    """Hours of a day stay beside one another and are gone through sideways; all else fits."""
    Agent.objects.filter(pk=figures.emil.pk).update(language=language)
    page = signed_in("emil", width=360)
    for name in PAGES:
        page.goto(f"/console/insights/{name}")
        assert page.evaluate(WIDER) == [], name


def test_the_review_is_held_signed_and_taken_along_on_paper(figures, signed_in, check_axe):
    page = signed_in("emil")
    page.goto("/console/review/")
    check_axe(page)
    page.get_by_role("link", name=re.compile("^Weekly review")).press("Enter")
    expect(page.get_by_role("heading", name="What came in and what was done")).to_be_visible()
    check_axe(page)
    page.locator("#notes").fill("A week like others.")
    page.get_by_role("button", name="Keep").press("Enter")
    expect(page.locator("#notes")).to_have_value("A week like others.")
    page.locator("#words").fill("Two people at noon")
    page.get_by_role("button", name="Decide").press("Enter")
    assert page.locator("#owner").evaluate("field => !field.checkValidity()")
    page.locator("#owner").select_option(label="Dora Dahl")
    page.get_by_role("button", name="Decide").press("Enter")
    expect(page.get_by_text("Two people at noon").first).to_be_visible()
    assert Improvement.objects.get().owner == figures.dora
    page.get_by_role("button", name="Sign this review").press("Enter")
    expect(page.get_by_text("Signed by Emil Ek")).to_be_visible()
    expect(page.get_by_role("button", name="Sign this review")).to_have_count(0)
    check_axe(page)
    page.emulate_media(color_scheme="dark")
    assert colours(page) == []
    with page.expect_download() as got:
        page.get_by_role("link", name="PDF").press("Enter")
    assert got.value.path().read_bytes()[:5] == b"%PDF-"
    assert Review.objects.get(kind="week").signed_by == figures.emil
