"""Take foreign reports over: each once, with its story; no mail leaves, no reaction follows, no promise is invented.

A closed report owes nobody anything and gets no promise. An open one owes its reporter news from now on (P2): one
promise, counted from the moment of the import.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.actors import Actor
from makegood.life.reports.models import Report
from makegood.life.transfer import catalogue, writing
from makegood.life.transfer.foreign import LONGEST_ID, MOST_MESSAGES, ForeignReport, Terms
from makegood.life.transfer.models import ImportedRow

AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one row: a report (``is_known``: it was here before), or the reason why there is none.

    ``missed``: what of it fell away.
    """

    foreign_id: str
    report: Report | None = None
    is_known: bool = False
    problem: str = ""
    missed: tuple[str, ...] = ()


class TooMany(Refusal):
    """More rows than are taken at once."""


def take_over(
    rows: Iterable[ForeignReport], *, by: Actor, at: datetime, historic: bool, terms: Terms | None = None
) -> list[Outcome]:
    """Write ``rows``, at most 500, in order; one that cannot be written says why and the others go on.

    ``historic``: as they were, without mail, reaction or promise for what is closed. Otherwise each is filed as a new
    report through intake: acknowledged, promised, its first message being what the reporter said.
    """
    wanted, terms = list(rows), terms or Terms()
    if len(wanted) > AT_ONCE:
        raise TooMany(_("At most %s rows at once.") % AT_ONCE)
    known = _known(terms.source, wanted)
    outcomes: dict[str, Outcome] = {}
    fresh: list[ForeignReport] = []
    for row in wanted:
        if problem := problem_of(row, at=at):
            outcomes.setdefault(row.foreign_id, Outcome(row.foreign_id, problem=problem))
        elif row.foreign_id in known:
            outcomes[row.foreign_id] = Outcome(row.foreign_id, known[row.foreign_id], is_known=True)
        elif row.foreign_id not in {one.foreign_id for one in fresh}:
            fresh.append(row)
    if historic:
        outcomes |= {one.foreign_id: one for one in _write(fresh, terms, by=by, at=at)}
    else:
        outcomes |= {row.foreign_id: _file(row, terms, at=at) for row in fresh}
    return [outcomes[row.foreign_id] for row in wanted]


def problem_of(row: ForeignReport, *, at: datetime) -> str:
    """Why ``row`` cannot be taken over; empty if it can."""
    if not row.foreign_id or len(row.foreign_id) > LONGEST_ID:
        return _("It has no id, or a very long one.")
    if not row.title and not any(said.body for said in row.messages):
        return _("It has neither title nor words.")
    if not any((row.person.email, row.person.phone, row.person.name, row.person.foreign_id)):
        return _("Nobody is named who reported it.")
    if row.received_at > at:
        return _("It comes from the future.")
    if len(row.messages) > MOST_MESSAGES:
        return _("It has more than %s messages.") % MOST_MESSAGES
    return ""


def _known(source: str, rows: list[ForeignReport]) -> dict[str, Report]:
    ids = [row.foreign_id for row in rows if len(row.foreign_id) <= LONGEST_ID]
    found = ImportedRow.objects.filter(source=source, what="report", foreign_id__in=ids, report__isnull=False)
    return {one.foreign_id: one.report for one in found.select_related("report") if one.report}


def _write(rows: list[ForeignReport], terms: Terms, *, by: Actor, at: datetime) -> list[Outcome]:
    """All in one transaction; if the database refuses one, each by itself, so that one does not spoil the others."""
    if not rows:
        return []
    found = catalogue.read()
    try:
        with transaction.atomic():
            made = writing.write(rows, found, terms, by=by, at=at)
        return [
            Outcome(row.foreign_id, report, missed=tuple(missed))
            for row, (report, missed) in zip(rows, made, strict=True)
        ]
    except Exception as trouble:  # noqa: BLE001 - said of the row that it belongs to
        if len(rows) == 1:
            return [Outcome(rows[0].foreign_id, problem=f"{type(trouble).__name__}: {trouble}"[:300])]
    return [outcome for row in rows for outcome in _write([row], terms, by=by, at=at)]


def _file(row: ForeignReport, terms: Terms, *, at: datetime) -> Outcome:
    first = next((said.body for said in row.messages if said.by == "contact"), "") or row.title
    told = Told(
        what=first,
        subject=row.title,
        idempotency_key=writing.message_key(terms.source, row.foreign_id, 0)[:64],
        name=row.person.name,
        email=row.person.email,
        phone=row.person.phone,
        language=row.language or row.person.language or "en",
        category=row.category,
        kind=row.kind,
        channel="api",
    )
    try:
        filed = intake.file(told, at=at)  # idempotent by its key: killed before the next line, it is found again
    except Refusal as refusal:
        return Outcome(row.foreign_id, problem=str(refusal))
    ImportedRow.objects.get_or_create(
        source=terms.source, what="report", foreign_id=row.foreign_id, defaults={"report": filed.report, "at": at}
    )
    return Outcome(row.foreign_id, filed.report, is_known=filed.is_repeat)
