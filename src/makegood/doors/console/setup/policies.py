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

from makegood.doors.console.gate import needs, signed_in
from makegood.lib.errors import Refusal
from makegood.life.escalation.paging import Recipient, recipients
from makegood.life.people.models import Agent, Team
from makegood.life.promises import explain, kinds, names, policies, queries
from makegood.life.promises.models import Calendar, Policy
from makegood.life.reports import states
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import Report

_UNITS = {"min": 1, "m": 1, "h": 60}
_SPAN = re.compile(r"(\d{1,4})\s*(min|m|h|d)", re.IGNORECASE)
_RUNG = re.compile(r"^\+?\s*(.+?)\s*[:=]\s*([a-z]+)$", re.IGNORECASE)


DAY = 1440


def minutes(text: str, day: int = DAY) -> int:
    """``90 min``, ``4 h``, ``1 d``, ``1 h 30 min`` in minutes; ``day``: how many a day has. Raises ValidationError."""
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise ValidationError(_("Write a time such as 30 min, 4 h or 2 d."))
    return sum(int(number) * (_UNITS | {"d": day})[unit.lower()] for number, unit in parts)


def span(number: int, day: int = DAY) -> str:
    """The other way round: 240 is '4 h', and 540 is '1 d' where a working day has nine hours."""
    for unit, size in (("d", day), ("h", 60)):
        if number and size and number % size == 0:
            return f"{number // size} {unit}"
    return f"{number} min"


class PolicyForm(forms.Form):
    target = forms.CharField(
        label=gettext_lazy("Due within"),
        help_text=gettext_lazy("Such as 30 min, 4 h or 2 d; in business hours a d is a working day."),
    )
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

    def clean(self) -> dict[str, Any]:
        """Times in minutes. A day is a working day where business hours are counted, so it is read last."""
        given = self.cleaned_data
        counted = Policy(is_business=given.get("is_business", True), calendar=given.get("calendar"))
        day = _day(counted, now=timezone.now())
        for name, read in (("target", minutes), ("rungs", _rungs)):
            if name in given:
                try:
                    given[name] = read(given[name], day)
                except ValidationError as slip:
                    self.add_error(name, slip)
        return given


@needs("setup.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """One row a kind, one column a severity, in words."""
    rows: dict[str, dict[str, Any]] = {}
    now, words = timezone.now(), dict(Report.SEVERITIES)
    for policy in queries.policies_in_force(now):
        kind = {"kind": policy.kind, "name": names.name(policy.kind), "cells": {}}
        word = words[policy.severity]
        cell = {"severity": word, "policy": policy, "words": explain.within(policy, now=now)}
        rows.setdefault(policy.kind, kind)["cells"][policy.severity] = cell
    table = [{**row, "cells": [row["cells"].get(severity) for severity in states.SEVERITIES]} for row in rows.values()]
    context = {"rows": table, "severities": list(words.values())}
    return render(request, "console/setup/policies.html", context)


@needs("setup.view", post="setup.promises")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, kind: str, severity: str) -> HttpResponse:
    now = timezone.now()
    found = [p for p in queries.policies_in_force(now) if (p.kind, p.severity) == (kind, severity)]
    if not found or kind not in kinds.KINDS:
        raise NotFound(kind)
    policy = found[0]
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=_initial(policy, now=now))
    if request.method == "POST" and form.is_valid() and _save(form, policy, signed_in(request)):
        messages.success(request, _("Saved. It counts for what is promised from now on; what was promised stays."))
        return redirect("console:setup_policies")
    past = Policy.objects.filter(kind=kind, severity=severity).order_by("-valid_from", "-pk")[:10]
    context = {
        "form": form,
        "policy": policy,
        "what": names.name(kind),
        "severity": dict(Report.SEVERITIES)[severity],
        "words": explain.of_policy(policy, now=now),
        "past": [(each, explain.within(each, now=now)) for each in past],
        "standing": _standing(policy, now=now),
        "may_change": signed_in(request).may("setup.promises"),
    }
    return render(request, "console/setup/policy.html", context, status=422 if form.errors else 200)


def _standing(policy: Policy, *, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Team by team: who would be told now on each rung of this ladder, by name."""
    rungs = list(dict.fromkeys(rung["whom"] for rung in policy.rungs))
    teams = Team.objects.filter(is_active=True).select_related("lead", "manager", "executive").order_by("name")
    return [
        (team.name, [(names.whom(rung), _names(recipients(team, rung, now=now))) for rung in rungs])
        for team in teams[:20]
    ]


def _names(people: list[Recipient]) -> str:
    return ", ".join(dict.fromkeys(person.name for person in people)) or _("nobody, so the next is told at once")


def _day(policy: Policy, *, now: datetime) -> int:
    return int(explain.business_day(policy, now=now) // timedelta(minutes=1))


def _initial(policy: Policy, *, now: datetime) -> dict[str, Any]:
    day = _day(policy, now=now)
    rungs = [f"{span(rung['after_minutes'], day)}: {rung['whom']}" for rung in policy.rungs]
    return {
        "target": span(policy.target_minutes, day),
        "is_business": "1" if policy.is_business else "0",
        "calendar": policy.calendar,
        "at_risk_percent": policy.at_risk_percent,
        "rungs": "\n".join(rungs),
    }


def _rungs(lines: str, day: int) -> tuple[dict[str, Any], ...]:
    return tuple(_rung(line.strip(), day) for line in lines.splitlines() if line.strip())


def _rung(line: str, day: int) -> dict[str, Any]:
    found = _RUNG.match(line)
    if not found:
        raise ValidationError(_("“%(line)s” should look like 15 min: lead.") % {"line": line})
    after = 0 if found[1].strip() in {"0", "at once"} else minutes(found[1], day)
    whom = found[2].lower()
    if whom not in kinds.WHOM:
        known = ", ".join(f"{name} ({names.whom(name)})" for name in kinds.WHOM)
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
