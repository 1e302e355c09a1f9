"""Promise policies: a table of kinds and severities. An edit is a new version that counts from now on."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console import promise_words
from makegood.doors.console.gate import needs, signed_in
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.promises import book, explain, kinds, policies, queries
from makegood.life.promises.models import Calendar, Policy
from makegood.life.reports import states
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

_UNITS = {"min": 1, "m": 1, "h": 60, "d": 1440}
_SPAN = re.compile(r"(\d{1,4})\s*(min|m|h|d)", re.IGNORECASE)
_RUNG = re.compile(r"^\+?\s*(.+?)\s*[:=]\s*([a-z]+)$", re.IGNORECASE)


def minutes(text: str) -> int:
    """``90 min``, ``4 h``, ``1 d``, ``1 h 30 min`` in minutes. Raises ValidationError."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise ValidationError(_("Write a time such as 30 min, 4 h or 2 d."))
    return sum(int(number) * _UNITS[unit.lower()] for number, unit in parts)


def span(number: int) -> str:
    """The other way round: 240 is '4 h'."""
    for unit, size in (("d", 1440), ("h", 60)):
        if number and number % size == 0:
            return f"{number // size} {unit}"
    return f"{number} min"


class PolicyForm(forms.Form):
    target = forms.CharField(label=gettext_lazy("Due within"), help_text=gettext_lazy("Such as 30 min, 4 h or 2 d."))
    is_business = forms.TypedChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[("1", gettext_lazy("business hours")), ("0", gettext_lazy("every hour of day and night"))],
        coerce=lambda value: value == "1",
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Business hours of"),
        queryset=Calendar.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("The team, else the default"),
    )
    at_risk_percent = forms.IntegerField(
        label=gettext_lazy("Warn when this much of the time is used"),
        help_text=gettext_lazy("In percent."),
        min_value=1,
        max_value=99,
    )
    rungs = forms.CharField(
        label=gettext_lazy("When it is late, tell"),
        help_text=gettext_lazy(
            "One line a rung: how long after, a colon, whom. Such as 15 min: lead. "
            "Whom: duty, backup, team, lead, manager, executive."
        ),
        widget=forms.Textarea({"rows": 5}),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"),
        help_text=gettext_lazy("For whoever wonders in a year."),
        max_length=300,
        required=False,
    )

    def clean_target(self) -> int:
        return minutes(self.cleaned_data["target"])

    def clean_rungs(self) -> tuple[dict[str, Any], ...]:
        return tuple(_rung(line) for line in self.cleaned_data["rungs"].splitlines() if line.strip())


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """One row a kind, one column a severity, in words."""
    rows: dict[str, dict[str, Any]] = {}
    now = timezone.now()
    for policy in queries.policies_in_force(now):
        kind = {"kind": policy.kind, "name": explain.what(policy.kind), "cells": {}}
        cell = {"policy": policy, "words": words(policy, now=now)}
        rows.setdefault(policy.kind, kind)["cells"][policy.severity] = cell
    table = [{**row, "cells": [row["cells"].get(severity) for severity in states.SEVERITIES]} for row in rows.values()]
    context = {"rows": table, "severities": [name for _value, name in Report.SEVERITIES]}
    return render(request, "console/setup/policies.html", context)


@needs("setup.view", post="setup.promises")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, kind: str, severity: str) -> HttpResponse:
    now = timezone.now()
    found = [p for p in queries.policies_in_force(now) if (p.kind, p.severity) == (kind, severity)]
    if not found or kind not in kinds.KINDS:
        raise NotFound(kind)
    policy = found[0]
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=_initial(policy))
    if request.method == "POST" and form.is_valid() and _save(form, policy, signed_in(request)):
        messages.success(request, _("Saved. It counts for what is promised from now on; what was promised stays."))
        return redirect("console:setup_policies")
    past = Policy.objects.filter(kind=kind, severity=severity).order_by("-valid_from", "-pk")[:10]
    context = {
        "form": form,
        "policy": policy,
        "what": explain.what(kind),
        "severity": dict(Report.SEVERITIES)[severity],
        "words": words(policy, now=now),
        "past": [(each, words(each, now=now)) for each in past],
        "may_change": signed_in(request).may("setup.promises"),
    }
    return render(request, "console/setup/policy.html", context, status=422 if form.errors else 200)


def words(policy: Policy, *, now: datetime) -> str:
    """'4 business hours'; in business days where it comes out even by the hours in force."""
    terms = book.current(now)
    hours = terms.hours(terms.version(policy, None, now))
    day = hours.day_length() if policy.is_business else timedelta(days=1)
    return explain.length(policy.target, is_business=policy.is_business, day=day)


def _initial(policy: Policy) -> dict[str, Any]:
    rungs = [f"{span(rung['after_minutes'])}: {rung['whom']}" for rung in policy.rungs]
    return {
        "target": span(policy.target_minutes),
        "is_business": "1" if policy.is_business else "0",
        "calendar": policy.calendar,
        "at_risk_percent": policy.at_risk_percent,
        "rungs": "\n".join(rungs),
    }


def _rung(line: str) -> dict[str, Any]:
    found = _RUNG.match(line.strip())
    if not found:
        raise ValidationError(_("“%(line)s” should look like 15 min: lead.") % {"line": line.strip()})
    after = 0 if found[1].strip() in {"0", "at once"} else minutes(found[1])
    whom = found[2].lower()
    if whom not in kinds.WHOM:
        known = ", ".join(f"{name} ({promise_words.whom(name)})" for name in kinds.WHOM)
        raise ValidationError(_("Nobody is called %(whom)s here. Choose: %(known)s.") % {"whom": whom, "known": known})
    return {"after_minutes": after, "whom": whom}


def _save(form: PolicyForm, policy: Policy, by: Agent) -> bool:
    given = form.cleaned_data
    terms = policies.PolicyTerms(
        target_minutes=given["target"],
        is_business=given["is_business"],
        at_risk_percent=given["at_risk_percent"],
        rungs=given["rungs"],
        calendar=given["calendar"],
    )
    try:
        policies.set_policy(
            policy.kind, policy.severity, terms=terms, by=by.actor, at=timezone.now(), reason=given["reason"]
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
