"""Changing what a desk works with: categories, components and the words of scripts, by the verbs of set-up."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from makegood.doors.api import catalogue, finding, problems
from makegood.doors.api.area import caller, tag_of
from makegood.doors.api.catalogue import ComponentOut, component_out
from makegood.doors.api.fields import Flag, Severity, Slug, Taken, without_defaults
from makegood.doors.api.shapes import slug_of
from makegood.life.diagnosis.models import CategoryQuestion, CategoryStep, Question, SafeStep
from makegood.life.reports import setup
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Category, Component
from makegood.life.updates import scripts
from makegood.life.updates.models import Script

Row = TypeVar("Row", bound=Model)

# One address is read and changed: ninja wants both at one router.
area = catalogue.area


def _spoken_here(code: str) -> str:
    if code not in _LANGUAGES:
        raise ValueError(f"Languages here are {', '.join(_LANGUAGES)}.")
    return code


def _said(words: str) -> str:
    if not words.strip():
        raise ValueError("Write something.")
    return words.strip()


def _not_empty(given: dict[str, str]) -> dict[str, str]:
    if not any(words.strip() for words in given.values()):
        raise ValueError("Write it in at least one language.")
    return given


_LANGUAGES = [code for code, _name in settings.LANGUAGES]
Language = Annotated[str, AfterValidator(_spoken_here), Field(json_schema_extra={"enum": _LANGUAGES})]
_Title = Annotated[str, StringConstraints(strict=True, max_length=100), AfterValidator(_said)]
_Subject = Annotated[str, StringConstraints(strict=True, max_length=200)]
Phrase = Annotated[str, StringConstraints(strict=True, max_length=300)]
Passage = Annotated[str, StringConstraints(strict=True, max_length=5_000)]
_Body = Annotated[str, StringConstraints(strict=True, max_length=10_000), AfterValidator(_said)]
Named = Annotated[dict[Language, Phrase], AfterValidator(_not_empty)]
Passages = Annotated[dict[Language, Passage], AfterValidator(_not_empty)]
NewSlug = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
Place = Annotated[int, Field(strict=True, ge=0, le=999)]
_Many = Annotated[list[Slug], Field(max_length=100)]


class CategoryFacts(BaseModel):
    """A category with its words in every language."""

    slug: str
    names: dict[str, str]
    reporter_names: dict[str, str]
    hints: dict[str, str]
    alternatives: dict[str, str]
    default_severity: str
    default_team: str | None
    is_question: bool
    questions: list[str]
    safe_steps: list[str]
    position: int
    is_active: bool


class CategoryPatch(Taken):
    """What is given is changed; what is not stays."""

    model_config = {**Taken.model_config, "json_schema_extra": without_defaults}

    names: Named = {}
    reporter_names: Named = {}
    hints: dict[Language, Phrase] = {}
    alternatives: dict[Language, Passage] = {}
    default_severity: Severity = "medium"
    default_team: Slug | None = None
    is_question: Flag = False
    questions: _Many = []
    safe_steps: _Many = []
    position: Place = 0
    is_active: Flag = True


class CategoryNew(CategoryPatch):
    model_config = Taken.model_config

    slug: NewSlug
    names: Named
    reporter_names: Named


class ComponentPatch(Taken):
    model_config = {**Taken.model_config, "json_schema_extra": without_defaults}

    name: _Title = ""
    team: Annotated[Slug | None, Field(description="The technical team that receives its escalations.")] = None
    is_active: Flag = True


class ComponentNew(ComponentPatch):
    model_config = Taken.model_config

    slug: NewSlug
    name: _Title


class ScriptFacts(BaseModel):
    """A script with its words in every language."""

    slug: str
    moment: str
    titles: dict[str, str]
    subjects: dict[str, str]
    bodies: dict[str, str]
    version: int
    is_active: bool


class ScriptPatch(Taken):
    """The languages given are changed; the earlier wording is kept."""

    model_config = {**Taken.model_config, "json_schema_extra": without_defaults}

    titles: Annotated[dict[Language, _Title], AfterValidator(_not_empty)] = {}
    subjects: dict[Language, _Subject] = {}
    bodies: Annotated[dict[Language, _Body], AfterValidator(_not_empty)] = {}
    is_active: Flag = True


def _category(slug: str) -> Category:
    return row_of(Category, slug)


def _category_facts(slug: str) -> CategoryFacts:
    row = _category(slug)
    names = ("slug", "names", "reporter_names", "hints", "alternatives", "default_severity", "is_question", "position")
    return CategoryFacts(
        **{name: getattr(row, name) for name in (*names, "is_active")},
        default_team=slug_of(row.default_team),
        questions=list(row.category_questions.values_list("question__slug", flat=True)),
        safe_steps=list(row.category_steps.values_list("step__slug", flat=True)),
    )


def _script_facts(slug: str) -> ScriptFacts:
    row = row_of(Script, slug)
    return ScriptFacts(**{name: getattr(row, name) for name in ScriptFacts.model_fields})


def _tag_of_category(request: HttpRequest, slug: str, **_more: Any) -> str:
    Category.objects.select_for_update().get(pk=_category(slug).pk)
    return tag_of(_category_facts(slug))


def _tag_of_component(request: HttpRequest, slug: str, **_more: Any) -> str:
    return tag_of(component_out(Component.objects.select_for_update().get(pk=row_of(Component, slug).pk)))


def _tag_of_script(request: HttpRequest, slug: str, **_more: Any) -> str:
    Script.objects.select_for_update().get(pk=row_of(Script, slug).pk)
    return tag_of(_script_facts(slug))


@area.post("/categories", scope="catalogue:write", action="setup.catalogue", ok=CategoryFacts, status=201)
def add_category(request: HttpRequest, body: CategoryNew) -> Any:
    """Add a kind of error or question."""
    row = Category(slug=body.slug)
    for name, value in _facts_of(body, set(CategoryNew.model_fields) - {"slug"}).items():
        setattr(row, name, value)
    setup.add("category", row, by=caller(request).actor, at=caller(request).now)
    _link(request, row, body)
    return _category_facts(row.slug)


@area.get("/categories/{slug}", scope="catalogue:read", action="setup.view", ok=CategoryFacts, is_tagged=True)
def read_category(request: HttpRequest, slug: Slug) -> Any:
    """Read a category with its words in every language. For leads and admins."""
    return _category_facts(slug)


@area.patch(
    "/categories/{slug}",
    scope="catalogue:write",
    action="setup.catalogue",
    ok=CategoryFacts,
    is_tagged=True,
    guard=_tag_of_category,
)
def change_category(request: HttpRequest, slug: Slug, body: CategoryPatch) -> Any:
    """Change a category. Its short name stays: it stands in filters and in old reports."""
    row, who = _category(slug), caller(request)
    setup.change("category", row, _facts_of(body, body.model_fields_set), by=who.actor, at=who.now)
    _link(request, row, body)
    return _category_facts(slug)


@area.post("/components", scope="catalogue:write", action="setup.catalogue", ok=ComponentOut, status=201)
def add_component(request: HttpRequest, body: ComponentNew) -> Any:
    """Add a part of the product."""
    row = Component(slug=body.slug, name=body.name, team=_technical(body.team), is_active=body.is_active)
    setup.add("component", row, by=caller(request).actor, at=caller(request).now)
    return component_out(row)


@area.patch(
    "/components/{slug}",
    scope="catalogue:write",
    action="setup.catalogue",
    ok=ComponentOut,
    is_tagged=True,
    guard=_tag_of_component,
)
def change_component(request: HttpRequest, slug: Slug, body: ComponentPatch) -> Any:
    """Change a part of the product."""
    row, who = row_of(Component, slug), caller(request)
    given = body.model_dump(include=body.model_fields_set)
    if "team" in given:
        team = _technical(given.pop("team"))
        given["team_id"] = team.pk if team else None
    setup.change("component", row, given, by=who.actor, at=who.now)
    return component_out(row_of(Component, slug))


@area.get("/scripts/{slug}", scope="catalogue:read", action="setup.view", ok=ScriptFacts, is_tagged=True)
def read_script(request: HttpRequest, slug: Slug) -> Any:
    """Read a script with its words in every language. For leads and admins."""
    return _script_facts(slug)


@area.patch(
    "/scripts/{slug}",
    scope="catalogue:write",
    action="setup.scripts",
    ok=ScriptFacts,
    is_tagged=True,
    guard=_tag_of_script,
)
def change_script(request: HttpRequest, slug: Slug, body: ScriptPatch) -> Any:
    """Change the words of a script. A placeholder that does not exist is refused."""
    row, who = row_of(Script, slug), caller(request)
    given: dict[str, Any] = {}
    for name in body.model_fields_set:
        value = getattr(body, name)
        given[name] = {**getattr(row, name), **value} if isinstance(value, dict) else value
    if given:
        scripts.edit(row, by=who.actor, at=who.now, **given)  # type: ignore[typeddict-item]
    return _script_facts(slug)


def row_of(model: type[Row], slug: str) -> Row:
    found = model._default_manager.filter(slug=slug).first()
    if found is None:
        raise NotFound(slug)
    return found


def _facts_of(body: CategoryPatch, names: Iterable[str]) -> dict[str, Any]:
    """Column → value of those fields that are columns; a language given as empty goes."""
    given = {name: spoken(getattr(body, name)) for name in names if name not in ("questions", "safe_steps")}
    if "default_team" in given:
        team = finding.team(given.pop("default_team"), "#/default_team")
        given["default_team_id"] = team.pk if team else None
    return given


def spoken(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {code: words.strip() for code, words in value.items() if words.strip()}


def _technical(slug: str | None) -> Any:
    team = finding.team(slug)
    if team is not None and not team.is_technical:
        raise problems.invalid("#/team", "Only a technical team can own a component.")
    return team


def _link(request: HttpRequest, row: Category, body: CategoryPatch) -> None:
    """Hang the questions and safe steps that are given on the category, in their order."""
    who = caller(request)
    for name, model, rows in (("questions", Question, CategoryQuestion), ("safe_steps", SafeStep, CategoryStep)):
        if name in body.model_fields_set:
            slugs = getattr(body, name)
            known = dict(model._default_manager.filter(slug__in=slugs, is_active=True).values_list("slug", "pk"))
            if unknown := [slug for slug in slugs if slug not in known]:
                raise problems.invalid(f"#/{name}/{slugs.index(unknown[0])}", "Nothing in use is called so.")
            setup.link("category", row, rows, [known[slug] for slug in slugs], by=who.actor, at=who.now)
