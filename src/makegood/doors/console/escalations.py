"""The technical side's queue (screen 16), and each step of an escalation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console import keeping
from makegood.doors.console.casework import COMPOSER, LIVE, acted, actor, find, seeker
from makegood.doors.console.gate import needs
from makegood.life.escalation import actions, queries
from makegood.life.escalation.models import Escalation
from makegood.life.people import roles
from makegood.life.people.actors import Actor
from makegood.life.promises.models import ring_of
from makegood.life.reports.access import NotFound

Step = Callable[[Escalation, Any, Actor, datetime], object]

STEPS: dict[str, tuple[str, Step, Any]] = {
    "accept": ("escalation.accept", lambda e, told, by, at: actions.accept(e, by=by, at=at), gettext_lazy("Accepted.")),
    "ask_back": (
        "escalation.ask_back",
        lambda e, told, by, at: actions.ask_back(e, told.get("words", ""), by=by, at=at),
        gettext_lazy("Asked the desk. Your clock waits for the answer."),
    ),
    "answer": (
        "escalation.answer",
        lambda e, told, by, at: actions.answer(e, told.get("words", ""), by=by, at=at, state=told.get("state", "")),
        gettext_lazy("Answered."),
    ),
    "hand_back": (
        "escalation.hand_back",
        lambda e, told, by, at: actions.hand_back(e, reason=told.get("words", ""), by=by, at=at),
        gettext_lazy("Handed back to the desk."),
    ),
    "answer_back": (
        "report.escalate",
        lambda e, told, by, at: actions.answer_back(e, told.get("words", ""), by=by, at=at),
        gettext_lazy("Answered the technical team."),
    ),
    "call_off": (
        "report.escalate",
        lambda e, told, by, at: actions.call_off(e, reason=told.get("words", ""), by=by, at=at),
        gettext_lazy("Called off."),
    ),
}


@needs("report.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Open escalations, those nobody has accepted first; engineers begin with their own teams."""
    agent, now = seeker(request), timezone.now()
    only_mine = request.GET.get("whose", "mine" if agent.role == roles.ENGINEER else "all") == "mine"
    rows = list(queries.queue(agent, only_mine=only_mine)[:200])
    for row in rows:
        due_at, at_risk_at = getattr(row, "due_at", None), getattr(row, "at_risk_at", None)
        row.ring = ring_of(due_at, at_risk_at, now) if due_at and at_risk_at else ""  # type: ignore[attr-defined]
    context = {
        "rows": rows,
        "only_mine": only_mine,
        "ended": list(queries.recently_ended(agent, now=now)[:20]),
        "load": queries.load(agent),
        "may_accept": agent.may("escalation.accept"),
    }
    return render(request, "console/escalations/page.html", context)


@needs("report.view", finer=lambda method, given: STEPS[given["verb"]][0] if given["verb"] in STEPS else "")
@require_POST
def change(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One step of the open escalation of a report."""
    report, now = find(request, number), timezone.now()
    if verb not in STEPS:
        raise Http404(verb)
    _action, step, words = STEPS[verb]
    escalation = queries.open_of(report)
    if escalation is None:
        raise NotFound(_("no open escalation"))
    step(escalation, request.POST, actor(request), now)
    answer = acted(request, report, str(words), parts=(*LIVE, COMPOSER) if verb == "accept" else LIVE)
    return keeping.done(request, answer, f"step-{verb.replace('_', '-')}", report)
