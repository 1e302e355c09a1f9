"""A report opens where the work is: at what one has not read, else at the newest; an anchor in the address wins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.life.reports import conversation
from makegood.life.reports.models import ReadMark
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey
TOP_OF = "key => document.getElementById(key).getBoundingClientRect().top"
SHIFTS = """() => new Promise(done => { let all = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) all += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(all), 600); })"""


@pytest.fixture
def talk(desk):
    """A long conversation; gives the report and its messages."""
    at = timezone.now() - timedelta(hours=3)
    report = file_report(desk, at)
    said = [
        conversation.say(report, f"Word {n}. " * 30, by=(desk.ana if n % 2 else desk.dora).actor, at=at)
        for n in range(24)
    ]
    return report, said


def _read_to(report, agent, message):
    ReadMark.objects.update_or_create(
        report=report, agent=agent, defaults={"message_id": message.pk, "at": timezone.now()}
    )


def _open(page, report, rest=""):
    page.goto("about:blank")
    page.goto(f"/console/reports/{report.pk}/{rest}")
    page.locator("#composer").wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_it_opens_at_the_first_message_not_read(signed_in, talk, desk, width):
    report, said = talk
    _read_to(report, desk.dora, said[12])
    page = signed_in("dora", width=width)
    _open(page, report)
    assert page.get_by_text("New since you looked").is_visible()
    assert 90 < page.evaluate(TOP_OF, f"m-{said[13].key}") < 230
    assert page.evaluate(SHIFTS) <= 0.02
    # The promise and the number stay in sight, and whoever works by keyboard begins at the top as ever.
    assert page.locator(".report__pinned").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_our_own_words_are_not_news_to_us(signed_in, talk, desk):
    report, said = talk
    _read_to(report, desk.dora, said[23])
    conversation.say(report, "And one more.", by=desk.dora.actor, at=timezone.now())
    page = signed_in("dora")
    _open(page, report)
    assert page.get_by_text("New since you looked").count() == 0
    assert page.get_by_text("And one more.").is_visible()


def test_whoever_has_read_all_sees_the_newest(signed_in, talk, desk):
    report, said = talk
    _read_to(report, desk.dora, said[-1])
    page = signed_in("dora")
    _open(page, report)
    card = page.locator(f"#m-{said[-1].key}").bounding_box()
    composer = page.locator("#composer").bounding_box()
    assert 0 < card["y"] + card["height"] <= composer["y"] + 30


def test_whoever_never_looked_begins_at_the_beginning(signed_in, talk):
    page = signed_in("dora")
    _open(page, talk[0])
    assert page.evaluate("scrollY") == 0
    assert page.locator(".report__pinned").is_hidden()


def test_an_anchor_wins_and_so_does_the_wish_to_see_all(signed_in, talk, desk):
    report, said = talk
    _read_to(report, desk.dora, said[20])
    page = signed_in("dora")
    _open(page, report, f"#m-{said[2].key}")
    assert 0 < page.evaluate(TOP_OF, f"m-{said[2].key}") < 260
    _open(page, report, "?all=1")
    assert page.evaluate("scrollY") == 0


def test_a_key_pressed_on_a_row_is_carried_out_at_the_report(signed_in, talk):
    page = signed_in("dora")
    page.goto("/console/queue/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.locator("#composer-body:focus").wait_for()
    page.keyboard.type("We are on it")
    assert page.locator("#composer-body").input_value() == "We are on it"

    page.goto("/console/queue/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/escalate/")
