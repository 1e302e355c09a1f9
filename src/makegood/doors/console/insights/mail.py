"""Asking for the week in figures by mail, and no longer wanting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console.gate import needs, signed_in
from makegood.life.insights import letters


@needs("insights.view")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    agent = signed_in(request)
    if request.POST.get("wanted") == "yes":
        letters.subscribe(agent, at=timezone.now())
        messages.success(request, _("Every Monday morning the week before comes to %(mail)s.") % {"mail": agent.email})
    else:
        letters.unsubscribe(agent)
        messages.success(request, _("The week in figures comes no more."))
    return redirect("console:insights")
