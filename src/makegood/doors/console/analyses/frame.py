"""What every page of an analysis shares: whose it is, how far it is, what may be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from makegood.doors.console.casework import seeker, went
from makegood.doors.console.problems.finding import find
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.rca import access, queries, review, states, writing
from makegood.life.rca.models import Rca
from makegood.life.reports.access import NotFound

TABS = (
    ("words", gettext_lazy("Words"), "rca"),
    ("timeline", gettext_lazy("Timeline"), "rca_timeline"),
    ("causes", gettext_lazy("Causes"), "rca_causes"),
    ("document", gettext_lazy("Document"), "rca_document"),
)


def find_rca(request: HttpRequest, number: str) -> Rca:
    """The analysis of the problem of the address, for this seeker. Raises NotFound."""
    problem = find(request, number)
    found = access.newest_of(seeker(request), problem)
    if found is None:
        raise NotFound(number)
    found.problem = problem
    return found


def address(problem: Problem, part: str = "rca") -> str:
    return reverse(f"console:{part}", args=[problem.number])


def back(request: HttpRequest, rca: Rca, words: str, *, part: str = "rca", anchor: str = "") -> HttpResponse:
    """To a page of the analysis after an act, with ``words`` of what was done."""
    return went(request, address(rca.problem, part) + (f"#{anchor}" if anchor else ""), words)


def load(request: HttpRequest, rca: Rca, tab: str, *, now: datetime) -> dict[str, Any]:
    """The context of every page; ``fault`` is its problem, because ``problem`` is what a form says is wrong."""
    agent = seeker(request)
    return {
        "fault": rca.problem,
        "rca": rca,
        "tab": tab,
        "tabs": [(key, name, address(rca.problem, route), key == tab) for key, name, route in TABS],
        "can_edit": rca.is_draft and agent.may("rca.edit"),
        "may": _may(agent, rca),
        "missing": review.missing(rca) if rca.is_draft else [],
        "needs_waiver": rca.state != states.PUBLISHED and review.needs_waiver(rca),
        "actions": queries.of_problem(agent, rca.problem),
        "others": list(rca.drafts.exclude(agent=agent).select_related("agent").order_by("-at")[:5]),
        "owners": _owners(),
        "earlier": list(Rca.objects.filter(problem=rca.problem, pk__lt=rca.pk).order_by("-id")[:10]),
        "now": now,
    }


def _may(agent: Agent, rca: Rca) -> dict[str, bool]:
    """What this agent may do with it as it is; whoever wrote it cannot approve it."""
    wrote = agent.pk == rca.owner_id or agent.name == rca.submitted_by
    in_review, approved, published = (rca.state == one for one in states.RCA_STATES[1:])
    reviews, publishes = agent.may("rca.review"), agent.may("rca.publish")
    return {
        "submit": rca.is_draft and agent.may("rca.edit"),
        "approve": in_review and reviews and not wrote,
        "waits": in_review and wrote,
        "send_back": (in_review and reviews) or (approved and reviews),
        "publish": approved and publishes,
        "take_back": published and publishes,
        "waive": agent.may("rca.waive") and rca.state != states.PUBLISHED and not rca.waived_by,
        "announce": published and bool(rca.public_texts) and agent.may("problem.announce"),
        "add": agent.may("action.edit"),
    }


def _owners() -> list[tuple[int, str]]:
    rows = Agent.objects.filter(is_active=True, is_service=False, role__in=writing.OWNERS)
    return list(rows.order_by("name").values_list("pk", "name"))
