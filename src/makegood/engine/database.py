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

    PostgreSQL's autovacuum does both by itself.
    """
    if not is_embedded():
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def settled(table: str, ids: list[int]) -> set[int]:
    """Those of the rows ``ids`` before which no other row can still appear.

    PostgreSQL gives numbers when rows are written and shows them when they are committed, so a reader who follows the
    numbers must stop before a row whose elders may still be under way. SQLite has one writer at a time.
    """
    if is_embedded() or not ids:
        return set(ids)
    old = "age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{table}" WHERE id = ANY(%s) AND {old}', [ids])  # noqa: S608 - a table of ours
        return {row[0] for row in cursor.fetchall()}
