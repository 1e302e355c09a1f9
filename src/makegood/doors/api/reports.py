"""Reports: filing, finding, reading, changing. Steps of their life stand in ``steps``."""

import hashlib
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from makegood.doors.api import finding, paging, problems
from makegood.doors.api.area import Answer, Area, caller
from makegood.doors.api.fields import (
    Email,
    Flag,
    Kind,
    Line,
    Moment,
    Phone,
    Reason,
    ReportNumber,
    Severity,
    Slug,
    Taken,
    Texts,
    Words,
    text,
    without_defaults,
)
from makegood.doors.api.paging import Listed, Paging
from makegood.doors.api.problems import Problem
from makegood.doors.api.shapes import WITH, ReportOut, ReportRow, report_out, report_row, with_problems
from makegood.lib.keys import public_key
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import Question
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Agent
from makegood.life.promises import actions as promises
from makegood.life.reports import actions, queries, states
from makegood.life.reports import finding as words
from makegood.life.reports.models import Report

area = Area("Reports", "File, find, read and change reports.")


class Reporter(Taken):
    """Who reports. An address or a number is needed, so that they can be answered."""

    name: Line = ""
    email: Email = ""
    phone: Phone = ""
    second_email: Email = ""
    preferred_way: Literal["email", "phone", ""] = ""
    time_zone: text(64) = ""  # type: ignore[valid-type]


class ReportIn(Taken):
    """A report in the reporter's words."""

    what: Annotated[Words, Field(description="What happened; the first sentence becomes the title.")]
    reporter: Reporter
    kind: Annotated[Kind | None, Field(description="By the category, if not given.")] = None
    category: Slug | None = None
    hindrance: Literal["blocked", "workaround", "cosmetic", ""] = ""
    language: Annotated[Literal["en", "de"], Field(description="In which we write to them.")] = "en"
    facts: Annotated[Texts, Field(description="Facts of the error document, such as `expected` or `began`.")] = {}
    answers: Annotated[Texts, Field(description="Question slug to words.")] = {}
    environment: Annotated[Texts, Field(description="Facts of the machine: browser, os, device, page.")] = {}


class Filed(BaseModel):
    """The acknowledgement: what the reporter can be told at once."""

    number: str
    key: str
    title: str
    state: str
    severity: str
    promised_at: Annotated[Any, Field(json_schema_extra={"type": ["string", "null"], "format": "date-time"})]
    status_link: Annotated[str, Field(description="A secret of the reporter: opens this report without an account.")]
    url: str


class Kept(BaseModel):
    """It is safe with us, and will be numbered as soon as that is possible."""

    kept: bool
    detail: str


class Filters(Paging):
    q: Annotated[str, Field(max_length=400, description="The query of the console, such as `state:open owed:<4h`.")] = (
        ""
    )


class ReportPatch(Taken):
    """What is given is changed, the rest stays. `null` empties a field."""

    # What a field holds when it is not given is nobody's business: then it is not looked at.
    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    severity: Severity = "medium"
    state: Annotated[Literal["investigating", "cause_found", "fixing"], Field(description="While it is in work.")] = (
        "investigating"
    )
    kind: Kind = "error"
    category: Slug | None = None
    component: Slug | None = None
    team: Slug | None = None
    assignee: Annotated[Slug | None, Field(description="A person's key, or `me`.")] = None
    labels: Annotated[list[text(40)], Field(max_length=30)] = []  # type: ignore[valid-type]
    snoozed_until: Moment | None = None
    duplicate_of: ReportNumber | None = None
    is_protected: Annotated[Flag, Field(description="Seen by its team, its assignee and leads only. Say why.")] = False
    reason: Reason = ""


@area.get("/reports", scope="reports:read", action="report.view", ok=Listed[ReportRow])
def list_reports(request: HttpRequest, filters: Query[Filters]) -> Any:
    """List reports.

    In the order the query asks for (`sort:owed`, `newest`, `oldest`, `closed`); without a query all of them, newest
    first. A part of the query that is not understood is refused, never passed over.
    """
    who = caller(request)
    found = queries.find(who.agent, filters.q, now=who.now, search=_search(who.agent))
    if found.hints:
        faults = [problems.fault("query/q", str(hint.text)) for hint in found.hints]
        raise Problem("query-not-understood", errors=faults)
    shown = queries.page(found, cursor=paging.read_cursor(request, filters.cursor), size=filters.limit)
    after = paging.make_cursor(request, shown.after) if shown.after else ""
    rows = with_problems(who.agent, _whole(shown.reports))
    return paging.listed(request, rows, after, report_row, ReportRow)


@area.post("/reports", scope="reports:write", action="report.take_by_phone", ok=Filed, status=201, also={202: "Kept"})
def file_report(request: HttpRequest, body: ReportIn) -> Any:
    """File a report for a customer.

    The same as the form: it is acknowledged by mail, gets a number, and somebody owes them an answer from now on. Send
    an `Idempotency-Key`, and the report is filed once however often you must try.
    """
    who = caller(request)
    told = _told(request, body)
    try:
        filed = intake.file(told, at=who.now, by=who.actor)
    except intake.KeptUnfiled as kept:
        return Answer(Kept(kept=True, detail=str(kept)), 202)
    report = filed.report
    shape = Filed(
        **{name: getattr(report, name) for name in ("number", "key", "title", "state", "severity")},
        promised_at=filed.promised_at,
        status_link=f"{settings.BASE_URL}/r/{filed.token}/",
        url=f"{settings.BASE_URL}/console/reports/{report.pk}/",
    )
    return Answer(shape, 201, {"Location": f"{settings.BASE_URL}/api/v1/reports/{report.number}"})


