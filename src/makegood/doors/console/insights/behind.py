"""The reports behind one figure: exactly those that were counted and that the reader may see."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.insights import asked as asking
from makegood.doors.console.insights.values import minutes
from makegood.life.insights import behind, scopes
from makegood.life.insights.plots.base import Behind
from makegood.life.insights.rolling import zone

TITLES = {
    "received": gettext_lazy("Reports that came in"),
    "answered": gettext_lazy("First answers"),
    "solved": gettext_lazy("Reports that were solved"),
    "closed": gettext_lazy("Reports that were closed"),
    "due": gettext_lazy("Promises that fell due"),
    "resolved": gettext_lazy("Solutions told"),
    "asked": gettext_lazy("Reporters asked how they were served"),
    "rated": gettext_lazy("Ratings"),
    "escalated": gettext_lazy("Escalations"),
    "paged": gettext_lazy("Calls to people on duty"),
    "open": gettext_lazy("Open reports"),
    "surge": gettext_lazy("Reports of a spike"),
}
WEEKDAYS = range(7)


@needs("insights.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    found = behind.find(signed_in(request), wanted, now=timezone.now())
    context = {
        "title": TITLES[wanted.measure],
        "wanted": wanted,
        "found": found,
        "rows": [(one, minutes(one.minutes) if one.minutes is not None else "") for one in found.shown],
        "has_minutes": any(one.minutes is not None for one in found.shown),
        "group": _group(wanted.scope),
        "zone": str(zone()),
        "most": behind.MOST,
    }
    return render(request, "console/insights/behind.html", context)


def _wanted(request: HttpRequest) -> Behind:
    given = request.GET
    measure, scope = given.get("measure", ""), given.get("only", "")
    first, last = asking.day(given.get("from", "")), asking.day(given.get("to", ""))
    weekday = given.get("weekday", "")
    if measure not in TITLES or not first or not last or not first <= last or last - first > asking.LONGEST:
        raise Http404
    if (scope and not scopes.is_scope(scope)) or (weekday and weekday not in map(str, WEEKDAYS)):
        raise Http404
    day = int(weekday) if weekday else None
    return Behind(measure, first, last, given.get("part", "")[:40], given.get("value", "")[:80], scope, day)


def _group(scope: str) -> str:
    group, _colon, key = scope.partition(":")
    return scopes.names(group).get(key, "") if group else ""
