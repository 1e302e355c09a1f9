"""The pages of plots. Everything chosen stands in the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.insights import asked as asking
from makegood.doors.console.insights import drawing
from makegood.life.insights import changes
from makegood.life.insights.models import WeeklyMail
from makegood.life.insights.plots import PLOTS, outcome
from makegood.life.insights.rolling import standing, zone

PAGES = {
    "flow": gettext_lazy("Flow"),
    "promises": gettext_lazy("Promises"),
    "causes": gettext_lazy("Causes"),
    "outcome": gettext_lazy("Outcome"),
    "learning": gettext_lazy("Learning"),
    "load": gettext_lazy("Load"),
}


@needs("insights.view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, "flow")


@needs("insights.view")
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    return _page(request, name)


def _page(request: HttpRequest, name: str) -> HttpResponse:
    now = timezone.now()
    chosen = asking.chosen(request, now)
    wanted = chosen.asked(request, now)
    plots = [plot for plot in PLOTS.values() if plot.page == name]
    context: dict[str, Any] = {
        "chosen": chosen,
        "page": name,
        "pages": [(key, words, _address(key, chosen)) for key, words in PAGES.items()],
        "periods": [(days, chosen.query(days=days, **{"from": "", "to": ""})) for days in asking.PERIODS],
        "zone": str(zone()),
        "groups": drawing.groups(chosen),
        "plots": [drawing.draw(plot, plot.work(wanted)) for plot in plots],
        "by_reports": chosen.query(by=""),
        "by_people": chosen.query(by=asking.PEOPLE),
        **_aside(name, request, wanted, now),
    }
    return render(request, "console/insights/page.html", context)


def _aside(name: str, request: HttpRequest, wanted: Any, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"standing": standing()}
    if name == "flow":
        found["changes"] = changes.of_the_week(wanted)
        found["mails_me"] = WeeklyMail.objects.filter(agent=signed_in(request)).exists()
    if name == "outcome":
        found["verbatims"] = outcome.verbatims(wanted)
    return found


def _address(name: str, chosen: asking.Chosen) -> str:
    url = reverse("console:insights") if name == "flow" else reverse("console:insights_page", args=[name])
    return f"{url}?{chosen.query()}"
