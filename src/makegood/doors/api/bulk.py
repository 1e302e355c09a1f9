"""Many reports at once: from another system with their story, or new ones."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Email, Flag, Kind, Line, Moment, Severity, State, Taken, Words, text
from makegood.doors.api.shapes import number_of
from makegood.life.transfer.actions import AT_ONCE, Outcome, take_over
from makegood.life.transfer.foreign import ForeignReport, Person, Said, Terms

area = Area("Import", "Take many reports over at once, each once, however often it is sent.")

Name = text(60)


class Who(Taken):
    name: Line = ""
    email: Email = ""
    phone: text(40) = ""  # type: ignore[valid-type]


class Utterance(Taken):
    by: Literal["contact", "agent", "system"]
    body: Words
    at: Moment
    name: Line = ""
    is_internal: Flag = False


class Row(Taken):
    reference: Annotated[text(120, least=1), Field(description="Your own id; the same one again is known.")]  # type: ignore[valid-type]
    title: Line = ""
    reporter: Who
    received_at: Moment
    messages: Annotated[list[Utterance], Field(max_length=500)] = []
    state: State = "received"
    severity: Severity = "medium"
    kind: Kind = "error"
    category: Name = ""  # type: ignore[valid-type]
    team: Name = ""  # type: ignore[valid-type]
    assignee: Line = ""
    labels: Annotated[list[text(40)], Field(max_length=30)] = []  # type: ignore[valid-type]
    language: Literal["en", "de", ""] = ""
    solved_at: Moment | None = None
    closed_at: Moment | None = None


class BulkIn(Taken):
    source: Annotated[text(40, least=1), Field(description="Where the rows come from, such as `crm`.")]  # type: ignore[valid-type]
    historic: Annotated[
        Flag,
        Field(description="As they were: no mail, no promise for what is closed. Else each is filed as a new report."),
    ]
    rows: Annotated[list[Row], Field(min_length=1, max_length=AT_ONCE)]


class RowOut(BaseModel):
    reference: str
    number: str | None
    outcome: Annotated[Literal["filed", "known", "refused"], Field(description="`known`: it was here before.")]
    problem: Annotated[str, Field(description="Why it was refused.")]
    missed: Annotated[list[str], Field(description="What of the row was not understood and fell away.")]


class BulkOut(BaseModel):
    """What became of each row, in order."""

    filed: int
    known: int
    refused: int
    rows: list[RowOut]


@area.post("/reports/bulk", scope="import:write", action="report.import", ok=BulkOut, is_whole=False)
def import_reports(request: HttpRequest, body: BulkIn) -> Any:
    """File many reports at once.

    Up to 500 rows. A bad row says why, the others go on. A row is known by `source` and `reference`, so whatever was
    lost on the way can be sent again. An open historic report owes its reporter news from now on.
    """
    who = caller(request)
    rows = [_foreign(row) for row in body.rows]
    found = take_over(rows, by=who.actor, at=who.now, historic=body.historic, terms=Terms(source=f"api:{body.source}"))
    shown = [_told(outcome) for outcome in found]
    counts = {name: sum(row.outcome == name for row in shown) for name in ("filed", "known", "refused")}
    return BulkOut(**counts, rows=shown)


def _foreign(row: Row) -> ForeignReport:
    plain = row.model_dump(exclude={"reference", "reporter", "messages", "labels"})
    messages = tuple(Said(**message.model_dump()) for message in row.messages)
    person = Person(**row.reporter.model_dump())
    return ForeignReport(**plain, foreign_id=row.reference, person=person, messages=messages, labels=tuple(row.labels))


def _told(outcome: Outcome) -> RowOut:
    refused = outcome.report is None
    return RowOut(
        reference=outcome.foreign_id,
        number=number_of(outcome.report.pk) if outcome.report else None,
        outcome="refused" if refused else "known" if outcome.is_known else "filed",
        problem=outcome.problem,
        missed=list(outcome.missed),
    )
