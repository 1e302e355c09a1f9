"""Category, severity and kind, suggested: what this desk filed reports like this one as, how sure that is, and why.

Nothing is ever applied by itself. A person takes a suggestion or turns it down, or sets the field by hand; each of
these settles it, and how often suggestions were right is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from makegood.engine.learning import Writing
from makegood.engine.live import publish
from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.diagnosis import actions, lessons, schooling
from makegood.life.diagnosis.lessons import CATEGORY, ENTRY, FIELDS, KIND, SEVERITY
from makegood.life.diagnosis.models import FieldSuggestion, LearnedField
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.reports import access, ledger
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Category, LedgerEntry, Message, Report

if TYPE_CHECKING:
    from makegood.engine.learning.model import Opinion

# Below this nothing is said: a wrong hint costs more attention than a missing one.
SAID_FROM = {CATEGORY: 0.5, SEVERITY: 0.6, KIND: 0.75}
# Words after so many of the reporter's messages are about other things.
_EARLY_MESSAGES = 5
_LEAST_NEW = 40
RECORD_OVER = timedelta(days=90)
_FIELD_OF = {kind: field for field, kind in ENTRY.items()}

_OPEN: Statement[FieldSuggestion] = Statement(
    lambda report: FieldSuggestion.objects.filter(report=report, state=FieldSuggestion.OPEN)
)
_SAID: Statement[str] = Statement(
    lambda report: (
        Message.objects.filter(report=report, said_by="contact", is_internal=False, withdrawn_at=None)
        .order_by("id")
        .values_list("body", flat=True)[: _EARLY_MESSAGES + 1]
    )
)


class Moved(Refusal):
    """The suggestion is another by now, or somebody has settled it."""


@dataclass(frozen=True)
class Record:
    """How one field is learnt: from how many reports, until when, and what became of what was suggested lately."""

    field: str
    lessons: int
    learnt_to: datetime | None
    right: float
    shown: int
    taken: int


def suggest_on_arrival(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: look at what came in."""
    report = entry.report
    if report is None:
        return
    # Who takes a call has just chosen the category; the words are theirs as well.
    chosen = {CATEGORY} if report.channel == "phone" and report.category_id else set()
    _suggest(report, set(FIELDS) - chosen, now=now)