@area.get("/reports/{number}", scope="reports:read", action="report.view", ok=ReportOut, is_tagged=True)
def read_report(request: HttpRequest, number: ReportNumber) -> Any:
    """Read a report."""
    return report_out(finding.report_of(request, number))


@area.patch(
    "/reports/{number}",
    scope="reports:write",
    action="report.view",
    ok=ReportOut,
    is_tagged=True,
    guard=finding.report_tag,
)
def change_report(request: HttpRequest, number: ReportNumber, body: ReportPatch) -> Any:
    """Change facts of a report.

    All of it or nothing. Each field takes the right that the console asks for. Solving, closing and reopening say
    something to the reporter and have operations of their own.
    """
    report = finding.report_of(request, number)
    who = caller(request)
    for name in sorted(body.model_fields_set - {"reason"}):
        who.demand(_TAKES[name])
        _SETTERS[name](request, report, body)
    promises.ensure_owed(report, by=who.actor, at=who.now)
    return report_out(finding.report_of(request, number))


# The parts.


def _search(agent: Agent) -> queries.Search:
    """As the queue does: who sees nearly all looks at the newest hits, others only at what they may see."""
    if agent.may("report.view_all"):
        return lambda wanted: words.ids_with_words(wanted, limit=queries.MOST_FOUND)
    return lambda wanted: words.visible_ids_with_words(agent, wanted, limit=queries.MOST_FOUND)


def _whole(rows: list[Report]) -> list[Report]:
    """The same reports in the same order with all their shape reads, in two queries."""
    found = Report.objects.select_related(*WITH).prefetch_related("labels").in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows if row.pk in found]


def _told(request: HttpRequest, body: ReportIn) -> Told:
    given = body.reporter
    if not given.email and not given.phone:
        raise problems.invalid("#/reporter", "Give an e-mail address or a phone number.")
    category = finding.category(body.category)
    if body.answers:
        known = set(Question.objects.filter(slug__in=body.answers).values_list("slug", flat=True))
        finding.refuse_unknown_questions(set(body.answers), known, "#/answers")
    default = states.QUESTION if category and category.is_question else states.ERROR
    return Told(
        what=body.what,
        idempotency_key=_key(request),
        channel="api",
        kind=body.kind or default,
        category=body.category or "",
        **body.model_dump(include={"hindrance", "language", "facts", "answers", "environment"}),
        **given.model_dump(),
    )


def _key(request: HttpRequest) -> str:
    """One report for one key of one token; the secret of the status link is worked out from it."""
    given = request.headers.get("Idempotency-Key")
    if not given:
        return f"api:{public_key(32)}"
    secret = f"{caller(request).token.pk}:{caller(request).now.date()}:{given}"
    return f"api:{hashlib.sha256(secret.encode()).hexdigest()}"


def _set_severity(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    if actions.set_severity(report, body.severity, by=who.actor, at=who.now, reason=body.reason):
        promises.change_severity(report, by=who.actor, at=who.now)


def _set_state(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    if report.state not in states.IN_WORK:
        raise actions.Conflict("The report is solved or closed. Reopen it first.")
    who = caller(request)
    actions.set_state(report, body.state, by=who.actor, at=who.now, reason=body.reason)


def _set_kind(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    if report.kind != body.kind:
        actions.set_kind(report, body.kind, by=who.actor, at=who.now, reason=body.reason)


def _set_category(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who, wanted = caller(request), finding.category(body.category)
    if report.category_id != (wanted.pk if wanted else None):
        diagnosis.classify(report, wanted, by=who.actor, at=who.now)


def _set_component(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who, wanted = caller(request), finding.component(body.component)
    if report.component_id != (wanted.pk if wanted else None):
        actions.set_component(report, wanted, by=who.actor, at=who.now)


def _set_team(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who, wanted = caller(request), finding.team(body.team)
    if report.team_id != (wanted.pk if wanted else None):
        actions.set_team(report, wanted, by=who.actor, at=who.now)


def _set_assignee(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who, wanted = caller(request), finding.colleague(request, body.assignee)
    if report.assignee_id != (wanted.pk if wanted else None):
        actions.assign(report, wanted, by=who.actor, at=who.now)


def _set_labels(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    actions.set_labels(report, body.labels, by=who.actor, at=who.now)


def _set_snooze(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    if body.snoozed_until is not None and body.snoozed_until <= who.now:
        raise problems.invalid("#/snoozed_until", "That time has passed.")
    if report.snoozed_until != body.snoozed_until:
        actions.snooze(report, body.snoozed_until, by=who.actor, at=who.now)


def _set_duplicate(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    of = finding.report_of(request, body.duplicate_of) if body.duplicate_of else None
    if report.duplicate_of_id != (of.pk if of else None):
        actions.mark_duplicate(report, of, by=who.actor, at=who.now)


def _set_protected(request: HttpRequest, report: Report, body: ReportPatch) -> None:
    who = caller(request)
    if report.is_protected != body.is_protected:
        actions.protect(report, body.is_protected, by=who.actor, at=who.now, reason=body.reason)


_SETTERS = {
    "severity": _set_severity,
    "state": _set_state,
    "kind": _set_kind,
    "category": _set_category,
    "component": _set_component,
    "team": _set_team,
    "assignee": _set_assignee,
    "labels": _set_labels,
    "snoozed_until": _set_snooze,
    "duplicate_of": _set_duplicate,
    "is_protected": _set_protected,
}
_TAKES = {
    "severity": "report.set_severity",
    "state": "report.set_state",
    "kind": "report.set_kind",
    "category": "report.set_category",
    "component": "report.set_category",
    "team": "report.assign",
    "assignee": "report.assign",
    "labels": "report.label",
    "snoozed_until": "report.snooze",
    "duplicate_of": "report.label",
    "is_protected": "report.protect",
}
