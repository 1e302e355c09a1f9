"""Priorities of reports and problems follow what they rest on; a person may overrule them; a surge raises them."""

from datetime import timedelta

import pytest

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact, Organisation
from makegood.life.problems import actions, membership, ranking, surging
from makegood.life.problems.models import Problem, Surge
from makegood.life.promises import actions as promises
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Category, Component, OutgoingMail, Report
from tests.life.case import file_report, fresh, work

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def priority_of(report):
    return Report.objects.values_list("priority", flat=True).get(pk=report.pk)


def set_severity(report, severity, cast, at):
    reports.set_severity(report, severity, by=cast.dora.actor, at=at)
    promises.change_severity(report, by=cast.dora.actor, at=at)


def many_people(cast, count, at, category=None):
    people = Contact.objects.bulk_create(
        Contact(name=f"Person {n}", email=f"person{n}@example.org", created_at=at) for n in range(count)
    )
    made = []
    for n, person in enumerate(people):
        told = Told("The upload fails.", f"key-of-many-{n:06}", email=person.email)
        made.append(intake.file(told, at=at).report)
    if category:
        Report.objects.filter(pk__in=[report.pk for report in made]).update(category=category)
    return made


def test_a_report_is_weighed_when_it_arrives_and_when_its_severity_changes(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    assert fresh(report).priority_why["reasons"][0] == ["severity", 3]
    set_severity(fresh(report), "critical", cast, monday)
    work(monday)
    assert priority_of(report) == 2
    assert report.ledger.filter(kind="report.priority_changed").count() == 1


def test_a_key_account_raises_it_and_says_so(cast, monday):
    Organisation.objects.filter(pk=cast.acme.pk).update(is_key_account=True)
    report = file_report(cast, monday)
    work(monday)
    assert priority_of(report) == 2
    assert ["key_account", 0] in fresh(report).priority_why["reasons"]


def test_many_reports_of_one_thing_raise_one_another(cast, monday):
    problem = actions.open_problem("Uploads fail", by=cast.dora.actor, at=monday)
    made = many_people(cast, 10, monday)
    work(monday)
    assert {priority_of(report) for report in made} == {3}
    for report in made:
        membership.join(problem, report, by=cast.dora.actor, at=monday)
    work(monday)
    assert Problem.objects.get(pk=problem.pk).priority == 2
    assert {priority_of(report) for report in made} == {2}
    membership.leave(made[0], by=cast.dora.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert {priority_of(report) for report in made} == {3}


def test_a_person_overrules_it_with_a_reason_and_gives_it_back(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    with pytest.raises(ranking.NeedsReason):
        ranking.overrule(report, 1, by=cast.emil.actor, at=monday, reason=" ")
    ranking.overrule(report, 1, by=cast.emil.actor, at=monday, reason="The board asked.")
    set_severity(fresh(report), "low", cast, monday)
    work(monday)
    now = fresh(report)
    assert (now.priority, now.priority_by, now.priority_why["value"]) == (1, "Emil Ek", 4)
    ranking.overrule(now, None, by=cast.emil.actor, at=monday, reason="Settled.")
    assert (priority_of(report), fresh(report).priority_by) == (4, "")


def test_new_terms_weigh_open_reports_anew(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    data = {"matrix": [[1] * 4] * 4, "some_people": 10, "many_people": 100, "long_days": 14}
    with pytest.raises(ranking.NeedsReason):
        ranking.set_terms(data, by=cast.emil.actor, at=monday)
    ranking.set_terms(data, by=cast.emil.actor, at=monday, reason="Everything is urgent.")
    work(monday)
    assert priority_of(report) == 1


def test_a_long_wait_counts(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    later = monday + timedelta(days=14, hours=1)
    assert ranking.rank_waiting(later) == 1
    assert priority_of(report) == 2
    assert ranking.rank_waiting(later) == 0


def test_a_surge_is_noticed_with_the_third_customer_told_once_and_over_in_time(cast, monday):
    category = Category.objects.create(slug="uploads", names={"en": "Uploads"}, default_team=cast.desk)
    made = many_people(cast, 2, monday, category)
    work(monday)
    assert surging.watch(monday) == 0
    told = Told("The upload fails.", "key-of-the-third", email="ana@example.org")
    third = intake.file(told, at=monday + MINUTE).report
    Report.objects.filter(pk=third.pk).update(category=category)
    assert surging.watch(monday + 2 * MINUTE) == 1
    assert surging.watch(monday + 3 * MINUTE) == 0
    surge = Surge.objects.get()
    assert (surge.count, surge.people, surge.reports) == (3, 3, [*(report.pk for report in made), third.pk])
    work(monday + 3 * MINUTE)
    assert {priority_of(report) for report in (*made, third)} == {2}
    mail = OutgoingMail.objects.get(purpose="surge")
    assert (mail.to_email, f"MG-{third.pk}" in mail.text, "The upload fails" in mail.text) == (
        cast.emil.email,
        True,
        False,
    )
    assert surging.watch(monday + 3 * HOUR) == 1
    assert Surge.objects.get().ended_at == monday + 3 * HOUR
    assert {priority_of(report) for report in (*made, third)} == {3}


def test_what_is_usual_at_this_time_of_the_week_is_no_surge(cast, monday):
    category = Category.objects.create(slug="uploads", names={"en": "Uploads"})
    for week in range(1, 9):
        for n in range(4):
            told = Told("The upload fails.", f"week-{week}-number-{n}", email=f"w{week}n{n}@example.org")
            intake.file(told, at=monday - timedelta(weeks=week) - 10 * MINUTE)
    Report.objects.update(category=category)
    many_people(cast, 4, monday, category)
    assert surging.watch(monday) == 0


def surge_of(kind, thing, cast, at):
    """Three customers report one thing: a surge, noticed at ``at``."""
    made = many_people(cast, 3, at)
    Report.objects.filter(pk__in=[report.pk for report in made]).update(**{kind: thing})
    assert surging.watch(at) == 1
    return made


def test_a_surge_of_a_component_raises_its_reports_and_no_others(cast, monday):
    search = Component.objects.create(slug="search", name="Search", team=cast.platform)
    bare = file_report(cast, monday)
    work(monday)
    made = surge_of("component", search, cast, monday)
    set_severity(fresh(bare), "low", cast, monday)
    problem = actions.open_problem("Something else", by=cast.dora.actor, at=monday)
    work(monday)
    assert {priority_of(report) for report in made} == {2}
    assert priority_of(bare) == 4  # no category, no component: "none" is nobody's surge
    assert "spike" not in dict(fresh(bare).priority_why["reasons"])
    assert Problem.objects.get(pk=problem.pk).priority == 3


def test_a_surge_raises_what_came_in_it_and_not_what_waited_before(cast, monday):
    uploads = Category.objects.create(slug="uploads", names={"en": "Uploads"})
    old = file_report(cast, monday - timedelta(days=2))
    Report.objects.filter(pk=old.pk).update(category=uploads)
    made = surge_of("category", uploads, cast, monday)
    work(monday)
    assert (priority_of(old), {priority_of(report) for report in made}) == (3, {2})


def priority_of_problem(problem):
    return Problem.objects.values_list("priority", flat=True).get(pk=problem.pk)


def test_problems_go_up_with_a_surge_and_down_when_it_is_over(cast, monday):
    uploads = Category.objects.create(slug="uploads", names={"en": "Uploads"})
    search = Component.objects.create(slug="search", name="Search", team=cast.platform)
    by = cast.dora.actor
    of_category = actions.open_problem("Uploads fail", by=by, at=monday, category=uploads)
    of_members, of_part, other = (actions.open_problem(title, by=by, at=monday) for title in ("A", "B", "C"))
    of_part.components.add(search)
    made = many_people(cast, 3, monday, uploads)
    Report.objects.filter(pk__in=[report.pk for report in made]).update(component=search)
    membership.join(of_members, made[0], by=by, at=monday)
    work(monday)
    everything = (of_category, of_members, of_part, other)
    assert [priority_of_problem(one) for one in everything] == [3, 3, 3, 3]
    assert surging.watch(monday + MINUTE) == 2
    assert [priority_of_problem(one) for one in everything] == [2, 2, 2, 3]
    assert surging.watch(monday + 3 * HOUR) == 2
    assert [priority_of_problem(one) for one in everything] == [3, 3, 3, 3]
    assert {priority_of(report) for report in made} == {3}


def test_a_problem_whose_report_comes_while_the_surge_runs_goes_up_too(cast, monday):
    uploads = Category.objects.create(slug="uploads", names={"en": "Uploads"})
    problem = actions.open_problem("Uploads fail", by=cast.dora.actor, at=monday)
    surge_of("category", uploads, cast, monday)
    late = file_report(cast, monday + MINUTE)
    membership.join(problem, late, by=cast.dora.actor, at=monday + MINUTE)
    reports.set_category(late, uploads, by=cast.dora.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert priority_of(late) == 2
    assert surging.watch(monday + 2 * MINUTE) == 0
    assert priority_of_problem(problem) == 2


@pytest.mark.parametrize("kind", ["category", "component"])
def test_another_category_or_component_is_weighed_anew(cast, monday, kind):
    thing = (
        Category.objects.create(slug="uploads", names={"en": "Uploads"})
        if kind == "category"
        else Component.objects.create(slug="search", name="Search", team=cast.platform)
    )
    surge_of(kind, thing, cast, monday)
    report = file_report(cast, monday + MINUTE)
    work(monday + MINUTE)
    assert priority_of(report) == 3
    change = {"category": reports.set_category, "component": reports.set_component}[kind]
    change(report, thing, by=cast.dora.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert priority_of(report) == 2
    change(fresh(report), None, by=cast.dora.actor, at=monday + 2 * MINUTE)
    work(monday + 2 * MINUTE)
    assert priority_of(report) == 3


def test_a_problem_open_for_long_goes_up_and_down_again_when_it_is_fixed(cast, monday):
    problem = actions.open_problem("Uploads fail", by=cast.dora.actor, at=monday)
    work(monday)
    later = monday + timedelta(days=14, hours=1)
    assert ranking.rank_waiting(later) == 1
    assert (priority_of_problem(problem), ranking.rank_waiting(later)) == (2, 0)
    actions.move(problem, "released", by=cast.eve.actor, at=later)
    work(later)
    assert priority_of_problem(problem) == 3
