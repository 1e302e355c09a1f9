"""The form asks for no release: a report of the portal comes from what its customers ran when it was sent."""

from datetime import timedelta

import pytest

from makegood.life.fixes import telling as facts
from makegood.life.learning.models import Recurrence
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report
from tests.doors.portal.test_form import fill
from tests.life.case import work
from tests.life.fixes import story

pytestmark = pytest.mark.django_db


def send(browser, at):
    fill(browser, what={"what": "Error: ClaimsUnavailableException: pool exhausted after 30017 ms"})
    browser.post("/report/send/")
    work(at)
    return Report.objects.order_by("-pk").first()


def test_a_report_of_the_form_is_from_what_was_deployed_then(browser, desk, monday, clock):
    one = problems.open_problem("The claims page answers 500", by=desk.emil.actor, at=monday)
    signatures = ["ClaimsUnavailableException: pool exhausted after 30000 ms"]
    problems.edit(one, by=desk.emil.actor, at=monday, cause="A full pool.", fix="Larger.", signatures=signatures)
    code_of = story.repository()
    told = [story.push(story.commit("old", "Begin", hours=-3), story.commit("fix", f"Fixes {one.number}", hours=-2))]
    facts.tell(code_of, [*told, story.deployed("old", hours=-1)], at=monday)
    problems.move(one, "released", by=SYSTEM, at=monday, fixed_in="2.4.1")
    problems.move(one, "watching", by=SYSTEM, at=monday)
    first = send(browser, monday)
    assert not first.environment.get("release")
    row = Recurrence.objects.get(report=first)
    assert (row.has_fix, row.state, bool(row.release)) == (False, "older", True)
    clock.shift(timedelta(hours=3))
    later = monday + timedelta(hours=3)
    facts.tell(code_of, [story.deployed("fix", hours=2)], at=later)
    second = send(browser, later)
    assert Recurrence.objects.get(report=second).has_fix is True
    assert Problem.objects.get(pk=one.pk).state == "came_back"
