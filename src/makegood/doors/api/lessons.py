"""Root cause analyses: their words, timeline and causes; review, approval, publication; the document to take along."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from makegood.doors.api.area import Answer, Area, caller, tag_of
from makegood.doors.api.faults import ProblemNumber
from makegood.doors.api.fields import Flag, Moment, Reason, Slug, Taken, Texts, text, without_defaults
from makegood.doors.api.finding import colleague
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import PersonRef, number_of, person
from makegood.life.problems.access import access_problem
from makegood.life.rca import access, causes, document, impact, queries, review, timeline, writing
from makegood.life.rca.models import Cause, Rca, TimelineRow
from makegood.life.rca.wording import row_words
from makegood.life.reports.access import NotFound

area = Area("Root cause analyses", "What went wrong and why: written, reviewed, published.")

Long = text(10_000)
Link = Annotated[str, StringConstraints(strict=True, max_length=500)]
Trigger = Literal["", "release", "configuration", "use", "data", "provider", "decay", "capacity", "hardware", "other"]
CauseKind = Literal["", "software", "process", "interplay", "deployment", "network", "knowledge", "other"]
Detection = Literal["", "customer", "monitor", "colleague", "partner"]
NodeKind = Literal["fact", "condition", "decision", "missing"]
Road = Literal["occurrence", "escape", "spread", "slow"]
Confidence = Literal["sure", "likely", "guess"]
FORMS = {"md": "text/markdown", "pdf": "application/pdf", "svg": "image/svg+xml"}


class RcaPatch(Taken):
    """What is given is changed, the rest stays. Only a draft can be changed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    overview: Long = ""  # type: ignore[valid-type]
    trigger_kind: Trigger = ""
    trigger: Long = ""  # type: ignore[valid-type]
    cause_kind: CauseKind = ""
    root_cause: Long = ""  # type: ignore[valid-type]
    factors: Long = ""  # type: ignore[valid-type]
    began_at: Moment | None = None
    detected_at: Moment | None = None
    ended_at: Moment | None = None
    detected_by: Detection = ""
    detection: Long = ""  # type: ignore[valid-type]
    monitoring_gap: Annotated[Long, Field(description="Must be answered before review.")] = ""  # type: ignore[valid-type]
    mended_for_now: Long = ""  # type: ignore[valid-type]
    mended_for_good: Long = ""  # type: ignore[valid-type]
    data_lost: Long = ""  # type: ignore[valid-type]
    went_well: Long = ""  # type: ignore[valid-type]
    went_badly: Long = ""  # type: ignore[valid-type]
    luck: Long = ""  # type: ignore[valid-type]
    lessons: Long = ""  # type: ignore[valid-type]
    internal_text: Long = ""  # type: ignore[valid-type]
    public_texts: Annotated[Texts, Field(description="Language to words: all that leaves the house.")] = {}
    owner: Annotated[Slug | None, Field(description="A person's key, or `me`.")] = None


class Why(Taken):
    reason: Reason = ""


class RowIn(Taken):
    at: Moment
    words: text(2_000, least=1)  # type: ignore[valid-type]
    evidence: Annotated[Link, Field(description="A link that shows it.")] = ""


class RowPatch(Taken):
    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    words: text(2_000) = ""  # type: ignore[valid-type]
    evidence: Link = ""
    is_hidden: Flag = False


class CauseIn(Taken):
    words: text(300, least=1)  # type: ignore[valid-type]
    kind: NodeKind = "fact"
    road: Annotated[Road, Field(description="Why it happened, was not caught, spread, or took long to mend.")] = (
        "occurrence"
    )
    confidence: Confidence = "likely"
    evidence: Link = ""
    contributed_to: Annotated[list[RowId], Field(max_length=50, description="Ids of other causes.")] = []


class CausePatch(CauseIn):
    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    words: text(300, least=1) = "-"  # type: ignore[valid-type]


class RcaRow(BaseModel):
    number: str
    problem: str
    title: str
    severity: str
    state: str
    is_required: bool
    owner: PersonRef | None
    due_at: datetime | None
    is_late: bool
    published_at: datetime | None


