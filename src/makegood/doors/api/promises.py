"""Promises: what is owed, why it falls due when it does, and giving one another time."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query
from pydantic import Field

from makegood.doors.api.area import Area, caller, tag_of
from makegood.doors.api.fields import Moment, ReportNumber, Taken, Words
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import PromiseOut, promise_out
from makegood.life.problems import news
from makegood.life.problems.queries import promises_seen
from makegood.life.promises import kinds, queries
from makegood.life.promises.explain import explain
from makegood.life.promises.models import Promise
from makegood.life.promises.names import name
from makegood.life.rca.access import promises_seen as learning_seen
from makegood.life.reports import access
from makegood.life.reports.access import NotFound
from makegood.life.updates import moving

area = Area("Promises", "What is owed, to whom, by when; kept and broken; in words.")
_WITH = ("team", "agent")


class Which(Paging):
    state: Annotated[
        Literal["pending", "late", "at_risk", "paused", "kept", "withdrawn", "any"],
        Field(description="`pending`: running or paused. `late`: overdue and not kept."),
    ] = "pending"


class Explained(PromiseOut):
    story: Annotated[list[str], Field(description="Why its clock ran, stood still and fell due, in sentences.")]


class Moving(Taken):
    due_at: Moment
    reason: Words
    words: Annotated[
        str,
        Field(
            max_length=20_000,
            description="What the reporter is told, in the same step: needed for a time later than they were told. "
            "`{{ promised_time }}` in it becomes the new time.",
        ),
    ] = ""


@area.get("/promises", scope="promises:read", action="promise.view", ok=Listed[PromiseOut])
def list_promises(request: HttpRequest, which: Query[Which]) -> Any:
    """List promises, soonest due first."""
    who = caller(request)
    rows, after = walk(request, _wanted(request, which.state), which, by=("due_at", "pk"))
    return listed(request, rows, after, lambda row: promise_out(row, name(row.kind), now=who.now), PromiseOut)


@area.get("/reports/{number}/promises", scope="promises:read", action="promise.view", ok=Listed[Explained])
def list_report_promises(request: HttpRequest, number: ReportNumber) -> Any:
    """List every promise ever made on a report, each with its story."""
    shown = [_explained(request, promise) for promise in queries.timeline(report_of(request, number))]
    return Listed[Explained](items=shown, next=None)


@area.get("/promises/{id}", scope="promises:read", action="promise.view", ok=Explained, is_tagged=True)
def read_promise(request: HttpRequest, id: RowId) -> Any:
    """Read a promise and its story."""
    return _explained(request, _of(request, id))


def _tag(request: HttpRequest, id: int, **_more: Any) -> str:
    promise = _of(request, id)
    if promise.report:
        access.lock(promise.report)
    return tag_of(_explained(request, _of(request, id)))


@area.patch("/promises/{id}", scope="promises:write", action="promise.move", ok=Explained, is_tagged=True, guard=_tag)
def move_promise(request: HttpRequest, id: RowId, body: Moving) -> Any:
    """Give a pending promise another time, with the reason.

    Later than the reporter was told takes `words` to them: that promise then ends, and the answer is the new one.
    """
    who, promise = caller(request), _of(request, id)
    if promise.kind == kinds.PUBLIC_NEWS:
        who.demand("problem.publish")
        news.bring_forward(promise, by=who.actor, at=who.now, due_at=body.due_at, reason=body.reason)
        return _explained(request, _of(request, id))
    if body.words.strip():
        who.demand("report.reply")
    told: dict[str, Any] = {"due_at": body.due_at, "reason": body.reason, "words": body.words}
    message = moving.move(promise, by=who.actor, at=who.now, **told)
    now_owed = Promise.objects.get(message=message).pk if message else id
    return _explained(request, _of(request, now_owed))


def _wanted(request: HttpRequest, state: str) -> QuerySet[Promise]:
    who = caller(request)
    seen = queries.visible(who.agent, promises_seen(who.agent) | learning_seen(who.agent)).select_related(*_WITH)
    found = {
        "pending": seen.filter(state__in=Promise.PENDING),
        "late": seen.filter(state=Promise.OPEN, due_at__lte=who.now),
        "at_risk": seen.filter(state=Promise.OPEN, at_risk_at__lte=who.now, due_at__gt=who.now),
        "any": seen,
    }
    return found.get(state, seen.filter(state=state))


def _of(request: HttpRequest, pk: int) -> Promise:
    agent = caller(request).agent
    rows = queries.visible(agent, promises_seen(agent) | learning_seen(agent)).select_related(
        "report", "policy", "hours", *_WITH
    )
    found = rows.prefetch_related("steps").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _explained(request: HttpRequest, promise: Promise) -> Explained:
    who = caller(request)
    zone = ZoneInfo(who.agent.time_zone or settings.DESK_TIME_ZONE)
    shape = promise_out(promise, name(promise.kind), now=who.now)
    return Explained(**shape.model_dump(), story=explain(promise, get_language() or "en", zone))
