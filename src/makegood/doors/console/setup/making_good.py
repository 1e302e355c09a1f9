"""Compensation policies, and limits, caps and budget by currency. An edit is a new version that counts from now on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.compensation.cases import month_words
from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.making_good_forms import CurrencyForm, PolicyForm, RulesForm, field_of
from makegood.lib.money import Money, is_code
from makegood.life.compensation import budgets, explain, policies, rules
from makegood.life.compensation.models import Policy, RuleBook
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The policies in their newest version, and a line a currency."""
    now, language = timezone.now(), get_language() or "en"
    context = {
        "rows": [
            {"policy": one, "gives": explain.policy_told(one, language), "for": _conditions(one)}
            for one in policies.current()
        ],
        "months": [month_words(one) for one in budgets.months_now(at=now)],
        "limits": _limits(now, language),
        "roles": [dict(Agent.ROLES)[role] for role in rules.ROLES],
        "may_change": signed_in(request).may("setup.compensation"),
    }
    return render(request, "console/making_good/list.html", context)


@needs("setup.view", post="setup.compensation")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One policy: what it says now, and how it was."""
    policy = _policy(slug) if slug else None
    form = PolicyForm(
        request.POST if request.method == "POST" else None, initial=PolicyForm.of(policy) if policy else {}
    )
    if request.method == "POST" and form.is_valid() and _save(form, policy, signed_in(request)):
        messages.success(request, _("Saved. It counts for what is proposed from now on; what was decided stays."))
        return redirect("console:setup_making_good")
    language = get_language() or "en"
    past = Policy.objects.filter(slug=slug).order_by("-version")[:10] if slug else ()
    context = {
        "form": form,
        "policy": policy,
        "past": [(one, explain.policy_told(one, language)) for one in past],
        "may_change": signed_in(request).may("setup.compensation"),
    }
    return render(request, "console/making_good/policy.html", context, status=422 if form.errors else 200)


@needs("setup.compensation")
@require_http_methods(["GET", "HEAD", "POST"])
def currency(request: HttpRequest) -> HttpResponse:
    """Choose the currency whose limits are set; nothing is kept yet."""
    form = CurrencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("console:setup_making_good_limits", currency=form.cleaned_data["currency"])
    return render(request, "console/making_good/currency.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.view", post="setup.compensation")
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest, currency: str) -> HttpResponse:
    """Limits by role, caps of a customer, the budget of a month."""
    if not is_code(currency):
        raise NotFound(currency)
    now, agent = timezone.now(), signed_in(request)
    found = budgets.rules_of(currency, at=now)
    given = request.POST if request.method == "POST" else None
    form = RulesForm(given, initial=RulesForm.of(found, currency), currency=currency)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            policies.set_rules(currency, form.wanted(), by=agent.actor, at=now, reason=reason)
        except policies.BadRules as refusal:
            form.add_error(field_of(refusal, form), str(refusal))
        else:
            messages.success(request, _("Saved. It counts for what is decided from now on."))
            return redirect("console:setup_making_good")
    context = {
        "form": form,
        "currency": currency,
        "months": [month_words(budgets.month(currency, at=now))],
        "past": RuleBook.objects.filter(currency=currency).order_by("-valid_from", "-pk")[:10],
        "may_change": agent.may("setup.compensation"),
    }
    return render(request, "console/making_good/limits.html", context, status=422 if form.errors else 200)


def _save(form: PolicyForm, policy: Policy | None, by: Agent) -> bool:
    try:
        policies.set_policy(
            policy.slug if policy else form.slug(),
            by=by.actor,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            **form.facts(),
        )
    except policies.BadPolicy as refusal:
        form.add_error(field_of(refusal, form), str(refusal))
        return False
    return True


def _policy(slug: str) -> Policy:
    found = Policy.objects.filter(slug=slug, is_current=True).first()
    if found is None:
        raise NotFound(slug)
    return found


def _conditions(policy: Policy) -> list[str]:
    """When it fits, in words."""
    names = dict(Report.SEVERITIES)
    found = [str(policy.get_trigger_display())]
    if policy.severities:
        found.append(", ".join(str(names[one]) for one in policy.severities))
    if policy.from_minutes:
        found.append(_("out for at least %s") % explain.span(policy.from_minutes))
    if policy.below_minutes is not None:
        found.append(_("out for less than %s") % explain.span(policy.below_minutes))
    if policy.plan:
        found.append(_("plan %s") % policy.plan)
    if policy.tier > 1:
        found.append(_("from failure %s of the same cause on") % policy.tier)
    return found


def _limits(now: datetime, language: str) -> list[dict[str, Any]]:
    """A row a currency: what each role may, in words."""
    known = RuleBook.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [
        {"currency": one, "roles": [_limit(budgets.rules_of(one, at=now), role, one, language) for role in rules.ROLES]}
        for one in known
    ]


def _limit(found: rules.Rules, role: str, currency: str, language: str) -> str:
    limit = found.limit(role)
    alone = Money(limit.alone, currency).shown(language)
    if limit.approve is None:
        return _("alone %(alone)s, others' any amount") % {"alone": alone}
    return _("alone %(alone)s, others' %(most)s") % {
        "alone": alone,
        "most": Money(limit.approve, currency).shown(language),
    }