class RcaOut(RcaRow):
    """An analysis with its words. ``impact``: numbers, computed."""

    version: int
    overview: str
    trigger_kind: str
    trigger: str
    cause_kind: str
    root_cause: str
    factors: str
    began_at: datetime | None
    detected_at: datetime | None
    ended_at: datetime | None
    detected_by: str
    detection: str
    monitoring_gap: str
    mended_for_now: str
    mended_for_good: str
    data_lost: str
    went_well: str
    went_badly: str
    luck: str
    lessons: str
    internal_text: str
    public_texts: dict[str, str]
    impact: dict[str, Any]
    missing: Annotated[list[str], Field(description="Fields that stand between a draft and its review.")]
    needs_waiver: Annotated[bool, Field(description="Severe, with nothing but weak actions.")]
    reviewer: PersonRef | None
    approved_at: datetime | None
    waived_by: str
    waiver: str


class TimelineRowOut(BaseModel):
    id: int
    at: datetime
    until: datetime | None
    says: str
    kind: str
    count: int
    report: str | None
    evidence: str
    is_hidden: bool
    is_by_hand: bool


class CauseOut(BaseModel):
    id: int
    words: str
    kind: str
    road: str
    confidence: str
    evidence: str
    contributed_to: list[int]
    blames: Annotated[str, Field(description="Words that blame a person where a cause was asked for; or empty.")]


class CausesOut(BaseModel):
    causes: list[CauseOut]
    paths: Annotated[list[list[int]], Field(description="Each way to ask why, from what happened down.")]


class PublishedOut(BaseModel):
    texts: Annotated[dict[str, str], Field(description="What the public may read; empty if nothing.")]


class Drafted(BaseModel):
    new: int


@area.get("/rcas", scope="learning:read", action="rca.view", ok=Listed[RcaRow])
def list_analyses(request: HttpRequest, which: Query[Paging]) -> Any:
    """List the analyses that are not published yet, oldest first."""
    rows, after = walk(request, queries.due_analyses(caller(request).agent), which)
    return listed(request, rows, after, lambda rca: RcaRow(**_row(request, rca)), RcaRow)


