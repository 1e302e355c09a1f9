"""The plain things of set-up, declared: what each consists of, what it is called, who may change it.

A new kind of thing is one entry in ``THINGS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from makegood.lib.texts import in_language
from makegood.life.diagnosis import completeness
from makegood.life.diagnosis.models import CategoryQuestion, CategoryStep, Question, SafeStep
from makegood.life.diagnosis.steps import CONDITIONS
from makegood.life.people.models import Agent, Skill, Team
from makegood.life.reports.models import Category, Component, Report

Options = Callable[[], Sequence[tuple[Any, Any]]]


@dataclass(frozen=True)
class Item:
    """One thing to fill in. ``kind``: text, texts, texts_area (per language), check, number, choice, row, many, set."""

    name: str
    label: Any
    kind: str = "text"
    help: Any = ""
    options: Options | None = None
    is_required: bool = True
    rows: type[models.Model] | None = None
    section: Any = ""
    least: int = 0
    most: int = 999


@dataclass(frozen=True)
class Thing:
    """A kind of row. ``what`` is its word in addresses and in the ledger; ``columns`` are (heading, how to show)."""

    what: str
    one: Any
    many: Any
    says: Any
    icon: str
    model: type[models.Model]
    takes: str
    items: tuple[Item, ...]
    columns: tuple[tuple[Any, Callable[[Any], Any]], ...]
    order: tuple[str, ...] = ("pk",)
    related: tuple[str, ...] = ()
    fresh: dict[str, Any] = field(default_factory=dict)


def _words(attribute: str) -> Callable[[Any], str]:
    return lambda thing: in_language(getattr(thing, attribute), get_language() or "en")


def _agents() -> list[tuple[Any, Any]]:
    return list(Agent.objects.filter(is_active=True, is_service=False).order_by("name").values_list("pk", "name"))


def _teams() -> list[tuple[Any, Any]]:
    return list(Team.objects.filter(is_active=True).order_by("name").values_list("pk", "name"))


def _technical() -> list[tuple[Any, Any]]:
    teams = Team.objects.filter(is_active=True, is_technical=True)
    return list(teams.order_by("name").values_list("pk", "name"))


def _questions() -> list[tuple[Any, Any]]:
    rows = Question.objects.filter(is_active=True, is_general=False)
    return [(row.pk, _words("texts")(row)) for row in rows]


def _steps() -> list[tuple[Any, Any]]:
    return [(row.pk, _words("titles")(row)) for row in SafeStep.objects.filter(is_active=True)]


def _facts() -> list[tuple[Any, Any]]:
    language = get_language() or "en"
    own = Question.objects.exclude(fact__in=completeness.BY_SLUG).values_list("fact", flat=True).distinct()
    return [*((f.slug, in_language(f.names, language)) for f in completeness.FACTS), *((o, o) for o in sorted(own))]


SLUG = Item(
    "slug",
    _("Short name"),
    help=_("Small letters, digits and hyphens. It stands in filters and addresses, so leave it once it is used."),
)
ACTIVE = Item(
    "is_active",
    _("In use"),
    "check",
    help=_("Off: no longer offered. What already refers to it stays as it is."),
    is_required=False,
)
POSITION = Item("position", _("Place in the list"), "number", help=_("Smaller comes first."))

TEAM = Thing(
    "team",
    _("Team"),
    _("Teams"),
    _("Who works together. Technical teams receive escalations; their rota says who is paged."),
    "users",
    Team,
    "setup.people",
    (
        Item("name", _("Name")),
        SLUG,
        Item("is_technical", _("Technical: receives escalations"), "check", is_required=False),
        Item(
            "lead",
            _("Lead"),
            "row",
            help=_("Told when nobody takes an escalation."),
            options=_agents,
            is_required=False,
        ),
        Item("manager", _("Manager"), "row", help=_("Told after the lead."), options=_agents, is_required=False),
        Item(
            "executive",
            _("Executive"),
            "row",
            help=_("Told last. If nobody is named, the admins are."),
            options=_agents,
            is_required=False,
        ),
        Item("email", _("E-mail of the whole team"), help=_("For pages to everybody."), is_required=False),
        Item(
            "page_webhook",
            _("Webhook for pages"),
            help=_("An https address that a pager or chat gives you."),
            is_required=False,
        ),
        ACTIVE,
    ),
    (
        (_("Name"), lambda team: team.name),
        (_("Kind"), lambda team: _("technical") if team.is_technical else _("desk")),
        (_("Lead"), lambda team: team.lead or "–"),
    ),
    order=("name",),
    related=("lead", "manager", "executive"),
)
CATEGORY = Thing(
    "category",
    _("Category"),
    _("Categories"),
    _("The kinds of errors and questions the desk knows, and what each brings: severity, team, questions, steps."),
    "tag",
    Category,
    "setup.catalogue",
    (
        Item("names", _("The agents' word"), "texts"),
        Item(
            "reporter_names", _("The reporter's words"), "texts", help=_("As somebody would say it who met the error.")
        ),
        Item("hints", _("An example they would recognise"), "texts", is_required=False),
        Item(
            "alternatives",
            _("A safe way to get on meanwhile"),
            "texts_area",
            help=_("Said in the acknowledgement. Leave it empty if there is none."),
            is_required=False,
        ),
        Item("default_severity", _("Severity to begin with"), "choice", options=lambda: Report.SEVERITIES),
        Item(
            "default_team",
            _("Team"),
            "row",
            help=_("A technical team receives its escalations, unless the component says otherwise."),
            options=_teams,
            is_required=False,
        ),
        Item("is_question", _("A question, not an error"), "check", is_required=False),
        Item(
            "questions",
            _("Questions worth asking"),
            "many",
            options=_questions,
            rows=CategoryQuestion,
            is_required=False,
        ),
        Item("steps", _("Safe steps"), "many", options=_steps, rows=CategoryStep, is_required=False),
        SLUG,
        POSITION,
        ACTIVE,
    ),
    (
        (_("Category"), _words("names")),
        (_("Severity"), lambda category: dict(Report.SEVERITIES).get(category.default_severity, "")),
        (_("Team"), lambda category: category.default_team or "–"),
        (_("Kind"), lambda category: _("question") if category.is_question else _("error")),
    ),
    order=("position", "slug"),
    related=("default_team",),
)
COMPONENT = Thing(
    "component",
    _("Component"),
    _("Components"),
    _("The parts of your product. Each belongs to the technical team that receives its escalations."),
    "device",
    Component,
    "setup.catalogue",
    (
        Item("name", _("Name")),
        SLUG,
        Item("team", _("Owned by"), "row", options=_technical, is_required=False),
        ACTIVE,
    ),
    ((_("Component"), lambda component: component.name), (_("Owned by"), lambda component: component.team or "–")),
    order=("name",),
    related=("team",),
)
QUESTION = Thing(
    "question",
    _("Question"),
    _("Questions"),
    _("What is worth asking a reporter. Each answer fills one line of the error document, so nothing is asked twice."),
    "question",
    Question,
    "setup.catalogue",
    (
        Item("texts", _("The question"), "texts", help=_("As the reporter reads it.")),
        Item("labels", _("Its short name in the error document"), "texts", is_required=False),
        Item("hints", _("How to find the answer"), "texts_area", is_required=False),
        Item("kind", _("The answer is"), "choice", options=lambda: Question.KINDS),
        Item(
            "fact",
            _("Line of the error document"),
            "choice",
            help=_("What we know once it is answered."),
            options=_facts,
        ),
        Item("weight", _("Worth"), "number", help=_("1 to 10: how much the answer helps."), least=1, most=10),
        Item("is_general", _("Worth asking whatever the category"), "check", is_required=False),
        SLUG,
        POSITION,
        ACTIVE,
    ),
    (
        (_("Question"), _words("texts")),
        (_("Answer"), lambda question: question.get_kind_display()),
        (_("Worth"), lambda question: question.weight),
    ),
    order=("position", "slug"),
    fresh={"weight": 3, "position": 100, "is_active": True},
)
STEP = Thing(
    "step",
    _("Safe step"),
    _("Safe steps"),
    _("The only things the desk may suggest to try. Each says what it does, what it cannot harm, when not to."),
    "steps",
    SafeStep,
    "setup.catalogue",
    (
        Item("titles", _("Step"), "texts"),
        Item("what_it_does", _("What it does"), "texts_area"),
        Item("cannot_break", _("What it cannot harm"), "texts_area", help=_("In the reporter's words.")),
        Item("instructions", _("How to do it"), "texts_area", help=_("One move a line.")),
        Item("risk", _("Risk"), "choice", options=lambda: SafeStep.RISKS),
        Item(
            "not_when",
            _("Not to be tried when"),
            "set",
            options=lambda: [(name, why) for name, (why, _ask) in CONDITIONS.items()],
            is_required=False,
        ),
        SLUG,
        POSITION,
        ACTIVE,
    ),
    (
        (_("Step"), _words("titles")),
        (_("Risk"), lambda step: step.get_risk_display()),
        (_("Not when"), lambda step: len(step.not_when) or "–"),
    ),
    order=("position", "slug"),
)
SKILL = Thing(
    "skill",
    _("Skill"),
    _("Skills"),
    _("What people know. Colleagues call everybody who knows it by writing @ and the short name in a note."),
    "bolt",
    Skill,
    "setup.catalogue",
    (
        Item("name", _("Name")),
        SLUG,
        Item("agents", _("Who knows it"), "many", options=_agents, is_required=False, rows=Agent.skills.through),
    ),
    ((_("Skill"), lambda skill: skill.name), (_("People"), lambda skill: skill.agents.count() or "–")),
    order=("name",),
)
THINGS = {thing.what: thing for thing in (TEAM, CATEGORY, COMPONENT, QUESTION, STEP, SKILL)}
