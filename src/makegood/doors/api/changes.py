"""One change over many reports: begun, followed, stopped, taken back; the same job as from the console's list."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import finding, problems
from makegood.doors.api.area import Answer, Area, caller
from makegood.doors.api.fields import Reason, ReportNumber, Slug, WithWords, read_moment, text
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.problems import Problem
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import bulk
from makegood.life.people.models import Agent, Team
from makegood.life.problems.access import access_problem
from makegood.life.reports import queries
from makegood.life.reports.access import NotFound, visible_reports
from makegood.life.reports.models import BulkRun

area = Area("Bulk changes", "One change over many reports, as a job: with progress, a stop, and one undo.")
What = Literal["assignee", "team", "severity", "state", "label", "snooze", "close", "problem"]
NONE = "none"


class OtherReports(Refusal):
    """The query means another number of reports than whoever asks has seen."""


class ChangeIn(WithWords):
    """Which reports, and what to change. Either ``reports`` or ``q``."""

    reports: Annotated[list[ReportNumber], Field(max_length=bulk.AT_MOST)] = []
    q: Annotated[str, Field(max_length=400, description="All that this query of the console means, as of now.")] = ""
    expected: Annotated[
        int | None,
        Field(strict=True, ge=0, le=bulk.AT_MOST, description="How many you saw; refused if it means another number."),
    ] = None
    change: What
    value: Annotated[
        text(200, least=1),  # type: ignore[valid-type]
        Field(
            description="assignee: a person's key, `me`, `none` · team: a short name, `none` · severity, state: its "
            "name · label: `+vip -login` · snooze: a moment, `wake` · close: the reason · problem: `PRB-12`, `none`"
        ),
    ]
    words: Annotated[Reason, Field(description="With `close`: to the reporters.")] = ""


class FailureOut(BaseModel):
    report: str
    why: str


class ChangeRow(BaseModel):
    key: str
    change: str
    state: Annotated[str, Field(description="queued, running, done, cancelled, undoing or undone")]
    total: int
    done: int
    failed: int
    can_undo: bool
    made_at: datetime
    finished_at: datetime | None


class ChangeOut(ChangeRow):
    """How far it is, and whom it could not be done to."""

    failures: list[FailureOut]


@area.get("/changes", scope="reports:read", action="report.bulk", ok=Listed[ChangeRow])
def list_changes(request: HttpRequest, which: Query[Paging]) -> Any:
    """List the bulk changes of the token's owner, newest first."""
    rows, after = walk(request, bulk.runs_of(caller(request).agent), which, falling=True)
    return listed(request, rows, after, lambda run: ChangeRow(**_row(run)), ChangeRow)


@area.post("/changes", scope="reports:write", action="report.bulk", ok=ChangeOut, status=201)
def start_change(request: HttpRequest, body: ChangeIn) -> Any:
    """Begin one change over many reports.

    At most 5,000. It is done by a job, in slices; what cannot be changed is named and the rest goes on. Each change
    takes the right that the console asks for, and `problem` the scope `problems:write` as well.
    """
    who = caller(request)
    who.demand(_TAKES[body.change])
    if body.change == "problem" and "problems:write" not in who.token.scopes:
        raise Problem("scope-missing", scope="problems:write")
    value = _VALUES[body.change](request, body.value)
    chosen, asks = _chosen(request, body), not body.times_confirmed
    run = bulk.start(who.agent, body.change, value, chosen, at=who.now, words=body.words, asks=asks)
    return Answer(_told(run), 201, {"Location": f"{settings.BASE_URL}/api/v1/changes/{run.key}"})


@area.get("/changes/{key}", scope="reports:read", action="report.bulk", ok=ChangeOut)
def read_change(request: HttpRequest, key: Slug) -> Any:
    """Read how far a bulk change is."""
    return _told(bulk.access_run(caller(request).agent, key))


@area.post("/changes/{key}/stop", scope="reports:write", action="report.bulk", ok=ChangeOut)
def stop_change(request: HttpRequest, key: Slug) -> Any:
    """Stop a bulk change after the slice in hand. What is done stays done, and can be undone."""
    who = caller(request)
    return _told(bulk.cancel(bulk.access_run(who.agent, key), at=who.now))


