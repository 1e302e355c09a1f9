"""Problems: the faults behind reports; who belongs to them, what is known, what the public reads."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from makegood.doors.api import finding, paging, problems
from makegood.doors.api.area import Answer, Area, caller, tag_of
from makegood.doors.api.fault_shapes import ProblemOut, ProblemRow, problem_out, problem_row
from makegood.doors.api.fields import (
    Flag,
    Key,
    Line,
    Moment,
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
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.problems import Problem
from makegood.doors.api.shapes import EntryOut, PersonRef, entry_out, number_of, person
from makegood.life.problems import access, actions, filtering, membership, news, queries
from makegood.life.problems.models import Membership, ProblemNote
from makegood.life.problems.models import Problem as Fault
from makegood.life.reports.access import NotFound
from makegood.life.statuspage import ending

area = Area("Problems", "The faults behind reports: find, open, change, join, publish.")

ProblemNumber = Annotated[
    str, Field(max_length=24, description="`PRB-12`, `12`, or the problem's key.", examples=["PRB-12"])
]
_Line = Annotated[str, StringConstraints(strict=True, max_length=500)]
Lines = Annotated[list[_Line], Field(max_length=100)]
Long = text(10_000)
State = Literal["open", "investigating", "cause_known", "fixing", "released", "watching", "resolved", "came_back"]


class Filters(Paging):
    q: Annotated[
        str, Field(max_length=400, description="The query of the console, such as `state:open public:yes`.")
    ] = ""


class ProblemIn(Taken):
    title: Annotated[text(200, least=1), Field(description="What goes wrong, in our words.")]  # type: ignore[valid-type]
    of: Annotated[
        ReportNumber | None, Field(description="A report that lends its facts and becomes the first member.")
    ] = None
    severity: Severity | None = None
    symptom: Long = ""  # type: ignore[valid-type]
    signatures: Lines = []


class ProblemPatch(Taken):
    """What is given is changed, the rest stays. `null` empties a field."""

    # What a field holds when it is not given is nobody's business: then it is not looked at.
    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    title: text(200, least=1) = "-"  # type: ignore[valid-type]
    severity: Severity = "medium"
    symptom: Long = ""  # type: ignore[valid-type]
    signatures: Lines = []
    affected_versions: Lines = []
    cause: Annotated[Long, Field(description="Writing it down makes the cause known.")] = ""  # type: ignore[valid-type]
    workaround: Long = ""  # type: ignore[valid-type]
    fix: Long = ""  # type: ignore[valid-type]
    category: Slug | None = None
    components: Annotated[list[Slug], Field(max_length=50)] = []
    public_titles: Annotated[Texts, Field(description="Language to words; what reporters read.")] = {}
    public_texts: Texts = {}
    public_workarounds: Annotated[Texts, Field(description="Safe steps only.")] = {}
    team: Slug | None = None
    owner: Annotated[Slug | None, Field(description="A person's key, or `me`.")] = None
    state: State = "open"
    fixed_in: Annotated[Line, Field(description="With `released`: the first release that contains the fix.")] = ""
    last_news: Annotated[
        Texts, Field(description="With `resolved`, where the public was promised news: the last, language to words.")
    ] = {}
    no_news_reason: Annotated[Reason, Field(description="Instead of it: why there is none; for colleagues.")] = ""
    is_protected: Annotated[Flag, Field(description="Seen by its team, its owner and leads only. Say why.")] = False
    reason: Reason = ""


class MemberIn(Taken):
    report: ReportNumber
    reason: Reason = ""


class NewsIn(Taken):
    next_news_at: Annotated[Moment | None, Field(description="When the public hears next; by policy.")] = None


class Why(Taken):
    reason: Reason = ""


class ProblemMergeIn(Taken):
    into: ProblemNumber


class SplitIn(Taken):
    reports: Annotated[list[ReportNumber], Field(min_length=1, max_length=500)]
    title: text(200, least=1)  # type: ignore[valid-type]


class NoteIn(Taken):
    body: Words
    key: Annotated[Key | None, Field(description="The same key again is the same note.")] = None


class MemberOut(BaseModel):
    report: str
    title: str
    state: str
    severity: str
    how: Annotated[str, Field(description="agent, reporter or machine")]
    joined_at: datetime
    joined_by: str


class ProblemNoteOut(BaseModel):
    id: int
    body: str
    name: str
    agent: PersonRef | None
    at: datetime
    removed_at: Annotated[datetime | None, Field(description="When it was found removed in the tracker it came from")]
    removed_by: Annotated[str, Field(description="Who removed it there, where that is told")]


@area.get("/problems", scope="problems:read", action="problem.view", ok=Listed[ProblemRow])
def list_problems(request: HttpRequest, filters: Query[Filters]) -> Any:
    """List problems.

    In the order the query asks for (`sort:touched`, `newest`, `people`, `reports`). Merged ones only with `merged:yes`.
    A part of the query that is not understood is refused, never passed over.
    """
    who = caller(request)
    found = filtering.find(who.agent, filters.q, now=who.now)
    if found.hints:
        raise Problem("query-not-understood", errors=[problems.fault("query/q", hint) for hint in found.hints])
    shown = filtering.page(found, cursor=paging.read_cursor(request, filters.cursor), size=filters.limit)
    after = paging.make_cursor(request, shown.after) if shown.after else ""
    return listed(request, shown.problems, after, problem_row, ProblemRow)


@area.post("/problems", scope="problems:write", action="problem.edit", ok=ProblemOut, status=201)
def open_problem(request: HttpRequest, body: ProblemIn) -> Any:
    """Open a problem, from a report or before there is one."""
    who = caller(request)
    report = finding.report_of(request, body.of) if body.of else None
    facts: dict[str, Any] = {"symptom": body.symptom, "signatures": body.signatures}
    facts |= {"severity": body.severity} if body.severity else {}
    made = actions.open_problem(body.title, by=who.actor, at=who.now, of=report, **facts)
    if report is not None:
        _refuse_hidden(request, report)
        membership.join(made, report, by=who.actor, at=who.now)
    told = problem_out(_of(request, made.number))
    return Answer(told, 201, {"Location": told.url.replace("/console/", "/api/v1/").rstrip("/")})


@area.get("/problems/{problem}", scope="problems:read", action="problem.view", ok=ProblemOut, is_tagged=True)
def read_problem(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read a problem: what is known, for us and for the public, and how many it hits."""
    return problem_out(_of(request, problem))


