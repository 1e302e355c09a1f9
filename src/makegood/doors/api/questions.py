"""Changing what is worth asking and what is safe to try, by the verbs of set-up."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from pydantic import BaseModel, Field, StringConstraints

from makegood.doors.api import furnishing, problems
from makegood.doors.api.area import caller, tag_of
from makegood.doors.api.fields import Flag, Slug, Taken, without_defaults
from makegood.doors.api.furnishing import Language, Named, NewSlug, Passage, Phrase, Place, row_of, spoken
from makegood.life.diagnosis import completeness
from makegood.life.diagnosis.models import Question, SafeStep
from makegood.life.reports import setup

# One address is read and changed: ninja wants both at one router.
area = furnishing.area

_Kind = Literal["text", "choice", "moment", "yes_no", "file"]
_Passages = dict[Language, Passage]
_Value = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]


class Choice(Taken):
    value: Annotated[_Value, Field(description="What is kept as the answer.")]
    texts: Named


_Choices = Annotated[list[Choice], Field(max_length=30, description="Of a question of the kind `choice`.")]
_Fact = Annotated[Slug, Field(description="The line of the error document that its answer fills.")]
_Worth = Annotated[int, Field(strict=True, ge=1, le=10, description="How much the answer helps.")]


class QuestionFacts(BaseModel):
    """A question with its words in every language."""

    slug: str
    texts: dict[str, str]
    labels: dict[str, str]
    hints: dict[str, str]
    kind: str
    choices: list[Choice]
    fact: str
    weight: int
    is_general: bool
    position: int
    is_active: bool


class QuestionPatch(Taken):
    """What is given is changed; what is not stays."""

    model_config = {**Taken.model_config, "json_schema_extra": without_defaults}

    texts: Named = {}
    labels: Annotated[dict[Language, Phrase], Field(description="Its short name in the error document.")] = {}
    hints: Annotated[_Passages, Field(description="How to find the answer.")] = {}
    kind: _Kind = "text"
    choices: _Choices = []
    fact: _Fact = ""
    weight: _Worth = 3
    is_general: Annotated[Flag, Field(description="Worth asking whatever the category.")] = False
    position: Place = 100
    is_active: Flag = True


class QuestionNew(QuestionPatch):
    model_config = Taken.model_config

    slug: NewSlug
    texts: Named
    fact: _Fact


class StepFacts(BaseModel):
    """A safe step with its words in every language."""

    slug: str
    titles: dict[str, str]
    what_it_does: dict[str, str]
    cannot_break: dict[str, str]
    instructions: dict[str, str]
    risk: str
    not_when: list[str]
    position: int
    is_active: bool


class StepPatch(Taken):
    """What is given is changed; what is not stays."""

    model_config = {**Taken.model_config, "json_schema_extra": without_defaults}

    titles: Named = {}
    what_it_does: furnishing.Passages = {}
    cannot_break: Annotated[furnishing.Passages, Field(description="In the reporter's words.")] = {}
    instructions: Annotated[furnishing.Passages, Field(description="One move a line.")] = {}
    risk: Annotated[
        Literal["none", "low"], Field(description="`low`: changes something that comes back by itself.")
    ] = "none"
    not_when: Annotated[
        list[Literal["unsaved_form", "payment_under_way", "cannot_sign_in_again", "shared_device"]],
        Field(max_length=10, description="Conditions under which it is not to be tried."),
    ] = []
    position: Place = 100
    is_active: Flag = True


class StepNew(StepPatch):
    model_config = Taken.model_config

    slug: NewSlug
    titles: Named
    what_it_does: furnishing.Passages
    cannot_break: furnishing.Passages
    instructions: furnishing.Passages


def _question(slug: str) -> QuestionFacts:
    row = row_of(Question, slug)
    return QuestionFacts(**{name: getattr(row, name) for name in QuestionFacts.model_fields})


def _step(slug: str) -> StepFacts:
    row = row_of(SafeStep, slug)
    return StepFacts(**{name: getattr(row, name) for name in StepFacts.model_fields})


def _tag_of_question(request: HttpRequest, slug: str, **_more: Any) -> str:
    Question.objects.select_for_update().get(pk=row_of(Question, slug).pk)
    return tag_of(_question(slug))


def _tag_of_step(request: HttpRequest, slug: str, **_more: Any) -> str:
    SafeStep.objects.select_for_update().get(pk=row_of(SafeStep, slug).pk)
    return tag_of(_step(slug))


@area.post("/questions", scope="catalogue:write", action="setup.catalogue", ok=QuestionFacts, status=201)
def add_question(request: HttpRequest, body: QuestionNew) -> Any:
    """Add a question worth asking. Hang it on categories by their `questions`."""
    row, who = Question(slug=body.slug), caller(request)
    given = _facts_of(body, set(QuestionNew.model_fields) - {"slug"})
    _check(given, row)
    for name, value in given.items():
        setattr(row, name, value)
    setup.add("question", row, by=who.actor, at=who.now)
    return _question(row.slug)


@area.get("/questions/{slug}", scope="catalogue:read", action="setup.view", ok=QuestionFacts, is_tagged=True)
def read_question(request: HttpRequest, slug: Slug) -> Any:
    """Read a question with its words in every language. For leads and admins."""
    return _question(slug)


@area.patch(
    "/questions/{slug}",
    scope="catalogue:write",
    action="setup.catalogue",
    ok=QuestionFacts,
    is_tagged=True,
    guard=_tag_of_question,
)
def change_question(request: HttpRequest, slug: Slug, body: QuestionPatch) -> Any:
    """Change a question. Its short name stays: answers of old reports stand under it."""
    row, who = row_of(Question, slug), caller(request)
    given = _facts_of(body, body.model_fields_set)
    _check(given, row)
    setup.change("question", row, given, by=who.actor, at=who.now)
    return _question(slug)


@area.post("/safe-steps", scope="catalogue:write", action="setup.catalogue", ok=StepFacts, status=201)
def add_safe_step(request: HttpRequest, body: StepNew) -> Any:
    """Add a safe step. Hang it on categories by their `safe_steps`."""
    row, who = SafeStep(slug=body.slug), caller(request)
    for name, value in _facts_of(body, set(StepNew.model_fields) - {"slug"}).items():
        setattr(row, name, value)
    setup.add("step", row, by=who.actor, at=who.now)
    return _step(row.slug)


@area.get("/safe-steps/{slug}", scope="catalogue:read", action="setup.view", ok=StepFacts, is_tagged=True)
def read_safe_step(request: HttpRequest, slug: Slug) -> Any:
    """Read a safe step with its words in every language. For leads and admins."""
    return _step(slug)


@area.patch(
    "/safe-steps/{slug}",
    scope="catalogue:write",
    action="setup.catalogue",
    ok=StepFacts,
    is_tagged=True,
    guard=_tag_of_step,
)
def change_safe_step(request: HttpRequest, slug: Slug, body: StepPatch) -> Any:
    """Change a safe step."""
    row, who = row_of(SafeStep, slug), caller(request)
    setup.change("step", row, _facts_of(body, body.model_fields_set), by=who.actor, at=who.now)
    return _step(slug)


def _facts_of(body: QuestionPatch | StepPatch, names: set[str]) -> dict[str, Any]:
    """Column → value of those fields; a language given as empty goes."""
    plain = body.model_dump(include=names)
    return {name: spoken(value) for name, value in plain.items()}


def _check(given: dict[str, Any], row: Question) -> None:
    """Raise Problem for a fact nobody knows, and for choices that do not go with the kind."""
    fact = given.get("fact", row.fact)
    if fact not in completeness.BY_SLUG and not Question.objects.filter(fact=fact).exists():
        raise problems.invalid("#/fact", "The error document has no such line.")
    choices = [one["value"] for one in given.get("choices", row.choices)]
    if given.get("kind", row.kind) == "choice":
        if len(choices) < 2 or len(set(choices)) < len(choices):
            raise problems.invalid("#/choices", "Give at least two choices, each with a value of its own.")
    elif choices:
        raise problems.invalid("#/choices", "Only a question of the kind `choice` has choices.")
