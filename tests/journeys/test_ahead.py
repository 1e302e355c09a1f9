"""The next two reports are fetched while one looks at a row: opening is at once, and nothing counts as read by it."""

import pytest

from makegood.engine.live import presence
from makegood.life.reports.models import ReadMark, Report
from tests.journeys.test_live_parts import report_of

pytestmark = pytest.mark.journey
MARKED = "[...document.querySelectorAll('[data-ahead]')].map(a => a.pathname)"
OPENED = "performance.getEntriesByType('navigation')[0].deliveryType"


@pytest.fixture
def three(people):
    """Three reports; gives their numbers in the order of the queue."""
    for number in (1, 2, 3):
        report_of(number, f"The claims page shows error {number}.")
    return list(Report.objects.order_by("owed_at", "pk").values_list("pk", flat=True))


def _rest(page, row):
    """Put the focus on a row and wait until its links are marked."""
    page.locator(f"#row-{row} .row__title a").focus()
    page.locator(f"#row-{row} a[data-ahead]").wait_for(state="attached")
    page.wait_for_timeout(700)


def test_the_row_in_hand_and_the_one_after_it_are_fetched(signed_in, three):
    page = signed_in("dora")
    page.goto("/console/queue/")
    _rest(page, three[0])
    assert page.evaluate(MARKED) == [f"/console/reports/{pk}/" for pk in three[:2]]

    _rest(page, three[1])
    assert page.evaluate(MARKED) == [f"/console/reports/{pk}/" for pk in three[1:]]


def test_what_was_fetched_ahead_opens_at_once_and_was_read_by_nobody(signed_in, three, people):
    page = signed_in("dora")
    page.goto("/console/queue/")
    _rest(page, three[0])
    assert not ReadMark.objects.exists()
    assert presence.who(f"report:{three[0]}", now=Report.objects.first().received_at) == []

    # What was said between the fetch and the opening is looked for at once.
    with page.expect_response(lambda answer: answer.request.headers.get("x-live") == "1"):
        page.keyboard.press("Enter")
    page.locator("#report-story").wait_for()
    assert page.evaluate(OPENED) == "navigational-prefetch"


def test_a_row_one_hurries_past_is_not_fetched(signed_in, three):
    page = signed_in("dora")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/console/queue/")
    # Both within one turn of the browser, so that no slow machine makes it a rest.
    page.evaluate("document.querySelectorAll('.row__title a').forEach((link, at) => { if (at < 2) link.focus(); })")
    page.locator(f"#row-{three[1]} a[data-ahead]").wait_for(state="attached")
    assert page.evaluate(MARKED) == [f"/console/reports/{pk}/" for pk in three[1:]]
    assert not any(url.endswith(f"/reports/{three[0]}/") for url in asked)


def test_whoever_saves_data_fetches_nothing_ahead(signed_in, three):
    page = signed_in("dora")
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page.goto("/console/queue/")
    page.locator(f"#row-{three[0]} .row__title a").focus()
    page.wait_for_timeout(800)
    assert page.evaluate(MARKED) == []
