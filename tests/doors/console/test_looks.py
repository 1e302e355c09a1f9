"""What a look must not get wrong: icons that tell places apart, urgency that is never calmer than it is, words."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from makegood.doors.console import context
from makegood.doors.ui.templatetags import ui
from makegood.life.beginning import begin
from makegood.life.compensation import explain
from makegood.life.diagnosis.queries import assess
from makegood.life.promises import book
from tests.doors.console.report_cast import make_case, signed_in, url
from tests.life.announcements.crowd import crowd, open_problem


def test_every_place_of_the_rail_has_an_icon_of_its_own(cast):
    request = RequestFactory().get("/console/problems/")
    request.user = cast.ada
    groups = context.rail(request)
    icons = [item["icon"] for group in groups for item in group["items"]]
    assert sorted(icons) == sorted(set(icons))


@pytest.mark.parametrize(
    ("minutes", "state", "is_soon"),
    [
        (5, "running", True),
        (5, "at_risk", True),
        (60, "at_risk", False),
        (60, "running", False),
        (-5, "running", False),
    ],
)
def test_what_is_due_within_minutes_never_looks_calmer_than_what_is_at_risk(minutes, state, is_soon):
    drawn = ui.due(timezone.now() + timedelta(minutes=minutes), state)
    assert ("ring--soon" in drawn) is is_soon


def test_people_and_organisations_are_told_apart_by_words(cast):
    now = timezone.now()
    book.install_defaults(now)
    begin(now)
    problem = open_problem(cast, now)
    crowd(problem, 3, now, by=cast.emil.actor)
    type(problem).objects.filter(pk=problem.pk).update(people_count=6, organisations_count=5)
    page = signed_in(cast.emil).get("/console/problems/").content.decode()
    assert "in 5 organisations" in page
    assert "/ 5" not in page


def test_what_is_late_is_drawn_late_even_before_it_was_swept():
    late = timezone.now() - timedelta(minutes=11)
    assert "ring--broken" in ui.due(late, "at_risk")
    assert "ring--broken" in ui.due(late, "running")


def test_a_failure_is_counted_as_people_count():
    facts = {"severity": "high", "minutes": 90, "failure": 3}
    with override("en"):
        assert any("for the 3rd time" in one for one in explain.facts_told(facts))
        assert any("for the 12th time" in one for one in explain.facts_told({**facts, "failure": 12}))
    with override("de"):
        assert any("zum 3. Mal" in one for one in explain.facts_told(facts))


def test_escalating_says_beforehand_that_words_are_needed(cast):
    now = timezone.now()
    case = make_case(cast, now)
    page = signed_in(cast.dora).get(url(case, "escalate/")).content.decode()
    percent = assess(case).percent
    assert percent < 50
    assert f"(needed: only {percent} % is known)" in page
