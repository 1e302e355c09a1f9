"""What the knowledge base is worth: each figure with what it means, for a period, as a page and as CSV."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from makegood.doors.console.casework import seeker
from makegood.doors.console.gate import needs
from makegood.lib.texts import whole_number
from makegood.life.knowledge import linking, measures

PERIODS = (7, 30, 90)
FIGURES: tuple[tuple[str, Any, Any], ...] = (
    (
        "linked",
        gettext_lazy("Link rate"),
        gettext_lazy(
            "Closed reports with an article linked, of all closed ones (without spam, duplicates and what was taken "
            "back). Links made after closing count. 60 to 80 % is healthy; more is linking for its own sake."
        ),
    ),
    (
        "known",
        gettext_lazy("Known already"),
        gettext_lazy("Of closed reports with an article, those answered by one that was not written for them."),
    ),
    (
        "avoided",
        gettext_lazy("Reports avoided"),
        gettext_lazy(
            "Browsers that were shown help and sent no report within 24 hours, of all that were shown help, once a day "
            "has passed. An estimate: some would not have written anyway."
        ),
    ),
    (
        "solved",
        gettext_lazy("Said that it helped"),
        gettext_lazy("Browsers in which somebody said “This solved it”, of all that were shown help."),
    ),
    ("helped", gettext_lazy("Helpful votes"), gettext_lazy("“Yes, it helped”, of all votes on articles.")),
    ("in_vain", gettext_lazy("Searched in vain"), gettext_lazy("Searches that found nothing, of all searches.")),
)


@needs("article.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    days = _days(request)
    begins, ends = _period(days)
    figures = _figures(begins, ends)
    context = {
        "days": days,
        "periods": PERIODS,
        "begins": begins,
        "ends": ends - timedelta(days=1),
        "figures": figures,
        "most_used": _most_used(),
        "may_write": seeker(request).may("article.write"),
        "may_import": seeker(request).may("article.import"),
    }
    return render(request, "console/knowledge/worth.html", context)


@needs("article.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV."""
    days = _days(request)
    begins, ends = _period(days)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="knowledge-{days}-days.csv"'
    rows = csv.writer(answer)
    rows.writerow(["figure", "from", "until", "n", "of", "percent"])
    for name, _title, _means, share in _figures(begins, ends):
        percent = "" if share.percent is None else share.percent
        rows.writerow([name, begins.date(), (ends - timedelta(days=1)).date(), share.n, share.of, percent])
    return answer


def _most_used() -> list[tuple[Any, str]]:
    """The most useful articles with their titles."""
    used = measures.most_used()
    titles = {one.article_id: one.title for one in linking.wordings(used, get_language() or "en")}
    return [(article, titles.get(article.pk, str(article))) for article in used]


def _figures(begins: datetime, ends: datetime) -> list[tuple[str, Any, Any, measures.Share]]:
    found = measures.of_period(begins, ends)
    return [(name, title, means, getattr(found, name)) for name, title, means in FIGURES]


def _days(request: HttpRequest) -> int:
    days = whole_number(request.GET.get("days", ""))
    return days if days in PERIODS else 30


def _period(days: int) -> tuple[datetime, datetime]:
    """The last ``days`` days, today included, by the reader's midnight."""
    ends = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return ends - timedelta(days=days), ends
