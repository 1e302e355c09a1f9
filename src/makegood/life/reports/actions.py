"""The verbs that change a report's own facts. Each: lock, check, change, record, one transaction.

Verbs that also owe somebody something (receive, reply, escalate, solve, reopen, close) stand further up in ``life``
and call these; a door uses the upper one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import Category, Component, Label, LedgerEntry, Report


class Conflict(Refusal):
    """Somebody else changed the same thing meanwhile."""


class NeedsReason(Refusal):
    """This change must say why."""


def change(report: Report, kind: str, *, by: Actor, at: datetime, fields: dict[str, Any], **record: Any) -> LedgerEntry:
    """Set ``fields`` on the locked ``report``, count the version up and record ``kind`` with old and new values."""
    with transaction.atomic():
        fresh = access.lock(report)
        before = {name: _plain(getattr(fresh, name)) for name in fields}
        Report.objects.filter(pk=fresh.pk).update(**fields, version=fresh.version + 1, updated_at=at)
        for name, value in {**fields, "version": fresh.version + 1, "updated_at": at}.items():
            setattr(report, name, value)
        data = {
            "from": before,
            "to": {name: _plain(value) for name, value in fields.items()},
            **record.pop("data", {}),
        }
        return ledger.record(report, kind, by=by, at=at, data=data, **record)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value


def expect_version(report: Report, version: int | None) -> None:
    """Raise Conflict if ``report`` is no longer at the ``version`` the person was looking at (None: don't mind)."""
    if version is not None and access.lock(report).version != version:
        raise Conflict(_("Somebody changed this report meanwhile. Look at what is new, then decide again."))


def check_move(source: str, target: str) -> None:
    """Raise NotAMove, in words, unless a report may go from ``source`` to ``target``."""
    try:
        states.check_move(source, target)
    except states.NotAMove:
        names = dict(Report.STATES)
        words = {"old": names.get(source, source), "new": names.get(target, target)}
        raise states.NotAMove(_("A report cannot go from “%(old)s” to “%(new)s”.") % words) from None


def set_state(report: Report, state: str, *, by: Actor, at: datetime, reason: str = "", **fields: Any) -> None:
    """Move to ``state`` by the table of moves; staying does nothing. Raises NotAMove."""
    with transaction.atomic():
        current = access.lock(report).state
        if current == state:
            return
        check_move(current, state)
        change(report, "report.state_changed", by=by, at=at, fields={"state": state, **fields}, reason=reason)


def set_severity(report: Report, severity: str, *, by: Actor, at: datetime, reason: str = "") -> bool:
    """Set the severity; promises are re-timed by ``promises.change_severity``. False if it was so already."""
    if report.severity == severity:
        return False
    rank = states.SEVERITIES.index(severity)
    fields = {"severity": severity, "severity_rank": rank}
    change(report, "report.severity_changed", by=by, at=at, fields=fields, reason=reason)
    return True


def set_category(report: Report, category: Category | None, *, by: Actor, at: datetime) -> None:
    change(report, "report.category_changed", by=by, at=at, fields={"category": category})


def set_component(report: Report, component: Component | None, *, by: Actor, at: datetime) -> None:
    change(report, "report.component_changed", by=by, at=at, fields={"component": component})


def set_kind(report: Report, kind: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Tell an error from a question, or take that back (P1)."""
    if kind not in states.KINDS:
        raise Refusal(_("A report is an error or a question."))
    change(report, "report.kind_changed", by=by, at=at, fields={"kind": kind}, reason=reason)


def assign(report: Report, agent: Agent | None, *, by: Actor, at: datetime) -> None:
    change(report, "report.assigned", by=by, at=at, fields={"assignee": agent}, data={"name": str(agent or "")})


def set_team(report: Report, team: Team | None, *, by: Actor, at: datetime) -> None:
    change(report, "report.team_changed", by=by, at=at, fields={"team": team}, data={"name": str(team or "")})


def set_labels(report: Report, names: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Make the report carry exactly ``names``."""
    wanted = sorted({name.strip().lower().replace(" ", "-")[:40] for name in names if name.strip()})
    with transaction.atomic():
        before = sorted(report.labels.values_list("name", flat=True))
        Label.objects.bulk_create([Label(name=name) for name in wanted], ignore_conflicts=True)
        report.labels.set(Label.objects.filter(name__in=wanted))
        data = {"from": {"labels": before}, "to": {"labels": wanted}}
        ledger.record(report, "report.labelled", by=by, at=at, data=data)


def snooze(report: Report, until: datetime | None, *, by: Actor, at: datetime) -> None:
    """Put the report out of sight until a moment (never a promise: its clock goes on); None wakes it."""
    kind = "report.snoozed" if until else "report.woken"
    change(report, kind, by=by, at=at, fields={"snoozed_until": until})


def protect(report: Report, is_protected: bool, *, by: Actor, at: datetime, reason: str) -> None:
    """Narrow (or widen again) who may see the report. Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))
    change(report, "report.protected", by=by, at=at, fields={"is_protected": is_protected}, reason=reason)


def _leads_to(report: Report) -> list[int]:
    """``report`` and what it is linked to, one after the other."""
    found: list[int] = []
    key: int | None = report.pk
    while key is not None and key not in found:
        found.append(key)
        key = Report.objects.filter(pk=key).values_list("duplicate_of", flat=True).first()
    return found


def mark_duplicate(report: Report, of: Report | None, *, by: Actor, at: datetime) -> None:
    """Link to the report that tells the same story; both keep their own thread. None takes it back. Raises Refusal for
    a link that leads back here.
    """
    if of is not None and report.pk in _leads_to(of):
        raise Refusal(_("A report cannot be a duplicate of itself."))
    kind = "report.marked_duplicate" if of else "report.unmarked_duplicate"
    change(report, kind, by=by, at=at, fields={"duplicate_of": of})
