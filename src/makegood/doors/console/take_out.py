"""A view of the queue as a table to take away: what the seeker sees, cell by cell harmless in a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from makegood.doors.console.gate import needs, signed_in
from makegood.life.reports import queries
from makegood.life.transfer import exports
from makegood.life.transfer.exporting import csv_lines

AT_MOST = 10_000
_FIELDS = {
    "number": "pk",
    "title": "title",
    "state": "state",
    "severity": "severity",
    "kind": "kind",
    "category": "category__slug",
    "component": "component__slug",
    "team": "team__name",
    "assignee": "assignee__name",
    "contact": "contact__name",
    "email": "contact__email",
    "organisation": "organisation__name",
    "channel": "channel",
    "received_at": "received_at",
    "updated_at": "updated_at",
    "closed_at": "closed_at",
    "owed_kind": "owed_kind",
    "owed_at": "owed_at",
    "owed_state": "owed_state",
}


@needs("report.export")
@require_POST
def table(request: HttpRequest) -> HttpResponse:
    """The whole view, at most ten thousand reports; by POST, because it leaves a line in the audit."""
    agent, now = signed_in(request), timezone.now()
    query = request.POST.get("query", "")[:400]
    found = queries.find(agent, query, now=now)
    rows = list(found.reports.order_by("pk").values_list(*_FIELDS.values())[:AT_MOST])
    exports.record_view(query, len(rows), by=agent.actor, at=now)
    # The mark at the beginning tells old spreadsheets that this is UTF-8.
    content = "\ufeff" + "".join(csv_lines(_FIELDS, ((f"MG-{row[0]}", *row[1:]) for row in rows)))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="makegood-{now:%Y-%m-%d}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
