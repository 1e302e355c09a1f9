"""The whole index of likeness anew, step by step: it can be asked all the time, and stopped after any step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from makegood.engine import similar as index
from makegood.life.problems.comparable import PROBLEM, REPORT, document_of, document_of_problem, spoken_of
from makegood.life.problems.models import Membership, Problem, about
from makegood.life.reports.models import Report

STEP = 200


def index_again(*, after: int = 0, step: int = STEP) -> Iterator[tuple[int, int]]:
    """Put every report (numbered above ``after``) and problem into the index as it is now, and take out what is gone.

    Yields (how many so far, the last report's number) after each step, which is a transaction of its own.
    """
    done, last = 0, after
    while reports := list(Report.objects.filter(pk__gt=last).order_by("pk")[:step]):
        _put_reports(reports)
        done, last = done + len(reports), reports[-1].pk
        yield done, last
    before = 0
    while problems := _problems(before, step):
        index.put_again([document_of_problem(one) for one in problems if not one.merged_into_id])
        done, before = done + len(problems), problems[-1].pk
        yield done, last
    _take_out_strays(step)
    index.count_again()
    yield done, last


def _put_reports(reports: Sequence[Report]) -> None:
    keys = [one.pk for one in reports]
    spoken = spoken_of(keys)
    rows = Membership.objects.filter(report__in=keys, left_at=None).order_by("-id")
    members = dict(rows.values_list("report_id", "problem_id"))
    clusters = {pk: about(members[pk]) if pk in members else "" for pk in keys}
    index.put_again(
        [document_of(one, spoken[one.pk], clusters[one.pk]) for one in reports if one.close_reason != "spam"]
    )


def _problems(after: int, step: int) -> list[Problem]:
    return list(Problem.objects.filter(pk__gt=after).prefetch_related("components").order_by("pk")[:step])


def _take_out_strays(step: int) -> None:
    """What is no longer there, or has no business there: erased things, spam, problems merged into another."""
    wanted = {REPORT: Report.objects.exclude(close_reason="spam"), PROBLEM: Problem.objects.filter(merged_into=None)}
    for kind, there in wanted.items():
        after = -1
        while refs := index.refs(kind, after=after, most=step):
            kept = set(there.filter(pk__in=refs).order_by().values_list("pk", flat=True))
            for ref in refs:
                if ref not in kept:
                    index.remove(kind, ref)
            after = refs[-1]
