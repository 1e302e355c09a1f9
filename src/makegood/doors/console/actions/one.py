"""One action: proposed, changed, moved on; its story, and what is owed on it now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.problems.finding import find
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent
from makegood.life.promises.actions import InThePast
from makegood.life.rca import access, actions, states, terms
from makegood.life.rca.models import Action
from makegood.life.reports.access import NotFound

TEXTS = ("title", "details", "measure")
PLACES: dict[type[Refusal], str] = {
    actions.SamePerson: "a-verifier",
    actions.SetBeforehand: "a-measure",
    actions.Conflict: "",
    NotATime: "a-wanted_by",
}
RIGHTS = {"verify": "action.verify"}


@needs("action.view")
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, access.access_action(seeker(request), number), {})


@needs("action.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Propose an action for a problem."""
    problem, now, wrong = find(request, number), timezone.now(), dict[str, Any]()
    analysis = access.newest_of(seeker(request), problem)
    if request.method == "POST":
        try:
            facts = _facts(request, now)
            made = actions.propose(problem, facts.pop("title"), by=actor(request), at=now, rca=analysis, **facts)
            if request.POST.get("accept"):
                actions.accept(made, by=actor(request), at=now)
            return went(request, address(made), _("%s is proposed.") % made.number)
        except Refusal as refusal:
            wrong = _slip(refusal)
    return _form(request, None, {"fault": problem, **wrong})


