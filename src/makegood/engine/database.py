"""What depends on which database it is, as named functions, so that nobody else has to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def is_embedded() -> bool:
    """Whether the database is a file of ours (SQLite, one writer, one worker) and not a server."""
    return connection.vendor == "sqlite"


@contextmanager
def snapshot() -> Iterator[None]:
    """Whatever is read inside is as of one moment, and nobody who writes is held up meanwhile. Write nothing inside.

    In a transaction already, that transaction is all there is.
    """
    if connection.in_atomic_block:
        yield
    elif is_embedded():
        # Not atomic(): its transactions take the write lock at once.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def tend() -> None:
    """Statistics for the planner; and fold the write-ahead log back, so that it does not grow for ever.

    PostgreSQL's autovacuum does both by itself. Within a transaction neither can be done.
    """
    if not is_embedded() or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        # By itself it begins as a reader and then wants to write: SQLite refuses that at once while anybody writes,
        # without waiting. A transaction of ours waits for its turn.
        with transaction.atomic():
            cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def leaving_no_trace() -> Iterator[None]:
    """What is deleted or written over inside is overwritten in the file, too. Begin it outside of a transaction.

    PostgreSQL writes a new row beside the old one, and its vacuum takes that away.
    """
    if not is_embedded():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA secure_delete = {int(before)}")


def horizon() -> str:
    """Asked before rows are read: what was written before this moment is there, or was given up. See ``settled``."""
    if is_embedded():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_WRITER)
        return str(cursor.fetchone()[0])


def settled(table: str, ids: list[int], since: str) -> set[int]:
    """Those of the rows ``ids``, read after ``since`` (a ``horizon``), before which no other row can still appear.

    PostgreSQL gives numbers when rows are written and shows them when they are committed, so a reader who follows the
    numbers must stop before a row whose elders may still be under way. SQLite has one writer at a time.
    """
    if is_embedded() or not ids:
        return set(ids)
    with connection.cursor() as cursor:
        sql = f'SELECT id FROM "{table}" WHERE id = ANY(%s) AND age(xmin) > age(%s::xid)'  # noqa: S608 - a table of ours
        cursor.execute(sql, [ids, since])
        return {row[0] for row in cursor.fetchall()}


_OLDEST_WRITER = """
    SELECT coalesce(
        (SELECT backend_xid::text FROM pg_stat_activity
         WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
         ORDER BY age(backend_xid) DESC LIMIT 1),
        pg_snapshot_xmax(pg_current_snapshot())::xid::text)"""
