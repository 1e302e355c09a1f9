"""The catalogue a desk works with: categories, components, teams, people, questions, safe steps, scripts, mailboxes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Moment, Reason, ReportNumber, Slug, Taken
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed
from makegood.doors.api.shapes import slug_of, words
from makegood.life.diagnosis import steps
from makegood.life.diagnosis.models import Question, SafeStep, StepTrial
from makegood.life.people.models import Agent, Team
from makegood.life.reports.models import Category, Component, Label, Mailbox
from makegood.life.updates import scripts
from makegood.life.updates.models import Script

area = Area("Catalogue", "What a desk works with. Changes are for leads and admins and count from then on.")


class CategoryOut(BaseModel):
    slug: str
    name: str
    reporter_name: Annotated[str, Field(description="In words a reporter would use.")]
    hint: str
    alternative: Annotated[str, Field(description="A safe way to get on meanwhile.")]
    default_severity: str
    default_team: str | None
    is_question: bool
    is_active: bool
    questions: list[str]
    safe_steps: list[str]


class ComponentOut(BaseModel):
    slug: str
    name: str
    team: str | None
    is_active: bool


class TeamOut(BaseModel):
    slug: str
    name: str
    is_technical: bool
    is_active: bool
    members: list[str]


class ColleagueOut(BaseModel):
    key: str
    name: str
    role: str
    teams: list[str]


class QuestionOut(BaseModel):
    slug: str
    text: str
    hint: str
    kind: str
    choices: list[str]
    fact: str
    is_general: bool


class StepOut(BaseModel):
    slug: str
    title: str
    what_it_does: str
    cannot_break: str
    instructions: list[str]
    risk: str
    not_when: list[str]


class OfferedStep(StepOut):
    state: Annotated[str, Field(description="offered, withheld or tried")]
    reason: Annotated[str, Field(description="Why it is withheld.")]
    outcome: str | None


class Trial(Taken):
    step: Slug
    outcome: Literal["helped", "did_not_help", "could_not"]
    notes: Reason = ""


class TrialOut(BaseModel):
    step: str
    outcome: str
    notes: str
    by: str
    at: datetime


class ScriptOut(BaseModel):
    slug: str
    moment: str
    title: str
    body: Annotated[str, Field(description="With its placeholders, such as `{{ promised_time }}`.")]
    version: int


class Rendering(Taken):
    report: ReportNumber
    next_at: Moment | None = None


class Rendered(BaseModel):
    subject: str
    body: str
    missing: Annotated[list[str], Field(description="Placeholders nobody has filled; it cannot be sent with them.")]


class MailboxOut(BaseModel):
    slug: str
    name: str
    address: str
    kind: str
    team: str | None
    category: str | None
    language: str
    is_active: bool
    trouble: str


class LabelOut(BaseModel):
    name: str


@area.get("/categories", scope="catalogue:read", action="report.view", ok=Listed[CategoryOut])
def list_categories(request: HttpRequest) -> Any:
    """List the kinds of errors the desk knows."""
    rows = Category.objects.select_related("default_team")
    rows = rows.prefetch_related("category_questions__question", "category_steps__step")
    return Listed[CategoryOut](items=[_category(row) for row in rows], next=None)


@area.get("/components", scope="catalogue:read", action="report.view", ok=Listed[ComponentOut])
def list_components(request: HttpRequest) -> Any:
    """List the parts of the product and who owns them."""
    rows = Component.objects.select_related("team").order_by("slug")
    return Listed[ComponentOut](items=[component_out(row) for row in rows], next=None)


@area.get("/teams", scope="catalogue:read", action="report.view", ok=Listed[TeamOut])
def list_teams(request: HttpRequest) -> Any:
    """List teams with the keys of their members."""
    shown = [
        TeamOut(
            **{name: getattr(team, name) for name in ("slug", "name", "is_technical", "is_active")},
            members=[agent.key for agent in team.agents.all() if agent.is_active],
        )
        for team in Team.objects.prefetch_related("agents").order_by("slug")
    ]
    return Listed[TeamOut](items=shown, next=None)


@area.get("/people", scope="catalogue:read", action="report.view", ok=Listed[ColleagueOut])
def list_people(request: HttpRequest) -> Any:
    """List the colleagues work can be given to."""
    people = Agent.objects.filter(is_active=True, is_service=False).prefetch_related("teams").order_by("name", "pk")
    shown = [
        ColleagueOut(key=one.key, name=one.name, role=one.role, teams=sorted(team.slug for team in one.teams.all()))
        for one in people
    ]
    return Listed[ColleagueOut](items=shown, next=None)


@area.get("/labels", scope="catalogue:read", action="report.view", ok=Listed[LabelOut])
def list_labels(request: HttpRequest) -> Any:
    """List the labels in use."""
    names = Label.objects.order_by("name").values_list("name", flat=True)[:2000]
    return Listed[LabelOut](items=[LabelOut(name=name) for name in names], next=None)


@area.get("/questions", scope="catalogue:read", action="report.view", ok=Listed[QuestionOut])
def list_questions(request: HttpRequest) -> Any:
    """List the questions worth asking."""
    shown = [
        QuestionOut(
            **{name: getattr(row, name) for name in ("slug", "kind", "fact", "is_general")},
            text=words(row.texts),
            hint=words(row.hints),
            choices=[value for value, _words in row.choices_in("en")],
        )
        for row in Question.objects.filter(is_active=True)
    ]
    return Listed[QuestionOut](items=shown, next=None)


@area.get("/safe-steps", scope="catalogue:read", action="report.view", ok=Listed[StepOut])
def list_safe_steps(request: HttpRequest) -> Any:
    """List the safe first steps. Anything beyond them is refused."""
    rows = SafeStep.objects.filter(is_active=True)
    return Listed[StepOut](items=[StepOut(**_step(row)) for row in rows], next=None)


@area.get("/reports/{number}/safe-steps", scope="reports:read", action="report.view", ok=Listed[OfferedStep])
def list_report_steps(request: HttpRequest, number: ReportNumber) -> Any:
    """List what may be tried on this report now, what is withheld and why, and what was tried."""
    shown = [
        OfferedStep(
            **_step(one.step), state=one.state, reason=str(one.reason), outcome=one.trial.outcome if one.trial else None
        )
        for one in steps.suggest(report_of(request, number))
    ]
    return Listed[OfferedStep](items=shown, next=None)


@area.post("/reports/{number}/safe-steps", scope="messages:write", action="report.safe_step", ok=TrialOut, status=201)
def record_step(request: HttpRequest, number: ReportNumber, body: Trial) -> Any:
    """Note what came of a safe step."""
    report, who = report_of(request, number), caller(request)
    trial = steps.record_trial(report, body.step, body.outcome, by=who.actor, at=who.now, notes=body.notes)
    return _trial(trial)


@area.get("/scripts", scope="catalogue:read", action="report.view", ok=Listed[ScriptOut])
def list_scripts(request: HttpRequest) -> Any:
    """List the scripts: the words for each moment."""
    shown = [
        ScriptOut(
            **{name: getattr(row, name) for name in ("slug", "moment", "version")},
            title=words(row.titles),
            body=words(row.bodies),
        )
        for row in Script.objects.filter(is_active=True)
    ]
    return Listed[ScriptOut](items=shown, next=None)


@area.post("/scripts/{slug}/render", scope="catalogue:read", action="report.view", ok=Rendered)
def render_script(request: HttpRequest, slug: Slug, body: Rendering) -> Any:
    """Fill a script with what is known of a report, in its reporter's language.

    Says and changes nothing.
    """
    report, who = report_of(request, body.report), caller(request)
    draft = scripts.render(slug, report, now=who.now, by=who.actor, next_at=body.next_at)
    return Rendered(subject=draft.subject, body=draft.body, missing=list(draft.missing))


@area.get("/mailboxes", scope="catalogue:read", action="setup.view", ok=Listed[MailboxOut])
def list_mailboxes(request: HttpRequest) -> Any:
    """List the addresses customers write to. For leads and admins."""
    shown = [
        MailboxOut(
            **{name: getattr(row, name) for name in ("slug", "name", "address", "kind", "language", "is_active")},
            trouble=row.trouble,
            team=slug_of(row.team),
            category=slug_of(row.category),
        )
        for row in Mailbox.objects.select_related("team", "category").order_by("slug")
    ]
    return Listed[MailboxOut](items=shown, next=None)


def component_out(row: Component) -> ComponentOut:
    return ComponentOut(slug=row.slug, name=row.name, team=slug_of(row.team), is_active=row.is_active)


def _category(row: Category) -> CategoryOut:
    return CategoryOut(
        **{name: getattr(row, name) for name in ("slug", "default_severity", "is_question", "is_active")},
        name=words(row.names),
        reporter_name=words(row.reporter_names),
        hint=words(row.hints),
        alternative=words(row.alternatives),
        default_team=slug_of(row.default_team),
        questions=[one.question.slug for one in row.category_questions.all()],
        safe_steps=[one.step.slug for one in row.category_steps.all()],
    )


def _step(row: SafeStep) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("slug", "risk", "not_when")},
        "title": words(row.titles),
        "what_it_does": words(row.what_it_does),
        "cannot_break": words(row.cannot_break),
        "instructions": [line for line in words(row.instructions).splitlines() if line.strip()],
    }


def _trial(trial: StepTrial) -> TrialOut:
    return TrialOut(step=trial.step.slug, outcome=trial.outcome, notes=trial.notes, by=trial.by_name, at=trial.at)
