"""The steps of a report's life that say something to its reporter, and taking one back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Reason, ReportNumber, WithWords, Words
from makegood.doors.api.finding import report_of, report_tag
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import ReportOut, report_out
from makegood.life.aftercare import actions, undo
from makegood.life.aftercare.models import FollowUp
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

area = Area("Steps", "Solve, follow up, close, reopen: each tells the reporter and keeps or makes promises.")

Said = Annotated[Reason, Field(description="To the reporter; empty: the script's words.")]


class Solution(WithWords):
    cause: Annotated[Reason, Field(description="What it was, for us. Not needed for a question.")] = ""
    solution: Annotated[Words, Field(description="What was done, for us.")]
    words: Said = ""
    to_do: Annotated[Reason, Field(description="What the reporter needs to do now.")] = ""


class Closing(WithWords):
    reason: Literal["confirmed", "silence", "answered", "withdrawn", "duplicate", "spam"]
    words: Said = ""


class Reopening(WithWords):
    reason: Words
    words: Said = ""


class FollowUpIn(WithWords):
    way: Literal["call", "mail"]
    outcome: Literal["works", "not_solved", "not_yet", "no_answer", "not_reached", "no_calls"]
    notes: Reason = ""
    words: Said = ""


class FollowUpOut(BaseModel):
    way: str
    outcome: str
    notes: str
    by: str
    at: datetime


class Undone(BaseModel):
    entry: Annotated[int, Field(description="The ledger entry that tells of the undoing.")]


@area.post("/reports/{number}/solve", scope="reports:write", action="report.solve", ok=ReportOut, guard=report_tag)
def solve_report(request: HttpRequest, number: ReportNumber, body: Solution) -> Any:
    """Solve a report.

    Writes down cause and solution, tells the reporter, asks whether it works, and promises to follow up.
    """
    report, who = report_of(request, number), caller(request)
    actions.solve(report, by=who.actor, at=who.now, **body.as_told())
    return report_out(report_of(request, number))


@area.get("/reports/{number}/follow-ups", scope="reports:read", action="report.view", ok=Listed[FollowUpOut])
def list_follow_ups(request: HttpRequest, number: ReportNumber, paging: Query[Paging]) -> Any:
    """List how we followed up, oldest first, calls in vain included."""
    shown, after = walk(request, FollowUp.objects.filter(report=report_of(request, number)), paging)
    return listed(request, shown, after, _follow_up_out, FollowUpOut)


@area.post(
    "/reports/{number}/follow-ups", scope="reports:write", action="report.follow_up", ok=ReportOut, guard=report_tag
)
def follow_up(request: HttpRequest, number: ReportNumber, body: FollowUpIn) -> Any:
    """Keep a follow-up and its outcome.

    `works` closes the report, `not_solved` opens it again; by mail with `no_answer` the question is sent. A
    call may also end with `not_reached` (owed again on the next open day) or `no_calls` (it goes on in writing).
    """
    report, who = report_of(request, number), caller(request)
    actions.follow_up(report, by=who.actor, at=who.now, **body.as_told())
    return report_out(report_of(request, number))


@area.post("/reports/{number}/close", scope="reports:write", action="report.close", ok=ReportOut, guard=report_tag)
def close_report(request: HttpRequest, number: ReportNumber, body: Closing) -> Any:
    """Close a report.

    Its reporter is told, with the way back (not for spam). Only for a reason that fits the report's state.
    """
    report, who = report_of(request, number), caller(request)
    actions.close(report, by=who.actor, at=who.now, **body.as_told())
    return report_out(report_of(request, number))


@area.post("/reports/{number}/reopen", scope="reports:write", action="report.reopen", ok=ReportOut, guard=report_tag)
def reopen_report(request: HttpRequest, number: ReportNumber, body: Reopening) -> Any:
    """Open a solved or closed report again.

    A new cycle of promises begins, and the reporter is told.
    """
    report, who = report_of(request, number), caller(request)
    actions.reopen(report, by=who.actor, at=who.now, **body.as_told())
    return report_out(report_of(request, number))


@area.post("/reports/{number}/undo/{entry}", scope="reports:write", action="report.label", ok=Undone)
def undo_change(request: HttpRequest, number: ReportNumber, entry: RowId) -> Any:
    """Take a change back.

    `entry` is the ledger entry that tells of it. Within a day, if nothing else changed the same since; solving, closing
    and reopening within ten seconds.
    """
    report, who = report_of(request, number), caller(request)
    happened = LedgerEntry.objects.filter(pk=entry, report=report).first()
    if happened is None:
        raise NotFound(str(entry))
    return Undone(entry=undo.undo(happened, by=who.actor, at=who.now).pk)


def _follow_up_out(row: FollowUp) -> FollowUpOut:
    return FollowUpOut(way=row.way, outcome=row.outcome, notes=row.notes, by=row.by_name, at=row.at)