@area.get("/problems/{problem}/rca", scope="learning:read", action="rca.view", ok=RcaOut, is_tagged=True)
def read_analysis(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read the analysis of a problem: the latest, if it came back after the first."""
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca", scope="learning:write", action="rca.edit", ok=RcaOut, status=201)
def begin_analysis(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Begin an analysis. One that is unfinished is returned as it is."""
    who, fault = caller(request), access_problem(caller(request).agent, problem)
    writing.begin(fault, by=who.actor, at=who.now)
    return Answer(_out(request, _of(request, problem)), 201)


def _tag(request: HttpRequest, problem: str, **_more: Any) -> str:
    access.lock_rca(_of(request, problem))
    return tag_of(_out(request, _of(request, problem)))


@area.patch("/problems/{problem}/rca", scope="learning:write", action="rca.edit", ok=RcaOut, is_tagged=True, guard=_tag)
def change_analysis(request: HttpRequest, problem: ProblemNumber, body: RcaPatch) -> Any:
    """Change words and facts of a draft. All of it or nothing."""
    who, rca = caller(request), _of(request, problem)
    given = body.model_fields_set - {"owner"}
    writing.edit(rca, by=who.actor, at=who.now, **{name: getattr(body, name) for name in given})
    if body.owner is not None:
        owner = colleague(request, body.owner, "#/owner")
        assert owner is not None
        writing.hand_to(rca, owner, by=who.actor, at=who.now)
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca/submit", scope="learning:write", action="rca.edit", ok=RcaOut)
def submit_analysis(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Ask for review. Refused without the answer why monitoring did not see it."""
    who, rca = caller(request), _of(request, problem)
    review.submit(rca, by=who.actor, at=who.now)
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca/approve", scope="learning:write", action="rca.review", ok=RcaOut)
def approve_analysis(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Approve it; never one's own."""
    who = caller(request)
    review.approve(_of(request, problem), by=who.agent, at=who.now)
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca/send-back", scope="learning:write", action="rca.review", ok=RcaOut)
def send_analysis_back(request: HttpRequest, problem: ProblemNumber, body: Why) -> Any:
    """Make it a draft again, with the reason. A published one takes the right to publish."""
    who, rca = caller(request), _of(request, problem)
    if rca.published_at:
        who.demand("rca.publish")
    review.send_back(rca, by=who.actor, at=who.now, reason=body.reason)
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca/waive", scope="learning:write", action="rca.waive", ok=RcaOut)
def waive_weak_actions(request: HttpRequest, problem: ProblemNumber, body: Why) -> Any:
    """Sign that weak actions are all there will be, with the reason."""
    who = caller(request)
    review.waive(_of(request, problem), by=who.actor, at=who.now, reason=body.reason)
    return _out(request, _of(request, problem))


@area.post("/problems/{problem}/rca/publish", scope="learning:write", action="rca.publish", ok=RcaOut)
def publish_analysis(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Publish it; only `public_texts` may be read outside."""
    who = caller(request)
    review.publish(_of(request, problem), by=who.actor, at=who.now)
    return _out(request, _of(request, problem))


@area.get("/problems/{problem}/rca/published-text", scope="learning:read", action="rca.view", ok=PublishedOut)
def read_published_text(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read the outward part, once it is published."""
    fault = access_problem(caller(request).agent, problem)
    return PublishedOut(texts=dict(review.published_text(fault)))


@area.get(
    "/problems/{problem}/rca/document/{form}", scope="learning:read", action="rca.view", media=tuple(FORMS.values())
)
def read_analysis_document(request: HttpRequest, problem: ProblemNumber, form: str) -> Any:
    """Take it along: `md` and `pdf` are the document, `svg` the drawing of the causes."""
    if form not in FORMS:
        raise NotFound(form)
    who, rca = caller(request), _of(request, problem)
    if form == "svg":
        return HttpResponse(document.to_svg(rca), content_type=FORMS[form])
    zone = ZoneInfo(who.agent.time_zone or settings.DESK_TIME_ZONE)
    sheet = document.lay_out(rca, who.agent, language=get_language() or "en", zone=zone, now=who.now)
    content = document.to_markdown(sheet) if form == "md" else document.to_pdf(sheet)
    return HttpResponse(content, content_type=f"{FORMS[form]}{'; charset=utf-8' if form == 'md' else ''}")


@area.get("/problems/{problem}/rca/timeline", scope="learning:read", action="rca.view", ok=Listed[TimelineRowOut])
def list_timeline(request: HttpRequest, problem: ProblemNumber) -> Any:
    """List what happened, in order, hidden lines too. Of a report you may not see there is no number."""
    rows = timeline.shown(caller(request).agent, _of(request, problem), with_hidden=True)
    return Listed[TimelineRowOut](items=[_timeline_row(row) for row in rows], next=None)


@area.post("/problems/{problem}/rca/timeline/draft", scope="learning:write", action="rca.edit", ok=Drafted)
def draft_timeline(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Draft it again from the ledger; what was done by hand is kept."""
    who = caller(request)
    return Drafted(new=timeline.refresh(_of(request, problem), by=who.actor, at=who.now))


@area.post("/problems/{problem}/rca/timeline", scope="learning:write", action="rca.edit", ok=TimelineRowOut, status=201)
def add_timeline_row(request: HttpRequest, problem: ProblemNumber, body: RowIn) -> Any:
    """Add a line by hand."""
    who, rca = caller(request), _of(request, problem)
    row = timeline.add(rca, body.at, body.words, by=who.actor, at=who.now, evidence=body.evidence)
    return _timeline_row(row)


@area.patch("/problems/{problem}/rca/timeline/{id}", scope="learning:write", action="rca.edit", ok=TimelineRowOut)
def change_timeline_row(request: HttpRequest, problem: ProblemNumber, id: RowId, body: RowPatch) -> Any:
    """Word a line anew, give it evidence, hide it or show it."""
    who, rca = caller(request), _of(request, problem)
    row = timeline.access_row(who.agent, rca, id)
    facts = {name: getattr(body, name) for name in body.model_fields_set}
    timeline.change(row, by=who.actor, at=who.now, **facts)
    return _timeline_row(next(one for one in timeline.shown(who.agent, rca, with_hidden=True) if one.pk == row.pk))


@area.delete("/problems/{problem}/rca/timeline/{id}", scope="learning:write", action="rca.edit")
def remove_timeline_row(request: HttpRequest, problem: ProblemNumber, id: RowId) -> Any:
    """Take a line by hand away; a drafted one is hidden."""
    who, rca = caller(request), _of(request, problem)
    timeline.remove(timeline.access_row(who.agent, rca, id), by=who.actor, at=who.now)
    return Answer(None, 204)


@area.get("/problems/{problem}/rca/causes", scope="learning:read", action="rca.view", ok=CausesOut)
def read_causes(request: HttpRequest, problem: ProblemNumber) -> Any:
    """Read the causes, what contributed to what, and every way to ask why."""
    found = causes.whole(_of(request, problem))
    paths = [[one.pk for one in path] for path in found.paths]
    return CausesOut(causes=[_cause(one, found) for one in found.causes], paths=paths)


@area.post("/problems/{problem}/rca/causes", scope="learning:write", action="rca.edit", ok=CauseOut, status=201)
def add_cause(request: HttpRequest, problem: ProblemNumber, body: CauseIn) -> Any:
    """Add a cause, and what it contributed to."""
    who, rca = caller(request), _of(request, problem)
    facts = body.model_dump(exclude={"contributed_to", "words"})
    made = causes.add(rca, body.words, by=who.actor, at=who.now, effects=body.contributed_to, **facts)
    return _cause(made, causes.whole(rca))


@area.patch("/problems/{problem}/rca/causes/{id}", scope="learning:write", action="rca.edit", ok=CauseOut)
def change_cause(request: HttpRequest, problem: ProblemNumber, id: RowId, body: CausePatch) -> Any:
    """Change a cause; `contributed_to`, if given, is exactly that. Nothing can be a cause of itself."""
    who, rca = caller(request), _of(request, problem)
    given = body.model_fields_set
    facts = {name: getattr(body, name) for name in given - {"contributed_to"}}
    effects = body.contributed_to if "contributed_to" in given else None
    cause = causes.access_cause(rca, id)
    causes.edit(cause, by=who.actor, at=who.now, effects=effects, **facts)
    return _cause(causes.access_cause(rca, id), causes.whole(rca))


@area.delete("/problems/{problem}/rca/causes/{id}", scope="learning:write", action="rca.edit")
def remove_cause(request: HttpRequest, problem: ProblemNumber, id: RowId) -> Any:
    """Take a cause away with its arrows."""
    who, rca = caller(request), _of(request, problem)
    causes.remove(causes.access_cause(rca, id), by=who.actor, at=who.now)
    return Answer(None, 204)


# The parts.


def _of(request: HttpRequest, problem: str) -> Rca:
    agent = caller(request).agent
    fault = access_problem(agent, problem)
    found = access.newest_of(agent, fault)
    if found is None:
        raise NotFound(problem)
    found.problem = fault
    return found


def _row(request: HttpRequest, rca: Rca) -> dict[str, Any]:
    due_at = rca.promise.due_at if rca.promise else None
    return {
        "number": rca.number,
        "problem": rca.problem.number,
        "title": rca.problem.title,
        "severity": rca.problem.severity,
        "state": rca.state,
        "is_required": rca.is_required,
        "owner": person(rca.owner),
        "due_at": due_at,
        "is_late": bool(due_at and rca.promise and rca.promise.is_pending and due_at <= caller(request).now),
        "published_at": rca.published_at,
    }


def _out(request: HttpRequest, rca: Rca) -> RcaOut:
    row = _row(request, rca)
    plain = {name: getattr(rca, name) for name in RcaOut.model_fields if name not in row and hasattr(rca, name)}
    more = {
        "impact": impact.of(rca, at=caller(request).now),
        "missing": [name for name, _words in review.missing(rca)] if rca.is_draft else [],
        "needs_waiver": review.needs_waiver(rca) and not rca.waived_by,
        "reviewer": person(rca.reviewer),
    }
    return RcaOut(**{**row, **plain, **more})


def _timeline_row(row: TimelineRow) -> TimelineRowOut:
    names = ("at", "until", "kind", "count", "evidence", "is_hidden", "is_by_hand")
    plain = {name: getattr(row, name) for name in names}
    says = row_words(row, when=lambda moment: moment.isoformat())
    return TimelineRowOut(id=row.pk, says=says, report=number_of(row.report_id), **plain)


def _cause(cause: Cause, found: causes.Graph) -> CauseOut:
    plain = {name: getattr(cause, name) for name in ("words", "kind", "road", "confidence", "evidence")}
    blames = found.blaming.get(cause.pk, "")
    return CauseOut(id=cause.pk, contributed_to=found.effects_of(cause), blames=blames, **plain)
