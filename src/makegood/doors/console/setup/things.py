"""Listing, adding and changing the plain things of set-up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines, sections
from makegood.doors.console.setup.specs import THINGS, Thing
from makegood.doors.console.setup.thing_form import ThingForm
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.reports import setup
from makegood.life.reports.access import NotFound


@needs("setup.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All there is to set up, in groups, with a sentence each."""
    return render(request, "console/setup/index.html", {"sections": sections(signed_in(request))})


@needs("setup.view")
@require_safe
def listing(request: HttpRequest, what: str) -> HttpResponse:
    thing = _thing(what)
    rows = list(thing.model._default_manager.order_by(*thing.order).select_related(*thing.related)[:500])
    shown = [{"row": row, "cells": [show(row) for _heading, show in thing.columns]} for row in rows]
    context = {
        "thing": thing,
        "rows": shown,
        "headings": [heading for heading, _show in thing.columns],
        "may_change": signed_in(request).may(thing.takes),
    }
    return render(request, "console/setup/list.html", context)


def _takes(method: str, given: dict[str, Any]) -> str:
    """Adding and changing take what the thing's declaration says; looking at one does not."""
    thing = THINGS.get(given["what"])
    return thing.takes if thing and (method == "POST" or "pk" not in given) else ""


@needs("setup.view", finer=_takes)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, what: str, pk: int = 0) -> HttpResponse:
    """The form of one thing; 0 is a new one. Who may only look sees it greyed."""
    agent, thing = signed_in(request), _thing(what)
    row = _row(thing, pk)
    may_change = agent.may(thing.takes)
    form = ThingForm(thing, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _save(form, agent):
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("console:setup_list", what=what)
    lines = history_lines(setup.history(what, pk)) if pk else []
    context = {"thing": thing, "row": row, "form": form, "may_change": may_change, "history": lines}
    return render(request, "console/setup/edit.html", context, status=422 if form.errors else 200)


def _save(form: ThingForm, agent: Agent) -> bool:
    thing, row, now = form.thing, form.row, timezone.now()
    by: dict[str, Any] = {"by": agent.actor, "at": now}
    try:
        with transaction.atomic():
            if row.pk is None:
                for name, value in form.values().items():
                    setattr(row, name, value)
                setup.add(thing.what, row, **by)
            else:
                setup.change(thing.what, row, form.values(), **by)
            for item, keys in form.links():
                if item.rows is not None:
                    setup.link(thing.what, row, item.rows, keys, **by)
    except Refusal as refusal:
        form.add_error("slug" if isinstance(refusal, setup.NameTaken) else None, str(refusal))
        return False
    return True


def _thing(what: str) -> Thing:
    if what not in THINGS:
        raise NotFound(what)
    return THINGS[what]


def _row(thing: Thing, pk: int) -> models.Model:
    if not pk:
        return thing.model(**thing.fresh)
    row = thing.model._default_manager.filter(pk=pk).first()
    if row is None:
        raise NotFound(str(pk))
    return row
