"""The facts at the side of a report, changed one by one. What somebody else changed meanwhile is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from makegood.doors.console import casework
from makegood.doors.console.casework import acted, actor, find, seeker, undo_address
from makegood.doors.console.gate import needs
from makegood.doors.console.moments import typed_moment
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.aftercare import undo as undoing
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import suggesting
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.promises import actions as promises
from makegood.life.reports import access, actions
from makegood.life.reports import undo as undo_fields
from makegood.life.reports.models import Category, Component, LedgerEntry, Report

Setter = Callable[..., object]


@dataclass(frozen=True)
class Field:
    """``action``: what one must be allowed to do. ``plain``: the value as a form carries it. ``set``: the verb."""

    label: Any
    action: str
    plain: Callable[[Report], str]
    set: Setter


def _pick(model: Any, value: str) -> Any:
    """The row a form means by its id, None for empty. Raises Refusal for one that is gone."""
    if not value:
        return None
    number = whole_number(value)
    found = model.objects.filter(pk=number).first() if number is not None else None
    if found is None or not getattr(found, "is_active", True):
        raise Refusal(_("That choice is no longer there. Load the page again."))
    return found


def _severity(report: Report, value: str, *, by: Actor, at: datetime) -> None:
    if value not in dict(Report.SEVERITIES):
        raise Refusal(_("Choose critical, high, medium or low."))
    if actions.set_severity(report, value, by=by, at=at):
        promises.change_severity(report, by=by, at=at)


def _labels(report: Report, value: str, *, by: Actor, at: datetime) -> None:
    actions.set_labels(report, value.replace(",", " ").split(), by=by, at=at)


def _snooze(report: Report, value: str, *, by: Actor, at: datetime) -> None:
    until = typed_moment(value, now=at)
    if until is not None and until <= at:
        raise Refusal(_("That time has passed. Choose one that is still to come."))
    actions.snooze(report, until, by=by, at=at)


def _id(name: str) -> Callable[[Report], str]:
    return lambda report: str(getattr(report, f"{name}_id") or "")


FIELDS: dict[str, Field] = {
    "severity": Field(gettext_lazy("Severity"), "report.set_severity", lambda r: r.severity, _severity),
    "state": Field(gettext_lazy("State"), "report.set_state", lambda r: r.state, actions.set_state),
    "kind": Field(gettext_lazy("Kind"), "report.set_kind", lambda r: r.kind, actions.set_kind),
    "category": Field(
        gettext_lazy("Category"),
        "report.set_category",
        _id("category"),
        lambda r, v, **k: diagnosis.classify(r, _pick(Category, v), **k),
    ),
    "component": Field(
        gettext_lazy("Component"),
        "report.set_category",
        _id("component"),
        lambda r, v, **k: actions.set_component(r, _pick(Component, v), **k),
    ),
    "team": Field(
        gettext_lazy("Team"), "report.assign", _id("team"), lambda r, v, **k: actions.set_team(r, _pick(Team, v), **k)
    ),
    "assignee": Field(
        gettext_lazy("Assignee"),
        "report.assign",
        _id("assignee"),
        lambda r, v, **k: actions.assign(r, _pick(Agent, v), **k),
    ),
    "labels": Field(
        gettext_lazy("Labels"),
        "report.label",
        lambda r: " ".join(sorted(r.labels.values_list("name", flat=True))),
        _labels,
    ),
    "snooze": Field(
        gettext_lazy("Snooze"),
        "report.snooze",
        lambda r: r.snoozed_until.isoformat() if r.snoozed_until else "",
        _snooze,
    ),
}


@needs("report.view", finer=lambda method, given: FIELDS[given["name"]].action if given["name"] in FIELDS else "")
@require_POST
def change(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Set one field. ``was`` is what the person saw; if it is something else by now, both are shown."""
    report, now, field = find(request, number), timezone.now(), FIELDS.get(name)
    if field is None:
        raise Http404(name)
    value = request.POST.get("value", "").strip()
    with transaction.atomic():
        fresh = access.lock(report)
        current, was = field.plain(fresh), request.POST.get("was")
        if was is not None and current != was and current != value:
            return _conflict(request, report, name, value=value, current=current)
        if current == value:
            return acted(request, report)
        field.set(report, value, by=actor(request), at=now)
        promises.ensure_owed(report, by=actor(request), at=now)
    words = _("%(field)s changed.") % {"field": field.label}
    return acted(request, report, words, undo=undo_address(report, _newest(report)))


