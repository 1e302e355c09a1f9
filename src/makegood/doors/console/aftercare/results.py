"""How people felt served: how many were asked and answered, what they said, how sure that is. Never who served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors.console.aftercare import answers, period
from makegood.doors.console.aftercare.period import Chosen
from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.life.aftercare import results
from makegood.life.aftercare.intervals import LEAST, Share
from makegood.life.aftercare.models import Csat
from makegood.life.aftercare.results import Line
from makegood.life.transfer.exporting import csv_lines

BY = {
    results.CATEGORY: gettext_lazy("Category"),
    results.COMPONENT: gettext_lazy("Component"),
    results.TEAM: gettext_lazy("Team"),
    results.RELEASE: gettext_lazy("Release"),
    results.WEEK: gettext_lazy("Week"),
    results.MONTH: gettext_lazy("Month"),
}
HEADS = {
    results.CATEGORY: gettext_lazy("By category"),
    results.COMPONENT: gettext_lazy("By component"),
    results.TEAM: gettext_lazy("By team"),
    results.RELEASE: gettext_lazy("By release"),
    results.WEEK: gettext_lazy("By week"),
    results.MONTH: gettext_lazy("By month"),
}
SCORE_WORDS = {
    5: gettext_lazy("very well"),
    4: gettext_lazy("well"),
    3: gettext_lazy("all right"),
    2: gettext_lazy("badly"),
    1: gettext_lazy("very badly"),
}
NEWEST = 6


@dataclass(frozen=True)
class Drawn:
    """A share as percent, with its interval; and where it stands in a line 100 wide."""

    percent: int
    low: int
    high: int
    at: float
    begins: float
    width: float


@dataclass(frozen=True)
class Row:
    """A line with its name, and the address of the answers behind it where it may be told."""

    name: str
    line: Line
    drawn: Drawn | None
    query: str = ""


@needs("feedback.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    agent, now = seeker(request), timezone.now()
    chosen = period.chosen(request, now)
    called = period.names(get_language() or "en")
    whole = results.whole(chosen.wanted)
    context: dict[str, Any] = {
        "chosen": chosen,
        "periods": period.PERIODS,
        "zone": str(timezone.get_current_timezone()),
        "whole": whole,
        "satisfied": draw(whole.satisfied),
        "response": draw(whole.response),
        "scores": _scores(results.scores(chosen.wanted), whole.answered) if whole.is_shown else [],
        "reasons": _reasons(chosen) if whole.is_shown else [],
        "recovered": results.recovered(chosen.wanted, low=whole.low),
        "rows": rows(chosen, called),
        "ways": [(by, name, chosen.query(by=by)) for by, name in BY.items()],
        "by_name": BY[chosen.by],
        "by_head": HEADS[chosen.by],
        "filters": answers.filters(chosen, called),
        "filtered": answers.filtered(chosen, called),
        "least": LEAST,
        "newest": answers.told(results.answers(agent, chosen.wanted, said=True)[:NEWEST]),
        "table_query": chosen.query(),
        "answers_query": chosen.query(by=""),
        "low_query": chosen.query(by="", score="low"),
        "perms_follow_up": agent.may("report.follow_up"),
        "all_query": chosen.query(category="", component="", team="", release=""),
    }
    context["in_time"] = draw(context["recovered"].share)
    return render(request, "console/aftercare/feedback.html", context)


@needs("feedback.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The lines as a table to take away: numbers and our own names; of fewer than five answers nothing."""
    chosen = period.chosen(request, timezone.now())
    header = ("what", "asked", "answered", "response_rate", "top_two", "low", "high", "mean_effort", "effort_answers")
    lines = (_cells(row) for row in rows(chosen, period.names(get_language() or "en")))
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="feedback-{chosen.first}-{chosen.last}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def rows(chosen: Chosen, called: dict[str, dict[int, str]]) -> list[Row]:
    """The lines by what was chosen, with their names."""
    found = results.lines(chosen.wanted, chosen.by, zone=timezone.get_current_timezone())
    return [
        Row(
            name=_name(line, chosen.by, called),
            line=line,
            drawn=draw(line.satisfied),
            query=_behind(line, chosen) if line.is_shown else "",
        )
        for line in found
    ]


def draw(share: Share) -> Drawn | None:
    """As it is drawn and said; None where it is not to be told."""
    if not share.is_shown or share.value is None or share.interval is None:
        return None
    low, high = share.interval
    return Drawn(
        percent=round(share.value * 100),
        low=round(low * 100),
        high=round(high * 100),
        at=round(share.value * 100, 1),
        begins=round(low * 100, 1),
        width=round((high - low) * 100, 1),
    )


def _behind(line: Line, chosen: Chosen) -> str:
    """The answers of one line, as the rest of an address."""
    if chosen.by in results.PERIODS:
        first = timezone.localtime(line.key).date()
        last = first + timedelta(days=6) if chosen.by == results.WEEK else _end_of_month(line.key)
        within = {"from": max(first, chosen.first).isoformat(), "to": min(last, chosen.last).isoformat()}
        return chosen.query(by="", days="", **within)
    return chosen.query(by="", **{chosen.by: line.key}) if line.key not in (None, "") else ""


def _end_of_month(moment: datetime) -> Any:
    first = timezone.localtime(moment).date().replace(day=1)
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _name(line: Line, by: str, called: dict[str, dict[int, str]]) -> str:
    if line.key in (None, ""):
        return _("none")
    if by == results.WEEK:
        day = date_format(timezone.localtime(line.key), pgettext("date format", "j M Y"))
        return _("week of %(day)s") % {"day": day}
    if by == results.MONTH:
        return date_format(timezone.localtime(line.key), pgettext("date format", "F Y"))
    return str(line.key) if by == results.RELEASE else called[by].get(line.key, _("none"))


def _scores(found: dict[int, int], answered: int) -> list[dict[str, Any]]:
    return [
        {"score": score, "word": SCORE_WORDS[score], "n": n, "percent": round(n * 100 / answered) if answered else 0}
        for score, n in found.items()
    ]


def _reasons(chosen: Chosen) -> list[dict[str, Any]]:
    found = results.reasons(chosen.wanted)
    return [{"word": word, "good": found[name][0], "bad": found[name][1]} for name, word in Csat.REASONS]


def _cells(row: Row) -> tuple[Any, ...]:
    line = row.line
    if row.drawn is None or line.satisfied.interval is None:
        return (row.name, line.asked, f"<{LEAST}", "", "", "", "", "", "")
    low, high = line.satisfied.interval
    effort = (f"{line.effort:.2f}", line.effort_n) if line.is_effort_shown and line.effort is not None else ("", "")
    shares = (f"{line.response.value or 0:.4f}", f"{line.satisfied.value or 0:.4f}", f"{low:.4f}", f"{high:.4f}")
    return (row.name, line.asked, line.answered, *shares, *effort)
