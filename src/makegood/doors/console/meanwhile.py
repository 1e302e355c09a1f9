"""What others said while a form was open: whoever speaks to the reporter, or moves the report on, sees it first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from makegood.doors.console.casework import seeker
from makegood.doors.console.compose_form import newest_said
from makegood.lib.texts import whole_number
from makegood.life.reports.models import Message, Report


def unseen(request: HttpRequest, report: Report) -> list[Message]:
    """What others said after the page was opened; nothing if the agent has seen it and says "send anyway"."""
    newest = whole_number(request.POST.get("seen", ""))
    if request.POST.get("anyway") == "1" or newest is None:
        return []
    newer = report.messages.filter(pk__gt=newest, withdrawn_at=None).exclude(agent=seeker(request))
    return list(newer.order_by("id")[:5])


def shown(report: Report, told: QueryDict, stale: list[Message]) -> dict[str, Any]:
    """For the form: what came in, and up to where its writer has seen the conversation once it is shown."""
    seen = stale[-1].pk if stale else whole_number(told.get("seen", ""))
    return {"stale": stale, "seen": newest_said(report) if seen is None else seen}
