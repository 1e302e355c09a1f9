"""One fault, many reports, by keyboard in a browser: opened, joined, explained, told, and taken apart again."""

import pytest
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.colleagues import watching
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, membership, queries
from makegood.life.problems.models import Problem
from makegood.life.reports import access
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey
INSIDE = "The pool of connections INSIDE was full."


@pytest.fixture
def reports(desk):
    """Ana's, and three others of the same."""
    now = timezone.now()
    people = [("Ana Alvarez", desk.ana.email), ("Ben Brandt", desk.ben.email), ("Cem Celik", desk.cem.email)]
    found = [
        file_report(desk, now, key=f"journey-{n}", name=name, email=email, what=f"Saving fails, case {n}.")
        for n, (name, email) in enumerate(people)
    ]
    return found


def test_from_the_first_report_to_news_for_everybody_and_back(signed_in, new_page, reports, desk, check_axe):
    first, second, third = reports
    page = signed_in("emil")
    page.emulate_media(reduced_motion="reduce")

    # d on the report: nothing is known, so a problem is opened from it.
    page.goto(f"/console/reports/{first.pk}/")
    page.keyboard.press("d")
    page.wait_for_url("**/triage/")
    title = page.get_by_label("What goes wrong")
    title.fill("Saving fails when the pool is full")
    title.press("Enter")
    page.wait_for_url("**/console/problems/PRB-*/")
    fault = Problem.objects.get()
    check_axe(page)

    # The others join: one from its own page by number, one from the queue.
    page.goto(f"/console/reports/{second.pk}/")
    page.keyboard.press("d")
    page.get_by_label("Words or number").fill(fault.number)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"Join {fault.number}").press("Enter")
    page.locator(".toast", has_text="belongs to").get_by_role("button", name="Undo").wait_for()
    page.goto(f"/console/queue/?q={third.number}")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("d")
    page.locator("#change-problem input[name=free]").fill(fault.number)
    page.keyboard.press("Enter")
    page.locator(f"#row-{third.pk}").get_by_text(fault.number).wait_for()
    assert queries.every_member(fault).count() == 3

    # The cause is written down; that makes it known.
    page.goto(f"/console/problems/{fault.number}/edit/")
    page.get_by_label("Cause").fill(INSIDE)
    page.keyboard.press("Control+Enter")
    page.get_by_text("known error").first.wait_for()

    # Public words are looked at first, then published with a promise.
    page.goto(f"/console/problems/{fault.number}/public/")
    english = page.get_by_role("group", name="English")
    english.get_by_label("Title").fill("Saving fails for some")
    english.get_by_label("What people see").fill("Saving a form ends with an error. Nothing is lost.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("region", name="Preview, English").get_by_text("Nothing is lost.").wait_for()
    check_axe(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Public now. The next news is promised.").wait_for()

    # Ana reads it on her page, and nothing of ours and of others.
    ana = new_page(width=390, height=844)
    ana.goto(f"/r/{access.make_link(first, desk.ana, by=SYSTEM, at=timezone.now())}/")
    ana.get_by_role("heading", name="Saving fails for some").wait_for()
    ana.get_by_text("Others see this too.").wait_for()
    for hidden in (INSIDE, fault.number, "case 1", "Cem", "pool"):
        assert hidden not in ana.content()
    check_axe(ana)

    # One leaves and comes back by z; two are split off and come back from the history.
    page.goto(f"/console/problems/{fault.number}/")
    page.get_by_role("button", name=f"Take out {third.number}").click()
    page.locator(".toast", has_text="no longer belongs").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Taken back.").wait_for()
    assert queries.problem_of(third) == fault
    page.goto(f"/console/problems/{fault.number}/")
    page.get_by_label(f"Choose {second.number}").check()
    page.get_by_text("Some of these are about something else").click()
    page.get_by_label("What is the other problem?").fill("Only on phones")
    page.get_by_role("button", name="Split off").click()
    page.locator(".toast", has_text="1 report went over").wait_for()
    other = Problem.objects.get(title="Only on phones")
    assert queries.problem_of(second) == other

    # It proves to be the same after all: merged, and taken back.
    page.goto(f"/console/problems/{other.number}/merge/")
    page.get_by_label("Number", exact=True).fill(fault.number)
    page.keyboard.press("Enter")
    page.locator(".toast", has_text=f"{other.number} is part of").wait_for()
    assert queries.problem_of(second) == fault
    page.goto(f"/console/problems/{other.number}/")
    page.get_by_role("button", name="Two problems again").click()
    page.get_by_text("Two problems again; 1 report came back.").wait_for()
    assert queries.problem_of(second) == other


def test_priority_watching_and_who_knows_by_keyboard(signed_in, reports, desk, check_axe):
    now = timezone.now()
    fault = actions.open_problem("Saving fails", by=desk.dora.actor, at=now)
    for report in reports:
        membership.join(fault, report, by=desk.dora.actor, at=now)
    aftercare.solve(reports[0], cause="Disk full.", solution="Made room.", by=desk.dora.actor, at=now)
    page = signed_in("emil")
    page.goto(f"/console/problems/{fault.number}/")
    page.keyboard.press("w")
    page.get_by_text("Watched by Emil Ek").wait_for()
    page.get_by_role("link", name="Decide otherwise").click()
    page.get_by_label("Decide otherwise").select_option("1")
    page.get_by_label("Why", exact=True).fill("The board asked.")
    page.keyboard.press("Enter")
    page.get_by_text("Emil Ek decided: “The board asked.”").wait_for()
    check_axe(page)
    page.goto("/console/problems/")
    page.get_by_text("P1 · decided by hand").wait_for()
    page.goto(f"/console/problems/{fault.number}/")
    page.get_by_role("button", name="Let it be computed again").click()
    page.get_by_text("P3, this week").first.wait_for()
    page.keyboard.press("w")
    page.get_by_role("button", name="Watch", exact=True).wait_for()
    assert watching.watchers(fault) == []
    page.get_by_role("link", name="Who knows this?").click()
    page.get_by_text("had a hand in one like it").wait_for()
    check_axe(page)
