"""What was given (A.6): by month and cause or approver, one currency at a time, with its table to take away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.compensation.cases import month_name, month_words
from makegood.doors.console.gate import needs
from makegood.life.compensation import budgets, figures
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import key_of
from makegood.life.transfer.exporting import csv_lines

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
USUAL = 6


@dataclass(frozen=True)
class Chosen:
    """Which months, which currency, by what."""

    since: str
    until: str
    currency: str
    by: str
    currencies: list[str]

    def query(self, **other: str) -> str:
        """The same choice as the rest of an address, but for what is named."""
        names = ("since", "until", "currency", "by")
        return urlencode({**{name: getattr(self, name) for name in names}, **other})


@needs("compensation.figures")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now, language = timezone.now(), get_language() or "en"
    chosen = _chosen(request, now)
    rows = _rows(chosen)
    most = max((row.amount.minor for row in rows), default=0)
    names = _names(seeker(request), chosen, rows)
    context: dict[str, Any] = {
        "chosen": chosen,
        "others": [(one, chosen.query(currency=one)) for one in chosen.currencies],
        "groups": [
            (figures.CAUSE, _("Cause"), chosen.query(by=figures.CAUSE)),
            (figures.APPROVER, _("Approver"), chosen.query(by=figures.APPROVER)),
        ],
        "rows": [
            {
                "row": row,
                "month": month_name(row.month),
                "name": names[row.name][0],
                "url": names[row.name][1],
                "amount": row.amount.shown(language),
                "percent": max(0, row.amount.minor) * 100 // most if most > 0 else 0,
            }
            for row in rows
        ],
        "totals": [(month_name(one.month), one.amount.shown(language), one.count) for one in figures.totals(rows)],
        "months": [month_words(one) for one in budgets.months_now(at=now)],
        "query": chosen.query(),
    }
    return render(request, "console/compensation/given.html", context)


@needs("compensation.figures")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV: amounts in major units as text, the currency beside them."""
    chosen = _chosen(request, timezone.now())
    rows = _rows(chosen)
    names = _names(seeker(request), chosen, rows)
    header = ("month", chosen.by, "amount", "currency", "count")
    lines = ((row.month, names[row.name][0], row.amount.plain(), row.amount.currency, row.count) for row in rows)
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, lines)), content_type="text/csv; charset=utf-8")
    name = f"compensation-{chosen.by}-{chosen.currency or 'none'}-{chosen.since}-{chosen.until}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _rows(chosen: Chosen) -> list[figures.Row]:
    if not chosen.currency:
        return []
    return figures.by(chosen.by, since=chosen.since, until=chosen.until, currency=chosen.currency)


def _names(agent: Agent, chosen: Chosen, rows: Iterable[figures.Row]) -> dict[str, tuple[str, str]]:
    """What each group is called, and where it leads: the problem, or the report that belongs to none."""
    if chosen.by == figures.APPROVER:
        return {row.name: (row.name or _("by policy, without asking"), "") for row in rows}
    keys = {row.name: key_of(row.name) for row in rows}
    seen = visible_problems(agent).in_bulk([key for key in keys.values() if key is not None])
    found = {}
    for name, key in keys.items():
        if key in seen:
            found[name] = (f"{seen[key].number} {seen[key].title}", f"/console/problems/{seen[key].number}/")
        elif key is not None:
            found[name] = (f"PRB-{key}", "")
        else:
            number = name.partition(":")[2]
            found[name] = (_("MG-%s, not part of a problem") % number, f"/console/reports/{number}/")
    return found


def _chosen(request: HttpRequest, now: datetime) -> Chosen:
    until = _month(request.GET.get("until", ""), budgets.month_of(now))
    since = _month(request.GET.get("since", ""), _before(until, USUAL - 1))
    since, until = min(since, until), max(since, until)
    known = figures.currencies(since, until)
    wanted = request.GET.get("currency", "")
    by = figures.APPROVER if request.GET.get("by") == figures.APPROVER else figures.CAUSE
    return Chosen(since, until, wanted if wanted in known else next(iter(known), ""), by, known)


def _month(text: str, otherwise: str) -> str:
    return text if _MONTH.fullmatch(text) else otherwise


def _before(month: str, count: int) -> str:
    year, number = (int(part) for part in month.split("-"))
    whole = year * 12 + number - 1 - count
    return f"{whole // 12:04}-{whole % 12 + 1:02}"
