"""Problems after the fix: reports that look like it came back; and acts on a problem taken back."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import BaseModel, Field

from makegood.doors.api import faults
from makegood.doors.api.area import caller
from makegood.doors.api.fault_shapes import ProblemOut, problem_out
from makegood.doors.api.faults import ProblemNumber
from makegood.doors.api.fields import Flag, Taken
from makegood.doors.api.paging import Listed, RowId
from makegood.doors.api.shapes import number_of
from makegood.life.learning import watching
from makegood.life.learning.models import Recurrence
from makegood.life.problems import undo as undoing
from makegood.life.problems.access import access_problem
from makegood.life.reports.access import NotFound, visible_reports
from makegood.life.reports.models import LedgerEntry

area = faults.area


class RecurrenceOut(BaseModel):
    id: int
    report: str
    state: Annotated[str, Field(description="came_back, suspected, older (from a release before), confirmed, …")]
    sign: str
    reasons: Annotated[list[str], Field(description="What is the same.")]
    release: str
    has_fix: Annotated[bool | None, Field(description="Whether that release contains the fix; null: not known.")]
    at: datetime
    decided_by: str
    decided_at: datetime | None


class Settled(Taken):
    came_back: Annotated[Flag, Field(description="true: the same again. false: something else.")]


@area.get("/problems/{problem}/recurrences", scope="problems:read", action="problem.view", ok=Listed[RecurrenceOut])
def list_recurrences(request: HttpRequest, problem: ProblemNumber) -> Any:
    """List reports that look like a fixed problem came back, newest first; at most 20."""
    agent = caller(request).agent
    found = watching.seen_again(agent, access_problem(agent, problem))
    return Listed[RecurrenceOut](items=[_out(row) for row in found], next=None)


@area.post("/problems/{problem}/recurrences/{id}", scope="problems:write", action="problem.join", ok=RecurrenceOut)
def settle_recurrence(request: HttpRequest, problem: ProblemNumber, id: RowId, body: Settled) -> Any:
    """Say whether it is the same again, or something else."""
    who = caller(request)
    row = watching.access_recurrence(who.agent, access_problem(who.agent, problem), id)
    return _out(watching.settle(row, came_back=body.came_back, by=who.actor, at=who.now))


@area.post("/problems/{problem}/undo/{entry}", scope="problems:write", action="problem.join", ok=ProblemOut)
def undo_problem_change(request: HttpRequest, problem: ProblemNumber, entry: RowId) -> Any:
    """Take one act on a problem or its members back, within a day and if nothing has changed since."""
    who = caller(request)
    fault = access_problem(who.agent, problem)
    happened = LedgerEntry.objects.select_related("report").filter(pk=entry, about=fault.about).first()
    if happened is None:
        raise NotFound(str(entry))
    if happened.report_id and not visible_reports(who.agent).filter(pk=happened.report_id).exists():
        raise NotFound(str(entry))
    undoing.undo(happened, by=who.actor, at=who.now)
    return problem_out(access_problem(who.agent, problem))


def _out(row: Recurrence) -> RecurrenceOut:
    plain = ("state", "sign", "release", "has_fix", "at", "decided_by", "decided_at")
    told = {name: getattr(row, name) for name in plain}
    return RecurrenceOut(id=row.pk, report=number_of(row.report_id) or "", reasons=list(map(str, row.reasons)), **told)
