"""Empty tables, migrated once a run and copied from then on: for the test database and for installations of their own.

Migrating takes half a minute of processor time, copying none. Whoever of a run's workers comes first makes them.
"""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg


@cache
def tables() -> str:
    """The file of an SQLite database, or the name of a PostgreSQL one, to copy."""
    run = Path(os.environ["MAKEGOOD_TEST_RUN_DIR"])
    folder = run / "tables"
    made = _name(run) if "DATABASE_URL" in os.environ else str(folder / "makegood.sqlite3")
    with (run / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            environment = os.environ | {"MAKEGOOD_DATA_DIR": str(run / "making")}
            (run / "making").mkdir(exist_ok=True)
            if "DATABASE_URL" in os.environ:
                on_server(f'DROP DATABASE IF EXISTS "{made}"', f'CREATE DATABASE "{made}"')
                environment["DATABASE_URL"] = address(made)
            words = [sys.executable, "-m", "makegood", "manage", "migrate", "-v0"]
            subprocess.run(words, env=environment, check=True)
            (run / "making").rename(folder)
    return made


def forget(run: str) -> None:
    """Drop what the run in this folder made on a server; what it made in the folder goes with the folder."""
    if "DATABASE_URL" in os.environ and Path(run, "tables").exists():
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
