"""Actions: what keeps it from coming back. Proposed, accepted, done, checked by somebody else."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from makegood.doors.api.area import Answer, Area, caller, tag_of
from makegood.doors.api.faults import ProblemNumber
from makegood.doors.api.fields import Flag, Moment, Reason, Slug, Taken, text, without_defaults
from makegood.doors.api.finding import colleague
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.shapes import PersonRef, person
from makegood.life.problems.access import access_problem
from makegood.life.rca import access, actions, queries
from makegood.life.rca.models import Action

area = Area("Actions", "What keeps it from coming back: each a promise, each checked by somebody else.")

ActionNumber = Annotated[str, Field(max_length=24, description="`ACT-12`, `12`, or the key.", examples=["ACT-12"])]
Kind = Literal["contain", "correct", "prevent", "detect", "communicate"]
Strength = Literal["strong", "medium", "weak"]
Whole = Annotated[int, Field(strict=True, ge=0, le=365)]


class Which(Paging):
    whose: Literal["all", "team", "mine", "check"] = "all"
    which: Literal["open", "late", "done", "failed", "any"] = "open"


class Whose(Taken):
    whose: Literal["all", "team", "mine", "check"] = "all"


class ActionIn(Taken):
    title: text(200, least=1)  # type: ignore[valid-type]
    kind: Kind = "prevent"
    strength: Strength = "medium"
    details: text(5_000) = ""  # type: ignore[valid-type]
    measure: Annotated[text(5_000), Field(description="How one sees that it worked; said beforehand.")] = ""  # type: ignore[valid-type]
    owner: Annotated[Slug | None, Field(description="Who does it: a person's key, or `me`.")] = None
    verifier: Annotated[Slug | None, Field(description="Who checks it: never the owner.")] = None
    verify_after_days: Whole = 30
    wanted_by: Annotated[Moment | None, Field(description="To be done by; by severity if not given.")] = None


class ActionPatch(ActionIn):
    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    title: text(200, least=1) = "-"  # type: ignore[valid-type]


class AcceptIn(Taken):
    due_at: Moment | None = None


class Said(Taken):
    words: Reason = ""


class VerifyIn(Taken):
    worked: Flag
    words: Annotated[Reason, Field(description="What the measure shows.")]


class ActionOut(BaseModel):
    number: str
    key: str
    problem: str
    rca: str | None
    title: str
    details: str
    kind: str
    strength: str
    state: str
    owner: PersonRef | None
    verifier: PersonRef | None
    verified_by: PersonRef | None
    measure: str
    verify_after_days: int
    owed: Annotated[str, Field(description="`action`: to be done; `verify`: to be checked; or empty.")]
    due_at: datetime | None
    is_late: bool
    implemented_at: datetime | None
    checks_from: datetime | None
    outcome: str
    version: int


class Burned(BaseModel):
    at: datetime
    to_do: int
    late: int
    done: Annotated[int, Field(description="Done and not checked yet.")]
    effective: int


class Aged(BaseModel):
    since: Annotated[int, Field(description="Days since it was accepted, from…")]
    until: Annotated[int | None, Field(description="… to; null for the oldest.")]
    count: int
    late: int


class BurnDown(BaseModel):
    """The last thirteen weeks, and how old what is to be done is."""

    weeks: list[Burned]
    ages: list[Aged]


@area.get("/actions", scope="learning:read", action="action.view", ok=Listed[ActionOut])
def list_actions(request: HttpRequest, which: Query[Which]) -> Any:
    """List actions in the order they were proposed."""
    who = caller(request)
    rows = queries.listed(who.agent, whose=which.whose, which=which.which, now=who.now)
    found, after = walk(request, rows, which)
    return listed(request, found, after, lambda one: _out(request, one), ActionOut)


@area.get("/actions/burn-down", scope="learning:read", action="action.view", ok=BurnDown)
def read_burn_down(request: HttpRequest, which: Query[Whose]) -> Any:
    """Read how actions burn down and age."""
    who = caller(request)
    weeks = queries.burn_down(who.agent, whose=which.whose, now=who.now)
    ages = queries.ageing(who.agent, whose=which.whose, now=who.now)
    return BurnDown(weeks=[Burned(**vars(one)) for one in weeks], ages=[Aged(**vars(one)) for one in ages])


@area.get("/problems/{problem}/actions", scope="learning:read", action="action.view", ok=Listed[ActionOut])
def list_problem_actions(request: HttpRequest, problem: ProblemNumber) -> Any:
    """List the actions of a problem."""
    who = caller(request)
    rows = queries.of_problem(who.agent, access_problem(who.agent, problem))
    return Listed[ActionOut](items=[_out(request, one) for one in rows], next=None)


@area.post("/problems/{problem}/actions", scope="learning:write", action="action.edit", ok=ActionOut, status=201)
def propose_action(request: HttpRequest, problem: ProblemNumber, body: ActionIn) -> Any:
    """Propose an action; it belongs to the problem's analysis, if there is one."""
    who = caller(request)
    fault = access_problem(who.agent, problem)
    facts = _facts(request, body, set(ActionIn.model_fields) - {"title"})
    rca = access.newest_of(who.agent, fault)
    made = actions.propose(fault, body.title, by=who.actor, at=who.now, rca=rca, **facts)
    return Answer(_out(request, _of(request, made.number)), 201, {"Location": f"/api/v1/actions/{made.number}"})


