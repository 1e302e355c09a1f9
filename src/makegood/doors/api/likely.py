"""What a report may be: suggested fields with the reason, the problems and reports like it, and who knows this."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import finding
from makegood.doors.api.area import Answer, Area, caller
from makegood.doors.api.fields import ReportNumber, Slug, Taken
from makegood.doors.api.finding import report_of, report_tag
from makegood.doors.api.paging import Listed, Number
from makegood.doors.api.shapes import PersonRef, ReportOut, person, report_out
from makegood.engine.similar import Reasons
from makegood.life.colleagues import knowing
from makegood.life.diagnosis import suggesting
from makegood.life.diagnosis.models import FieldSuggestion
from makegood.life.problems import known
from makegood.life.problems.comparable import question_of_words
from makegood.life.promises import actions as promises
from makegood.life.reports.models import Category

area = Area("Suggestions", "What a report may be, and why. Nothing is ever applied by itself.")
What = Literal["category", "severity", "kind"]
_RIGHTS = {"category": "report.set_category", "severity": "report.set_severity", "kind": "report.set_kind"}


class SuggestionOut(BaseModel):
    """What a field of a report may be, from how this desk filed earlier ones."""

    field: str
    value: Annotated[str, Field(description="Of a category its short name.")]
    confidence: Annotated[float, Field(description="Between 0 and 1.")]
    words: Annotated[list[str], Field(description="Words of the report that speak for it.")]
    alike: Annotated[int, Field(description="So many earlier reports with the first word were filed so,")]
    alike_of: Annotated[int, Field(description="of so many.")]
    at: datetime


class Chosen(Taken):
    value: Annotated[Slug, Field(description="What you saw: refused if another one is suggested by now.")]


class LikeOut(BaseModel):
    """A problem, or a report that belongs to none, that it may be."""

    number: Annotated[str, Field(description="PRB-n or MG-n.")]
    title: str
    state: str
    severity: str
    score: Annotated[float, Field(description="Compares within one answer; no probability.")]
    signatures: Annotated[
        list[str],
        Field(description="`reference`: the same error event; the same message, error, code or place in the program."),
    ]
    facets: Annotated[list[str], Field(description="category, component or page, where they are the same.")]
    words: list[str]


class Typed(BaseModel):
    q: Annotated[str, Field(min_length=1, max_length=4_000, description="What the reporter says, as far as typed.")]
    category: Annotated[Slug, Field(description="As far as known.")] = ""
    component: Annotated[Slug, Field(description="As far as known.")] = ""
    page: Annotated[str, Field(max_length=500, description="The address they were at, whatever the host.")] = ""
    reference: Annotated[str, Field(max_length=300, description="The id the error page shows, of that one event.")] = ""
    limit: Annotated[Number, Field(ge=1, le=20)] = 5


class Most(BaseModel):
    limit: Annotated[Number, Field(ge=1, le=20)] = 5


class KnowerOut(BaseModel):
    """Somebody to ask, and the reports like it that they had a hand in."""

    person: PersonRef
    count: int
    last_at: datetime
    reports: list[str]
    why: Annotated[
        list[str],
        Field(description="problem, alike, component or category: what these share with the report, strongest first."),
    ]


@area.get("/reports/{number}/suggestions", scope="reports:read", action="report.view", ok=Listed[SuggestionOut])
def list_suggestions(request: HttpRequest, number: ReportNumber) -> Any:
    """List what category, severity and kind may be, with the reason; what is settled is not shown again."""
    report = report_of(request, number)
    found = suggesting.open_ones(report) if report.is_open else {}
    slugs = _slugs(found.values())
    rows = [_suggestion(row, slugs) for row in found.values() if row.field != "category" or row.value in slugs]
    return Listed[SuggestionOut](items=rows, next=None)


@area.post(
    "/reports/{number}/suggestions/{field}/take",
    scope="reports:write",
    action="report.view",
    ok=ReportOut,
    guard=report_tag,
)
def take_suggestion(request: HttpRequest, number: ReportNumber, field: What, body: Chosen) -> Any:
    """Set a field to what is suggested. It takes the right to set it."""
    report, who = report_of(request, number), caller(request)
    who.demand(_RIGHTS[field])
    suggesting.take(report, field, _value(field, body.value), by=who.actor, at=who.now)
    promises.ensure_owed(report, by=who.actor, at=who.now)
    return report_out(report_of(request, number))


@area.post("/reports/{number}/suggestions/{field}/dismiss", scope="reports:write", action="report.view", status=204)
def dismiss_suggestion(request: HttpRequest, number: ReportNumber, field: What, body: Chosen) -> Any:
    """Not this one: it is not suggested again here."""
    report, who = report_of(request, number), caller(request)
    who.demand(_RIGHTS[field])
    suggesting.turn_down(report, field, _value(field, body.value), by=who.actor, at=who.now)
    return Answer(None, 204)


@area.get("/reports/{number}/like", scope="reports:read", action="report.view", ok=Listed[LikeOut])
def list_like(request: HttpRequest, number: ReportNumber, which: Query[Most]) -> Any:
    """List the problems and reports most like a report, best first. Join it with `/problems/{problem}/members`."""
    report, who = report_of(request, number), caller(request)
    found = known.like(who.agent, report, now=who.now, most=which.limit)
    return Listed[LikeOut](items=[_like(one) for one in found], next=None)


@area.get("/known", scope="reports:read", action="report.view", ok=Listed[LikeOut])
def list_known(request: HttpRequest, which: Query[Typed]) -> Any:
    """List the problems and reports most like words, best first: is this known?

    What is known besides makes it surer: category and component, as the catalogue names them, page and error reference.
    """
    who = caller(request)
    places = {"category": which.category, "component": which.component, "page": which.page}
    question = question_of_words(which.q, **places, references=which.reference)
    found = known.like_question(who.agent, question, now=who.now, most=which.limit)
    return Listed[LikeOut](items=[_like(one) for one in found], next=None)


@area.get("/reports/{number}/knowers", scope="reports:read", action="report.view", ok=Listed[KnowerOut])
def list_knowers(request: HttpRequest, number: ReportNumber) -> Any:
    """List who knows this: colleagues who solved or answered reports of it, alike or of the kind, best first."""
    report, who = report_of(request, number), caller(request)
    found = knowing.who_knows(who.agent, report, now=who.now)
    return Listed[KnowerOut](items=[_knower(one) for one in found], next=None)


def _slugs(found: Any) -> dict[str, str]:
    """Key of a category in use → its short name, of those suggested."""
    keys = [int(row.value) for row in found if row.field == "category"]
    rows = Category.objects.filter(pk__in=keys, is_active=True).values_list("pk", "slug") if keys else ()
    return {str(pk): slug for pk, slug in rows}


def _suggestion(row: FieldSuggestion, slugs: dict[str, str]) -> SuggestionOut:
    plain = ("field", "confidence", "words", "alike", "alike_of", "at")
    value = slugs[row.value] if row.field == "category" else row.value
    return SuggestionOut(value=value, **{name: getattr(row, name) for name in plain})


def _value(field: str, value: str) -> str:
    """As it is kept: a category by its key. One that is not known fits no suggestion."""
    if field != "category":
        return value
    found = finding.category(value, "#/value")
    return str(found.pk) if found else ""


def _like(one: known.Suggestion) -> LikeOut:
    thing = one.problem or one.report
    assert thing is not None
    reasons: Reasons = one.reasons
    return LikeOut(
        number=one.number,
        title=thing.title,
        state=thing.state,
        severity=thing.severity,
        score=round(one.score, 3),
        signatures=[f"{mark.kind}: {mark.value[:200]}" for mark in reasons.signatures],
        facets=list(reasons.facets),
        words=list(reasons.words),
    )


def _knower(one: knowing.Knower) -> KnowerOut:
    who = person(one.agent)
    assert who is not None
    return KnowerOut(
        person=who, count=one.count, last_at=one.last_at, reports=[f"MG-{pk}" for pk in one.reports], why=list(one.why)
    )
