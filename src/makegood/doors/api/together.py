"""What colleagues do together: overruling a priority, following a report or problem, handing a report over."""

from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import BaseModel, Field

from makegood.doors.api import finding
from makegood.doors.api.area import Area, caller, tag_of
from makegood.doors.api.faults import ProblemNumber
from makegood.doors.api.fields import ReportNumber, Slug, Taken, Words, text
from makegood.doors.api.shapes import WITH, PersonRef, ReportOut, person, report_out, with_problems
from makegood.life.aftercare import merging
from makegood.life.colleagues import handing, watching
from makegood.life.people.models import Agent
from makegood.life.problems import access, ranking
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Report

area = Area("Working together", "Priorities and why, who follows what, handing a report over.")


class PriorityReason(BaseModel):
    what: Annotated[str, Field(description="severity, hindrance, many, some, few, round, key, spike, long")]
    number: int


class PriorityOut(BaseModel):
    """1 (now) to 4 (when it fits). ``computed`` goes on beside what a person decided."""

    priority: int
    computed: int | None
    reasons: Annotated[list[PriorityReason], Field(description="In the order in which they counted.")]
    decided_by: Annotated[str, Field(description="Who overruled it; empty: it is computed.")]
    decided_because: str


class PriorityDecision(Taken):
    priority: Annotated[int | None, Field(strict=True, ge=1, le=4, description="null: let it be computed again.")]
    reason: text(500, least=1)  # type: ignore[valid-type]


class Watching(BaseModel):
    is_watched: Annotated[bool, Field(description="By the token's owner.")]
    watchers: list[PersonRef]


class HandOver(Taken):
    """To a person, a team, or a person in a team."""

    assignee: Annotated[Slug | None, Field(description="A person's key.")] = None
    team: Slug | None = None
    note: Annotated[Words, Field(description="What they need to know: what is done, what is next, what was promised.")]


class MergeIn(Taken):
    into: ReportNumber


def _tag_of_report(request: HttpRequest, number: str, **_more: Any) -> str:
    finding.report_tag(request, number)
    return tag_of(_priority(finding.report_of(request, number)))


def _tag_of_problem(request: HttpRequest, problem: str, **_more: Any) -> str:
    return tag_of(_priority(access.lock(_problem(request, problem))))


@area.get("/reports/{number}/priority", scope="reports:read", action="report.view", ok=PriorityOut, is_tagged=True)
def read_report_priority(request: HttpRequest, number: ReportNumber) -> Any:
    """Read the priority of a report, and why it is so."""
    return _priority(finding.report_of(request, number))


@area.patch(
    "/reports/{number}/priority",
    scope="reports:write",
    action="report.overrule_priority",
    ok=PriorityOut,
    is_tagged=True,
    guard=_tag_of_report,
)
def decide_report_priority(request: HttpRequest, number: ReportNumber, body: PriorityDecision) -> Any:
    """Overrule the priority of a report, or let it be computed again. Say why."""
    report, who = finding.report_of(request, number), caller(request)
    ranking.overrule(report, body.priority, by=who.actor, at=who.now, reason=body.reason)
    return _priority(finding.report_of(request, number))


