"""Changing reports from the list: a few at once, many as a job with a preview, progress, a stop and one undo."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console import changes, views_query
from makegood.doors.console.casework import asks, slip
from makegood.doors.console.gate import is_fragment, needs, safe_next, signed_in
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import bulk, undo
from makegood.life.aftercare import changes as deeds
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.reports import queries
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import BulkRun, LedgerEntry, Report
from makegood.life.updates.actions import TimesDisagree

AT_ONCE = 25
SHOWN = 8
STATES = {
    "queued": gettext_lazy("about to begin"),
    "running": gettext_lazy("at work"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("stopped"),
    "undoing": gettext_lazy("taking it back"),
    "undone": gettext_lazy("taken back"),
}


@needs("report.view")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """One change to the reports chosen: at once for a few; for many, and for words to reporters, a look first."""
    agent, now = signed_in(request), timezone.now()
    what, value = _wish(request)
    wished = changes.check(agent, what, value)
    keys = _keys(request, agent, now)
    if request.POST.get("all") or len(keys) > AT_ONCE or wished.needs_words:
        return _preview(request, agent, (what, value), keys)
    outcome = _do_all(_few(agent, keys), (what, value), agent, now)
    views_query.forget_counts()
    outcome["words"] = _in_words(outcome, changes.in_words(what, value, agent))
    return _answer(request, outcome)


@needs("report.view")
@require_POST
def undo_changes(request: HttpRequest, entries: str) -> HttpResponse:
    """Take the named changes back, newest first; only of reports this agent may see."""
    agent, now = signed_in(request), timezone.now()
    keys = _numbers(entries.split("-"))[: AT_ONCE * 4]
    found = LedgerEntry.objects.filter(pk__in=keys, report__in=visible_reports(agent)).select_related("report")
    with transaction.atomic():
        for entry in found.order_by("-pk"):
            undo.undo(entry, by=agent.actor, at=now)
    views_query.forget_counts()
    return _answer(request, {"words": _("Taken back."), "done": 1, "entries": [], "refused": []})


@needs("report.bulk")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin what the preview showed, for exactly the reports it counted."""
    agent, now = signed_in(request), timezone.now()
    what, value = _wish(request)
    changes.check(agent, what, value)
    keys = _numbers(request.POST.get("ids", "").split(","))
    words = request.POST.get("words", "").strip()[:5000]
    try:
        with transaction.atomic():  # what a value opens anew (a problem) is there only if the run is
            first = visible_reports(agent).filter(pk__in=keys[:1]).first()
            plain = changes.plain_value(what, value, agent=agent, at=now, of=first)
            run = bulk.start(agent, what, plain, keys, at=now, words=words, asks=asks(request))
    except TimesDisagree as refusal:
        return _preview(request, agent, (what, value), keys, wrong={"typed": words, **slip(refusal, {}, "words")})
    return redirect("console:bulk", key=run.key)


@needs("report.bulk")
@require_safe
def progress(request: HttpRequest, key: str) -> HttpResponse:
    run = bulk.access_run(signed_in(request), key)
    return render(request, "console/queue/bulk.html", {"run": run, **_told(run)})


@needs("report.bulk")
@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    bulk.cancel(bulk.access_run(signed_in(request), key), at=timezone.now())
    return redirect("console:bulk", key=key)


@needs("report.bulk")
@require_POST
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    bulk.take_back(bulk.access_run(signed_in(request), key), at=timezone.now())
    return redirect("console:bulk", key=key)


def _wish(request: HttpRequest) -> tuple[str, str]:
    what, _colon, value = request.POST.get("change", "").partition(":")
    return (what, value) if what else (request.POST.get("what", ""), request.POST.get("free", "").strip()[:200])


def _numbers(texts: Iterable[str]) -> list[int]:
    return [number for number in map(whole_number, texts) if number is not None]


def _keys(request: HttpRequest, agent: Agent, now: datetime) -> list[int]:
    """The ticked reports, or all that the filter means. Raises Refusal if there are none, or too many."""
    if request.POST.get("all"):
        found = queries.find(agent, request.POST.get("query", ""), now=now)
        keys = queries.ids(found, limit=bulk.AT_MOST + 1)
    else:
        keys = _numbers(request.POST.getlist("report"))
    if not keys:
        raise Refusal(_("Select a report first."))
    if len(keys) > bulk.AT_MOST:
        raise Refusal(_("At most %s reports at once. Narrow the view first.") % bulk.AT_MOST)
    return keys


