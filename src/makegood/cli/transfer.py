"""`makegood export` and `makegood import`: everything out, other systems in."""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM
from makegood.life.reports import ledger
from makegood.life.transfer import exporting, imports, looking, words
from makegood.life.transfer.foreign import Terms
from makegood.life.transfer.formats.records import Mapping

_BESIDES = 20


def export(given: argparse.Namespace) -> int:
    """`makegood export DIR`: every table as a file, in a new folder."""
    return _saying(lambda: _export(given))


def import_(given: argparse.Namespace) -> int:
    """`makegood import FILE --from FORMAT`: look at it with --dry-run, else take it over. Safe to repeat."""
    return _saying(lambda: _look(given) if given.dry_run else _import(given))


def _saying(work: Callable[[], int]) -> int:
    try:
        return work()
    except (Refusal, words.Unclear, OSError, tomllib.TOMLDecodeError) as stopped:
        print(stopped, file=sys.stderr)
        return 1


def _export(given: argparse.Namespace) -> int:
    now = timezone.now()
    since = words.moment(given.since) if given.since else None
    counts = exporting.write(
        exporting.Folder(Path(given.folder)),
        file_format=given.format,
        at=now,
        since=since,
        with_files=given.files,
        progress=_progress("rows written"),
    )
    with transaction.atomic():
        data = {"name": given.format, "files": given.files, "since": exporting.plain(since)}
        ledger.record(None, "export.made", by=SYSTEM, at=now, data=data)
    print(f"{sum(counts.values())} rows and files written to {given.folder}. They are as private as the desk itself.")
    return 0


def _look(given: argparse.Namespace) -> int:
    looked = looking.look(given.source_format, Path(given.file), _mapping(given), _terms(given), at=timezone.now())
    if given.json:
        print(json.dumps(looked.plain(), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(_told(looked.plain())))
    print("\nNothing was written. Without --dry-run it is taken over.")
    return 0


def _told(found: dict[str, Any]) -> list[str]:
    promises = ", ".join(f"{number} {kind}" for kind, number in found["promises"].items()) or "none"
    lines = [
        f"{found['rows']} rows: {found['new']} new reports, {found['known']} here already, {found['bad']} not usable.",
        f"Of the new ones {found['open']} are open and {found['closed']} closed, "
        f"with {found['messages']} messages and {found['new_contacts']} new addresses.",
        f"Received between {found['earliest']} and {found['latest']}.",
        f"Promises made for open ones, from now on: {promises}; the first is due {found['first_due'] or 'never'}.",
        f"Files: {found['files']}, of which {found['files_missing']} are not at hand and stay behind.",
    ]
    lines += [f"Column “{heading}” → {field or 'not understood, left out'}" for heading, field in found["columns"]]
    for name, values in found["unknown"].items():
        lines += [f"Unknown {name} “{value}” ({number}×)" for value, number in list(values.items())[:_BESIDES]]
    lines += [f"{what} ({number}×)" for what, number in list(found["missed"].items())[:_BESIDES]]
    return lines + [f"{one['where']}: {one['what']}" for one in found["problems"][:_BESIDES]]


def _import(given: argparse.Namespace) -> int:
    path, terms, tell = Path(given.file), _terms(given), _progress("rows taken over", quiet=given.json)
    counts = {"rows": 0, "made": 0, "known": 0, "bad": 0}
    started = time.monotonic()
    name = {"name": path.name, "source": terms.source, "format": given.source_format}
    _record("import.started", name, at=timezone.now())
    for some in imports.slices(looking.READERS[given.source_format](path, _mapping(given))):
        for where, outcome in imports.take_slice(some, terms, by=SYSTEM, at=timezone.now()):
            counts["rows"] += 1
            counts["made"] += outcome.report is not None and not outcome.is_known
            counts["known"] += outcome.is_known
            counts["bad"] += bool(outcome.problem)
            _say(where, outcome, as_json=given.json)
        tell(counts["rows"])
    _record("import.done", {**name, **counts}, at=timezone.now())
    seconds = max(time.monotonic() - started, 0.001)
    told = f"{counts['made']} reports taken over, {counts['known']} were here, {counts['bad']} not usable"
    print(f"{told}; {counts['rows'] / seconds:.0f} rows a second.", file=sys.stderr if given.json else sys.stdout)
    return 0


def _say(where: str, outcome: imports.Outcome, *, as_json: bool) -> None:
    if as_json:
        number = outcome.report.number if outcome.report else None
        told = {"where": where, "id": outcome.foreign_id, "report": number, "known": outcome.is_known}
        print(json.dumps({**told, "problem": outcome.problem, "missed": outcome.missed}, ensure_ascii=False))
    else:
        for what in filter(None, (outcome.problem, *outcome.missed)):
            print(f"{where}: {what}", file=sys.stderr)


def _record(kind: str, data: dict[str, Any], *, at: datetime) -> None:
    with transaction.atomic():
        ledger.record(None, kind, by=SYSTEM, at=at, data=data)


def _mapping(given: argparse.Namespace) -> Mapping:
    if not given.mapping:
        return Mapping()
    with Path(given.mapping).open("rb") as stream:
        return Mapping.from_plain(tomllib.load(stream))


def _terms(given: argparse.Namespace) -> Terms:
    path = Path(given.file)
    files = Path(given.files) if given.files else path if path.is_dir() else None
    news_by = words.moment(given.news_by) if given.news_by else None
    if news_by is not None and news_by <= timezone.now():
        raise Refusal("The time of --news-by has already passed.")
    return Terms(source=(given.source or given.source_format)[:60], files=files, news_by=news_by)


def _progress(what: str, *, quiet: bool = False) -> Callable[[int], None]:
    """A line on the terminal that counts; silent where nobody looks."""

    def tell(rows: int) -> None:
        if not quiet and sys.stderr.isatty():
            print(f"\r{rows} {what}", end="", file=sys.stderr, flush=True)

    return tell
