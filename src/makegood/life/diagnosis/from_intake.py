"""What the reporter told us along with the report, filed as answers, so that nobody asks twice. A reaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from makegood.lib import rows
from makegood.life.diagnosis import actions
from makegood.life.diagnosis.actions import NotAnAnswer
from makegood.life.diagnosis.models import Answer, Question
from makegood.life.intake.models import Incoming
from makegood.life.reports.models import LedgerEntry, Report


def keep_answers(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.received``: keep the answers and facts of the form; without any, count the completeness."""
    report = entry.report
    incoming = next(iter(rows.read(Incoming, "id = %s", [entry.data.get("incoming")])), None)
    if report is None or incoming is None or _has_answers(report):
        return
    source = "phone" if incoming.channel == "phone" else "form"
    given = _told(incoming.raw.get("facts") or {}, incoming.raw.get("answers") or {})
    by = report.contact.actor
    try:
        kept = actions.keep(report, given, by=by, at=entry.at, source=source)
    except NotAnAnswer:
        kept = [row for one in given for row in _one(entry, one, source)]
    if not kept:
        actions.refresh(report)


def _told(facts: dict[str, str], answers: dict[str, str]) -> list[tuple[Question, str]]:
    """What was told, each with the question it answers: facts the form asks for itself with the general question that
    asks for the same, unless that was answered by its name (slug)."""
    if not facts and not answers:
        return []
    some, others = (rows.marks(len(given)) or "NULL" for given in (facts, answers))
    where = f"is_general AND fact IN ({some}) OR slug IN ({others})"
    found = rows.read(Question, f"{where} ORDER BY position DESC", [*facts, *answers])
    return [(question, answers.get(question.slug) or facts.get(question.fact, "")) for question in found]


def _has_answers(report: Report) -> bool:
    """Whether this was done before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM diagnosis_answer WHERE report_id = %s AND source IN ('form', 'phone')", [report.pk]
        )
        return cursor.fetchone() is not None


def _one(entry: LedgerEntry, told: tuple[Question, str], source: str) -> list[Answer]:
    """A single answer; one that fits no choice any more is passed over, its words stay in what was kept verbatim."""
    report = entry.report
    assert report is not None
    try:
        return actions.keep(report, [told], by=report.contact.actor, at=entry.at, source=source)
    except NotAnAnswer:
        return []
