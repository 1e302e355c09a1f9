"""What waits for a decision, and one case: the request, its reasons, the limit, the history; yes or no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import actor, seeker, slip, went
from makegood.doors.console.compensation.shown import RINGS, what
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.lib.money import Money
from makegood.lib.texts import whole_number
from makegood.life.compensation import access, budgets, deciding, explain, settling, states
from makegood.life.compensation.models import STATES, Compensation, Entry
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds

SHOWN = 50


@needs("compensation.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Cases of one state, those that wait first, and how far the month's budgets are used."""
    agent, now = seeker(request), timezone.now()
    state = request.GET.get("state", states.PROPOSED)
    state = state if state in states.STATES or state == "any" else states.PROPOSED
    rows = access.listed(agent, "" if state == "any" else state)
    if (before := whole_number(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    context = {
        "rows": _rows(found[:SHOWN]),
        "state": state,
        "states": [*STATES, ("any", _("all"))],
        "after": f"state={state}&after={found[SHOWN - 1].pk}" if len(found) > SHOWN else "",
        "months": [month_words(one) for one in budgets.months_now(at=now)],
        "may_see_figures": agent.may("compensation.figures"),
        "may_set_up": agent.may("setup.view"),
    }
    return render(request, "console/compensation/list.html", context)


@needs("compensation.view")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, access.access_compensation(seeker(request), key))


@needs("compensation.approve")
@require_POST
def approve(request: HttpRequest, key: str) -> HttpResponse:
    """Yes: the customer is offered it. The amount shown must still be the amount."""
    agent, found = seeker(request), access.access_compensation(seeker(request), key)
    try:
        over = request.POST.get("over_budget", "")
        deciding.approve(found, by=agent, at=timezone.now(), reason=request.POST.get("reason", ""), over_budget=over)
    except Refusal as refusal:
        return _page(request, found, slip(refusal, {deciding.OverBudget: "over-budget"}, "approve"))
    return went(request, _address(found), _("Approved. %s is told.") % found.contact)


@needs("compensation.approve")
@require_POST
def decline(request: HttpRequest, key: str) -> HttpResponse:
    """No, with the reason."""
    found = access.access_compensation(seeker(request), key)
    try:
        deciding.decline(found, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return _page(request, found, slip(refusal, {}, "decline-reason"))
    return went(request, _address(found), _("Declined. The customer hears nothing of it."))


@needs("compensation.redeem")
@require_POST
def carried_out(request: HttpRequest, key: str) -> HttpResponse:
    """It was paid, credited, extended or done again."""
    found = access.access_compensation(seeker(request), key)
    try:
        settling.carry_out(found, by=actor(request), at=timezone.now(), reference=request.POST.get("reference", ""))
    except Refusal as refusal:
        return _page(request, found, slip(refusal, {}, "reference"))
    return went(request, _address(found), _("Noted as carried out."))


@needs("compensation.reverse")
@require_POST
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """A row of its own in the history; the money is free again."""
    found = access.access_compensation(seeker(request), key)
    try:
        settling.reverse(found, by=actor(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return _page(request, found, slip(refusal, {}, "take-back-reason"))
    return went(request, _address(found), _("Taken back."))


def month_name(month: str) -> str:
    """``2026-11`` as people write it."""
    return date_format(date(int(month[:4]), int(month[5:]), 1), pgettext("date format", "F Y"))


def month_words(month: budgets.Month) -> dict[str, Any]:
    """A month's budget as the pages show it."""
    language = get_language() or "en"
    ring = "broken" if month.is_used_up else "at_risk" if month.is_alarming else "kept"
    return {
        "month": month,
        "name": month_name(month.month),
        "ring": ring,
        "spent": month.spent.shown(language),
        "budget": month.budget.shown(language) if month.budget is not None else "",
        "left": month.left.shown(language) if month.left is not None else "",
        "percent": min(month.percent, 100),
    }


def _rows(found: list[Compensation]) -> list[dict[str, Any]]:
    proposers = dict(Entry.objects.filter(compensation__in=found, step=1).values_list("compensation", "actor_name"))
    return [
        {"one": one, "what": what(one), "ring": RINGS[one.state], "proposer": proposers.get(one.pk, "")}
        for one in found
    ]


def _page(request: HttpRequest, found: Compensation, wrong: dict[str, str] | None = None) -> HttpResponse:
    agent, now, language = seeker(request), timezone.now(), get_language() or "en"
    entries = list(found.entries.all())
    context = {
        "found": found,
        "what": what(found),
        "ring": RINGS[found.state],
        "entries": [{"entry": one, "ring": RINGS[one.state], "words": entry_words(one, language)} for one in entries],
        "reasons": explain.reasons(found, language),
        "earlier": _earlier(agent, found),
        "owed": next(iter(promises.pending(found.about, kinds.COMPENSATION)), None),
        "told": request.POST,
        **_decision(agent, found, at=now),
        "may_redeem": agent.may("compensation.redeem"),
        "is_coded": found.kind in states.CODED,
        "may_reverse": agent.may("compensation.reverse")
        and found.state in (states.APPROVED, states.ISSUED, states.REDEEMED),
        **(wrong or {}),
    }
    return render(request, "console/compensation/case.html", context, status=422 if wrong else 200)


def _decision(agent: Agent, found: Compensation, *, at: datetime) -> dict[str, Any]:
    """Whether this agent can say yes, why not if not, and what the budget says."""
    if found.state != states.PROPOSED:
        return {"is_waiting": False}
    after = deciding.budget_after(found, at=at)
    rules = budgets.rules_of(found.currency, at=at)
    language = get_language() or "en"
    limit = Money(max(rules.alone(agent.role), rules.approve(agent.role)), found.currency) if found.currency else None
    return {
        "is_waiting": True,
        "why_not": deciding.may_decide(agent, found, at=at) if agent.may("compensation.approve") else "-",
        "limit": limit.shown(language) if limit and rules.limit(agent.role).approve is not None else "",
        "month": month_words(after[0]) if after else None,
        "is_over": after is not None and after[1].minor < 0,
        "may_override": agent.may("compensation.override_budget"),
    }


def _earlier(agent: Agent, found: Compensation) -> list[dict[str, Any]]:
    """What this customer got before, for whoever decides."""
    rows = access.listed(agent).filter(contact=found.contact).exclude(pk=found.pk) if found.contact else ()
    return [{"one": one, "what": what(one), "ring": RINGS[one.state]} for one in rows[:10]]


def entry_words(entry: Entry, language: str) -> str:
    """One line of the history, after the name of whoever did it."""
    words = {
        states.PROPOSED: _("proposed it"),
        states.APPROVED: _("approved it"),
        states.ISSUED: _("accepted it") if entry.actor_kind == "contact" else _("issued it"),
        states.REDEEMED: _("noted that it is redeemed"),
        states.DECLINED: _("declined it"),
        states.EXPIRED: _("let it expire: its time was over"),
        states.REVERSED: _("took it back"),
    }[entry.state]
    if entry.is_automatic:
        words = _("approved it, as the policy says")
    if entry.over_budget:
        words = _("approved it over the month's budget")
    return str(words)


def _address(found: Compensation) -> str:
    return reverse("console:compensation", args=[found.key])