@area.get("/problems/{problem}/priority", scope="problems:read", action="problem.view", ok=PriorityOut, is_tagged=True)
def read_problem_priority(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read the priority of a problem, and why it is so."""
    return _priority(_problem(request, problem))


@area.patch(
    "/problems/{problem}/priority",
    scope="problems:write",
    action="report.overrule_priority",
    ok=PriorityOut,
    is_tagged=True,
    guard=_tag_of_problem,
)
def decide_problem_priority(request: HttpRequest, problem: ProblemNumber, body: PriorityDecision) -> Any:
    """Overrule the priority of a problem, or let it be computed again. Say why."""
    fault, who = _problem(request, problem), caller(request)
    ranking.overrule(fault, body.priority, by=who.actor, at=who.now, reason=body.reason)
    return _priority(_problem(request, problem))


@area.get("/reports/{number}/watch", scope="reports:read", action="report.watch", ok=Watching)
def read_report_watch(request: HttpRequest, number: ReportNumber) -> Any:
    """Read who follows a report."""
    return _watching(caller(request).agent, finding.report_of(request, number))


@area.post("/reports/{number}/watch", scope="reports:write", action="report.watch", ok=Watching)
def watch_report(request: HttpRequest, number: ReportNumber) -> Any:
    """Follow a report from now on."""
    report, who = finding.report_of(request, number), caller(request)
    watching.watch(who.agent, report, at=who.now)
    return _watching(who.agent, report)


@area.delete("/reports/{number}/watch", scope="reports:write", action="report.watch")
def unwatch_report(request: HttpRequest, number: ReportNumber) -> Any:
    """Follow a report no longer."""
    watching.unwatch(caller(request).agent, finding.report_of(request, number))


@area.get("/problems/{problem}/watch", scope="problems:read", action="report.watch", ok=Watching)
def read_problem_watch(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read who follows a problem."""
    return _watching(caller(request).agent, _problem(request, problem))


@area.post("/problems/{problem}/watch", scope="problems:write", action="report.watch", ok=Watching)
def watch_problem(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Follow a problem from now on."""
    fault, who = _problem(request, problem), caller(request)
    watching.watch(who.agent, fault, at=who.now)
    return _watching(who.agent, fault)


@area.delete("/problems/{problem}/watch", scope="problems:write", action="report.watch")
def unwatch_problem(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Follow a problem no longer."""
    watching.unwatch(caller(request).agent, _problem(request, problem))


@area.post(
    "/reports/{number}/hand-over",
    scope="reports:write",
    action="report.hand_over",
    ok=ReportOut,
    guard=finding.report_tag,
)
def hand_report_over(request: HttpRequest, number: ReportNumber, body: HandOver) -> Any:
    """Hand a report over with a note.

    Who has it, what they need to know and that they hear of it are one act.
    """
    report, who = finding.report_of(request, number), caller(request)
    agent = finding.colleague(request, body.assignee)
    handing.hand_over(report, agent=agent, team=finding.team(body.team), note=body.note, by=who.actor, at=who.now)
    # As it is now, even if whoever handed it over may not see it any more.
    fresh = Report.objects.select_related(*WITH).prefetch_related("labels").get(pk=report.pk)
    return report_out(with_problems(who.agent, [fresh])[0])


@area.post(
    "/reports/{number}/merge", scope="reports:write", action="report.close", ok=ReportOut, guard=finding.report_tag
)
def merge_report(request: HttpRequest, number: ReportNumber, body: MergeIn) -> Any:
    """The same person told the same thing twice: it goes on in the other report. `unmerge` takes it back."""
    report, who = finding.report_of(request, number), caller(request)
    merging.merge(report, finding.report_of(request, body.into), by=who.actor, at=who.now)
    return report_out(finding.report_of(request, number))


@area.post(
    "/reports/{number}/unmerge", scope="reports:write", action="report.close", ok=ReportOut, guard=finding.report_tag
)
def unmerge_report(request: HttpRequest, number: ReportNumber) -> Any:
    """The two go their own ways again."""
    report, who = finding.report_of(request, number), caller(request)
    merging.unmerge(report, by=who.actor, at=who.now)
    return report_out(finding.report_of(request, number))


def _problem(request: HttpRequest, number: str) -> Problem:
    return access.access_problem(caller(request).agent, number)


def _priority(thing: Report | Problem) -> PriorityOut:
    why = thing.priority_why
    return PriorityOut(
        priority=thing.priority,
        computed=why.get("value"),
        reasons=[PriorityReason(what=what, number=number) for what, number in why.get("reasons", [])],
        decided_by=thing.priority_by,
        decided_because=thing.priority_reason,
    )


def _watching(agent: Agent, thing: Report | Problem) -> Watching:
    found = watching.watchers(thing)
    return Watching(is_watched=agent in found, watchers=[one for one in map(person, found) if one is not None])
