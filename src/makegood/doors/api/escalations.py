"""Escalations: handing a report to a technical team, and each step of theirs."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from makegood.doors.api import finding
from makegood.doors.api.area import Area, caller, tag_of
from makegood.doors.api.fields import Moment, Reason, ReportNumber, Severity, Slug, Taken, Words
from makegood.doors.api.finding import report_of, report_tag
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import EscalationOut, EscalationRow, escalation_out, escalation_row
from makegood.life.escalation import actions, queries
from makegood.life.escalation.models import Escalation
from makegood.life.reports import access
from makegood.life.updates import escalating

area = Area("Escalations", "Hand reports to technical teams; accept, ask back, answer, hand back.")
_WITH = ("team", "component", "accepted_by")


class Which(Paging):
    state: Annotated[
        Literal["open", "waiting", "accepted", "asked_back", "answered", "handed_back", "solved", "called_off", "any"],
        Field(description="`open`: all that have not ended."),
    ] = "open"
    team: Annotated[str, Field(max_length=60, description="A team's slug, or `mine`.")] = ""


class EscalationIn(Taken):
    body: Annotated[Reason, Field(description="To the reporter; empty: the script's words.")] = ""
    team: Annotated[Slug | None, Field(description="By component or category, if not given.")] = None
    component: Slug | None = None
    severity: Severity | None = None
    reason: Annotated[Reason, Field(description="To the technical team; needed while little is known.")] = ""
    next_at: Annotated[Moment | None, Field(description="When the reporter hears next; by policy.")] = None


class Says(Taken):
    words: Words


class TechnicalAnswer(Says):
    state: Annotated[
        Literal["cause_found", "fixing", ""], Field(description="Of the report from now on; empty: as it is.")
    ] = ""


@area.get("/escalations", scope="escalations:read", action="report.view", ok=Listed[EscalationRow])
def list_escalations(request: HttpRequest, which: Query[Which]) -> Any:
    """List escalations, newest first."""
    agent = caller(request).agent
    rows = queries.visible(agent).select_related(*_WITH)
    if which.state == "open":
        rows = rows.filter(ended_at=None)
    elif which.state != "any":
        rows = rows.filter(state=which.state)
    if which.team == "mine":
        rows = rows.filter(team__in=agent.teams.all())
    elif which.team:
        rows = rows.filter(team=finding.team(which.team, "query/team"))
    shown, after = walk(request, rows, which, falling=True)
    return listed(request, shown, after, escalation_row, EscalationRow)


@area.get("/reports/{number}/escalations", scope="escalations:read", action="report.view", ok=Listed[EscalationRow])
def list_report_escalations(request: HttpRequest, number: ReportNumber) -> Any:
    """List the escalations of one report, newest first."""
    shown = [escalation_row(one) for one in queries.history(report_of(request, number))]
    return Listed[EscalationRow](items=shown, next=None)


@area.post(
    "/reports/{number}/escalations",
    scope="escalations:write",
    action="report.escalate",
    ok=EscalationOut,
    status=201,
    guard=report_tag,
)
def escalate(request: HttpRequest, number: ReportNumber, body: EscalationIn) -> Any:
    """Escalate a report.

    One act: the technical team receives the error document, whoever is on duty is called, and the reporter is told
    with the time of the next news.
    """
    report, who = report_of(request, number), caller(request)
    made = escalating.escalate_and_tell(
        report,
        body.body,
        by=who.actor,
        at=who.now,
        team=finding.team(body.team),
        component=finding.component(body.component),
        **body.model_dump(include={"severity", "reason", "next_at"}),
    )
    return escalation_out(_of(request, made.pk))


@area.get("/escalations/{id}", scope="escalations:read", action="report.view", ok=EscalationOut, is_tagged=True)
def read_escalation(request: HttpRequest, id: RowId) -> Any:
    """Read an escalation and what was said between desk and team."""
    return escalation_out(_of(request, id))


def _tag(request: HttpRequest, id: int, **_more: Any) -> str:
    access.lock(_of(request, id).report)
    return tag_of(escalation_out(_of(request, id)))


@area.post(
    "/escalations/{id}/accept", scope="escalations:write", action="escalation.accept", ok=EscalationOut, guard=_tag
)
def accept_escalation(request: HttpRequest, id: RowId) -> Any:
    """Accept: the team answers from now on."""
    who = caller(request)
    actions.accept(_of(request, id), by=who.actor, at=who.now)
    return escalation_out(_of(request, id))


@area.post(
    "/escalations/{id}/answer", scope="escalations:write", action="escalation.answer", ok=EscalationOut, guard=_tag
)
def answer_escalation(request: HttpRequest, id: RowId, body: TechnicalAnswer) -> Any:
    """Answer the desk with what is found so far."""
    who = caller(request)
    actions.answer(_of(request, id), body.words, by=who.actor, at=who.now, state=body.state)
    return escalation_out(_of(request, id))


@area.post(
    "/escalations/{id}/ask-back", scope="escalations:write", action="escalation.ask_back", ok=EscalationOut, guard=_tag
)
def ask_back(request: HttpRequest, id: RowId, body: Says) -> Any:
    """Ask the desk; the technical clock waits for the answer."""
    who = caller(request)
    actions.ask_back(_of(request, id), body.words, by=who.actor, at=who.now)
    return escalation_out(_of(request, id))


@area.post(
    "/escalations/{id}/answer-back", scope="escalations:write", action="report.escalate", ok=EscalationOut, guard=_tag
)
def answer_back(request: HttpRequest, id: RowId, body: Says) -> Any:
    """Answer the technical team; its clock goes on."""
    who = caller(request)
    actions.answer_back(_of(request, id), body.words, by=who.actor, at=who.now)
    return escalation_out(_of(request, id))


@area.post(
    "/escalations/{id}/hand-back",
    scope="escalations:write",
    action="escalation.hand_back",
    ok=EscalationOut,
    guard=_tag,
)
def hand_back(request: HttpRequest, id: RowId, body: Says) -> Any:
    """Give the report back to the desk, with the reason."""
    who = caller(request)
    actions.hand_back(_of(request, id), reason=body.words, by=who.actor, at=who.now)
    return escalation_out(_of(request, id))


@area.post(
    "/escalations/{id}/call-off", scope="escalations:write", action="report.escalate", ok=EscalationOut, guard=_tag
)
def call_off(request: HttpRequest, id: RowId, body: Says) -> Any:
    """Call it off: the desk no longer needs the technical team."""
    who = caller(request)
    actions.call_off(_of(request, id), reason=body.words, by=who.actor, at=who.now)
    return escalation_out(_of(request, id))


def _of(request: HttpRequest, pk: int) -> Escalation:
    return queries.access_escalation(caller(request).agent, pk)
