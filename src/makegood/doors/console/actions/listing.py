"""All actions: whose, how late, how they burn down and age; and the analyses that are due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.actions import charts
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.rca import queries
from makegood.life.transfer.exporting import csv_lines

SHOWN, MOST_ROWS = 50, 10_000
WHOSE = (
    (queries.ALL, gettext_lazy("Everybody's")),
    (queries.TEAM, gettext_lazy("My teams'")),
    (queries.MINE, gettext_lazy("Mine to do")),
    (queries.CHECK, gettext_lazy("Mine to check")),
)
WHICH = (
    (queries.OPEN, gettext_lazy("Open")),
    (queries.LATE, gettext_lazy("Late")),
    (queries.DONE, gettext_lazy("Effective")),
    (queries.FAILED, gettext_lazy("Ineffective or declined")),
    (queries.ANY, gettext_lazy("All")),
)


@needs("action.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    whose, which = _chosen(request)
    found = Paginator(queries.listed(agent, whose=whose, which=which, now=now), SHOWN)
    shown = found.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "whose": whose,
        "which": which,
        "whose_links": [(name, urlencode({"whose": key, "which": which}), key == whose) for key, name in WHOSE],
        "which_links": [(name, urlencode({"whose": whose, "which": key}), key == which) for key, name in WHICH],
        "shown": shown,
        "counts": queries.counts(agent, whose=whose, now=now),
        "burn": charts.burn_down(queries.burn_down(agent, whose=whose, now=now)),
        "ages": charts.ages(queries.ageing(agent, whose=whose, now=now)),
        "query": urlencode({"whose": whose, "which": which}),
        "now": now,
        "zone": str(timezone.get_current_timezone()),
    }
    return render(request, "console/actions/list.html", context)


@needs("action.view")
@require_safe
def analyses(request: HttpRequest) -> HttpResponse:
    """Analyses that are due, soonest first, and those that are done."""
    agent = seeker(request)
    done = Paginator(queries.published_analyses(agent), SHOWN)
    context = {
        "due": list(queries.due_analyses(agent)[:200]),
        "done": done.get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "console/actions/analyses.html", context)


@needs("action.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The list as a table to take away."""
    whose, which = _chosen(request)
    rows = queries.listed(seeker(request), whose=whose, which=which, now=timezone.now())[:MOST_ROWS]
    header = (
        "action",
        "title",
        "problem",
        "kind",
        "strength",
        "state",
        "owner",
        "verifier",
        "due_at",
        "implemented_at",
    )
    lines = (
        (
            *(one.number, one.title, one.problem.number, one.kind, one.strength, one.state),
            *(one.owner.name if one.owner else "", one.verifier.name if one.verifier else ""),
            *(one.promise.due_at if one.promise and one.promise.is_pending else None, one.implemented_at),
        )
        for one in rows
    )
    return _csv(f"actions-{whose}-{which}", header, lines)


@needs("action.view")
@require_safe
def burn_table(request: HttpRequest) -> HttpResponse:
    """The burn-down as a table to take away."""
    whose, _which = _chosen(request)
    burns = queries.burn_down(seeker(request), whose=whose, now=timezone.now())
    header = ("at", "to_do", "late", "done_unchecked", "effective")
    return _csv(f"burn-down-{whose}", header, ((b.at, b.to_do, b.late, b.done, b.effective) for b in burns))


def _chosen(request: HttpRequest) -> tuple[str, str]:
    whose, which = request.GET.get("whose", ""), request.GET.get("which", "")
    return (
        whose if whose in queries.WHOSE else queries.ALL,
        which if which in queries.WHICH else queries.OPEN,
    )


def _csv(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
