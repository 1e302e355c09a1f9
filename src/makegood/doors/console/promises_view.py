"""What is owed and how well it was kept (screen 16): late, at risk, waiting, kept; who was told; on which terms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.compensation import access as compensation
from makegood.life.escalation.queries import called_for
from makegood.life.knowledge import queries as knowledge
from makegood.life.problems import queries as problems
from makegood.life.promises import names, queries
from makegood.life.promises.explain import within
from makegood.life.promises.models import Policy, Promise, PromiseStep
from makegood.life.rca import access
from makegood.life.rca import queries as learning
from makegood.life.rca.models import Action
from makegood.life.reports.models import Report

SHOWN = 50
PERIODS = {"7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}


@needs("promise.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    days = request.GET.get("days", "7")
    period = PERIODS.get(days, PERIODS["7"])
    besides = problems.promises_seen(agent) | access.promises_seen(agent) | knowledge.promises_seen(agent)
    besides |= compensation.promises_seen(agent)
    late = list(queries.broken_open(agent, now=now, besides=besides)[:SHOWN])
    soon = list(queries.at_risk(agent, now=now, within=timedelta(hours=4), besides=besides)[:SHOWN])
    waiting = list(queries.paused(agent)[:SHOWN])
    context = {
        "late": _told(late),
        "soon": soon,
        "waiting": _with_reasons(waiting),
        "made_good": compensation.by_about([*late, *soon]),
        "faults": problems.by_about([*late, *soon]),
        "learning": _learning([*late, *soon]),
        "articles": knowledge.by_about(agent, [*late, *soon]),
        "shares": queries.kept_share(agent, start=now - period, end=now, now=now, besides=besides),
        "days": days if days in PERIODS else "7",
        "periods": list(PERIODS),
        "policies": _policies(queries.policies_in_force(now), now=now),
        "severities": Report.SEVERITIES,
        "may_edit": agent.may("setup.promises"),
    }
    return render(request, "console/escalations/promises.html", context)


def _learning(owed: list[Promise]) -> dict[str, dict[str, str]]:
    """Analyses and actions that promises are about: what they are called, and where they are."""
    found: dict[str, dict[str, str]] = {}
    for about, thing in learning.by_about(owed).items():
        title = thing.title if isinstance(thing, Action) else thing.problem.title
        route = "console:action" if isinstance(thing, Action) else "console:rca_of"
        found[about] = {"number": thing.number, "title": title, "url": reverse(route, args=[thing.number])}
    return found


def _told(late: list[Promise]) -> list[dict[str, Any]]:
    """Each late promise with the rungs its ladder has climbed and who was called."""
    called = called_for(late)
    rungs: dict[int, int] = {}
    steps = PromiseStep.objects.filter(promise__in=late, kind=PromiseStep.RUNG)
    for promise_id in steps.values_list("promise_id", flat=True):
        rungs[promise_id] = rungs.get(promise_id, 0) + 1
    return [
        {
            "promise": promise,
            "rungs": rungs.get(promise.pk, 0),
            "called": list(dict.fromkeys(page.name for page in called.get(promise.pk, []))),
        }
        for promise in late
    ]


def _with_reasons(waiting: list[Promise]) -> list[dict[str, Any]]:
    """Each resting promise with why and since when, from its last pause."""
    last: dict[int, PromiseStep] = {}
    for step in PromiseStep.objects.filter(promise__in=waiting, kind=PromiseStep.PAUSED).order_by("id"):
        last[step.promise_id] = step
    found = [(promise, last.get(promise.pk)) for promise in waiting]
    return [
        {"promise": promise, "step": step, "reason": gettext(step.reason) if step and step.reason else ""}
        for promise, step in found
    ]


def _policies(policies: list[Policy], *, now: datetime) -> list[dict[str, Any]]:
    """A row a kind: the time at each severity, in words."""
    rows: dict[str, dict[str, str]] = {}
    for policy in policies:
        rows.setdefault(policy.kind, {})[policy.severity] = within(policy, now=now)
    return [
        {"kind": names.name(kind), "times": [(words, by_severity.get(s, "–")) for s, words in Report.SEVERITIES]}
        for kind, by_severity in rows.items()
    ]
