"""One action escalates (E1): team, severity, the document as it is, and the words to the reporter with their time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.doors.console import keeping, meanwhile
from makegood.doors.console.casework import actor, asks, find, slip, went
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.lib.errors import Refusal
from makegood.lib.keys import idempotency_key, secret_token
from makegood.lib.texts import in_language, whole_number
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.escalation import actions as escalation
from makegood.life.escalation import handover
from makegood.life.people.models import Team
from makegood.life.promises.actions import InThePast
from makegood.life.reports.models import Component, Report
from makegood.life.updates import escalating, scripts

# Which field a refusal is about.
PLACES: dict[type[Refusal], str] = {
    handover.NoTeam: "e-team",
    handover.Incomplete: "e-reason",
    NotATime: "e-next",
    InThePast: "e-next",
    escalation.CannotEscalate: "",
    escalation.AlreadyEscalated: "",
}


@needs("report.escalate")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    report, now = find(request, number), timezone.now()
    kept, stale = keeping.opened(request, "escalate", report), meanwhile.unseen(request, report)
    told, wrong = kept.told, dict[str, str]()
    if request.method == "POST" and not stale:
        try:
            made = escalating.escalate_and_tell(
                report,
                told.get("body", ""),
                asks=asks(request),
                by=actor(request),
                at=now,
                idempotency_key=idempotency_key(told.get("key")) or None,
                team=_row(Team, told.get("team", "")),
                component=_row(Component, told.get("component", "")),
                severity=told.get("severity") if told.get("severity") in dict(Report.SEVERITIES) else None,
                reason=told.get("reason", ""),
                next_at=typed_moment(told.get("next_at", ""), now=now),
            )
            names = {"team": made.team, "name": report.contact}
            words = _("Escalated to %(team)s. %(name)s is told, and whoever is on duty is called.") % names
            answer = went(request, reverse("console:report", args=[report.pk]), words)
            return keeping.done(request, answer, "escalate", report)
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "e-body")
    context = _context(request, report, told) | {"kept": kept, **meanwhile.shown(report, told, stale), **wrong}
    return render(request, "console/report/escalate.html", context, status=409 if stale else 422 if wrong else 200)


def _row(model: Any, value: str) -> Any:
    number = whole_number(value)
    return model.objects.filter(pk=number, is_active=True).first() if number is not None else None


def _context(request: HttpRequest, report: Report, told: QueryDict) -> dict[str, Any]:
    """What the form proposes, or what was typed."""
    now, language = timezone.now(), get_language() or "en"
    assessed = diagnosis.assess(report)
    return {
        "report": report,
        "told": told,
        "teams": Team.objects.filter(is_technical=True, is_active=True).order_by("name"),
        "team": told.get("team") or str(_proposed(report) or ""),
        "components": Component.objects.filter(is_active=True).select_related("team").order_by("name"),
        "component": told.get("component") or str(report.component_id or ""),
        "severities": Report.SEVERITIES,
        "severity": told.get("severity") or report.severity,
        "assessed": assessed,
        "needs_reason": assessed.percent < handover.READY_PERCENT and report.severity != "critical",
        "missing": [in_language(fact.names, language) or fact.slug for fact in assessed.missing],
        "known": [in_language(fact.names, language) or fact.slug for fact in assessed.known],
        "body": told.get("body") or _draft(request, report),
        "next_value": told.get("next_at") or local_value(escalating.next_news_at(report, now)),
        "key": told.get("key") or secret_token(),
    }


def _proposed(report: Report) -> int | None:
    try:
        return handover.team_for(report).pk
    except handover.NoTeam:
        return None


def _draft(request: HttpRequest, report: Report) -> str:
    """The script with the promised time left as its placeholder, so that words and clock cannot disagree."""
    try:
        draft = scripts.render("escalated", report, now=timezone.now(), by=actor(request))
    except scripts.NoScript:
        return ""
    # A paragraph offering another way has nothing to say where the category knows none.
    return scripts.drop_gaps(draft.body, ("alternative",))
