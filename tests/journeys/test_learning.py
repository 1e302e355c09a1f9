"""A severe problem is resolved, and what is learnt from it: analysed by Eve with the keyboard, read by Emil, published;
an action done, checked by another, and proved wrong when it comes back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.announcements.models import Announcement
from makegood.life.problems import actions as problems
from makegood.life.rca import review
from makegood.life.rca.models import Action, Cause, Rca
from tests.journeys.axe import colours
from tests.journeys.desk import work
from tests.life.announcements.crowd import crowd

pytestmark = pytest.mark.journey
HOUR = timedelta(hours=1)


@pytest.fixture
def problem(desk):
    """Critical, with members, and nobody knows its cause."""
    now = timezone.now() - 5 * HOUR
    one = problems.open_problem("The claims page answers 500", by=desk.emil.actor, at=now, severity="critical")
    problems.hand_to(one, by=desk.emil.actor, at=now, team=desk.platform, owner=desk.eve)
    crowd(one, 2, now, by=desk.emil.actor)
    work(now)
    return one


@pytest.fixture
def look(check_axe):
    """axe on the page as it stands, and its colours in the dark."""

    def at(page):
        # Without motion: colours that fade inside something folded up never end their fading.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        check_axe(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert colours(page) == []
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    return at


def test_from_resolved_to_published(problem, signed_in, look):
    eve = signed_in("eve")
    eve.goto(f"/console/problems/{problem.number}/")
    expect(eve.get_by_text("Root cause analysis: none yet")).to_be_visible()
    eve.get_by_label("It is now").select_option("resolved")
    eve.get_by_role("button", name="Move", exact=True).click()
    work(timezone.now())
    eve.goto("/console/actions/analyses/")
    expect(eve.get_by_role("link", name=re.compile(problem.title))).to_be_visible()
    look(eve)
    eve.get_by_role("link", name=re.compile(problem.title)).click()

    eve.get_by_role("link", name="Timeline").click()
    eve.get_by_role("button", name="Draft it from what is recorded").click()
    expect(eve.get_by_text("The problem is now: resolved.").first).to_be_visible()
    look(eve)
    _draw_by_keyboard(eve)
    look(eve)

    eve.get_by_role("link", name="Words", exact=True).click()
    eve.get_by_label("What happened", exact=True).fill("For two hours no claim could be opened.")
    eve.get_by_label("What set it off").fill("A change of configuration.")
    eve.get_by_label("Why it could happen").fill("Any target is taken.")
    eve.get_by_label("Words for the public (English)").fill("A machine was gone. We are sorry.")
    expect(eve.get_by_text(re.compile("^Kept "))).to_be_visible()
    look(eve)
    eve.get_by_role("button", name=re.compile("^Save")).click()
    eve.get_by_role("button", name="Ask for review").click()
    expect(eve.get_by_text("No analysis goes on without it.").first).to_be_visible()
    assert Rca.objects.get().state == "draft"
    eve.get_by_label("Why did our monitoring not see it").fill("The probe asks the gateway itself.")
    eve.get_by_role("button", name=re.compile("^Save")).click()
    eve.get_by_role("link", name="Propose an action").click()
    eve.get_by_label("What is to be done").fill("Ask the target before it is set")
    eve.get_by_label("Who does it").select_option("Eve Eriksen")
    eve.get_by_label("Who looks later whether it worked").select_option("Emil Ek")
    eve.get_by_label("How we shall see that it worked").fill("No 502 in 30 days.")
    eve.get_by_label("Looked at so many days after it is done").fill("0")
    look(eve)
    eve.get_by_role("button", name=re.compile("^Propose it")).click()
    eve.goto(f"/console/problems/{problem.number}/rca/")
    eve.get_by_role("button", name="Ask for review").click()
    expect(eve.get_by_text("Whoever wrote it cannot approve it.")).to_be_visible()
    expect(eve.get_by_role("button", name="Approve it")).to_have_count(0)

    emil = signed_in("emil")
    emil.goto(f"/console/problems/{problem.number}/rca/")
    expect(emil.get_by_text("The probe asks the gateway itself.")).to_be_visible()
    look(emil)
    emil.get_by_role("button", name="Approve it").click()
    assert review.published_text(problem) == {}
    emil.get_by_role("button", name="Publish it").click()
    expect(emil.get_by_text("The public may read the outward part.").first).to_be_visible()
    assert review.published_text(problem) == {"en": "A machine was gone. We are sorry."}
    emil.get_by_role("button", name="Tell everybody it hit").click()
    expect(emil.locator("#text-en")).to_have_value("A machine was gone. We are sorry.")
    assert Announcement.objects.get().is_draft


def test_done_checked_by_another_and_proved_wrong(problem, desk, signed_in, look):
    problems.move(problem, "released", by=desk.eve.actor, at=timezone.now() - HOUR)
    work(timezone.now())
    eve, emil = signed_in("eve"), signed_in("emil")
    eve.goto(f"/console/problems/{problem.number}/actions/add/")
    eve.get_by_label("What is to be done").fill("Ask the target before it is set")
    eve.get_by_label("Who does it").select_option("Eve Eriksen")
    eve.get_by_label("Who looks later whether it worked").select_option("Eve Eriksen")
    eve.get_by_label("How we shall see that it worked").fill("No 502 in 30 days.")
    eve.get_by_label("Looked at so many days after it is done").fill("0")
    eve.get_by_role("button", name=re.compile("^Propose it")).click()
    expect(eve.locator("#a-verifier-error")).to_contain_text("Choose somebody else")
    eve.get_by_label("Who looks later whether it worked").select_option("Emil Ek")
    eve.get_by_role("button", name=re.compile("^Propose it")).click()
    eve.get_by_role("button", name="Accept it").click()
    expect(eve.get_by_text("Doing it by the day is a promise now.").first).to_be_visible()
    eve.get_by_role("button", name="It is done").click()
    expect(eve.get_by_text("Emil Ek says whether it works.")).to_be_visible()
    expect(eve.get_by_role("button", name="It works")).to_have_count(0)

    emil.goto("/console/actions/?whose=check")
    look(emil)
    emil.get_by_role("link", name="Ask the target before it is set").click()
    emil.get_by_label("What the measure shows").fill("None since.")
    look(emil)
    emil.get_by_role("button", name="It works").click()
    expect(emil.get_by_text("It works, as you saw.").first).to_be_visible()
    assert Action.objects.get().state == "effective"

    emil.goto(f"/console/problems/{problem.number}/")
    emil.get_by_label("It is now").select_option("came_back")
    emil.get_by_role("button", name="Move", exact=True).click()
    work(timezone.now())
    emil.goto("/console/actions/?which=failed")
    expect(emil.get_by_text("ineffective", exact=True)).to_be_visible()
    emil.get_by_role("link", name="Ask the target before it is set").click()
    expect(emil.get_by_text(f"{problem.number} came back.").first).to_be_visible()
    eve.goto("/console/for-you/")
    expect(eve.get_by_text("an action of it is up to you").first).to_be_visible()


def _draw_by_keyboard(page):
    """What happened, why, and why of that: with nothing but keys."""
    page.get_by_role("link", name="Causes", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#new-words").focus()
    page.keyboard.type("Claims answer 500")
    page.keyboard.press("Enter")
    for words in ("A machine is gone", "Eve Eriksen set the wrong target"):
        why = page.get_by_role("link", name=re.compile("^Why")).last
        why.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"why=\d+"))
        page.locator("#new-words").focus()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=re.compile("^Why")).last).to_have_accessible_name(f"Why? {words}")
    expect(page.get_by_text("“Eve Eriksen” blames a person.").first).to_be_visible()
    cause = Cause.objects.last()
    change = page.locator(f"#cause-{cause.pk} summary")
    change.focus()
    page.keyboard.press("Enter")
    page.locator(f"#c{cause.pk}-words").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Any target is taken without being asked")
    page.keyboard.press("Enter")
    expect(page.locator(".causes svg a")).to_have_count(3)
    expect(page.locator(".causes__arrow")).to_have_count(2)
    expect(page.get_by_text("blames a person")).to_have_count(0)
