"""Our own export in JSON lines: the folder that ``makegood export`` writes. Reports keep their numbers where free.

Brought over are reports with people, messages, labels and files. Promises, escalations and the ledger are in the export
for reading; here a new story begins, because what was promised there was promised by that installation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from makegood.life.reports.states import ERROR, KINDS, RECEIVED, SEVERITIES, STATES
from makegood.life.transfer import words
from makegood.life.transfer.foreign import File, ForeignReport, NotUnderstood, Person, Said
from makegood.life.transfer.formats.records import Mapping, Record, Unreadable

_MOMENTS = ("first_answered_at", "updated_at")
_FACTS = ("environment", "hindrance", "reopened_count", "is_protected", "completeness")


class _Beside:
    """A table in the order of its reports, read alongside theirs."""

    def __init__(self, path: Path) -> None:
        self._rows = _each(path)
        self._next: Record | None = next(self._rows, None)

    def of(self, number: int) -> list[Record]:
        found = []
        while self._next is not None and self._next["report"] <= number:
            if self._next["report"] == number:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def read(path: Path, mapping: Mapping) -> Iterator[ForeignReport | NotUnderstood]:
    """Every report of the folder. Raises Unreadable."""
    if not (path / "reports.jsonl").is_file():
        raise Unreadable(_("This is no folder that makegood export wrote: reports.jsonl is missing."))
    contacts = {one["key"]: one for one in _each(path / "contacts.jsonl")}
    beside = {name: _Beside(path / f"{name}.jsonl") for name in ("messages", "labels", "attachments")}
    for place, report in enumerate(_each(path / "reports.jsonl"), 1):
        where = f"MG-{report.get('number') or place}"
        try:
            number = int(report["number"])
            yield _report(report, contacts, {name: table.of(number) for name, table in beside.items()}, where)
        except (KeyError, TypeError, ValueError) as broken:
            yield NotUnderstood(where, f"{type(broken).__name__}: {broken}")


def _report(report: Record, contacts: dict[str, Record], beside: dict[str, list[Record]], where: str) -> ForeignReport:
    facts: dict[str, Any] = {name: report[name] for name in _FACTS if report.get(name) is not None}
    facts |= {name: found for name in _MOMENTS if (found := words.moment(report.get(name)))}
    return ForeignReport(
        foreign_id=where,
        number=int(report["number"]),
        title=report["title"],
        person=_person(contacts.get(report["contact"], {"key": report["contact"]}), report),
        received_at=_moment(report["received_at"]),
        messages=tuple(_said(beside["messages"], beside["attachments"], contacts)),
        state=_one_of(report["state"], STATES, RECEIVED),
        severity=_one_of(report["severity"], SEVERITIES, SEVERITIES[2]),
        kind=_one_of(report["kind"], KINDS, ERROR),
        category=report.get("category") or "",
        component=report.get("component") or "",
        team=report.get("team") or "",
        assignee=report.get("assignee") or "",
        language=report.get("language") or "",
        channel=report["channel"],
        labels=tuple(one["label"] for one in beside["labels"]),
        closed_at=words.moment(report.get("closed_at")),
        solved_at=words.moment(report.get("solved_at")),
        close_reason=report.get("close_reason") or "",
        facts=facts,
        where=where,
    )


def _person(contact: Record, report: Record) -> Person:
    names = ("name", "email", "phone", "member_number", "language")
    facts = {name: contact.get(name) for name in ("key", "second_email", "preferred_way", "time_zone")}
    return Person(
        **{name: contact.get(name) or "" for name in names},
        foreign_id=str(contact["key"]),
        organisation=contact.get("organisation") or report.get("organisation") or "",
        is_verified=bool(contact.get("email_verified_at")),
        facts=facts | {"created_at": words.moment(contact.get("created_at"))},
    )


def _said(messages: list[Record], files: list[Record], contacts: dict[str, Record]) -> Iterator[Said]:
    """Withdrawn messages never left, so they are not taken along; a file of no message hangs on the first one."""
    shown = [one for one in messages if not one.get("withdrawn_at")]
    for place, one in enumerate(shown):
        own = [file for file in files if _belongs(file, one, is_first=place == 0)]
        yield Said(
            by=one["said_by"],
            body=one["body"],
            at=_moment(one["at"]),
            name=one["name"],
            email=one.get("agent") or contacts.get(one.get("contact") or "", {}).get("email") or "",
            is_internal=bool(one["is_internal"]),
            channel=one["channel"],
            files=tuple(File(f["name"], f"files/{f['file']}", is_internal=bool(f["is_internal"])) for f in own),
        )


def _belongs(file: Record, message: Record, *, is_first: bool) -> bool:
    if file.get("removed_at"):
        return False
    return file.get("message") == message["key"] or (is_first and not file.get("message"))


def _each(path: Path) -> Iterator[Record]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as stream:
        for one in stream:
            if one.strip():
                yield json.loads(one)


def _moment(value: Any) -> datetime:
    found = words.moment(value)
    if found is None:
        raise ValueError("a moment is missing")
    return found


def _one_of(value: str, known: tuple[str, ...], default: str) -> str:
    return value if value in known else default
