"""What changes elsewhere shows by itself, in every tab; nobody loses their place, and no draft is lost."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.doors.clock import relay
from makegood.life.intake.actions import file as file_report
from makegood.life.intake.telling import Told
from makegood.life.problems import actions, membership

pytestmark = pytest.mark.journey


def report_of(number: int, what: str):
    told = Told(what=what, idempotency_key=f"{number:032}", name="Ana Alvarez", email="ana@example.org")
    report = file_report(told, at=timezone.now()).report
    relay.deliver(timezone.now())
    return report


def test_a_new_report_appears_in_every_tab_and_the_focus_stays(signed_in):
    first = report_of(1, "The claims page shows an error 500.")
    page = signed_in("dora")
    page.goto("/console/queue/")
    other = page.context.new_page()
    other.goto("/console/queue/")
    page.bring_to_front()
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.evaluate("document.activeElement.closest('.row').id") == f"row-{first.pk}"

    second = report_of(2, "Letters will not open since Monday.")
    page.locator(f"#row-{second.pk}").wait_for(timeout=4000)
    assert page.evaluate("document.activeElement.closest('.row')?.id") == f"row-{first.pk}"
    assert page.locator(f"#row-{first.pk} .row__check").is_checked()
    other.bring_to_front()
    other.locator(f"#row-{second.pk}").wait_for(timeout=4000)


def test_a_draft_comes_back_after_a_crash(signed_in):
    report = report_of(1, "The claims page shows an error 500.")
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    area = page.locator("#composer-body").first
    area.fill("We are looking into it")
    page.locator("[data-draft-state]", has_text="Kept ").first.wait_for(timeout=5000)
    page.evaluate("localStorage.clear()")
    page.goto(f"/console/reports/{report.pk}/")
    assert page.locator("#composer-body").first.input_value() == "We are looking into it"

    # Without any server, the copy in the browser is enough.
    page.context.set_offline(True)
    page.locator("#composer-body").first.fill("We are looking into it at once")
    page.locator("[data-draft-state]", has_text="Kept on this device").first.wait_for(timeout=5000)


def test_a_colleague_sees_who_is_writing(signed_in):
    report = report_of(1, "The claims page shows an error 500.")
    dora, emil = signed_in("dora"), signed_in("emil")
    dora.goto(f"/console/reports/{report.pk}/")
    emil.goto(f"/console/reports/{report.pk}/")
    dora.bring_to_front()
    dora.locator("textarea[data-doing]").first.press_sequentially("Good")
    emil.bring_to_front()
    emil.locator(".presence [data-doing=replying]").wait_for(timeout=4000)
    dora.close()
    emil.locator(".presence [data-doing=replying]").wait_for(state="detached", timeout=6000)


def test_what_one_has_opened_to_read_stays_open_while_more_comes(signed_in, desk):
    reports = [report_of(number, f"The claims page shows an error 500, case {number}.") for number in range(1, 6)]
    problem = actions.open_problem("Claims fail", by=desk.emil.actor, at=timezone.now())

    def join(report):
        membership.join(problem, report, by=desk.emil.actor, at=timezone.now())
        relay.deliver(timezone.now())

    for report in reports[:4]:
        join(report)
    page = signed_in("emil")
    page.goto(f"/console/problems/{problem.number}/")
    run = page.locator("#history details")
    run.get_by_text("4 reports joined").click()
    run.get_by_role("link", name=reports[0].number).wait_for()
    join(reports[4])
    run.get_by_text("5 reports joined").wait_for()
    expect(run).to_have_attribute("open", "")
    run.get_by_role("link", name=reports[4].number).wait_for()
