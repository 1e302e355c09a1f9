"""From the numbers a change names to the problems it belongs to.

``PRB-3`` is that problem; if it was merged into another, the other. ``MG-12`` is the problem its report belongs to; if
it belongs to none, one is opened from it: somebody works on the fault, so there is one. A report that was closed, or
proved a question, gets none. What was opened by a slip and taken back is nobody's any more, and left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.life.fixes import following
from makegood.life.fixes.mentions import PROBLEM, Mention
from makegood.life.fixes.models import Commit, Fix, Link, PullRequest
from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, membership, queries
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports import states as report_states
from makegood.life.reports.models import Report

_DEEPEST = 10


class Notes(Protocol):
    """Where it is noted what came of each number."""

    linked: list[str]
    unknown: list[str]


def link(
    named: Iterable[Mention],
    *,
    at: datetime,
    heard: Notes,
    moment: datetime,
    commit: Commit | None = None,
    pull: PullRequest | None = None,
) -> None:
    """Tie a change to the fix of each problem that ``named`` leads to. Twice is once; a claim stays a claim."""
    change = commit or pull
    assert change is not None
    by = Actor("system", None, change.repository.name)
    for one in named:
        problem = problem_named(one, by=by, at=at)
        if problem is None:
            heard.unknown.append(f"{one} leads to no problem here")
            continue
        access.lock(problem)
        fix = following.fix_of(problem, at=at, moment=moment)
        tie(fix, by=by, at=at, claims=one.claims, commit=commit, pull=pull)
        heard.linked.append(str(one))


def tie(fix: Fix, *, by: Actor, at: datetime, claims: bool, **change: Any) -> Link:
    """The row that says that a change (``commit`` or ``pull``) belongs to ``fix``."""
    defaults = {"claims": claims, "by_name": by.name, "at": at}
    row, is_new = Link.objects.get_or_create(fix=fix, **change, defaults=defaults)
    if claims and not row.claims:
        row.claims = True
        row.save(update_fields=["claims"])
    if is_new:
        Fix.objects.filter(pk=fix.pk).update(updated_at=at)
        actions.record(fix.problem, "fix.linked", by=by, at=at, data={"link": row.pk, **words_of(row)})
    return row


def tell_merged(pull: PullRequest, *, at: datetime) -> None:
    """The history of each problem says once that the pull request was merged."""
    if pull.state != "merged":
        return
    by = Actor("system", None, pull.repository.name)
    for row in pull.links.filter(removed_at=None).select_related("fix__problem"):
        data = {"link": row.pk, **words_of(row)}
        following.record_once(row.fix.problem, "fix.merged", str(row.pk), by=by, at=at, data=data)


def words_of(row: Link) -> dict[str, Any]:
    """A change in the words of the ledger."""
    if row.pull:
        told = {"what": f"!{row.pull.number}", "title": row.pull.title, "url": row.pull.url}
        return {**told, "repository": row.pull.repository.name, "claims": row.claims}
    assert row.commit is not None
    told = {"what": row.commit.sha[:12], "title": row.commit.subject, "url": row.commit.url}
    return {**told, "repository": row.commit.repository.name, "claims": row.claims}


def problem_named(one: Mention, *, by: Actor, at: datetime) -> Problem | None:
    """The problem that ``one`` leads to, opened from its report if need be."""
    if one.kind == PROBLEM:
        return _present(Problem.objects.filter(pk=one.number).first())
    report = Report.objects.filter(pk=one.number).select_related("duplicate_of").first()
    if report is None:
        return None
    problem = queries.problem_of(report) or (report.duplicate_of and queries.problem_of(report.duplicate_of))
    return _present(problem) if problem else _opened(report, by=by, at=at)


def together(*lists: Iterable[Mention]) -> list[Mention]:
    """Several finds as one; a claim in any counts."""
    found: dict[tuple[str, int], bool] = {}
    for one in (mention for each in lists for mention in each):
        found[one.kind, one.number] = found.get((one.kind, one.number), False) or one.claims
    return [Mention(kind, number, claims) for (kind, number), claims in found.items()]


def _present(problem: Problem | None) -> Problem | None:
    for _step in range(_DEEPEST):
        if problem is None or problem.merged_into is None:
            break
        problem = problem.merged_into
    return None if problem is None or problem.withdrawn_at else problem


def _opened(report: Report, *, by: Actor, at: datetime) -> Problem | None:
    if report.kind != "error" or report.state == report_states.CLOSED:
        return None
    problem = actions.open_problem(report.title, by=by, at=at, of=report)
    reason = _("A change in version control names %s.") % report.number
    membership.join(problem, report, by=by, at=at, how=Membership.MACHINE, reason=reason)
    return problem
