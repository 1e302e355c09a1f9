"""Which problems hit most (A.6): reports and people per problem, how long without news, and the Pareto, for a period.

Everything stands in the address: the period, what counts. Each number leads to the reports behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.doors.console.problems import pareto
from makegood.life.announcements import queries as announcements
from makegood.life.problems import insight
from makegood.life.transfer.exporting import csv_lines

PERIODS = ("7", "30", "90", "365")
USUAL = "30"


@dataclass(frozen=True)
class Chosen:
    """Whole days in the reader's zone, [start, end); ``days`` names one of PERIODS, or is empty for two dates."""

    days: str
    first: date
    last: date
    start: datetime
    end: datetime
    by: str

    @property
    def query(self) -> str:
        """The same choice as the rest of an address."""
        period = {"days": self.days} if self.days else {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return urlencode({**period, "by": self.by})


@needs("problem.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    chosen, hint = _chosen(request, now)
    found = insight.of_period(seeker(request), start=chosen.start, end=chosen.end, by=chosen.by)
    context: dict[str, Any] = {
        "chosen": chosen,
        "hint": hint,
        "zone": str(timezone.get_current_timezone()),
        "periods": PERIODS,
        "found": found,
        "pareto": pareto.draw(found.shares, by=chosen.by),
        "rows": [
            {"share": share, "percent": round(share.cumulative * 100), "told": told}
            for share, told in zip(found.shares, _news(found.shares), strict=True)
        ],
    }
    return render(request, "console/problems/insight.html", context)


@needs("problem.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as a table to take away; numbers and our own titles only, nothing of a reporter."""
    now = timezone.now()
    chosen, _hint = _chosen(request, now)
    found = insight.of_period(seeker(request), start=chosen.start, end=chosen.end, by=chosen.by)
    header = (
        *("problem", "title", "state", "severity", "reports", "people", "organisations", "cumulative"),
        *("last_news", "last_news_to"),
    )
    rows = (
        (
            *(share.problem.number, share.problem.title, share.problem.state, share.problem.severity),
            *(share.reports, share.people, share.organisations, f"{share.cumulative:.4f}"),
            *((told.at, "public" if told.is_public else "told") if told else (None, "")),
        )
        for share, told in zip(found.shares, _news(found.shares), strict=True)
    )
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="problems-{chosen.first}-{chosen.last}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@dataclass(frozen=True)
class News:
    """The last anybody outside heard: the public, or ``count`` reporters told in their own threads."""

    at: datetime
    is_public: bool
    count: int = 0


def _news(shares: Sequence[insight.Share]) -> list[News | None]:
    """Of each problem the later of its public news and the last word to everybody."""
    told = announcements.last_told(share.problem.pk for share in shares)
    return [_later(share.problem.last_news_at, told.get(share.problem.pk)) for share in shares]


def _later(public: datetime | None, told: tuple[datetime, int] | None) -> News | None:
    if told and (public is None or told[0] > public):
        return News(told[0], is_public=False, count=told[1])
    return News(public, is_public=True) if public else None


def _chosen(request: HttpRequest, now: datetime) -> tuple[Chosen, str]:
    """The period and what counts, as the address says; with a sentence where it says nothing we understand."""
    by = insight.PEOPLE if request.GET.get("by") == insight.PEOPLE else insight.REPORTS
    today, days, hint = timezone.localdate(now), request.GET.get("days", ""), ""
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    if days not in PERIODS and first and last and first <= last:
        days = ""
    else:
        if request.GET.get("from") or request.GET.get("to") or days not in ("", *PERIODS):
            hint = _("That is no period: choose a first day and a last day that is not before it.")
        days = days if days in PERIODS else USUAL
        first, last = today - timedelta(days=int(days) - 1), today
    return Chosen(days, first, last, _begin(first), _begin(last + timedelta(days=1)), by), hint


def _day(text: str) -> date | None:
    """A day from the address; none before 2000 or so far ahead that there is no day after it."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2200 else None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