@area.get("/actions/{number}", scope="learning:read", action="action.view", ok=ActionOut, is_tagged=True)
def read_action(request: HttpRequest, number: ActionNumber) -> Any:
    """Read an action."""
    return _out(request, _of(request, number))


def _tag(request: HttpRequest, number: str, **_more: Any) -> str:
    access.lock_action(_of(request, number))
    return tag_of(_out(request, _of(request, number)))


@area.patch("/actions/{number}", scope="learning:write", action="action.edit", ok=ActionOut, is_tagged=True, guard=_tag)
def change_action(request: HttpRequest, number: ActionNumber, body: ActionPatch) -> Any:
    """Change an action. Who did it and how success is measured stay once it is done."""
    who = caller(request)
    facts = _facts(request, body, body.model_fields_set)
    actions.edit(_of(request, number), by=who.actor, at=who.now, **facts)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/accept", scope="learning:write", action="action.edit", ok=ActionOut)
def accept_action(request: HttpRequest, number: ActionNumber, body: AcceptIn) -> Any:
    """Accept it: doing it by the day is a promise. One that did not work is tried once more."""
    who = caller(request)
    actions.accept(_of(request, number), by=who.actor, at=who.now, due_at=body.due_at)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/start", scope="learning:write", action="action.edit", ok=ActionOut)
def start_action(request: HttpRequest, number: ActionNumber, body: Said) -> Any:
    """Somebody works at it; or it was not done after all, with the reason."""
    who = caller(request)
    actions.start(_of(request, number), by=who.actor, at=who.now, reason=body.words)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/implement", scope="learning:write", action="action.edit", ok=ActionOut)
def implement_action(request: HttpRequest, number: ActionNumber, body: Said) -> Any:
    """It is done; checking it later is promised in the same moment."""
    who = caller(request)
    actions.implement(_of(request, number), by=who.actor, at=who.now, words=body.words)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/verify", scope="learning:write", action="action.verify", ok=ActionOut)
def verify_action(request: HttpRequest, number: ActionNumber, body: VerifyIn) -> Any:
    """Say whether it works, and what shows it. Never the owner; that it works, after its time only."""
    who = caller(request)
    actions.verify(_of(request, number), worked=body.worked, by=who.agent, at=who.now, words=body.words)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/decline", scope="learning:write", action="action.edit", ok=ActionOut)
def decline_action(request: HttpRequest, number: ActionNumber, body: Said) -> Any:
    """It will not be done; why is kept."""
    who = caller(request)
    actions.decline(_of(request, number), by=who.actor, at=who.now, reason=body.words)
    return _out(request, _of(request, number))


@area.post("/actions/{number}/propose-again", scope="learning:write", action="action.edit", ok=ActionOut)
def propose_action_again(request: HttpRequest, number: ActionNumber) -> Any:
    """Something declined is thought about again."""
    who = caller(request)
    actions.propose_again(_of(request, number), by=who.actor, at=who.now)
    return _out(request, _of(request, number))


# The parts.


def _of(request: HttpRequest, number: str) -> Action:
    return access.access_action(caller(request).agent, number)


def _facts(request: HttpRequest, body: ActionIn, given: set[str]) -> dict[str, Any]:
    facts = {name: getattr(body, name) for name in given}
    for name in {"owner", "verifier"} & given:
        facts[name] = colleague(request, facts[name], f"#/{name}")
    return facts


def _out(request: HttpRequest, one: Action) -> ActionOut:
    owed = one.promise if one.promise and one.promise.is_pending else None
    people: dict[str, Any] = {name: person(getattr(one, name)) for name in ("owner", "verifier", "verified_by")}
    more: dict[str, Any] = {
        "problem": one.problem.number,
        "rca": one.rca.number if one.rca else None,
        "owed": owed.kind if owed else "",
        "due_at": owed.due_at if owed else None,
        "is_late": bool(owed and owed.due_at <= caller(request).now),
    }
    plain = {name: getattr(one, name) for name in ActionOut.model_fields if name not in {*people, *more}}
    return ActionOut(**plain, **people, **more)
