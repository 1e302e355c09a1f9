"""How people felt served, and calls to the unhappy: read, passed on, written down."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Flag, Moment, Reason, ReportNumber, Taken
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.life.aftercare import queries, recovery, relayed
from makegood.life.aftercare.models import Csat, Recovery
from makegood.life.reports.access import NotFound, on_visible

area = Area("Feedback", "How people felt served, and the calls owed to the unhappy.")
READ = "reports:read"
Reasons = Literal["speed", "clarity", "fix", "politeness", "compensation"]
Score = Annotated[int, Field(strict=True, ge=1, le=5)]


class FeedbackOut(BaseModel):
    """One answer to the one question; `effort` is how easy we made it, 1 to 7."""

    report: str
    score: int
    reasons: list[str]
    words: str
    effort: int | None
    at: datetime


class FeedbackIn(Taken):
    score: Annotated[Score, Field(description="1 very badly to 5 very well.")]
    reasons: Annotated[list[Reasons], Field(max_length=5)] = []
    words: Reason = ""
    effort: Annotated[int | None, Field(strict=True, ge=1, le=7, description="How easy we made it.")] = None


class RecoveryOut(BaseModel):
    """Somebody is unhappy, and a lead owes a call. `why`: scores and words that asked for it."""

    id: int
    report: str
    why: list[dict[str, Any]]
    opened_at: datetime
    due_at: datetime
    owner: str
    attempts: int
    outcome: str
    notes: str
    reached_at: datetime | None
    closed_at: datetime | None
    score_after: int | None


class CallIn(Taken):
    outcome: Literal["made_good", "still_unhappy", "nothing_wanted", "not_reached", "no_calls"]
    notes: Reason = ""
    score: Annotated[Score | None, Field(description="How they feel about us now, if they said it.")] = None
    asks_again: Annotated[Flag, Field(description="Ask them by mail how they feel now.")] = False


class Which(Paging):
    since: Annotated[Moment | None, Field(description="Given at or after this moment.")] = None
    score: Annotated[int | None, Field(ge=1, le=5)] = None


class Whose(Paging):
    state: Literal["open", "closed", "any"] = "open"


@area.get("/feedback", scope=READ, action="feedback.view", ok=Listed[FeedbackOut])
def list_feedback(request: HttpRequest, which: Query[Which]) -> Any:
    """List answers of reports you may see, newest first."""
    rows = Csat.objects.filter(on_visible(caller(request).agent))
    rows = rows.filter(at__gte=which.since) if which.since else rows
    rows = rows.filter(score=which.score) if which.score else rows
    shown, after = walk(request, rows, which, falling=True)
    return listed(request, shown, after, feedback_out, FeedbackOut)


@area.get("/reports/{number}/feedback", scope=READ, action="report.view", ok=FeedbackOut)
def read_feedback(request: HttpRequest, number: ReportNumber) -> Any:
    """Read how the reporter felt served; not found until they said it."""
    found = queries.csat(report_of(request, number))
    if found is None:
        raise NotFound("feedback")
    return feedback_out(found)


@area.post("/reports/{number}/reporter/feedback", scope="reporter:write", action="report.take_by_phone", ok=FeedbackOut)
def pass_on_feedback(request: HttpRequest, number: ReportNumber, body: FeedbackIn) -> Any:
    """Pass on how the reporter felt served.

    Only once it is solved for them. The first answer counts: a second one returns the first.
    """
    report, who = report_of(request, number), caller(request)
    given: dict[str, Any] = {"reasons": body.reasons, "words": body.words, "effort": body.effort}
    return feedback_out(relayed.rate(report, body.score, by=who.actor, at=who.now, **given))


@area.get("/recoveries", scope=READ, action="recovery.view", ok=Listed[RecoveryOut])
def list_recoveries(request: HttpRequest, whose: Query[Whose]) -> Any:
    """List calls owed to unhappy reporters, newest first."""
    rows = recovery.visible_recoveries(caller(request).agent)
    rows = rows if whose.state == "any" else rows.filter(closed_at__isnull=whose.state == "open")
    shown, after = walk(request, rows, whose, falling=True)
    return listed(request, shown, after, recovery_out, RecoveryOut)


@area.post("/recoveries/{id}/calls", scope="reports:write", action="recovery.work", ok=RecoveryOut)
def keep_recovery_call(request: HttpRequest, id: RowId, body: CallIn) -> Any:
    """Write down what came of a call.

    `not_reached` owes it again on the next open day; every other outcome ends it.
    """
    who = caller(request)
    found = recovery.visible_recoveries(who.agent).filter(pk=id).first()
    if found is None:
        raise NotFound(str(id))
    recovery.keep_call(found, by=who.actor, at=who.now, **body.model_dump())
    return recovery_out(recovery.visible_recoveries(who.agent).get(pk=id))


def feedback_out(row: Csat) -> FeedbackOut:
    return FeedbackOut(
        report=f"MG-{row.report_id}",
        score=row.score,
        reasons=list(row.reasons),
        words=row.words,
        effort=row.effort,
        at=row.at,
    )


def recovery_out(row: Recovery) -> RecoveryOut:
    return RecoveryOut(
        id=row.pk,
        report=f"MG-{row.report_id}",
        why=list(row.why),
        owner=row.owner.name if row.owner else "",
        **{
            name: getattr(row, name)
            for name in (
                *("opened_at", "due_at", "attempts", "outcome", "notes"),
                *("reached_at", "closed_at", "score_after"),
            )
        },
    )