def _tag(request: HttpRequest, problem: str, **_more: Any) -> str:
    access.lock(_of(request, problem))
    return tag_of(problem_out(_of(request, problem)))


@area.patch(
    "/problems/{problem}",
    scope="problems:write",
    action="problem.view",
    ok=ProblemOut,
    is_tagged=True,
    guard=_tag,
)
def change_problem(request: HttpRequest, problem: ProblemNumber, body: ProblemPatch) -> Any:
    """Change a problem.

    All of it or nothing. Each field takes the right that the console asks for; public words of a published problem take
    the right to publish.
    """
    fault, who, given = _of(request, problem), caller(request), body.model_fields_set - _BESIDE
    for name in sorted(given):
        who.demand(_right(fault, name))
    facts = {name: getattr(body, name) for name in given & _FACTS}
    if "category" in given:
        facts["category"] = finding.category(body.category)
    actions.edit(fault, by=who.actor, at=who.now, **facts)
    if "components" in given:
        wanted = [finding.component(slug, "#/components") for slug in body.components]
        actions.set_components(fault, filter(None, wanted), by=who.actor, at=who.now)
    if given & {"team", "owner"}:
        _hand(request, fault, body, given)
    if "is_protected" in given:
        actions.protect(fault, body.is_protected, by=who.actor, at=who.now, reason=body.reason)
    if "state" in given:
        more: dict[str, Any] = {"fixed_in": body.fixed_in} if body.state == "released" and body.fixed_in else {}
        if body.state == "resolved":
            told, why_none = body.last_news, body.no_news_reason
            said = ending.Last(words=told, no_news_reason=why_none)
            ending.resolve(fault, by=who.agent, at=who.now, reason=body.reason, last=said)
        else:
            actions.move(fault, body.state, by=who.actor, at=who.now, reason=body.reason, **more)
    return problem_out(_fresh(fault))


