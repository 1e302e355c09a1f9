"""One fault, many reports, by keyboard in a browser: opened, joined, explained, told, and taken apart again."""

import pytest
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.colleagues import watching
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, membership, queries
from makegood.life.problems.models import Problem
from makegood.life.reports import access
from makegood.life.reports.models import Report
from tests.doors.console.report_cast import file_report
from tests.journeys.desk import work

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
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert queries.problem_of(third) == fault
    page.goto(f"/console/problems/{fault.number}/")
    page.get_by_label(f"Choose {second.number}").check()
    page.get_by_text("Some of these are about something else").click()
    page.get_by_label("What is the other problem?").fill("Only on phones")
    page.get_by_role("button", name="Split off").click()
    page.locator(".toast", has_text="1 report went over").wait_for()
    other = Problem.objects.get(title="Only on phones")
    assert queries.problem_of(second) == other
    page.keyboard.press("z")
    page.wait_for_url(f"**/console/problems/{fault.number}/")
    assert queries.problem_of(second) == fault
    page.get_by_label(f"Choose {second.number}").check()
    page.get_by_text("Some of these are about something else").click()
    page.get_by_label("What is the other problem?").fill("Only on phones")
    page.get_by_role("button", name="Split off").click()
    page.locator(".toast", has_text="1 report went over").wait_for()
    other = Problem.objects.get(title="Only on phones", withdrawn_at=None)

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


def taken_back(page):
    page.keyboard.press("z")
    page.locator(".toast", has_text="Taken back.").wait_for()


def test_each_decision_of_triage_is_one_key_and_one_undo(signed_in, desk, check_axe):
    now = timezone.now()
    words = "Saving the form fails with error 500 from the gateway."
    first, second, again = (
        file_report(desk, now, key=f"triage-{n}", name=who.name, email=who.email, what=f"{words} Case {n}.")
        for n, who in enumerate((desk.ana, desk.ben, desk.ana))
    )
    work(now)
    page = signed_in("emil")
    page.emulate_media(reduced_motion="reduce")
    triage = f"/console/reports/{first.pk}/triage/"

    def belongs():
        return {one: queries.problem_of(one) for one in (first, second, again)}

    # One problem for both, by the number beside it: undone whole, the problem is gone.
    page.goto(triage)
    check_axe(page)
    button = page.get_by_role("article", name=second.number).get_by_role("button", name="One problem for both")
    page.keyboard.press(button.locator("kbd").inner_text())
    page.locator(".toast", has_text="belong to PRB-").wait_for()
    assert belongs()[first] == belongs()[second] != None  # noqa: E711 - both, and not nothing
    taken_back(page)
    assert page.url.endswith(f"/console/reports/{first.pk}/")
    assert set(belongs().values()) == {None}
    page.goto("/console/problems/")
    page.get_by_text("No problem").first.wait_for()

    # A problem opened from it, and that taken back.
    page.goto(triage)
    page.keyboard.press("Shift+P")
    page.wait_for_url("**/console/problems/PRB-*/")
    page.keyboard.press("z")
    page.wait_for_url(f"**/console/reports/{first.pk}/")
    page.get_by_text("Taken back.").first.wait_for()
    assert set(belongs().values()) == {None}

    # Join one listed, take out, split off: each with its key, each taken back.
    fault = actions.open_problem("Saving fails", by=desk.dora.actor, at=timezone.now())
    membership.join(fault, second, by=desk.dora.actor, at=timezone.now())
    page.goto(triage)
    page.keyboard.press("6")
    page.locator(".toast", has_text=f"belongs to {fault.number}").wait_for()
    assert belongs()[first] == fault
    page.goto(triage)
    check_axe(page)
    page.keyboard.press("t")
    page.locator(".toast", has_text="no longer belongs").wait_for()
    assert belongs()[first] is None
    taken_back(page)
    assert belongs()[first] == fault
    page.goto(triage)
    page.keyboard.press("Shift+T")
    page.locator(".toast", has_text=f"split from {fault.number}").wait_for()
    assert belongs()[first] not in (None, fault)
    taken_back(page)
    assert belongs()[first] == fault

    # Two reports of one person: go on in the other, and back before a word has left.
    page.goto(triage)
    button = page.get_by_role("button", name=f"Go on in {again.number}")
    page.keyboard.press(f"Shift+Digit{button.locator('kbd').inner_text().removeprefix('⇧')}")
    page.locator(".toast", has_text=f"{first.number} goes on in {again.number}").wait_for()
    assert Report.objects.get(pk=first.pk).state == "closed"
    page.keyboard.press("z")
    page.get_by_text("The two go their own ways again.").first.wait_for()
    now = Report.objects.get(pk=first.pk)
    assert (now.state, now.duplicate_of) == (first.state, None)
    assert not first.messages.filter(body__contains="We go on with both there", withdrawn_at=None).exists()

    # The help overlay names the keys.
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("Take it out of its problem").wait_for()


def test_the_pareto_on_paper_has_the_width_of_the_paper_and_no_controls(signed_in, reports, desk):
    now = timezone.now()
    fault = actions.open_problem("Saving fails", by=SYSTEM, at=now)
    for report in reports:
        membership.join(fault, report, by=SYSTEM, at=now)
    page = signed_in("emil")
    page.goto("/console/problems/insight/")
    assert page.get_by_role("link", name="As CSV").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#main").bounding_box()["x"] < 20
    for control in (page.get_by_role("button", name="Show"), page.get_by_role("link", name="As CSV")):
        assert not control.is_visible()
    assert page.locator(".pareto .wave__bar").is_visible()
    assert page.get_by_role("row", name="PRB-").is_visible()
