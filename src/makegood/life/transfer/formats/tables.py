"""Tables: one report a row, the columns guessed from their headings and correctable by the mapping."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from makegood.life.transfer.foreign import ForeignReport, NotUnderstood, Person, Said, line, text
from makegood.life.transfer.formats.records import Mapping, Row, Unreadable

IGNORED = "ignore"
# Each of our fields with headings that mean it, in small letters without anything but letters and digits.
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "ticketid", "ticketnumber", "number", "key", "issuekey", "ticket", "nummer", "ticketnr", "nr"),
    "title": ("title", "subject", "summary", "betreff", "titel", "zusammenfassung"),
    "text": ("text", "description", "body", "message", "comment", "details", "beschreibung", "nachricht"),
    "answer": ("answer", "solution", "resolution", "reply", "antwort", "lösung"),
    "note": ("note", "notes", "internalnote", "notiz", "bemerkung"),
    "state": ("state", "status", "zustand"),
    "severity": ("severity", "priority", "urgency", "schwere", "priorität", "dringlichkeit"),
    "kind": ("kind", "type", "typ", "art"),
    "category": ("category", "kategorie", "area", "bereich"),
    "component": ("component", "komponente", "service"),
    "team": ("team", "group", "assignedgroup", "gruppe"),
    "assignee": ("assignee", "owner", "agent", "assignedto", "bearbeiter", "zuständig"),
    "name": ("name", "requester", "reporter", "customer", "customername", "requestername", "kunde", "melder"),
    "email": ("email", "emailaddress", "mail", "requesteremail", "customeremail", "emailadresse"),
    "phone": ("phone", "telephone", "mobile", "telefon", "telefonnummer"),
    "organisation": ("organisation", "organization", "company", "account", "firma", "organisationname"),
    "member_number": ("membernumber", "customernumber", "customerid", "mitgliedsnummer", "kundennummer"),
    "received_at": (
        "receivedat",
        "createdat",
        "created",
        "createddate",
        "opened",
        "date",
        "erstellt",
        "eingang",
        "datum",
    ),
    "answered_at": ("answeredat", "firstresponseat", "beantwortet"),
    "solved_at": ("solvedat", "resolvedat", "resolved", "gelöst"),
    "closed_at": ("closedat", "closed", "closedate", "geschlossen"),
    "labels": ("labels", "tags", "etiketten", "schlagworte"),
    "channel": ("channel", "source", "via", "kanal"),
    "language": ("language", "locale", "sprache"),
}
FIELDS = (*HEADINGS, IGNORED)
_CHANNELS = {"email": "mail", "e-mail": "mail", "mail": "mail", "phone": "phone", "telefon": "phone", "web": "web"}
_SEPARATORS = ",;\t|"
_LONGEST_CELL = 2_000_000
_SAMPLE = 65536


def read(path: Path, mapping: Mapping) -> Iterator[ForeignReport | NotUnderstood]:
    """Every row of the table. Raises Unreadable."""
    rows = _cells(path)
    columns = columns_of(next(rows, []), mapping)
    if not {"title", "text"} & set(columns) or not {"name", "email", "phone", "member_number"} & set(columns):
        raise Unreadable(
            _(
                "Two columns at least are needed: what was reported (title or text) and by whom (name or email). "
                "Found were: %(columns)s."
            )
            % {"columns": ", ".join(field for field in columns if field) or "–"}
        )
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as broken:
            yield NotUnderstood(_("row %s") % number, str(broken))
            return
        if any(cell.strip() for cell in cells):
            yield _report(dict(zip(columns, cells, strict=False)), mapping, number, too_wide=len(cells) > len(columns))


def headings(path: Path) -> list[str]:
    """The first row. Raises Unreadable."""
    return [line(cell, 100) for cell in next(_cells(path), [])]


def columns_of(given: list[str], mapping: Mapping) -> list[str]:
    """Our field for each heading: as the mapping says, else as it sounds; "" where neither knows. Each field once."""
    found: list[str] = []
    for heading in given:
        name = line(heading, 100)
        field = mapping.columns.get(name) or guess(name)
        is_free = field not in found or field == IGNORED
        found.append(field if field in FIELDS and is_free else "")
    return found


def guess(heading: str) -> str:
    """The field a heading sounds like, or ""."""
    plain = "".join(letter for letter in heading.lower() if letter.isalnum())
    return next((field for field, names in HEADINGS.items() if plain in names), "")


def encoding_of(path: Path) -> str:
    """utf-8 (with or without mark), utf-16 by its mark, else Windows-1252, the way old spreadsheets write."""
    with path.open("rb") as stream:
        first = stream.read(4)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _cells(path: Path) -> Iterator[list[str]]:
    if path.is_dir():
        raise Unreadable(_("A table is one file, not a folder."))
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as stream:
        separator = _separator(stream.read(_SAMPLE))
        stream.seek(0)
        yield from csv.reader((one.replace("\x00", "") for one in stream), delimiter=separator)


def _separator(sample: str) -> str:
    """The one that stands most often outside quotes in the first row."""
    first, quoted = "", False
    for letter in sample:
        quoted ^= letter == '"'
        if letter == "\n" and not quoted:
            break
        first += letter if not quoted else ""
    return max(_SEPARATORS, key=first.count)


def _report(cells: dict[str, str], mapping: Mapping, number: int, *, too_wide: bool) -> ForeignReport | NotUnderstood:
    row, where = Row(mapping), _("row %s") % number
    if too_wide:
        row.missed.append(_("more cells than headings"))
    received = row.moment("received_at", cells.get("received_at"))
    if received is None:
        return NotUnderstood(where, "; ".join(row.missed) or _("no moment at which it came in (received_at)"))
    state = row.word("state", cells.get("state"))
    closed, solved = (row.moment(name, cells.get(name)) for name in ("closed_at", "solved_at"))
    return ForeignReport(
        foreign_id=line(cells.get("id"), 120) or _id_of(cells),
        title=line(cells.get("title"), 200),
        person=_person(cells),
        received_at=received,
        messages=tuple(_messages(cells, row, received, closed or solved or received)),
        state=state,
        severity=row.word("severity", cells.get("severity")),
        kind=row.word("kind", cells.get("kind")),
        category=mapping.named("category", line(cells.get("category"))),
        component=mapping.named("component", line(cells.get("component"))),
        team=mapping.named("team", line(cells.get("team"))),
        assignee=mapping.named("assignee", line(cells.get("assignee"))),
        channel=_CHANNELS.get(line(cells.get("channel")).lower(), "api"),
        language=line(cells.get("language"))[:2].lower(),
        labels=tuple(part for part in line(cells.get("labels"), 1000).replace(";", ",").split(",") if part.strip()),
        closed_at=closed or solved if state == "closed" else None,
        solved_at=solved,
        missed=tuple(row.missed),
        where=where,
    )


def _id_of(cells: dict[str, str]) -> str:
    """A table without ids: the same row is the same report."""
    told = (cells.get(name, "") for name in ("title", "text", "name", "email", "received_at"))
    return "row-" + hashlib.sha256("\0".join(told).encode()).hexdigest()[:24]


def _person(cells: dict[str, str]) -> Person:
    names: dict[str, Any] = {name: line(cells.get(name)) for name in ("name", "email", "phone", "organisation")}
    return Person(**names, member_number=line(cells.get("member_number"), 40), foreign_id=names["name"])


def _messages(cells: dict[str, str], row: Row, received: Any, ended: Any) -> Iterator[Said]:
    if words := text(cells.get("text") or cells.get("title")):
        yield Said("contact", words, received, name=line(cells.get("name")), email=line(cells.get("email")))
    assignee = line(cells.get("assignee"))
    if words := text(cells.get("answer")):
        at = row.moment("answered_at", cells.get("answered_at")) or ended
        yield Said("agent", words, at, name=assignee, email=assignee if "@" in assignee else "")
    if words := text(cells.get("note")):
        yield Said("agent", words, ended, name=assignee, is_internal=True)