@needs("report.view", finer=lambda method, given: FIELDS[given["name"]].action if given["name"] in FIELDS else "")
@require_POST
def suggested(request: HttpRequest, number: str, name: str, verb: str) -> HttpResponse:
    """Take what is suggested for a field, or turn it down. ``value`` is what the person saw."""
    report, now, value = find(request, number), timezone.now(), request.POST.get("value", "")[:60]
    if name not in suggesting.SAID_FROM or verb not in ("take", "not-this"):
        raise Http404(name)
    if verb == "not-this":
        suggesting.turn_down(report, name, value, by=actor(request), at=now)
        return acted(request, report, _("Not suggested again here."))
    suggesting.take(report, name, value, by=actor(request), at=now)
    promises.ensure_owed(report, by=actor(request), at=now)
    words = _("%(field)s changed.") % {"field": FIELDS[name].label}
    return acted(request, report, words, undo=undo_address(report, _newest(report)))


@needs("report.assign")
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    report, now = find(request, number), timezone.now()
    if report.assignee_id != seeker(request).pk:
        actions.assign(report, seeker(request), by=actor(request), at=now)
    return acted(request, report, _("It is yours now."), undo=undo_address(report, _newest(report)))


@needs("report.label")
@require_POST
def undo(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Take one change back, within a day and if nothing else has changed the same since."""
    report, now = find(request, number), timezone.now()
    happened = get_object_or_404(LedgerEntry, pk=entry, report=report)
    undoing.undo(happened, by=actor(request), at=now)
    return acted(request, report, _("Taken back."))


@needs("report.label")
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, number: str) -> HttpResponse:
    """Link to the report that tells the same, or take the link back."""
    report, now = find(request, number), timezone.now()
    if request.method != "POST":
        return render(request, "console/report/duplicate.html", {"report": report})
    of = "" if request.POST.get("none") else request.POST.get("of", "").strip()
    target = find(request, of) if of else None
    actions.mark_duplicate(report, target, by=actor(request), at=now)
    words = _("Linked to %(number)s.") % {"number": target} if target else _("No longer linked.")
    return acted(request, report, words, undo=undo_address(report, _newest(report)))


@needs("report.protect")
@require_http_methods(["GET", "HEAD", "POST"])
def protect(request: HttpRequest, number: str) -> HttpResponse:
    """Narrow who may see the report, or widen it again, with a reason."""
    report, now = find(request, number), timezone.now()
    if request.method != "POST":
        return render(request, "console/report/protect.html", {"report": report})
    narrow = request.POST.get("narrow") == "1"
    actions.protect(report, narrow, by=actor(request), at=now, reason=request.POST.get("reason", ""))
    return acted(request, report, _("Protected.") if narrow else _("Open to the desk again."))


def _newest(report: Report) -> LedgerEntry | None:
    return report.ledger.filter(kind__in=undo_fields.FIELDS).order_by("-id").first()


def _conflict(request: HttpRequest, report: Report, name: str, *, value: str, current: str) -> HttpResponse:
    """Both values and who set the other; the person decides."""
    kinds = [kind for kind in undo_fields.FIELDS if name in kind or (name == "assignee" and kind == "report.assigned")]
    last = report.ledger.filter(kind__in=kinds).order_by("-id").first()
    context = {
        "report": report,
        "name": name,
        "label": FIELDS[name].label,
        "mine": value,
        "mine_words": _shown(name, value),
        "theirs": current,
        "theirs_words": _shown(name, current),
        "last": last,
        "with_parts": casework.is_fragment(request),
    }
    return render(request, "console/report/conflict.html", context)


def _shown(name: str, value: str) -> str:
    """A form's value in words."""
    rows: dict[str, Any] = {"team": Team, "assignee": Agent, "component": Component, "category": Category}
    if name in rows and (number := whole_number(value)) is not None:
        found = rows[name].objects.filter(pk=number).first()
        return getattr(found, "name", "") or getattr(found, "slug", "") or value
    words: dict[str, Any] = {
        "severity": Report.SEVERITIES,
        "state": Report.STATES,
        "kind": [("error", _("error")), ("question", _("question"))],
    }
    return str(dict(words.get(name, [])).get(value, value)) or _("nothing")
