"""Saving, changing, pinning and removing views of the queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.doors.console import views_query
from makegood.doors.console.gate import needs, signed_in
from makegood.lib.texts import whole_number
from makegood.life.people.models import Agent
from makegood.life.reports import views
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import SavedView


@needs("view.save_own")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    agent, whom = signed_in(request), request.POST.get("whom", "me")
    number = whole_number(whom)
    team = agent.teams.filter(pk=number).first() if number is not None else None
    if number is not None and team is None:
        raise NotFound(whom)
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    kept = views.save(name, query, agent=agent, at=timezone.now(), team=team, for_all=whom == "all")
    messages.success(request, _("The view %(name)s is in the rail.") % {"name": kept.name})
    return redirect(views_query.as_view(kept).url)


@needs("view.save_own")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, or another filter."""
    kept, told = _access(signed_in(request), pk), request.POST
    views.change(kept, told.get("name", ""), told.get("query", ""), agent=signed_in(request), at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect(views_query.as_view(kept).url)


@needs("view.save_own")
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _access(signed_in(request), pk)
    views.pin(kept, agent=signed_in(request), is_pinned=not kept.is_pinned)
    return redirect(views_query.as_view(kept).url)


@needs("view.save_own")
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _access(signed_in(request), pk)
    views.remove(kept, agent=signed_in(request), at=timezone.now())
    messages.success(request, _("The view %(name)s is removed.") % {"name": kept.name})
    return redirect("console:queue")


def _access(agent: Agent, pk: int) -> SavedView:
    kept = views_query.saved_views(agent).filter(pk=pk).first()
    if kept is None:
        raise NotFound(str(pk))
    return kept
