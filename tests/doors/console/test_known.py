"""Is this known? On the report, in triage and on the phone; joining and merging with one click, and back."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, membership, queries
from makegood.life.problems.models import Problem
from makegood.life.reports import access
from makegood.life.reports.models import Report
from tests.life.case import file_report, fresh, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast, monday):
    made = file_report(cast, monday, key="known-first")
    work(monday)
    return made


@pytest.fixture
def other(cast, monday, report):
    made = file_report(cast, monday, key="known-second")
    work(monday)
    return made


@pytest.fixture
def problem(cast, monday, other):
    made = actions.open_problem("Claims page answers 500", by=cast.emil.actor, at=monday, workaround="Use the app.")
    membership.join(made, other, by=cast.emil.actor, at=monday)
    work(monday)
    return made


def test_the_side_of_the_report_names_the_likeliest(client, cast, report, problem):
    client.force_login(cast.dora)
    part = client.get(f"/console/reports/{report.pk}/known/").content.decode()
    assert problem.number in part
    assert "shared words" in part or "same" in part


def test_triage_shows_them_beside_the_report_and_joins_with_one_key(client, cast, report, problem):
    client.force_login(cast.dora)
    page = client.get(f"/console/reports/{report.pk}/triage/").content.decode()
    assert 'data-command="pick_1"' in page
    client.post(f"/console/reports/{report.pk}/triage/join/", {"problem": problem.number})
    assert queries.problem_of(report) == problem


def test_two_reports_alike_become_members_of_one_problem(client, cast, report, other):
    client.force_login(cast.dora)
    assert client.post(f"/console/reports/{report.pk}/triage/with/", {"other": other.pk}).status_code == 302
    made = Problem.objects.get()
    assert queries.problem_of(report) == queries.problem_of(other) == made
    assert client.post(f"/console/reports/{report.pk}/triage/with/", {"other": "999999"}).status_code == 404


def test_a_protected_report_is_not_suggested_to_others(client, cast, report, other):
    Report.objects.filter(pk=other.pk).update(is_protected=True, team=cast.platform)
    client.force_login(cast.dora)
    assert other.number not in client.get(f"/console/reports/{report.pk}/known/").content.decode()
    assert client.post(f"/console/reports/{report.pk}/triage/with/", {"other": other.pk}).status_code == 404


def test_the_phone_shows_what_it_may_be_with_the_way_round(client, cast, problem):
    client.force_login(cast.dora)
    part = client.post("/console/phone/known/", {"what": "The claims page shows error 500."}).content.decode()
    assert problem.number in part
    assert "Use the app." in part


def test_a_merged_report_leads_to_where_it_goes_on(client, cast, report, other):
    client.force_login(cast.dora)
    client.post(f"/console/reports/{report.pk}/merge/", {"into": other.pk})
    assert fresh(report).close_reason == "duplicate"
    answer = client.get(f"/console/reports/{report.pk}/")
    assert answer["Location"] == f"/console/reports/{other.pk}/"
    page = client.get(f"/console/reports/{report.pk}/?here=1").content.decode()
    assert "Take the merge back" in page
    client.post(f"/console/reports/{report.pk}/merge/", {"none": "1"})
    assert fresh(report).state != "closed"


def test_its_reporter_is_led_on_by_their_page(client, cast, report, other, monday):
    from django.utils import timezone

    from makegood.life.aftercare import merging

    now = timezone.now()
    merging.merge(report, other, by=cast.dora.actor, at=now)
    client.get(f"/r/{access.make_link(report, cast.ana, by=SYSTEM, at=now)}/")
    assert f"Go to {other.number}" in client.get(f"/r/{report.number}/").content.decode()
    answer = client.post(f"/r/{report.number}/goes-on/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/r/{other.number}/"
    assert client.post(f"/r/{other.number}/goes-on/").status_code == 404
