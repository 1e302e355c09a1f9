"""Taking one change of a report's own fields back, by the ledger entry that tells of it.

Only fields: what a change meant for the promises is put right by ``aftercare.undo``, which a door calls.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import access, ledger, states
from makegood.life.reports.actions import Conflict
from makegood.life.reports.models import Label, LedgerEntry, Report

WINDOW = timedelta(hours=24)

# What each kind of entry changed; an entry may name fewer of its fields, never others.
FIELDS: dict[str, tuple[str, ...]] = {
    "report.state_changed": ("state", "solved_at", "closed_at", "close_reason"),
    "report.severity_changed": ("severity", "severity_rank"),
    "report.category_changed": ("category",),
    "report.component_changed": ("component",),
    "report.kind_changed": ("kind",),
    "report.assigned": ("assignee",),
    "report.team_changed": ("team",),
    "report.snoozed": ("snoozed_until",),
    "report.woken": ("snoozed_until",),
    "report.marked_duplicate": ("duplicate_of",),
    "report.unmarked_duplicate": ("duplicate_of",),
    "report.labelled": ("labels",),
}
_RELATED = frozenset({"category", "component", "assignee", "team", "duplicate_of"})
_MOMENTS = frozenset({"snoozed_until", "solved_at", "closed_at"})


class CannotUndo(Refusal):
    """There is nothing to take back, or it is too late."""


def can_undo(entry: LedgerEntry, *, now: datetime) -> bool:
    """Whether undo may be offered; whether it still fits is only known when it is tried."""
    return entry.kind in FIELDS and now - entry.at <= WINDOW


def undo(entry: LedgerEntry, *, by: Actor, at: datetime) -> LedgerEntry:
    """Put the fields back as they were before ``entry``; return the new entry (undoing that one is not possible).

    The same undo twice does nothing new. Raises CannotUndo; Conflict if a field was changed again since.
    """
    if not can_undo(entry, now=at) or entry.report is None:
        raise CannotUndo(_("This can no longer be taken back."))
    with transaction.atomic():
        earlier = LedgerEntry.objects.filter(key=f"undo-{entry.pk}").first()
        if earlier:
            return earlier
        report = access.lock(entry.report)
        old, new = entry.data.get("from", {}), entry.data.get("to", {})
        names = [name for name in FIELDS[entry.kind] if name in old]
        _refuse_if_changed_since(report, names, new)
        _put_back(report, {name: old[name] for name in names}, at=at)
        data = {"undone": entry.pk, "kind": entry.kind, "from": {n: new[n] for n in names}, "to": dict(old)}
        return ledger.record(report, "report.change_undone", by=by, at=at, data=data, key=f"undo-{entry.pk}")


def restore(report: Report, entry: LedgerEntry, *, at: datetime) -> None:
    """Write every field ``entry`` changed back as it was, without asking or recording: for verbs that do both."""
    old = {name: value for name, value in entry.data["from"].items() if hasattr(report, name)}
    _put_back(access.lock(report), old, at=at)


def _refuse_if_changed_since(report: Report, names: list[str], new: dict[str, Any]) -> None:
    if any(_present(report, name) != _comparable(name, new.get(name)) for name in names):
        raise Conflict(_("This was changed again meanwhile, so the earlier change can't be taken back by itself."))
    if "state" in names and report.state == states.CLOSED:
        raise CannotUndo(_("The report is closed. Reopen it instead."))


def _present(report: Report, name: str) -> Any:
    if name == "labels":
        return sorted(report.labels.values_list("name", flat=True))
    value = getattr(report, f"{name}_id" if name in _RELATED else name)
    return _comparable(name, value)


def _comparable(name: str, value: Any) -> Any:
    if name in _MOMENTS and isinstance(value, str):
        return parse_datetime(value)
    return value


def _put_back(report: Report, old: dict[str, Any], *, at: datetime) -> None:
    labels = old.pop("labels", None)
    fields = {f"{name}_id" if name in _RELATED else name: _comparable(name, value) for name, value in old.items()}
    gone = [name for name in _RELATED & set(old) if old[name] and not _exists(name, old[name])]
    if gone:
        raise CannotUndo(_("What it was before no longer exists."))
    Report.objects.filter(pk=report.pk).update(**fields, version=report.version + 1, updated_at=at)
    if labels is not None:
        Label.objects.bulk_create([Label(name=name) for name in labels], ignore_conflicts=True)
        report.labels.set(Label.objects.filter(name__in=labels))


def _exists(name: str, pk: int) -> bool:
    model = Report._meta.get_field(name).related_model
    return model._default_manager.filter(pk=pk).exists()  # type: ignore[union-attr]
