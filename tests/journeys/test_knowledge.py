"""What one problem taught: drafted, vouched for, shown; a member typing is offered it and writes no report. What was
searched in vain becomes an article. And the screens, for everybody."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.knowledge import actions, keeping, using
from makegood.life.knowledge.models import Article, ArticleLink, Use, Visit
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.reports.models import Report
from tests.journeys.desk import work
from tests.life.case import file_report
from tests.life.knowledge.shelf import ADDRESS, ADDRESS_DE, CLAIMS, shown, wording, write

pytestmark = pytest.mark.journey
DAY = timedelta(days=1)


@pytest.fixture
def problem(desk):
    """Solved in all but name: Ana reported it, the cause and the way round are known."""
    now = timezone.now()
    facts = {"cause": "An expired certificate.", "workaround": "Open Claims in the app.", "symptom": "A white page."}
    one = problems.open_problem("The claims page stays white", by=desk.emil.actor, at=now, **facts)
    membership.join(one, file_report(desk, now), by=desk.emil.actor, at=now)
    work(now)
    return one


def test_from_a_problem_to_a_report_that_need_not_be_written(problem, desk, signed_in, new_page):
    dora = signed_in("dora")
    dora.goto(f"/console/problems/{problem.number}/")
    dora.get_by_role("link", name="Write an article…").click()
    expect(dora.get_by_text("Filled in from PRB-")).to_be_visible()
    expect(dora.get_by_label("What people see or ask")).to_have_value(re.compile("> The claims page shows error 500."))
    expect(dora.get_by_label("What to do")).to_have_value("Open Claims in the app.")
    dora.get_by_label("Title").fill("The claims page is white")
    dora.keyboard.press("Control+Enter")
    expect(dora.get_by_role("heading", name="The claims page is white")).to_be_visible()
    here = dora.url.partition("?")[0]

    eve = signed_in("eve")
    eve.goto(here)
    eve.get_by_role("button", name="I vouch for it").click()
    expect(eve.get_by_text("It is “validated” now.")).to_be_visible()
    emil = signed_in("emil")
    emil.goto(here)
    emil.get_by_role("button", name="Show it to reporters").click()
    expect(emil.get_by_role("alert")).to_contain_text("Words of customers were filled into it")
    emil.get_by_label("I have read it").check()
    emil.get_by_role("button", name="Show it to reporters").click()
    expect(emil.get_by_text("Reporters can read it now.")).to_be_visible()
    work(timezone.now())

    member = new_page(width=360)
    member.goto("/report/what/")
    member.locator("textarea").fill("My claims page is only white since this morning, what can I do?")
    expect(member.get_by_text("This may help at once: The claims page is white")).to_be_visible()
    with member.expect_popup() as opened:
        member.get_by_role("link", name="Read what to do").click()
    expect(opened.value.get_by_text("Open Claims in the app.")).to_be_visible()
    reports = Report.objects.count()
    member.get_by_role("button", name="This solved it").click()
    expect(member.get_by_role("heading", name="Good that it is solved")).to_be_visible()
    member.get_by_role("link", name="Go on with the report").click()
    expect(member.locator("textarea")).to_have_value(re.compile("only white since this morning"))
    assert Report.objects.count() == reports
    assert Visit.objects.get().solved_at
    keeping.roll_up(timezone.now() + DAY)
    article = Article.objects.get()
    assert (article.helped, article.reads) == (1, 1)
    emil.goto("/console/knowledge/worth/?days=7")
    expect(emil.locator(".worth .card").filter(has_text="Said that it helped")).to_contain_text("1 of 1")


def test_what_was_searched_in_vain_becomes_an_article(desk, signed_in, new_page):
    member = new_page()
    member.goto("/help/")
    member.get_by_label("Search the help").fill("gym bonus")
    member.keyboard.press("Enter")
    expect(member.get_by_role("heading", name="We found nothing for “gym bonus”")).to_be_visible()
    member.get_by_role("button", name="Tell us instead").click()
    expect(member.locator("textarea")).to_have_value("gym bonus")

    dora = signed_in("dora")
    dora.goto("/console/knowledge/searches/")
    dora.get_by_role("link", name=re.compile("Write an article.*gym bonus")).click()
    expect(dora.get_by_label("Title")).to_have_value("Gym bonus")
    dora.get_by_label("What to do").fill("There is **none** yet.")
    dora.get_by_role("button", name="Preview", exact=True).click()
    expect(dora.locator("#preview strong")).to_have_text("none")
    dora.keyboard.press("Control+Enter")
    expect(dora.get_by_role("heading", name="Gym bonus")).to_be_visible()
    dora.goto("/console/knowledge/searches/")
    expect(dora.get_by_role("heading", name="Nothing was searched in vain")).to_be_visible()


def test_one_key_answers_a_report_with_an_article(desk, signed_in):
    now = timezone.now()
    article = shown(desk, now, {**CLAIMS, "title": "The claims page shows error 500"})
    report = file_report(desk, now)
    work(now)
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    expect(page.get_by_role("button", name="Into the reply")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator("#composer-body")).to_have_value(re.compile("Reload the page once."))
    expect(page.get_by_role("button", name=re.compile("Not this"))).to_be_visible()
    assert ArticleLink.objects.get().article == article


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_is_for_everybody(desk, signed_in, new_page, check_axe, mode, width):
    now = timezone.now()
    article, begun = shown(desk, now), write(desk, now, CLAIMS)
    actions.translate(article, "de", ADDRESS_DE, by=desk.emil, at=now)
    text = "1. Open **Profile**.\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted"
    actions.edit(wording(article), {**ADDRESS, "resolution": text}, by=desk.emil, at=now)
    using.searched("gym bonus", "en", door=using.HELP, found=0, at=now)
    report = file_report(desk, now)
    work(now)
    page = signed_in("emil", width=width, mode=mode)
    for address in (
        "",
        "?q=zebra",
        "?view=archived",
        f"{article.key}/",
        f"{begun.key}/",
        "new/",
        f"{article.key}/en/edit/",
        f"{article.key}/de/edit/",
        f"{article.key}/en/versions/",
        "searches/",
        "worth/",
        "files/",
    ):
        page.goto(f"/console/knowledge/{address}")
        check_axe(page)
    page.goto(f"/console/reports/{report.pk}/articles/")
    check_axe(page)
    reader = new_page(width=width, mode=mode)
    for address in ("/help/", "/help/?q=address", "/help/?q=zebra", "/help/en/how-do-i-change-my-address/"):
        reader.goto(address)
        check_axe(reader)
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    reader.get_by_role("button", name="No", exact=True).click()
    expect(reader.get_by_text("We are sorry.")).to_be_visible()
    check_axe(reader)
    reader.goto("/report/what/")
    reader.locator("textarea").fill("I moved and my letters go to the old place, how do I change the address?")
    expect(reader.get_by_role("button", name="This solved it")).to_be_visible()
    check_axe(reader)
    assert Use.objects.filter(kind="not_helped").count() == 1
