"""Make good, from a report: what fits, what it comes to and why, the words that go with it; then it is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import find, seeker, slip, went
from makegood.doors.console.compensation import cases, shown, typed
from makegood.doors.console.gate import needs
from makegood.doors.console.setup.policies import minutes as typed_minutes
from makegood.doors.console.setup.policies import span
from makegood.lib.errors import Refusal
from makegood.life.compensation import access, budgets, explain, formulas, letters, policies, proposing
from makegood.life.compensation.facts import Facts, facts_of
from makegood.life.compensation.models import Policy
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report


class NotASpan(Refusal):
    """The length of time typed cannot be read."""


class NoChoice(Refusal):
    """None of the policies that fit was chosen."""


class NotStated(typed.NotAnAmount):
    """The amount a share is of is no amount."""


PLACES: dict[type[Refusal], str] = {
    NotASpan: "out-for",
    NotStated: "stated",
    proposing.NeedsFact: "stated",
    typed.NotAnAmount: "other",
    proposing.OutOfBounds: "other",
    letters.BadLetter: "letter",
    letters.SameApology: "letter",
    letters.NeedsOwnWords: "letter",
}


@dataclass(frozen=True)
class Asked:
    """What stands on the page: the policy chosen, and what was typed for it."""

    policy: Policy
    wish: proposing.Wish
    has_letter: bool


@needs("compensation.propose")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """First what fits; then the one chosen, computed, with its letter. Computing again changes nothing."""
    report, agent, now = find(request, number), seeker(request), timezone.now()
    facts = facts_of(report, at=now)
    fitting = policies.fitting(facts, by_hand=True)
    policy = next((one for one in fitting if one.slug == request.POST.get("policy", request.GET.get("policy"))), None)
    if policy is None:
        return render(request, "console/compensation/choose.html", _choices(agent, report, facts, fitting, at=now))
    wrong: dict[str, str] = {}
    if request.method == "POST" and "compute" not in request.POST:
        try:
            asked = _asked(request, policy)
            made = proposing.propose(report, policy, by=agent.actor, at=now, **asked.wish)
            return went(request, reverse("console:compensation", args=[made.key]), _("Proposed."))
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "")
    context = _form(request, report, policy, facts, at=now) | wrong
    is_wrong = "problem" in context
    return render(request, "console/compensation/make.html", context, status=422 if is_wrong else 200)


def _choices(agent: Agent, report: Report, facts: Facts, fitting: list[Policy], *, at: datetime) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "report": report,
        "facts": explain.facts_told(facts.plain()),
        "choices": [
            {"policy": one, "gives": explain.policy_told(one, language), **_preview(report, one, facts, at=at)}
            for one in fitting
        ],
        "standing": shown.of_report(agent, report),
        "is_related": facts.is_related,
        "may_set_up": agent.may("setup.view"),
    }


def _preview(report: Report, policy: Policy, facts: Facts, *, at: datetime) -> dict[str, str]:
    """What it comes to before anybody says more, or why nothing."""
    try:
        found = proposing.computed(policy, facts, contact=report.contact_id, at=at)
    except proposing.NeedsFact:
        return {"comes_to": ""}
    except Refusal as no:
        return {"comes_to": "", "why_not": str(no)}
    return {"comes_to": explain.what(policy.kind, found.amount, found.days, get_language() or "en")}


def _asked(request: HttpRequest, policy: Policy) -> Asked:
    """What was typed. Raises NotASpan, NotStated, NotAnAmount."""
    given = request.POST
    wish: proposing.Wish = {"why": given.get("why", ""), "letter": given.get("letter", "")}
    if (text := given.get("out_for", "").strip()) and policy.form in (formulas.PER_HOUR, formulas.PER_DAY):
        try:
            wish["minutes"] = min(typed_minutes(text), 10_000_000)
        except ValidationError as no:
            raise NotASpan(no.messages[0]) from None
    if policy.form == formulas.PERCENT:
        try:
            wish["stated"] = typed.amount(given.get("stated", ""), policy.currency)
        except typed.NotAnAmount as no:
            raise NotStated(str(no)) from None
    if policy.currency:
        wish["amount"] = typed.amount(given.get("other", ""), policy.currency)
    return Asked(policy, wish, bool(given.get("letter", "").strip()))


def _form(request: HttpRequest, report: Report, policy: Policy, facts: Facts, *, at: datetime) -> dict[str, Any]:
    """The chosen policy, computed from what is typed so far; with what is wrong with that."""
    language, agent = get_language() or "en", seeker(request)
    context: dict[str, Any] = {
        "report": report,
        "policy": policy,
        "gives": explain.policy_told(policy, language),
        "told": request.POST,
        "out_for": request.POST.get("out_for") or span(facts.minutes),
        "facts": explain.facts_told(facts.plain()),
        "amount_hint": typed.words(policy.currency) if policy.currency else "",
        "is_related": facts.is_related,
        "earlier": [shown.what(one) for one in access.listed(agent).filter(contact=report.contact)[:5]],
        "letter": request.POST.get("letter", ""),
        "months": [cases.month_words(budgets.month(policy.currency, at=at))] if policy.currency else [],
    }
    try:
        asked = _asked(request, policy)
        found = proposing.computed(policy, facts, contact=report.contact_id, at=at, **asked.wish)
        suggested = proposing.words_for(report, policy, found, facts, by=agent.actor, at=at)
    except proposing.NeedsFact as no:
        is_asked = request.method == "POST"
        return context | (slip(no, PLACES, "") if is_asked else {})
    except Refusal as no:
        return context | slip(no, PLACES, "")
    is_new = not asked.has_letter or context["letter"].strip() == request.POST.get("suggested", "").strip()
    comes_to = explain.what(policy.kind, found.amount, found.days, language)
    steps = explain.steps_told(found.steps, language)
    return context | {
        "comes_to": comes_to,
        "steps": steps,
        "suggested": suggested,
        "letter": suggested if is_new else context["letter"],
    }
