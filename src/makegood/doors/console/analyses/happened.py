"""The timeline of an analysis: drafted from what is recorded, hidden, worded and added to by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console.analyses.frame import back, find_rca, load
from makegood.doors.console.casework import actor, seeker, slip
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import NotATime, local_value, typed_moment
from makegood.doors.console.promise_words import moment as moment_words
from makegood.lib.errors import Refusal
from makegood.life.rca import timeline, writing
from makegood.life.rca.models import Rca
from makegood.life.rca.wording import row_words

PLACES: dict[type[Refusal], str] = {NotATime: "row-at", timeline.NotALink: "row-evidence", writing.NotADraft: ""}


@needs("rca.view", post="rca.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The lines in order; a POST adds one by hand."""
    rca, now, wrong = find_rca(request, number), timezone.now(), dict[str, Any]()
    told = request.POST
    if request.method == "POST":
        try:
            moment = typed_moment(told.get("at", ""), now=now)
            words, evidence = told.get("words", ""), told.get("evidence", "")
            row = timeline.add(rca, moment, words, by=actor(request), at=now, evidence=evidence)
            return back(request, rca, _("It is in the timeline."), part="rca_timeline", anchor=f"row-{row.pk}")
        except timeline.NeedsWords as refusal:
            wrong = slip(refusal, {}, "row-words" if told.get("at", "").strip() else "row-at")
        except Refusal as refusal:
            wrong = slip(refusal, PLACES, "row-words")
    context = load(request, rca, "timeline", now=now) | {"told": told, "at_typed": told.get("at", "")} | wrong
    context["rows"] = _rows(request, rca)
    context["hidden"] = sum(one["row"].is_hidden for one in context["rows"])
    return render(request, "console/analyses/timeline.html", context, status=422 if wrong else 200)


@needs("rca.view", post="rca.edit")
@require_POST
def redraft(request: HttpRequest, number: str) -> HttpResponse:
    """Draft it from what is recorded by now; nothing done by hand is lost."""
    rca = find_rca(request, number)
    new = timeline.refresh(rca, by=actor(request), at=timezone.now())
    words = ngettext("Drafted: one line is new.", "Drafted: %(n)d lines are new.", new) % {"n": new}
    return back(request, rca, words, part="rca_timeline")


@needs("rca.view", post="rca.edit")
@require_POST
def change(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Hide or show a line, word it anew, take one by hand away."""
    rca, now, told = find_rca(request, number), timezone.now(), request.POST
    row = timeline.access_row(seeker(request), rca, pk)
    deed, by = told.get("deed", ""), actor(request)
    if deed in ("hide", "show"):
        timeline.change(row, by=by, at=now, is_hidden=deed == "hide")
        words = _("Hidden. It is not part of the document.") if deed == "hide" else _("It is shown again.")
    elif deed == "hide-alike":
        count = timeline.hide_alike(row, by=by, at=now)
        words = ngettext("Hidden: one line.", "Hidden: %(n)d lines.", count) % {"n": count}
    elif deed == "remove":
        timeline.remove(row, by=by, at=now)
        words = _("Taken away.")
    else:
        facts = {"words": told.get("words", ""), "evidence": told.get("evidence", "")}
        timeline.change(row, by=by, at=now, moment=typed_moment(told.get("at", ""), now=now), **facts)
        words = _("Saved.")
    return back(request, rca, words, part="rca_timeline", anchor=f"row-{row.pk}" if deed != "remove" else "")


def _rows(request: HttpRequest, rca: Rca) -> list[dict[str, Any]]:
    rows = timeline.shown(seeker(request), rca, with_hidden=True)
    return [
        {"row": row, "says": row_words(row, when=_said), "at_value": local_value(row.at), "drafted": bool(row.source)}
        for row in rows
    ]


def _said(moment: datetime) -> str:
    return moment_words(moment)