@needs("action.view", post="action.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change its facts; two people who do so at once hear of one another."""
    action, now, wrong = access.access_action(seeker(request), number), timezone.now(), dict[str, Any]()
    if request.method == "POST":
        try:
            expected = whole_number(request.POST.get("version", "")) or 0
            actions.edit(action, by=actor(request), at=now, expected=expected, **_facts(request, now))
            return went(request, address(action), _("Saved."))
        except actions.Conflict as conflict:
            theirs = access.access_action(seeker(request), number)
            wrong = _slip(conflict) | {"theirs": theirs}
            action = theirs
        except Refusal as refusal:
            wrong = _slip(refusal)
    return _form(request, action, {"fault": action.problem, **wrong})


@needs("action.view", finer=lambda method, parts: RIGHTS.get(str(parts["deed"]), "action.edit"))
@require_POST
def act(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """Accept, start, implement, check, verify, decline, propose again."""
    if deed not in DEEDS:
        raise NotFound(deed)
    action = access.access_action(seeker(request), number)
    try:
        words = DEEDS[deed](request, action, timezone.now())
    except actions.Unready as refusal:
        edit_at = reverse("console:action_edit", args=[action.number])
        return _page(request, action, {"problem": str(refusal), "problem_at": "", "put_right": edit_at})
    except (NotATime, InThePast) as refusal:
        return _page(request, action, slip(refusal, {}, "act-due"))
    except (actions.NeedsReason, actions.TooEarly, actions.SamePerson) as refusal:
        return _page(request, action, slip(refusal, {}, f"act-{deed}"))
    return went(request, address(action), words)


def address(action: Action) -> str:
    return reverse("console:action", args=[action.number])


def _accept(request: HttpRequest, action: Action, at: datetime) -> str:
    due_at = typed_moment(request.POST.get("due", ""), now=at)
    actions.accept(action, by=actor(request), at=at, due_at=due_at)
    return _("Accepted. Doing it by the day is a promise now.")


def _start(request: HttpRequest, action: Action, at: datetime) -> str:
    actions.start(action, by=actor(request), at=at, reason=request.POST.get("words", ""))
    return _("Somebody works at it.")


def _implement(request: HttpRequest, action: Action, at: datetime) -> str:
    actions.implement(action, by=actor(request), at=at, words=request.POST.get("words", ""))
    return _("Done. Whether it works is looked at later, by %s.") % (action.verifier or _("somebody else"))


def _check(request: HttpRequest, action: Action, at: datetime) -> str:
    actions.begin_check(action, by=actor(request), at=at)
    return _("It is being checked.")


def _verify(request: HttpRequest, action: Action, at: datetime) -> str:
    worked = request.POST.get("worked") == "1"
    actions.verify(action, worked=worked, by=seeker(request), at=at, words=request.POST.get("words", ""))
    return _("It works, as you saw.") if worked else _("It does not work, as you saw.")


def _decline(request: HttpRequest, action: Action, at: datetime) -> str:
    actions.decline(action, by=actor(request), at=at, reason=request.POST.get("words", ""))
    return _("Declined, with the reason.")


def _propose(request: HttpRequest, action: Action, at: datetime) -> str:
    actions.propose_again(action, by=actor(request), at=at)
    return _("It is thought about again.")


DEEDS: dict[str, Callable[[HttpRequest, Action, datetime], str]] = {
    "accept": _accept,
    "start": _start,
    "implement": _implement,
    "check": _check,
    "verify": _verify,
    "decline": _decline,
    "propose": _propose,
}


def _page(request: HttpRequest, action: Action, wrong: dict[str, Any]) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    moves = states.ACTION_MOVES[action.state]
    may_edit = agent.may("action.edit")
    context = {
        "action": action,
        "fault": action.problem,
        "steps": list(action.steps.order_by("-id")),
        "may_edit": may_edit,
        "can": {state: may_edit and state in moves for state in states.ACTION_STATES},
        "can_verify": actions.may_verify(agent, action) and action.state in states.TO_CHECK,
        "is_time": bool(action.checks_from and action.checks_from <= now),
        "example": terms.EXAMPLES[action.strength],
        "told": request.POST,
        "now": now,
        **wrong,
    }
    return render(request, "console/actions/one.html", context, status=422 if wrong else 200)


def _facts(request: HttpRequest, now: datetime) -> dict[str, Any]:
    told = request.POST
    facts: dict[str, Any] = {name: told.get(name, "") for name in (*TEXTS, "kind", "strength")}
    facts |= {name: _person(told.get(name, "")) for name in ("owner", "verifier")}
    facts["verify_after_days"] = whole_number(told.get("verify_after_days", "").strip()) if told else None
    if facts["verify_after_days"] is None:
        facts["verify_after_days"] = -1
    facts["wanted_by"] = typed_moment(told.get("wanted_by", ""), now=now)
    return facts


def _person(value: str) -> Agent | None:
    key = whole_number(value)
    return Agent.objects.filter(pk=key, is_active=True, is_service=False).first() if key is not None else None


def _slip(refusal: Refusal) -> dict[str, str]:
    field = getattr(refusal, "field", "")
    return slip(refusal, PLACES, f"a-{field}" if field else "a-title")


def _form(request: HttpRequest, action: Action | None, more: dict[str, Any]) -> HttpResponse:
    """The form with what was typed, else with what is there."""
    told, is_typed = request.POST, request.method == "POST"
    names = (*TEXTS, "kind", "strength", "owner", "verifier", "verify_after_days", "wanted_by")
    context = {
        "action": action,
        "values": {name: told.get(name, "") if is_typed else _plain(action, name) for name in names},
        "kinds": terms.ACTION_KINDS,
        "strengths": [(value, name, terms.EXAMPLES[value]) for value, name in terms.STRENGTHS],
        "people": list(
            Agent.objects.filter(is_active=True, is_service=False).order_by("name").values_list("pk", "name")
        ),
        "version": action.version if action else 0,
        **more,
    }
    return render(request, "console/actions/edit.html", context, status=422 if "problem" in more else 200)


_USUAL = {"kind": terms.PREVENT, "strength": terms.MEDIUM, "verify_after_days": "30"}


def _plain(action: Action | None, name: str) -> str:
    """A value as the form carries it."""
    if action is None:
        return _USUAL.get(name, "")
    if name in ("owner", "verifier"):
        return str(getattr(action, f"{name}_id") or "")
    value = getattr(action, name)
    return local_value(value) if isinstance(value, datetime) else str(value if value is not None else "")
