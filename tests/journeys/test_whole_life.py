"""One report from the first word to the last, each person in a browser of their own. Time is set, never slept."""

import re
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from makegood.life.people.models import Contact
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import next_news
from makegood.life.reports.models import Report
from tests.cast import MONDAY
from tests.journeys.desk import picture
from tests.journeys.story import Story, tab_to

pytestmark = pytest.mark.journey
ORDER = ["low", "medium", "high", "critical"]


@pytest.fixture
def story(browser, signed_in, new_page, desk):
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield Story(traveller, MONDAY, signed_in, new_page)


def fill_in_the_form(page) -> None:
    """Every page of the form as Ana goes through it on her telephone."""
    page.goto("/")
    page.get_by_role("link", name="Report an error", exact=True).click()
    page.get_by_label("What happened?").fill("When I open my claims I see a white page that says Error 500.")
    page.get_by_role("button", name="Continue").click()
    page.locator(".choices label:visible").first.click()
    page.get_by_role("button", name="Continue").click()
    while not page.url.endswith("/report/check/"):
        step = page.url.rstrip("/").split("/")[-1].split("?")[0]
        if step == "doing":
            page.get_by_label("What did you do, step by step?").fill("I pressed Claims in the menu.")
        elif step == "how-bad":
            page.get_by_text("I found another way").click()
        elif step == "pictures":
            file = {"name": "screen.png", "mimeType": "image/png", "buffer": picture().read()}
            page.get_by_label("Add pictures or files").set_input_files(file)
            expect(page.locator("li.file", has_text="screen.png")).to_be_visible()
        elif step == "reach":
            page.get_by_label("Your name").fill("Ana Alvarez")
            page.get_by_label("E-mail address", exact=True).fill("ana@example.org")
        before = page.url
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, before=before: url != before)


def clock_of(moment, page_zone_hours=1) -> str:
    """The hours and minutes as people in Berlin read them in winter."""
    return (moment + timedelta(hours=page_zone_hours)).strftime("%H:%M")