@area.post("/problems/{problem}/publish", scope="problems:write", action="problem.publish", ok=ProblemOut, guard=_tag)
def publish_problem(request: HttpRequest, problem: ProblemNumber, body: NewsIn) -> Any:
    """Offer the public words to reporters, with a promise of the next news.

    Published already, it is news told: the promise before is kept, and the next one is made.
    """
    fault, who = _of(request, problem), caller(request)
    news.publish(fault, by=who.actor, at=who.now, next_news_at=body.next_news_at)
    return problem_out(_of(request, problem))


@area.post("/problems/{problem}/unpublish", scope="problems:write", action="problem.publish", ok=ProblemOut, guard=_tag)
def unpublish_problem(request: HttpRequest, problem: ProblemNumber, body: Why) -> Any:
    """Offer it to nobody any more; the promise of news ends."""
    fault, who = _of(request, problem), caller(request)
    news.unpublish(fault, by=who.actor, at=who.now, reason=body.reason)
    return problem_out(_of(request, problem))


@area.get("/problems/{problem}/members", scope="problems:read", action="problem.view", ok=Listed[MemberOut])
def list_members(request: HttpRequest, problem: ProblemNumber, which: Query[Paging]) -> Any:
    """List the reports that belong to it and that you may see, newest first. The counts count all of them."""
    rows, after = walk(request, queries.members(caller(request).agent, _of(request, problem)), which, falling=True)
    return listed(request, rows, after, _member, MemberOut)


@area.post("/problems/{problem}/members", scope="problems:write", action="problem.join", ok=MemberOut, status=201)
def join_problem(request: HttpRequest, problem: ProblemNumber, body: MemberIn) -> Any:
    """Let a report belong to it; it leaves another problem. Nothing of the report changes."""
    fault, report, who = _of(request, problem), finding.report_of(request, body.report), caller(request)
    _refuse_hidden(request, report)
    return _member(membership.join(fault, report, by=who.actor, at=who.now, reason=body.reason))


@area.delete("/problems/{problem}/members/{number}", scope="problems:write", action="problem.join")
def leave_problem(request: HttpRequest, problem: ProblemNumber, number: ReportNumber) -> Any:
    """Take a report out of it; everything of the report is as it was."""
    fault, report, who = _of(request, problem), finding.report_of(request, number), caller(request)
    row = membership.member_row(report)
    if row is None or row.problem_id != fault.pk:
        raise NotFound(number)
    membership.leave(report, by=who.actor, at=who.now)
    return Answer(None, 204)


@area.post("/problems/{problem}/split", scope="problems:write", action="problem.edit", ok=ProblemOut, status=201)
def split_problem(request: HttpRequest, problem: ProblemNumber, body: SplitIn) -> Any:
    """Let these members go over to a problem of their own; returns the new one."""
    fault, who = _of(request, problem), caller(request)
    reports = [finding.report_of(request, number) for number in body.reports]
    other = membership.split(fault, reports, body.title, by=who.actor, at=who.now)
    return problem_out(_of(request, other.number))


@area.post("/problems/{problem}/merge", scope="problems:write", action="problem.merge", ok=ProblemOut, guard=_tag)
def merge_problem(request: HttpRequest, problem: ProblemNumber, body: ProblemMergeIn) -> Any:
    """It proves to be another one: every member goes over. `unmerge` takes it back."""
    fault, who = _of(request, problem), caller(request)
    membership.merge(fault, _of(request, body.into), by=who.actor, at=who.now)
    return problem_out(_of(request, problem))