def _few(agent: Agent, keys: list[int]) -> list[Report]:
    found = visible_reports(agent).filter(pk__in=keys).select_related("contact", "category", "team")
    by_key = {report.pk: report for report in found}
    if not by_key:
        raise Refusal(_("Select a report first."))
    return [by_key[key] for key in keys if key in by_key]


def _preview(
    request: HttpRequest,
    agent: Agent,
    wish: tuple[str, str],
    keys: list[int],
    *,
    wrong: Mapping[str, str] | None = None,
) -> HttpResponse:
    if not agent.may("report.bulk"):
        raise Refusal(_("You may not change many reports at once. Ask a lead."))
    visible = list(visible_reports(agent).filter(pk__in=keys[:SHOWN]).select_related("assignee", "team", "contact"))
    what, value = wish
    context = {
        "what": what,
        "value": value,
        "words": changes.in_words(what, value, agent),
        "wished": changes.CHANGES[what],
        "total": len(keys),
        "ids": ",".join(map(str, keys)),
        "examples": [(report, _present(agent, report, what)) for report in visible],
        "more": max(0, len(keys) - len(visible)),
        "back": safe_next(request, "console:queue"),
    }
    return render(request, "console/queue/preview.html", {**context, **(wrong or {})}, status=422 if wrong else 200)


def _present(agent: Agent, report: Report, what: str) -> str:
    """What it is at present, for the preview."""
    shown = {
        "assignee": str(report.assignee or _("nobody")),
        "team": str(report.team or _("no team")),
        "severity": str(report.get_severity_display()),
    }
    if what == "problem":
        return problems.numbers_of(agent, [report.pk]).get(report.pk, _("none"))
    return shown.get(what, str(report.get_state_display()))


def _do_all(reports: list[Report], wish: tuple[str, str], agent: Agent, now: datetime) -> dict[str, Any]:
    entries: list[int] = []
    refused: list[dict[str, str]] = []
    what, value = wish
    plain = changes.plain_value(what, value, agent=agent, at=now, of=reports[0])
    for report in reports:
        try:
            entries += deeds.apply(report, what, plain, by=agent.actor, at=now)
        except Refusal as refusal:
            refused.append({"number": report.number, "why": str(refusal)})
    return {"entries": entries, "refused": refused, "done": len(reports) - len(refused)}


def _in_words(outcome: dict[str, Any], change_words: str) -> str:
    if not outcome["done"]:
        return str(outcome["refused"][0]["why"])
    numbers = ngettext("%(n)s report", "%(n)s reports", outcome["done"]) % {"n": outcome["done"]}
    words = _("%(change)s – %(numbers)s.") % {"change": change_words, "numbers": numbers}
    if outcome["refused"]:
        words += " " + _("Not %(number)s: %(why)s") % outcome["refused"][0]
    return words


def _toast(outcome: dict[str, Any]) -> HttpResponse:
    if not outcome["done"]:
        return HttpResponse(outcome["words"], status=409, content_type="text/plain; charset=utf-8")
    toast = {"text": outcome["words"]}
    if outcome["entries"]:
        toast["undo"] = reverse("console:undo", args=["-".join(map(str, outcome["entries"]))])
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": toast})})


def _answer(request: HttpRequest, outcome: dict[str, Any]) -> HttpResponse:
    if is_fragment(request):
        return _toast(outcome)
    (messages.success if outcome["done"] else messages.error)(request, outcome["words"])
    return redirect(safe_next(request, "console:queue"))


def _told(run: BulkRun) -> dict[str, Any]:
    wished = changes.CHANGES.get(run.verb)
    return {
        "state": STATES[run.state],
        "name": wished.name if wished else _("Follow-up by mail") if run.verb == "follow_up" else run.verb,
        "is_running": run.state in {"queued", "running", "undoing"},
        "can_stop": run.state in {"queued", "running"},
        "can_undo": run.state in {"done", "cancelled"} and bool(run.entries),
    }
