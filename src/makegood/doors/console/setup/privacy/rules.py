"""How long things are kept: a rule a kind, with a look at what it would let go of before it counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.casework import seeker, slip, went
from makegood.doors.console.gate import needs
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.privacy import retention
from makegood.life.reports.access import NotFound


@needs("privacy.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "console/setup/privacy/rules.html", {"rules": retention.rules()})


@needs("privacy.view", post="privacy.rules")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, what: str) -> HttpResponse:
    """One rule; ``do=look`` counts what it would let go of and changes nothing."""
    kind, rule = next(((kind, rule) for kind, rule in retention.rules() if kind.what == what), (None, None))
    if kind is None or rule is None:
        raise NotFound(what)
    now, typed, more = timezone.now(), request.POST.get("days", ""), dict[str, Any]()
    if request.method == "POST":
        try:
            days = _days(typed)
            if request.POST.get("do") != "look":
                retention.change(what, days, by=seeker(request).actor, at=now)
                return went(request, reverse("console:setup_retention"), _("Saved."))
            more = {
                "looked": days,
                "waiting": retention.waiting(kind, days, now=now) if days else 0,
                "has_looked": True,
            }
        except Refusal as refusal:
            more = slip(refusal, {}, "days")
    shown = typed if request.method == "POST" else "" if rule.days is None else str(rule.days)
    context = {"kind": kind, "rule": rule, "days": shown, **more}
    return render(request, "console/setup/privacy/rule.html", context, status=422 if "problem" in more else 200)


def _days(typed: str) -> int | None:
    """A number of days, None for "for ever". Raises NotADuration."""
    if not typed.strip():
        return None
    days = whole_number(typed.strip())
    if days is None or not retention.LEAST_DAYS <= days <= retention.MOST_DAYS:
        raise retention.NotADuration(_("Give between 30 days and a hundred years, or leave it empty."))
    return days
