"""Empty tables, migrated once and copied from then on: for the test database and for installations of their own.

Migrating takes a quarter of a minute, copying nothing. Whoever of a run's workers comes first makes them. Those of
SQLite stay for later runs, until something changes that decides what they are.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg

SOURCES = Path(__file__).parent.parent / "src" / "makegood"
DAY = 24 * 3600


@cache
def tables() -> str:
    """The file of an SQLite database, or the name of a PostgreSQL one, to copy."""
    run = Path(os.environ["MAKEGOOD_TEST_RUN_DIR"])
    folder = run / "tables"
    made = _name(run) if "DATABASE_URL" in os.environ else str(folder / "makegood.sqlite3")
    with (run / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            (run / "making").mkdir(exist_ok=True)
            if "DATABASE_URL" in os.environ:
                on_server(f'DROP DATABASE IF EXISTS "{made}"', f'CREATE DATABASE "{made}"')
                _migrate(run / "making", DATABASE_URL=address(made))
            elif (kept := _place_of_kept()).exists():
                kept.touch()
                shutil.copy(kept, run / "making" / "makegood.sqlite3")
            else:
                _migrate(run / "making")
                _keep(run / "making" / "makegood.sqlite3", kept)
            (run / "making").rename(folder)
    return made


def _migrate(folder: Path, **more: str) -> None:
    words = [sys.executable, "-m", "makegood", "manage", "migrate", "-v0"]
    subprocess.run(words, env=os.environ | {"MAKEGOOD_DATA_DIR": str(folder)} | more, check=True)


def _place_of_kept() -> Path:
    """Where tables lie that are as migrating would make them now: named after all the code that decides about them."""
    decides = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).parts
        if parts[0] in ("engine", "lib") or "migrations" in parts or parts[-1] == "models.py":
            decides.update(f"{parts} ".encode() + path.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "makegood-tests" / f"{decides.hexdigest()[:32]}.sqlite3"


def _keep(made: Path, kept: Path) -> None:
    """Put them aside, whole or not at all, and let go of those that nobody has used for a week."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.sqlite3"):
        if old.stat().st_mtime < time.time() - 7 * DAY:
            old.unlink(missing_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(half)) as into:
        source.backup(into)
        into.execute("PRAGMA journal_mode=DELETE")
    half.rename(kept)


def forget(run: str) -> None:
    """Drop what the run in this folder made on a server; what it made in the folder goes with the folder."""
    if "DATABASE_URL" in os.environ and Path(run, "tables.lock").exists():
        on_server(f'DROP DATABASE IF EXISTS "{_name(Path(run))}" WITH (FORCE)')


def pour(name: str) -> None:
    """Copy them into the SQLite database in this file."""
    with closing(sqlite3.connect(tables())) as source, closing(sqlite3.connect(name)) as into:
        source.backup(into)


def address(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def on_server(*statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for sql in statements:
            connection.execute(sql)


def _name(run: Path) -> str:
    return f"mg_{run.name.rpartition('-')[2].lower()}_tables"
