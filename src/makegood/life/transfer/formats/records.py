"""Records from JSON in the shapes exports come in: a list, an object of lists, one object a line, a folder of these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.times import zone
from makegood.life.transfer import words
from makegood.life.transfer.foreign import NotUnderstood

Record = dict[str, Any]
LONGEST_LINE = 50_000_000
_FIRST = 1_000_000


class Unreadable(Refusal):
    """The file is not of the format it is said to be; the text says what was expected."""


@dataclass(frozen=True)
class Mapping:
    """What whoever imports decided: columns of a table, their words to ours by field, how dates are written."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    zone: str = ""
    order: str = ""

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Mapping:
        """From TOML or JSON: tables ``columns``, ``values.state`` …, and ``dates`` with zone and order."""
        dates = plain.get("dates") or {}
        values = {str(k): {str(a): str(b) for a, b in v.items()} for k, v in (plain.get("values") or {}).items()}
        columns = {str(a): str(b) for a, b in (plain.get("columns") or {}).items()}
        return cls(columns, values, str(dates.get("zone", "")), str(dates.get("order", "")))

    def plain(self) -> dict[str, Any]:
        return {"columns": self.columns, "values": self.values, "dates": {"zone": self.zone, "order": self.order}}

    @property
    def tz(self) -> ZoneInfo:
        return zone(self.zone)

    def named(self, field_name: str, value: str) -> str:
        """What ``values`` makes of a name (category, team, assignee, component); else the name."""
        folded = " ".join(value.lower().split())
        chosen = self.values.get(field_name, {})
        return next((our for their, our in chosen.items() if " ".join(their.lower().split()) == folded), value)


class Row:
    """Translates one record, gathering what was not understood in ``missed``."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.missed: list[str] = []

    def word(self, field_name: str, value: Any, default: str = "") -> str:
        """A state, severity or kind in our word; the default, and a remark, for a strange one."""
        found = words.ours(field_name, value, self.mapping.values.get(field_name))
        if found is None:
            found = default or words.DEFAULTS[field_name]
            given = {"field": field_name, "theirs": str(value)[:40], "ours": found}
            self.missed.append(_("%(field)s “%(theirs)s” is unknown; taken as %(ours)s") % given)
        return found

    def moment(self, name: str, value: Any) -> Any:
        """A moment, or None with a remark."""
        try:
            return words.moment(value, zone=self.mapping.tz, order=self.mapping.order)
        except words.Unclear:
            given = {"field": name, "theirs": str(value)[:40]}
            self.missed.append(_("%(field)s: “%(theirs)s” is no clear moment") % given)
            return None


class Source:
    """A file or a folder of an export. ``main`` is what a bare list, or a file of one object a line, consists of."""

    def __init__(self, path: Path, main: str) -> None:
        self.path, self.main = path, main
        self._whole: dict[str, Any] | None = None
        if path.is_file():
            first = _beginning(path)
            if not first.startswith(("[", "{")):
                raise Unreadable(_("This is not JSON: it begins with neither [ nor {."))
            if not _is_lines(first):
                self._whole = _loaded(path, main)

    def each(self, *names: str) -> Iterator[Record | NotUnderstood]:
        """The records called by one of ``names`` (tickets, Ticket …)."""
        if self._whole is not None:
            yield from (one for name in names for one in listed(self._whole.get(name)))
        elif self.path.is_file():
            yield from _lines(self.path) if self.main in names else ()
        else:
            for name in names:
                for ending in ("json", "jsonl", "ndjson"):
                    file = self.path / f"{name}.{ending}"
                    if file.is_file():
                        yield from Source(file, name).each(name)

    def by_id(self, *names: str) -> dict[Any, Record]:
        return {one["id"]: one for one in self.each(*names) if isinstance(one, dict) and "id" in one}


def listed(found: Any) -> list[Record]:
    """A list of records, or an object of records by id, as a list."""
    if isinstance(found, dict):
        found = list(found.values())
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _beginning(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        return stream.read(_FIRST).lstrip()


def _is_lines(first: str) -> bool:
    """One object a line: the first line is an object by itself, and a record, not a wrapper around lists of them."""
    try:
        one = json.loads(first.split("\n", 1)[0])
    except (ValueError, RecursionError):
        return first.startswith("{") and len(first) >= _FIRST and "\n" not in first
    return isinstance(one, dict) and "id" in one


def _loaded(path: Path, main: str) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            found = json.load(stream)
    except (ValueError, RecursionError) as broken:
        raise Unreadable(_("This is not whole JSON: %(why)s.") % {"why": broken}) from broken
    if isinstance(found, list):
        return {main: found}
    assets = found.get("assets")
    return {**found, **assets} if isinstance(assets, dict) else found


def _lines(path: Path) -> Iterator[Record | NotUnderstood]:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        number = 0
        while one := stream.readline(LONGEST_LINE):
            number += 1
            if one.strip():
                yield _record(one, _("line %s") % number)


def _record(one: str, where: str) -> Record | NotUnderstood:
    try:
        found = json.loads(one)
    except (ValueError, RecursionError):
        return NotUnderstood(where, _("not JSON"))
    return found if isinstance(found, dict) else NotUnderstood(where, _("not an object"))
