"""Writing an export: as of one moment, in a stream, as JSON lines or as tables whose cells no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

from django.db.models import Model

from makegood.engine import files
from makegood.engine.database import snapshot
from makegood.lib.errors import Refusal
from makegood.life.reports.models import Attachment
from makegood.life.transfer.tables import TABLES, Table

JSONL, CSV = "jsonl", "csv"
FORMATS = (JSONL, CSV)
MANIFEST = "export.json"
_SLICE = 1000
# What a spreadsheet takes for the beginning of a formula, also in the wide forms some of them read.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Progress = Callable[[int], None]


class Stopped(Exception):
    """The export was told to end before it was whole."""


class Sink(Protocol):
    """Where an export goes: a folder, or one archive."""

    def text(self, name: str) -> AbstractContextManager[TextIO]: ...

    def file(self, name: str, path: Path) -> None: ...


class Folder:
    """A new folder. Raises Refusal if it exists and is not empty."""

    def __init__(self, path: Path) -> None:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Refusal(f"{path} exists already; name a new or an empty folder.")
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path

    def text(self, name: str) -> AbstractContextManager[TextIO]:
        return (self.path / name).open("w", encoding="utf-8", newline="")

    def file(self, name: str, path: Path) -> None:
        target = self.path / name
        target.parent.mkdir(exist_ok=True)
        with path.open("rb") as source, target.open("wb") as copy:
            while chunk := source.read(1 << 20):
                copy.write(chunk)


class Archive:
    """One ZIP archive, written as it comes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def text(self, name: str) -> AbstractContextManager[TextIO]:
        return io.TextIOWrapper(self.archive.open(name, "w", force_zip64=True), encoding="utf-8", newline="")

    def file(self, name: str, path: Path) -> None:
        self.archive.write(path, name)


def write(
    sink: Sink,
    *,
    file_format: str,
    at: datetime,
    since: datetime | None = None,
    with_files: bool = False,
    progress: Progress = lambda _rows: None,
) -> dict[str, int]:
    """Write every table to ``sink``; how many rows of each. ``progress`` hears the sum and may raise Stopped."""
    counts: dict[str, int] = {}
    with snapshot():
        for table in TABLES:
            before = sum(counts.values())
            with sink.text(f"{table.name}.{file_format}") as out:
                counts[table.name] = _WRITERS[file_format](table, out, since, _after(progress, before))
        if with_files:
            counts["files"] = _copy_files(sink, since)
    told = {"makegood": 1, "at": plain(at), "since": plain(since), "format": file_format, "rows": counts}
    with sink.text(MANIFEST) as out:
        json.dump(told, out, indent=1)
    return counts


def _after(progress: Progress, before: int) -> Progress:
    return lambda rows: progress(before + rows)


def csv_lines(heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterable[str]:
    """A table as text, a few rows at a time."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(heading)
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(value) for value in row])
        if number % 100 == 0:
            yield _taken(held)
    yield _taken(held)


def cell(value: Any) -> str:
    """A value as a cell no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    value = plain(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def plain(value: Any) -> Any:
    """A value as JSON has it; moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.pk if isinstance(value, Model) else value


def _taken(held: io.StringIO) -> str:
    text = held.getvalue()
    held.seek(0)
    held.truncate()
    return text


def _write_jsonl(table: Table, out: TextIO, since: datetime | None, progress: Progress) -> int:
    names, count = list(table.fields), 0
    for row in table.rows(since).iterator(_SLICE):
        out.write(json.dumps({n: plain(v) for n, v in zip(names, row, strict=True)}, ensure_ascii=False) + "\n")
        count += 1
        if count % _SLICE == 0:
            progress(count)
    return count


def _write_csv(table: Table, out: TextIO, since: datetime | None, progress: Progress) -> int:
    count = 0

    def counted() -> Iterable[tuple[Any, ...]]:
        nonlocal count
        for row in table.rows(since).iterator(_SLICE):
            count += 1
            if count % _SLICE == 0:
                progress(count)
            yield row

    for text in csv_lines(table.fields, counted()):
        out.write(text)
    return count


_WRITERS = {JSONL: _write_jsonl, CSV: _write_csv}


def _copy_files(sink: Sink, since: datetime | None) -> int:
    """The bytes of attachments, each once, under the name the table gives; what is missing on disk is left out."""
    kept = Attachment.objects.filter(removed_at=None, report__isnull=False)
    kept = kept.filter(report__updated_at__gte=since) if since else kept
    count = 0
    for key in kept.order_by("storage_key").values_list("storage_key", flat=True).distinct().iterator(_SLICE):
        path = files.path_of(key)
        if path.is_file():
            sink.file(f"files/{key}", path)
            count += 1
    return count