def test_from_the_first_word_to_closed(story, desk):
    # Ana reports on her telephone.
    ana = story.reporter(width=390, height=844, has_touch=True, is_mobile=True)
    fill_in_the_form(ana)
    expect(ana.get_by_text("When I open my claims I see a white page")).to_be_visible()
    expect(ana.get_by_text("screen.png")).to_be_visible()
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ana.get_by_role("button", name="Send the report").click()
    expect(ana.locator("#number")).to_have_text(re.compile(r"MG-\d+"))
    number = ana.locator("#number").text_content()
    report = Report.objects.get(pk=number.removeprefix("MG-"))
    promised = next_news(report).due_at
    expect(ana.locator(".news")).to_contain_text(clock_of(promised))

    # She is told by mail, with the same time.
    story.later(seconds=1)
    mail = story.newest_mail(desk.ana, "acknowledgement")
    assert number in mail.subject
    assert clock_of(promised) in mail.text
    assert Promise.objects.get(report=report, kind="acknowledge").state == "kept"

    # Dora, with the keyboard alone: opens the queue, opens the report, asks.
    story.later(minutes=5)
    dora = story.staff("dora", width=1440, height=900)
    dora.goto("/console/queue/")
    dora.keyboard.press("j")
    dora.keyboard.press("Enter")
    dora.wait_for_url(f"**/console/reports/{report.pk}/")
    expect(dora.locator(".timeline")).to_contain_text("a white page that says Error 500")
    expect(dora.get_by_role("navigation", name="Parts of the report")).to_contain_text("Evidence 1")
    dora.keyboard.press("Control+k")
    dora.keyboard.type("ask for what")
    dora.keyboard.press("Enter")
    dora.wait_for_url("**/ask/")
    asked = dora.locator("input[name=question]:checked").count()
    assert asked > 0
    tab_to(dora, dora.locator("#ask-body"))
    dora.keyboard.press("Control+Enter")
    dora.wait_for_url(f"**/console/reports/{report.pk}/")
    expect(dora.locator(".timeline")).to_contain_text("asked for what is missing")

    # Ana reads the questions by mail and answers on her page; Dora sees the answer without reloading.
    story.later(seconds=11)
    ana = story.reporter(width=390, height=844, has_touch=True)
    story.open_link(ana, story.newest_mail(desk.ana))
    cards = ana.locator("#id_questions")
    expect(cards).to_be_visible()
    for card in cards.locator("fieldset").all():
        card.locator("label").first.click()
    for words in cards.locator("textarea").all():
        words.fill("It happens each time, in Firefox.")
    ana.get_by_role("button", name="Send my answers").click()
    expect(ana.get_by_text("Your answers help us to find the cause.")).to_be_visible()
    story.later(minutes=1)
    expect(dora.locator(".timeline")).to_contain_text(re.compile("answered"))

    # Dora tries a safe step with her on the phone and escalates, with the keyboard alone.
    dora.goto(f"/console/reports/{report.pk}/")
    step = dora.locator(".step-line details", has=dora.locator("button[value=did_not_help]")).first
    tab_to(dora, step.locator("summary"))
    dora.keyboard.press("Enter")
    tab_to(dora, step.get_by_role("button", name="Did not"))
    dora.keyboard.press("Enter")
    expect(dora.locator(".timeline")).to_contain_text("it did not help")
    dora.locator("h1").first.evaluate("() => document.activeElement.blur()")
    dora.keyboard.press("e")
    dora.wait_for_url("**/escalate/")
    tab_to(dora, dora.locator("#e-reason"))
    dora.keyboard.type("The desk cannot get any further.")
    dora.keyboard.press("Control+Enter")
    dora.wait_for_url(f"**/console/reports/{report.pk}/")
    expect(dora.locator("#report-head")).to_contain_text("with Portal platform")

    # Eve is called, accepts and answers.
    story.later(seconds=11)
    call = story.newest_mail(desk.eve, "page")
    assert number in call.subject
    assert "escalated it to Portal platform" in call.text
    eve = story.staff("eve")
    eve.goto("/console/escalations/")
    row = eve.locator(".escalation", has_text=number)
    expect(row).to_contain_text("The desk cannot get any further.")
    row.get_by_role("button", name="Accept").click()
    expect(eve.locator("#report-side, .escalation").first).to_contain_text(re.compile("accepted by Eve|Eve Eriksen"))
    eve.goto(f"/console/reports/{report.pk}/")
    eve.get_by_role("button", name="Answer", exact=True).click()
    dialog = eve.locator("#tech-answer")
    dialog.locator("textarea").fill("The pool of connections was full; it is larger from 11:00 on.")
    dialog.locator(".btn--primary").click()
    expect(eve.locator(".timeline")).to_contain_text("The pool of connections was full")
    solve(eve, report, "The claims page opens again.")

    # Ana is told, looks, and says no.
    story.later(seconds=11)
    ana = story.reporter(width=390, height=844, has_touch=True)
    story.open_link(ana, story.newest_mail(desk.ana))
    expect(ana.get_by_role("heading", name="Is it solved for you?")).to_be_visible()
    expect(ana.locator("main")).to_contain_text("The claims page opens again.")
    expect(ana.locator("main")).not_to_contain_text("The desk cannot get any further.")
    ana.get_by_label("Anything you want to add?").fill("It is white again.")
    severity = Report.objects.get(pk=report.pk).severity
    ana.get_by_role("button", name="No, it is not solved").click()
    expect(ana.get_by_text("We open it again and look at it with more urgency.")).to_be_visible()
    expect(ana.locator(".news")).to_be_visible()
    reopened = Report.objects.get(pk=report.pk)
    assert ORDER.index(reopened.severity) == min(ORDER.index(severity) + 1, 3)

    # Dora sees it reopened in the queue, with its reason, and solves it again.
    story.later(minutes=5)
    dora.goto("/console/queue/?q=state:open")
    expect(dora.locator(f"#row-{report.pk}")).to_contain_text("reopened")
    dora.goto(f"/console/reports/{report.pk}/")
    expect(dora.locator("#report-head")).to_contain_text("reopened once")
    expect(dora.locator(".timeline")).to_contain_text("It is white again.")
    solve(dora, report, "Now it stays open, we watched it for an hour.")

    # Ana says yes and how she was looked after.
    story.later(seconds=11)
    story.open_link(ana, story.newest_mail(desk.ana))
    ana.get_by_role("button", name="Yes, it works").click()
    expect(ana.get_by_text("We are glad that it works.")).to_be_visible()
    ana.get_by_text("Very well", exact=True).click()
    ana.get_by_role("button", name="Send").first.click()
    expect(ana.get_by_text("Thank you for telling us how we did.")).to_be_visible()

    # The follow-up is owed all the same; Dora calls, and closes with it.
    owed = Promise.objects.get(report=report, kind="follow_up", state="open")
    story.at(owed.due_at - timedelta(minutes=30))
    dora = story.staff("dora")
    dora.goto(f"/console/reports/{report.pk}/")
    dora.get_by_role("link", name="Follow up").click()
    dora.get_by_label("call", exact=True).check()
    dora.get_by_label(re.compile("works", re.IGNORECASE)).first.check()
    dora.get_by_label("What they said").fill("All is well.")
    dora.get_by_role("button", name="Keep the outcome").click()
    expect(dora.locator(".timeline")).to_contain_text("closed it")

    # Ana's page says so, with the way back; every promise on the way was kept.
    story.later(seconds=11)
    ana = story.reporter(width=390, height=844, has_touch=True)
    story.open_link(ana, story.newest_mail(desk.ana))
    expect(ana.get_by_text("This report is closed.")).to_be_visible()
    expect(ana.get_by_label("Write to us again")).to_be_visible()
    assert Promise.objects.filter(report=report, broken_at__isnull=False).count() == 0
    assert not Promise.objects.filter(report=report, state__in=Promise.PENDING).exists()
    assert Contact.objects.filter(email="ana@example.org").count() == 1


def solve(page, report, words) -> None:
    page.goto(f"/console/reports/{report.pk}/")
    page.locator("#report-side").get_by_role("link", name="Solved").click()
    page.get_by_label("What the cause was").fill("The pool of connections was full.")
    page.get_by_label("What was done").fill("The pool is larger now.")
    page.locator("#s-words").fill(words)
    page.get_by_role("button", name="Solved: tell them").click()
    expect(page.locator(".timeline")).to_contain_text(words)
