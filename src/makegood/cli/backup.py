"""Backup and restore: one folder with the database, the files, the signing key and a manifest of checksums.

SQLite is copied by its backup API; PostgreSQL table by table with COPY inside one read-only snapshot, which needs no
tools of the right version. The database comes first and the files after it: every file a row speaks of is then in the
backup. Nothing counts until the manifest is written, last; a restore checks every byte against it before it touches
anything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from makegood import __version__
from makegood.cli import copying
from makegood.engine import switches
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report

MANIFEST = "manifest.json"


class Stopped(Exception):
    """The command cannot go on; the text says why and what to do."""


def back_up(given: argparse.Namespace) -> int:
    """`makegood backup DESTINATION`: DESTINATION must not exist yet."""
    return _saying(lambda: _back_up(Path(given.destination), timezone.now()))


def restore(given: argparse.Namespace) -> int:
    """`makegood restore SOURCE`: into an installation without agents and reports."""
    return _saying(lambda: _restore(Path(given.source), timezone.now()))


def release_mail(_given: argparse.Namespace) -> int:
    """`makegood release-mail`: let mail go out again."""
    was_held = switches.let_run(switches.MAIL)
    print("Mail goes out again." if was_held else "Mail was not held.")
    return 0


def _saying(work: Callable[[], str]) -> int:
    try:
        print(work())
    except (Stopped, copying.Incompatible) as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except OSError as trouble:  # no room, no such place, no right to write there
        print(f"Stopped: {trouble}", file=sys.stderr)
        return 1
    return 0


def _back_up(destination: Path, now: datetime) -> str:
    if destination.exists():
        raise Stopped(f"{destination} exists already; name a new folder.")
    partial = destination.with_name(destination.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    copying.dump(partial)
    _copy_files(Path(settings.DATA_DIR) / "files", partial / "files")
    key = Path(settings.DATA_DIR) / "secret-key"
    if key.exists():
        shutil.copy2(key, partial / "secret-key")
    checksums = {str(path.relative_to(partial)): _sha256(path) for path in _files_in(partial)}
    manifest = {
        "makegood": __version__,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": copying.applied_migrations(),
        "sha256": checksums,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1))
    os.sync()
    partial.rename(destination)
    return f"{len(checksums)} files written to {destination}. Keep it as safe as the original: it holds everything."


def _restore(source: Path, now: datetime) -> str:
    manifest = _checked_manifest(source)
    if manifest["database"] != connection.vendor:
        raise Stopped(f"This backup is of {manifest['database']}, but DATABASE_URL leads to {connection.vendor}.")
    _refuse_if_used()
    copying.load(source, manifest["migrations"])
    call_command("migrate", interactive=False, verbosity=0)
    _copy_files(source / "files", Path(settings.DATA_DIR) / "files")
    key = source / "secret-key"
    if key.exists():
        shutil.copy2(key, Path(settings.DATA_DIR) / "secret-key")
    switches.stop(switches.MAIL, reason=f"Restored from a backup of {manifest['made_at']}", now=now)
    return (
        f"Restored {Report.objects.count()} reports from {source}, made {manifest['made_at']}.\n"
        "Outgoing mail is held, so that nobody is told things twice. Look at it, then run: makegood release-mail"
    )


def _checked_manifest(source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((source / MANIFEST).read_text())
    except (OSError, ValueError):
        raise Stopped(f"{source} is not a complete backup: it has no {MANIFEST}.") from None
    for name, expected in manifest["sha256"].items():
        path = source / name
        if not path.is_file() or _sha256(path) != expected:
            raise Stopped(f"{path} is missing or damaged; nothing was restored.")
    return manifest


def _refuse_if_used() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    if Agent.objects.exists() or Report.objects.exists():
        raise Stopped("There are people or reports here already. Restore into an empty data directory or database.")


def _copy_files(source: Path, target: Path) -> None:
    for path in _files_in(source):
        if path.name.startswith("."):
            continue
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
