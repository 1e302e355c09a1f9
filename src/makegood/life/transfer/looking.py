"""The dry run: what would come of a file, and everything that was not understood. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Contact
from makegood.life.promises.actions import Wish, plan
from makegood.life.reports import states
from makegood.life.reports.models import Report
from makegood.life.transfer import catalogue, writing
from makegood.life.transfer.actions import problem_of
from makegood.life.transfer.foreign import ForeignReport, NotUnderstood, Terms
from makegood.life.transfer.formats import own, tables, zammad, zendesk
from makegood.life.transfer.formats.records import Mapping
from makegood.life.transfer.models import ImportedRow

Reader = Callable[[Path, Mapping], Iterator[ForeignReport | NotUnderstood]]
READERS: dict[str, Reader] = {
    "csv": tables.read,
    "zammad": zammad.read,
    "zendesk": zendesk.read,
    "makegood": own.read,
}
MOST_PROBLEMS = 300
_SLICE = 500
_MOST_NAMES = 50


@dataclass
class Looked:
    """What a file holds. ``unknown``: field → name → how often; ``first_due``: when the promises begin to fall due."""

    rows: int = 0
    new: int = 0
    known: int = 0
    bad: int = 0
    open: int = 0
    closed: int = 0
    messages: int = 0
    files: int = 0
    files_missing: int = 0
    new_contacts: int = 0
    promises: Counter[str] = field(default_factory=Counter)
    first_due: datetime | None = None
    unknown: dict[str, Counter[str]] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, str]] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    earliest: datetime | None = None
    latest: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        moments = {name: _iso(getattr(self, name)) for name in ("first_due", "earliest", "latest")}
        unknown = {name: dict(found.most_common(_MOST_NAMES)) for name, found in self.unknown.items()}
        more = {"unknown": unknown, "missed": dict(self.missed.most_common(_MOST_NAMES))}
        return {**self.__dict__, **moments, **more, "promises": dict(self.promises)}


def look(file_format: str, path: Path, mapping: Mapping, terms: Terms, *, at: datetime) -> Looked:
    """Read the whole file and tell what would come of it. Raises Unreadable."""
    looked, found, people = Looked(), catalogue.read(), set[str]()
    looked.columns = columns(file_format, path, mapping)
    held: list[ForeignReport] = []
    ids = set[str]()
    for row in READERS[file_format](path, mapping):
        looked.rows += 1
        why = row.what if isinstance(row, NotUnderstood) else problem_of(row, at=at)
        if not why and isinstance(row, ForeignReport) and row.foreign_id in ids:
            why = _("the id %s stands in the file twice") % row.foreign_id
        if why:
            looked.bad += 1
            _note(looked, row.where, why)
        elif isinstance(row, ForeignReport):
            ids.add(row.foreign_id)
            held.append(row)
        if len(held) == _SLICE:
            _count(looked, held, found, terms, people, at=at)
            held = []
    _count(looked, held, found, terms, people, at=at)
    return looked


def columns(file_format: str, path: Path, mapping: Mapping) -> list[list[str]]:
    """Of a table: each heading and the field it is taken for."""
    if file_format != "csv":
        return []
    given = tables.headings(path)
    return [list(pair) for pair in zip(given, tables.columns_of(given, mapping), strict=True)]


def _count(
    looked: Looked,
    rows: list[ForeignReport],
    found: catalogue.Catalogue,
    terms: Terms,
    people: set[str],
    *,
    at: datetime,
) -> None:
    here = ImportedRow.objects.filter(source=terms.source, what="report", foreign_id__in=[r.foreign_id for r in rows])
    known = set(here.values_list("foreign_id", flat=True))
    new = [row for row in rows if row.foreign_id not in known]
    looked.known += len(rows) - len(new)
    looked.new += len(new)
    addresses = {row.person.email.strip().lower() for row in new if row.person.email} - people
    met = set(Contact.objects.filter(email__in=addresses).values_list("email", flat=True))
    people |= addresses
    looked.new_contacts += len(addresses - met)
    for row in new:
        _count_one(looked, row, found, terms, at=at)


def _count_one(looked: Looked, row: ForeignReport, found: catalogue.Catalogue, terms: Terms, *, at: datetime) -> None:
    looked.messages += len(row.messages)
    for file in (file for said in row.messages for file in said.files):
        looked.files += 1
        looked.files_missing += writing.local_path(terms.files, file.path) is None
    for name, value in found.unknown(row):
        looked.unknown.setdefault(name, Counter())[value] += 1
    for words in row.missed:
        looked.missed[words] += 1
        _note(looked, row.where, words)
    looked.earliest = min(looked.earliest or row.received_at, row.received_at)
    looked.latest = max(looked.latest or row.received_at, row.received_at)
    if states.is_open(row.state):
        looked.open += 1
        _promise(looked, row, found, terms, at=at)
    else:
        looked.closed += 1


def _promise(looked: Looked, row: ForeignReport, found: catalogue.Catalogue, terms: Terms, *, at: datetime) -> None:
    """The promise it would begin with, worked out as it would be, on a report that is not written."""
    answered = any(said.by == "agent" and not said.is_internal for said in row.messages)
    team = found.teams.get(catalogue.folded(row.team), found.default_team)
    report = Report(severity=row.severity, state=row.state, team=team, first_answered_at=at if answered else None)
    kind = writing.open_promise(report)
    (promise,) = plan(report, [Wish(kind, due_at=terms.news_by, team=team)], by=SYSTEM, at=at)
    looked.promises[kind] += 1
    looked.first_due = min(looked.first_due or promise.due_at, promise.due_at)


def _note(looked: Looked, where: str, what: str) -> None:
    if len(looked.problems) < MOST_PROBLEMS:
        looked.problems.append({"where": where, "what": what[:300]})


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