def suggest_again(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: the reporter said more, early on. What a person of ours has set is left alone."""
    report = entry.report
    if report is None or entry.actor_kind != "contact" or not report.is_open:
        return
    said = _SAID(report.pk)
    if not 1 < len(said) <= _EARLY_MESSAGES or len(said[-1]) < _LEAST_NEW:
        return
    decided = report.ledger.filter(kind__in=_FIELD_OF, actor_kind="agent").values_list("kind", flat=True)
    _suggest(report, set(FIELDS) - {_FIELD_OF[kind] for kind in decided}, now=now)


def _suggest(report: Report, fields: Iterable[str], *, now: datetime) -> None:
    found = schooling.opinions(lambda: lessons.writings([report])[0])
    if not found:
        return
    before = {row.field: row for row in FieldSuggestion.objects.filter(report=report)}
    is_new = False
    for field in [field for field in FIELDS if field in found and field in set(fields)]:
        row = before.get(field) or FieldSuggestion(report=report, field=field)
        if row.state != FieldSuggestion.OPEN and row.state != FieldSuggestion.DROPPED:
            continue
        opinion, stamp = found[field]
        says_something = (
            opinion is not None
            and opinion.confidence >= SAID_FROM[field]
            and opinion.label != lessons.value_of(report, field)
        )
        if not says_something or opinion is None:
            if row.pk and row.state == FieldSuggestion.OPEN:
                FieldSuggestion.objects.filter(pk=row.pk).update(state=FieldSuggestion.DROPPED)
                is_new = True
            continue
        _write(row, opinion, stamp, now)
        row.save()
        is_new = True
    if is_new:
        publish(f"report:{report.pk}", str(report.pk), at=now)


def _write(row: FieldSuggestion, opinion: Opinion, stamp: str, now: datetime) -> None:
    row.value, row.confidence, row.words = opinion.label, opinion.confidence, list(opinion.words)
    row.alike, row.alike_of = opinion.alike, opinion.alike_of
    row.stamp, row.at, row.state = stamp, now, FieldSuggestion.OPEN


def of_words(words: str, *, channel: str, now: datetime) -> dict[str, FieldSuggestion]:
    """What somebody is telling at this moment may be, by field, before there is a report. Nothing of it is kept."""
    if len(words) < _LEAST_NEW:
        return {}
    title = next((line for line in words.splitlines() if line.strip()), "")[:200]
    found = {}
    heard = schooling.opinions(lambda: Writing(title, words, (f"channel:{channel}",)))
    for field, (opinion, stamp) in heard.items():
        if opinion is not None and opinion.confidence >= SAID_FROM[field]:
            found[field] = FieldSuggestion(field=field)
            _write(found[field], opinion, stamp, now)
    return found


def open_ones(report: Report) -> dict[str, FieldSuggestion]:
    """What is suggested for ``report`` and not settled, by field. One query."""
    return {row.field: row for row in _OPEN(report.pk) if row.value != lessons.value_of(report, row.field)}


def take(report: Report, field: str, value: str, *, by: Actor, at: datetime) -> None:
    """Set ``field`` to what is suggested; ``value`` is what the person saw. Raises Moved."""
    with transaction.atomic():
        row = _open_row(report, field, value)
        _SET[field](report, row.value, by, at)
        _settle(row, FieldSuggestion.TAKEN, by=by, at=at)


def turn_down(report: Report, field: str, value: str, *, by: Actor, at: datetime) -> None:
    """Not this: it is not shown again. Raises Moved."""
    with transaction.atomic():
        row = _open_row(report, field, value)
        _settle(row, FieldSuggestion.DECLINED, by=by, at=at)
        ledger.record(report, "suggestion.declined", by=by, at=at, data={"field": field, "value": value})


def judge(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: a person set a field by hand, or took that back; or the report ended with nobody minding."""
    report = entry.report
    if report is None:
        return
    rows = FieldSuggestion.objects.filter(report=report)
    if entry.kind in _FIELD_OF:
        if entry.actor_kind == "agent":
            for row in rows.filter(field=_FIELD_OF[entry.kind], state=FieldSuggestion.OPEN):
                is_right = row.value == lessons.value_of(report, row.field)
                by = Actor(entry.actor_kind, entry.actor_id, entry.actor_name)
                _settle(row, FieldSuggestion.TAKEN if is_right else FieldSuggestion.CORRECTED, by=by, at=entry.at)
    elif entry.kind == "report.change_undone":
        for row in rows.filter(state=FieldSuggestion.TAKEN):
            if row.value != lessons.value_of(report, row.field):
                rows.filter(pk=row.pk).update(state=FieldSuggestion.OPEN, settled_at=None, settled_by="")
    else:
        rows.filter(state=FieldSuggestion.OPEN).update(state=FieldSuggestion.PASSED, settled_at=entry.at)


def records(now: datetime) -> list[Record]:
    """What is known of each field, and how suggestions fared in the last ninety days. Two queries."""
    settled = FieldSuggestion.objects.filter(settled_at__range=(now - RECORD_OVER, now)).values_list("field", "state")
    counted = {(field, state): n for field, state, n in settled.annotate(n=Count("pk"))}
    found = {row.field: row for row in LearnedField.objects.defer("kept")}
    made = []
    for field in FIELDS:
        row = found.get(field) or LearnedField(field=field)
        shown = sum(n for (name, _state), n in counted.items() if name == field)
        taken = counted.get((field, FieldSuggestion.TAKEN), 0)
        is_known = bool(row.stamp)
        made.append(
            Record(field, row.lessons if is_known else 0, row.learnt_to if is_known else None, row.right, shown, taken)
        )
    return made


def _open_row(report: Report, field: str, value: str) -> FieldSuggestion:
    access.lock(report)
    row = FieldSuggestion.objects.filter(report=report, field=field, value=value, state=FieldSuggestion.OPEN).first()
    if row is None:
        raise Moved(_("This suggestion is settled or has changed meanwhile. Look again."))
    return row


def _settle(row: FieldSuggestion, state: str, *, by: Actor, at: datetime) -> None:
    FieldSuggestion.objects.filter(pk=row.pk, state=FieldSuggestion.OPEN).update(
        state=state, settled_at=at, settled_by=by.name
    )


def _set_category(report: Report, value: str, by: Actor, at: datetime) -> None:
    category = Category.objects.filter(pk=int(value), is_active=True).first()
    if category is None:
        raise Moved(_("This category is no longer in use."))
    actions.classify(report, category, by=by, at=at)


def _set_severity(report: Report, value: str, by: Actor, at: datetime) -> None:
    if reports.set_severity(report, value, by=by, at=at):
        promises.change_severity(report, by=by, at=at)


def _set_kind(report: Report, value: str, by: Actor, at: datetime) -> None:
    reports.set_kind(report, value, by=by, at=at)


_SET: dict[str, Callable[[Report, str, Actor, datetime], None]] = {
    CATEGORY: _set_category,
    SEVERITY: _set_severity,
    KIND: _set_kind,
}
