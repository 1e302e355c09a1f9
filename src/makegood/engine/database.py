"""What depends on which database it is, as named functions, so that nobody else has to ask."""

from __future__ import annotations

from django.db import connection


def is_embedded() -> bool:
    """Whether the database is a file of ours (SQLite, one writer, one worker) and not a server."""
    return connection.vendor == "sqlite"


def tend() -> None:
    """Statistics for the planner; and fold the write-ahead log back, so that it does not grow for ever.

    PostgreSQL's autovacuum does both by itself.
    """
    if not is_embedded():
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
