"""Who is at a report right now: a browser tells it while the page is open, and reads who else is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from makegood.doors.console.casework import find, seeker
from makegood.doors.console.gate import needs
from makegood.engine.live import presence
from makegood.life.reports import conversation


@needs("report.view")
@require_http_methods(["GET", "HEAD", "POST"])
def beat(request: HttpRequest, number: str) -> HttpResponse:
    """Who else is here. A POST first notes what this agent does (``state``; "gone" on leaving)."""
    report, agent, now = find(request, number), seeker(request), timezone.now()
    ref, state = f"report:{report.pk}", request.POST.get("state", "viewing")
    if state == "gone" and request.method == "POST":
        presence.leave(agent.pk, ref=ref, now=now)
        return HttpResponse(status=204)
    if request.method == "POST":
        state = state if state in presence.STATES else "viewing"
        if state != "idle":
            conversation.mark_read(report, agent, at=now)
        presence.beat(agent.pk, agent.name, ref=ref, state=state, now=now)
    context = {"who": presence.who(ref, now=now, besides=agent.pk), "report": report}
    return render(request, "console/report/_presence.html", context)