@area.post("/changes/{key}/undo", scope="reports:write", action="report.bulk", ok=ChangeOut)
def undo_change_of_many(request: HttpRequest, key: Slug) -> Any:
    """Take a bulk change back, newest first. What has changed since is left and named."""
    who = caller(request)
    return _told(bulk.take_back(bulk.access_run(who.agent, key), at=who.now))


# Which reports.


def _chosen(request: HttpRequest, body: ChangeIn) -> Iterable[int]:
    """The reports that are named, or all that the query means. Raises Problem, OtherReports."""
    if bool(body.reports) == bool(body.q.strip()):
        raise problems.invalid("#/reports", "Give either numbers of reports or a query.")
    found = _named(request, body.reports) if body.reports else _meant(request, body.q)
    if body.expected is not None and len(found) != body.expected:
        raise OtherReports(_("It means %d reports now, not as many as you saw. Look at them, then begin.") % len(found))
    return found


def _named(request: HttpRequest, numbers: list[str]) -> list[int]:
    ids = [whole_number(number.strip().upper().removeprefix("MG-")) or 0 for number in numbers]
    seen = visible_reports(caller(request).agent).filter(pk__in=set(ids)).order_by()
    known = set(seen.values_list("pk", flat=True))
    unknown = [place for place, pk in enumerate(ids) if pk not in known]
    if unknown:
        faults = [problems.fault(f"#/reports/{place}", "You see no report of this number.") for place in unknown[:50]]
        raise Problem("invalid", errors=faults)
    return list(dict.fromkeys(ids))


def _meant(request: HttpRequest, query: str) -> list[int]:
    who = caller(request)
    found = queries.find(who.agent, query, now=who.now)
    if found.hints:
        raise Problem("query-not-understood", errors=[problems.fault("#/q", str(hint.text)) for hint in found.hints])
    return queries.ids(found, limit=bulk.AT_MOST + 1)


# What to: the words of the API as ``aftercare.changes`` takes them.


def _assignee(request: HttpRequest, value: str) -> str:
    if value == NONE:
        return value
    person: Agent | None = finding.colleague(request, value, "#/value")
    return str(person.pk) if person else NONE


def _team(request: HttpRequest, value: str) -> str:
    if value == NONE:
        return value
    team: Team | None = finding.team(value, "#/value")
    return str(team.pk) if team else NONE


def _snooze(request: HttpRequest, value: str) -> str:
    if value == "wake":
        return value
    try:
        until: datetime = read_moment(value)
    except ValueError as wrong:
        raise problems.invalid("#/value", f"{wrong} Or write wake.") from None
    if until <= caller(request).now:
        raise problems.invalid("#/value", "That time has passed.")
    return until.isoformat()


def _problem(request: HttpRequest, value: str) -> str:
    if value == NONE:
        return value
    try:
        return access_problem(caller(request).agent, value).number
    except NotFound:
        raise problems.invalid("#/value", "You see no problem of this number.") from None


def _one_of(*offered: str) -> Callable[[HttpRequest, str], str]:
    def checked(_request: HttpRequest, value: str) -> str:
        if value not in offered:
            raise problems.invalid("#/value", f"One of {', '.join(offered)}.")
        return value

    return checked


_VALUES: dict[str, Callable[[HttpRequest, str], str]] = {
    "assignee": _assignee,
    "team": _team,
    "severity": _one_of("critical", "high", "medium", "low"),
    "state": _one_of("investigating", "cause_found", "fixing"),
    "label": lambda _request, value: value,
    "snooze": _snooze,
    "close": _one_of("answered", "duplicate", "withdrawn", "spam"),
    "problem": _problem,
}
_TAKES = {
    "assignee": "report.assign",
    "team": "report.assign",
    "severity": "report.set_severity",
    "state": "report.set_state",
    "label": "report.label",
    "snooze": "report.snooze",
    "close": "report.close",
    "problem": "problem.join",
}


def _row(run: BulkRun) -> dict[str, Any]:
    return {
        **{name: getattr(run, name) for name in ("key", "state", "total", "done", "made_at", "finished_at")},
        "change": run.verb,
        "failed": len(run.failures),
        "can_undo": run.state in (bulk.DONE, bulk.CANCELLED) and bool(run.entries),
    }


def _told(run: BulkRun) -> ChangeOut:
    return ChangeOut(**_row(run), failures=[FailureOut(report=one["number"], why=one["why"]) for one in run.failures])
