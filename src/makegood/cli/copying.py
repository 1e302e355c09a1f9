"""The database as files, and back: one function pair per kind of database."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

_SQLITE_FILE = "database.sqlite3"
_CHUNK = 1 << 16


class Incompatible(Exception):
    """The backup was made by another version."""


def applied_migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def dump(folder: Path) -> None:
    """Write the database into ``folder`` as of one moment."""
    if connection.vendor == "sqlite":
        _dump_sqlite(folder / _SQLITE_FILE)
    else:
        _dump_postgres(folder / "tables")


def load(folder: Path, migrations: list[list[str]]) -> None:
    """Replace the (empty) database by what ``folder`` holds. Raises Incompatible on another set of migrations."""
    if connection.vendor == "sqlite":
        _load_sqlite(folder / _SQLITE_FILE)
    elif migrations != applied_migrations():
        raise Incompatible("Restore with the version of Makegood that made the backup, then upgrade.")
    else:
        _load_postgres(folder / "tables")


def _dump_sqlite(target: Path) -> None:
    source = sqlite3.connect(connection.settings_dict["NAME"])
    copy = sqlite3.connect(target)
    with source, copy:
        source.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")
        word = copy.execute("PRAGMA quick_check").fetchone()[0]
    source.close()
    copy.close()
    if word != "ok":
        raise RuntimeError(f"The copy of the database is damaged: {word}")


def _load_sqlite(source: Path) -> None:
    """Through the backup API too: the pages go into the existing file, whoever has it open."""
    connection.close()
    copy = sqlite3.connect(source)
    target = sqlite3.connect(connection.settings_dict["NAME"])
    with copy, target:
        copy.backup(target)
    copy.close()
    target.close()


def _tables() -> dict[str, list[str]]:
    """Every table of ours and its plain columns; generated ones compute themselves."""
    found: dict[str, list[str]] = {}
    models: list[type[Model]] = list(apps.get_models(include_auto_created=True))
    for model in models:
        if model._meta.managed and not model._meta.proxy:
            found[model._meta.db_table] = [field.column for field in model._meta.local_concrete_fields if field.column]
    return found


def _dump_postgres(folder: Path) -> None:
    folder.mkdir()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table, columns in _tables().items():
            with (
                gzip.open(folder / f"{table}.gz", "wb", compresslevel=5) as out,
                connection.cursor() as cursor,
                cursor.copy(f"COPY {_named(table, columns)} TO STDOUT") as rows,
            ):
                for chunk in rows:
                    out.write(bytes(chunk))


def _load_postgres(folder: Path) -> None:
    """Foreign keys of ours are checked at commit, so the order of tables does not matter."""
    tables = _tables()
    with transaction.atomic():
        with connection.cursor() as cursor:
            names = ", ".join(_quoted(table) for table in tables)
            cursor.execute(f"TRUNCATE {names} CASCADE")
        for table, columns in tables.items():
            with (
                gzip.open(folder / f"{table}.gz", "rb") as source,
                connection.cursor() as cursor,
                cursor.copy(f"COPY {_named(table, columns)} FROM STDIN") as rows,
            ):
                while chunk := source.read(_CHUNK):
                    rows.write(chunk)
        _reset_sequences()


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def _named(table: str, columns: list[str]) -> str:
    return f"{_quoted(table)} ({', '.join(map(_quoted, columns))})"


def _quoted(name: str) -> Any:
    return connection.ops.quote_name(name)
