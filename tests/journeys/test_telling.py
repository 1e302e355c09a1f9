"""Three hundred people with one fault: Emil writes once, looks, sends; a real mail server gets one mail each."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.announcements import queries
from makegood.life.announcements.models import Announcement
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.problems.models import Problem
from makegood.life.reports.models import OutgoingMail, Report
from tests.journeys.desk import link_in, work
from tests.life.announcements.crowd import hit
from tests.sink import Sink

pytestmark = pytest.mark.journey
MANY = 300
HERE = re.compile(r"/console/problems/announcements/")


@pytest.fixture
def sink(settings):
    with Sink() as running:
        settings.SMTP_URL = running.url
        yield running


@pytest.fixture
def problem(desk):
    """A third of them read German; their acknowledgements are out, and nothing is late whatever time of day it is."""
    now = timezone.now() - timedelta(minutes=30)
    one = problems.open_problem("The claims page answers 500", by=desk.emil.actor, at=now)
    problems.edit(one, by=desk.emil.actor, at=now, cause="A full disk.", fix="Made room.")
    for number in range(MANY):
        hit(one, f"Person{number}", now, by=desk.emil.actor, language="de" if number % 3 == 0 else "en")
    OutgoingMail.objects.all().update(state="sent", sent_at=now)
    work(now)
    one.refresh_from_db()
    return one


def test_three_hundred_are_told_once_each_and_one_says_no(problem, desk, sink, signed_in, new_page):
    page = signed_in("emil")
    page.goto(f"/console/problems/{problem.number}/")
    page.get_by_role("link", name="Tell everybody").click()
    page.get_by_role("link", name="It is fixed").click()
    expect(page.get_by_text("300 open reports belong to this problem")).to_be_visible()
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.locator("#text-en-error")).to_contain_text("{{ solution }}")
    said = {
        "en": "Hello {{ first_name }},\n\nthe disk was full. It works again.",
        "de": "Guten Tag {{ first_name }},\n\nes geht wieder.",
    }
    for language, words in said.items():
        page.locator(f"#text-{language}").fill(words)
    page.get_by_role("button", name="Save and look at it").click()

    expect(page).to_have_url(HERE)
    expect(page.locator("#reach-count")).to_have_text("300")
    expect(page.get_by_text("Guten Tag Person297")).to_be_visible()
    expect(page.get_by_text("No release contains a fix yet.")).to_be_visible()
    _looks_at_all_of_them(page)
    page.get_by_role("button", name="Mail it to me Deutsch").click()
    expect(page.get_by_text("A trial is on its way to emil@desk.example.")).to_be_visible()
    page.locator("#send-reason").fill("Eve saw it work on production.")
    page.locator("#send-count").fill("300")
    page.get_by_role("button", name="Send it to all of them").click()
    expect(page.locator(".pagehead [role=status]")).to_contain_text("0 of 300 told")
    page.get_by_role("button", name="Begin now").click()
    expect(page.get_by_text("It goes out now.")).to_be_visible()

    sink.mails.clear()
    _work_until_done()
    page.reload()
    expect(page.locator(".pagehead [role=status]")).to_contain_text("300 of 300 told")
    expect(page.get_by_text("300 left, 0 waiting, 0 came back, 0 failed")).to_be_visible()
    got = Counter(mail["To"].addresses[0].addr_spec for mail in sink.mails if "members" in mail["To"])
    assert not [(mail["To"], mail["Subject"]) for mail in sink.mails if got[mail["To"].addresses[0].addr_spec] > 1]
    assert len(got) == MANY
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails)
    assert Report.objects.filter(state="solved").count() == MANY
    assert Problem.objects.get().state == "watching"

    _says_no(new_page, "person1@members.example")
    work(timezone.now())
    page.reload()
    expect(page.get_by_text("0 yes, 1 no, 0 not checked yet, 299 silent")).to_be_visible()
    assert Report.objects.get(contact__email="person1@members.example").state == "investigating"
    for name in ("person2", "person4"):
        _says_no(new_page, f"{name}@members.example")
    work(timezone.now())
    page.goto(f"/console/problems/{problem.number}/")
    expect(page.get_by_text("came back once")).to_be_visible()


def _looks_at_all_of_them(page):
    """Every one of them is seen before anything is sent, and what is typed meanwhile stays."""
    page.locator("#send-reason").fill("Typed before looking.")
    seen = _addresses(page)
    for last in (200, 300):
        page.get_by_role("link", name="Older reports").click()
        expect(page.get_by_text(f"{last - 99} to {last} of 300")).to_be_visible()
        seen |= _addresses(page)
    assert seen == {f"person{number}@members.example" for number in range(MANY)}
    page.get_by_role("link", name="Deutsch 100").click()
    expect(page.locator("#who-title .count")).to_have_text("100")
    page.locator("#who-q").fill("Person297")
    page.locator("#who-q").press("Enter")
    expect(page.locator("#who tbody tr")).to_have_count(1)
    with page.expect_download() as loading:
        page.locator("#who").get_by_role("link", name="As CSV").click()
    assert "person297@members.example" in loading.value.path().read_text(encoding="utf-8-sig")
    expect(page.locator("#send-reason")).to_have_value("Typed before looking.")


def _addresses(page):
    return set(re.findall(r"person\d+@members\.example", page.locator("#who tbody").inner_text()))


def _work_until_done():
    now = timezone.now()
    for _round in range(60):
        work(now)
        found = Announcement.objects.get()
        if found.state == "done" and queries.deliveries(found).waiting == 0:
            return
        now += timedelta(seconds=11)
    raise AssertionError("It never came to an end.")


def _says_no(new_page, address):
    contact = Contact.objects.get(email=address)
    mail = OutgoingMail.objects.get(purpose="announcement", report__contact=contact)
    reader = new_page(width=360)
    reader.goto(link_in(mail))
    reader.get_by_role("button", name="No, it is not solved").click()
    expect(reader.get_by_role("heading", name="Is it solved for you?")).to_have_count(0)


def test_leaving_it_to_the_front_line_is_not_offered(problem, signed_in):
    page = signed_in("dora")
    page.goto(f"/console/problems/{problem.number}/")
    expect(page.get_by_role("heading", name="Told to everybody")).to_be_visible()
    expect(page.get_by_role("link", name="Tell everybody")).to_have_count(0)
    assert membership.member_row(Report.objects.first()).problem == problem
