"""Solving and closing are taken back like any other change: a toast with Undo, or the key z."""

import pytest
from django.utils import timezone

from makegood.life.reports.models import Message, Report
from tests.doors.console.report_cast import file_report

pytestmark = pytest.mark.journey


@pytest.fixture
def report(desk):
    return file_report(desk, timezone.now())


def test_solving_is_taken_back_by_a_key(signed_in, report, check_axe):
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/solve/")
    page.get_by_label("What the cause was").fill("A full disk.")
    page.get_by_label("What was done").fill("We made room.")
    page.get_by_label("Words to Ana Alvarez").fill("It works again: {{ solution }}")
    page.keyboard.press("Control+Enter")
    toast = page.locator(".toast", has_text="Solved.")
    toast.get_by_role("button", name="Undo").wait_for()
    assert Report.objects.get(pk=report.pk).state == "solved"
    check_axe(page)
    page.keyboard.press("z")
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert Report.objects.get(pk=report.pk).state != "solved"
    assert Message.objects.filter(report=report, withdrawn_at__isnull=False).exists()


def test_solving_needs_no_more_than_cause_and_solution(signed_in, report):
    """The words stay as the page offers them and there is nothing to do for Ana."""
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/solve/")
    page.get_by_label("What the cause was").fill("A full disk.\nIt was ours.")
    page.get_by_label("What was done").fill("We made room.\nAnd watch it now.")
    page.get_by_role("button", name="Solved: tell them").click()
    page.locator(".toast", has_text="Solved.").get_by_role("button", name="Undo").wait_for()
    said = Message.objects.filter(report=report).latest("id").body
    assert "what we did: We made room.\nAnd watch it now.\n\nPlease try it" in said
    assert "need to do" not in said


def test_closing_is_taken_back_by_the_button_of_the_toast(signed_in, report):
    page = signed_in("dora")
    page.goto(f"/console/reports/{report.pk}/")
    page.get_by_role("button", name="Close…").click()
    page.get_by_role("dialog").get_by_label("spam").check()
    page.get_by_role("button", name="Close it").click()
    page.locator(".toast", has_text="Closed.").get_by_role("button", name="Undo").click()
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert Report.objects.get(pk=report.pk).state != "closed"
