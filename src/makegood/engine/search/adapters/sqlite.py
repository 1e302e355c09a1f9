"""FTS5 with external content. A 'delete' must name the old values exactly, or the index breaks: only this file writes
it.

Reading ``ORDER BY rowid DESC LIMIT n`` is lazy: a common word costs no more than a rare one.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from makegood.engine.models import SearchDocument
from makegood.engine.search.words import with_prefix

_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS engine_search USING fts5(
    title, body, content='engine_searchdocument', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3')
"""
_DELETE = "INSERT INTO engine_search(engine_search, rowid, title, body) VALUES ('delete', %s, %s, %s)"


def install(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute(_CREATE)


def uninstall(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS engine_search")


def added(document: SearchDocument) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engine_search(rowid, title, body) VALUES (%s, %s, %s)",
            [document.pk, document.title, document.body],
        )


def leaving(document: SearchDocument) -> None:
    """Called with the old values, before the row changes or goes."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [document.pk, document.title, document.body])


def suspend() -> None:
    """FTS5 with external content notices nothing by itself."""


def rebuild() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO engine_search(engine_search) VALUES ('rebuild')")
        cursor.execute("INSERT INTO engine_search(engine_search) VALUES ('optimize')")


def page(text: str, *, kinds: tuple[str, ...], before: int, limit: int) -> list[tuple[int, str, int]]:
    """(document id, kind, ref) of documents with all the words, newest first, below id ``before``."""
    query = _query(text)
    if not query:
        return []
    some = f"AND d.kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
    sql = f"""
        SELECT d.id, d.kind, d.ref FROM engine_search s CROSS JOIN engine_searchdocument d
        WHERE engine_search MATCH %s AND s.rowid < %s AND d.id = s.rowid {some}
        ORDER BY s.rowid DESC LIMIT %s"""  # noqa: S608 - only placeholders are spliced in
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, before, *kinds, limit])
        return cursor.fetchall()


def _query(text: str) -> str:
    """Every word as a quoted string, so that AND, NEAR, * or a quote mark typed by a person mean nothing."""
    whole, last = with_prefix(text)
    return " ".join([f'"{word}"' for word in whole] + ([f'"{last}"*'] if last else []))
