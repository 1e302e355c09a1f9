"""The queue and problems: filters by them, what rows show, and many reports that join at once."""

import json

import pytest
from django.utils import timezone

from makegood.life.problems import actions, membership, queries
from makegood.life.problems.models import Problem
from makegood.life.reports.access import visible_reports
from makegood.life.reports.conditions import condition_of
from makegood.life.reports.models import BulkRun, Report
from makegood.life.reports.query_language import parse
from tests.doors.console.problem_cast import fresh, page
from tests.doors.console.report_cast import PART, file_report
from tests.life.case import work


def test_the_queue_finds_the_reports_of_a_problem(cast, fault, case, dora):
    loose = file_report(cast, timezone.now(), what="LOOSE one.", key="loose-1")
    assert case.title in page(dora, "/console/queue/", q=f"state:any problem:{fault.number}")
    assert "LOOSE" not in page(dora, "/console/queue/", q="state:any problem:any")
    shown = page(dora, "/console/queue/", q="state:any problem:none")
    assert loose.number in shown
    assert case.title not in shown
    assert case.title not in page(dora, "/console/queue/", q=f"state:any -problem:{fault.number}")
    assert "Nothing is called" in page(dora, "/console/queue/", q="problem:elephant")


@pytest.mark.parametrize("who", ["dora", "emil", "eve", "ada"])
def test_any_problem_and_none_tell_reports_apart_for_every_role(cast, who):
    now = timezone.now()
    one, *rest = [file_report(cast, now, key=f"report-{n}") for n in range(3)]
    left = rest[1]
    Report.objects.update(technical_team=cast.platform)
    fault = actions.open_problem("Saving fails", by=cast.dora.actor, at=now)
    for report in (one, left):
        membership.join(fault, report, by=cast.dora.actor, at=now)
    membership.leave(left, by=cast.dora.actor, at=now)
    seeker = getattr(cast, who)

    def found(text):
        parts = [condition_of(term, seeker, now) for term in parse(text).terms]
        return set(visible_reports(seeker).filter(*parts).values_list("pk", flat=True))

    without = {report.pk for report in rest}
    assert (found("problem:any"), found("problem:none")) == ({one.pk}, without)
    assert (found("-problem:any"), found(f"problem:{fault.number}"), found("-problem:none")) == (
        without,
        {one.pk},
        {one.pk},
    )


def test_a_protected_problem_gives_nothing_away_in_the_queue(cast, fault, case, dora):
    mark = f"<span>{fault.number}</span>"
    assert mark in page(dora, "/console/queue/", q="state:any")
    actions.protect(fault, True, by=cast.emil.actor, at=timezone.now(), reason="Names a member.")
    actions.hand_to(fault, by=cast.emil.actor, at=timezone.now(), team=cast.platform, owner=None)
    assert mark not in page(dora, "/console/queue/", q="state:any")
    assert case.title not in page(dora, "/console/queue/", q=f"state:any problem:{fault.number}")
    assert case.title in page(dora, "/console/queue/", q="state:any problem:none")
    refused = dora.post("/console/queue/change/", {"change": "problem:none", "report": case.pk}, headers=PART)
    assert refused.status_code == 409
    assert queries.problem_of(case) == fault


def test_rows_of_the_queue_show_the_problem_in_one_query_for_all(cast, fault, dora, django_assert_max_num_queries):
    page(dora, "/console/queue/", q="state:any")
    with django_assert_max_num_queries(60) as few:
        page(dora, "/console/queue/", q="state:any")
    for n in range(6):
        report = file_report(cast, timezone.now(), key=f"rows-{n}", email=f"r{n}@example.org", name=f"R {n}")
        problem = actions.open_problem(f"Fault {n}", by=cast.dora.actor, at=timezone.now())
        membership.join(problem, report, by=cast.dora.actor, at=timezone.now())
    with django_assert_max_num_queries(len(few)):
        assert problem.number in page(dora, "/console/queue/", q="state:any")


def test_a_selection_joins_at_once_and_one_undo_takes_all_back(cast, fault, case, dora):
    loose = file_report(cast, timezone.now(), key="loose-2")
    other = actions.open_problem("Another fault", by=cast.dora.actor, at=timezone.now())
    sent = {"what": "problem", "free": other.number, "report": [case.pk, loose.pk]}
    answer = dora.post("/console/queue/change/", sent, headers=PART)
    assert answer.status_code == 204
    assert queries.problem_of(case) == queries.problem_of(loose) == other
    dora.post(json.loads(answer.headers["HX-Trigger"])["toast"]["undo"], headers=PART)
    assert (queries.problem_of(case), queries.problem_of(loose)) == (fault, None)


def test_a_new_problem_is_opened_once_for_the_whole_selection(cast, fault, case, dora):
    loose = file_report(cast, timezone.now(), key="loose-3")
    sent = {"what": "problem", "free": "+Only on phones", "report": [case.pk, loose.pk]}
    assert dora.post("/console/queue/change/", sent, headers=PART).status_code == 204
    made = Problem.objects.get(title="Only on phones")
    assert made.reports_count == 2
    assert dora.post("/console/queue/change/", sent | {"free": "+ "}, headers=PART).status_code == 409


def test_many_join_as_a_job_with_one_undo(cast, fault, dora):
    many = [file_report(cast, timezone.now(), key=f"bulk-{n}", email=f"b{n}@example.org", name="B") for n in range(30)]
    ids = ",".join(str(report.pk) for report in many)
    assert (
        "This changes 30 reports"
        in dora.post(
            "/console/queue/change/", {"what": "problem", "free": fault.number, "report": [one.pk for one in many]}
        ).content.decode()
    )
    dora.post("/console/bulk/start/", {"change": f"problem:{fault.number}", "ids": ids})
    work(timezone.now())
    assert fresh(fault).reports_count == 32
    run = BulkRun.objects.get()
    assert run.failures == []
    dora.post(f"/console/bulk/{run.key}/undo/")
    work(timezone.now())
    assert fresh(fault).reports_count == 2
