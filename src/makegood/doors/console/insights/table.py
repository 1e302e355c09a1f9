"""A plot's table to take away: the same figures as on the page, as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs
from makegood.doors.console.insights import asked as asking
from makegood.life.insights.plots import PLOTS
from makegood.life.insights.rolling import zone
from makegood.life.transfer.exporting import csv_lines


@needs("insights.view")
@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    plot = PLOTS.get(slug)
    if plot is None:
        raise Http404
    now = timezone.now()
    chosen = asking.chosen(request, now)
    found = plot.work(chosen.asked(request, now))
    header = ("key", "label", *(column.key for column in found.columns))
    rows = ((row.key, row.label, *(cell.value for cell in row.cells)) for row in found.rows)
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    answer = HttpResponse("\ufeff" + "".join(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    period = chosen.period
    name = f"{plot.slug}-{period.first}-{period.last}-{str(zone()).replace('/', '_')}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