@area.post("/problems/{problem}/unmerge", scope="problems:write", action="problem.merge", ok=ProblemOut, guard=_tag)
def unmerge_problem(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Take a merge back: whoever went over then, and is still there, returns."""
    fault, who = _of(request, problem), caller(request)
    membership.unmerge(fault, by=who.actor, at=who.now)
    return problem_out(_of(request, problem))


@area.get("/problems/{problem}/notes", scope="problems:read", action="problem.view", ok=Listed[ProblemNoteOut])
def list_problem_notes(request: HttpRequest, problem: ProblemNumber, which: Query[Paging]) -> Any:
    """List what colleagues noted on it, oldest first."""
    rows = _of(request, problem).notes.select_related("agent")
    found, after = walk(request, rows, which)
    return listed(request, found, after, _note, ProblemNoteOut)


@area.post("/problems/{problem}/notes", scope="problems:write", action="problem.edit", ok=ProblemNoteOut, status=201)
def note_problem(request: HttpRequest, problem: ProblemNumber, body: NoteIn) -> Any:
    """Note something for colleagues; no reporter ever sees it."""
    fault, who = _of(request, problem), caller(request)
    key = f"api:{who.token.pk}:{fault.pk}:{body.key}" if body.key else None
    return _note(actions.note(fault, body.body, by=who.actor, at=who.now, idempotency_key=key))


@area.get("/problems/{problem}/ledger", scope="problems:read", action="problem.view", ok=Listed[EntryOut])
def list_problem_ledger(request: HttpRequest, problem: ProblemNumber, which: Query[Paging]) -> Any:
    """List what happened to it, oldest first; nothing of reports you may not see."""
    entries = queries.happened_to(caller(request).agent, _of(request, problem))
    rows, after = walk(request, entries, which)
    return listed(request, rows, after, entry_out, EntryOut)


# The parts.


def _of(request: HttpRequest, number: str) -> Fault:
    return access.access_problem(caller(request).agent, number)


def _fresh(fault: Fault) -> Fault:
    """The problem as it is now, even if whoever changed it may not see it any more."""
    return Fault.objects.select_related("category", "team", "owner", "merged_into").get(pk=fault.pk)


def _right(fault: Fault, name: str) -> str:
    """What it takes to change a field."""
    if name.startswith("public_") and fault.is_public:
        return "problem.publish"
    return "problem.protect" if name == "is_protected" else "problem.edit"


def _hand(request: HttpRequest, fault: Fault, body: ProblemPatch, given: set[str]) -> None:
    who = caller(request)
    team = finding.team(body.team) if "team" in given else fault.team
    owner = finding.colleague(request, body.owner, "#/owner") if "owner" in given else fault.owner
    actions.hand_to(fault, by=who.actor, at=who.now, team=team, owner=owner, note=body.reason)


def _refuse_hidden(request: HttpRequest, report: Any) -> None:
    if queries.is_hidden_from(caller(request).agent, report):
        raise membership.CannotJoin(_("It belongs to a protected problem. Ask a lead."))


def _member(row: Membership) -> MemberOut:
    report = row.report
    plain = {name: getattr(row, name) for name in ("how", "joined_at", "joined_by")}
    facts = {name: getattr(report, name) for name in ("title", "state", "severity")}
    return MemberOut(report=number_of(report.pk) or "", **facts, **plain)


def _note(row: ProblemNote) -> ProblemNoteOut:
    removed_by = row.removed_by if row.removed_at else ""
    return ProblemNoteOut(
        id=row.pk,
        agent=person(row.agent),
        body=row.body,
        name=row.name,
        at=row.at,
        removed_at=row.removed_at,
        removed_by=removed_by,
    )


# What goes with a change and is none by itself.
_BESIDE = frozenset({"reason", "fixed_in", "last_news", "no_news_reason"})
_FACTS = frozenset({*actions.WORDS, *actions.PUBLIC_WORDS, "signatures", "affected_versions", "severity"})
