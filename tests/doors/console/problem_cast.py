"""A problem that reports of two people belong to, for the tests of its pages and of the queue."""

from datetime import timedelta

from django.utils import timezone

from makegood.life.problems import actions, membership
from makegood.life.problems.models import Problem
from tests.doors.console.report_cast import file_report

HOUR = timedelta(hours=1)


def open_fault(cast, case):
    at = timezone.now() - HOUR
    problem = actions.open_problem("The claims page answers 500", by=cast.dora.actor, at=at, of=case)
    other = file_report(cast, at, what="CEMSENTINEL it fails.", key="cem-1", email=cast.cem.email, name="Cem Celik")
    for report in (case, other):
        membership.join(problem, report, by=cast.dora.actor, at=at)
    return problem


def url(problem, rest=""):
    return f"/console/problems/{problem.number}/{rest}"


def page(client, address, **data):
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def fresh(problem):
    return Problem.objects.get(pk=problem.pk)
