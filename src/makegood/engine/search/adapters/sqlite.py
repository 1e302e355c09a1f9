"""FTS5 with external content. A 'delete' must name the old values exactly, or the index breaks: only this file writes
it.

Reading ``ORDER BY rowid DESC LIMIT n`` is lazy: a common word costs no more than a rare one. The kind of a document is
a word in a column of its own, so that things of a rare kind are found among many others without looking at these.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from makegood.engine.models import SearchDocument
from makegood.engine.search.words import Phrase, Wanted

_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS engine_search USING fts5(
    title, body, kind, content='engine_searchdocument', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3')
"""
_DELETE = "INSERT INTO engine_search(engine_search, rowid, title, body, kind) VALUES ('delete', %s, %s, %s, %s)"


def install(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute(_CREATE)


def reinstall(schema_connection: Any) -> None:
    """Make the index anew, for an installation whose index knows no kinds yet."""
    with schema_connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS engine_search")
        cursor.execute(_CREATE)
        cursor.execute("INSERT INTO engine_search(engine_search) VALUES ('rebuild')")


def uninstall(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS engine_search")


def added(document: SearchDocument) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engine_search(rowid, title, body, kind) VALUES (%s, %s, %s, %s)",
            [document.pk, document.title, document.body, document.kind],
        )


def leaving(document: SearchDocument) -> None:
    """Called with the old values, before the row changes or goes."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [document.pk, document.title, document.body, document.kind])


def suspend() -> None:
    """FTS5 with external content notices nothing by itself."""


def rebuild() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO engine_search(engine_search) VALUES ('rebuild')")
        cursor.execute("INSERT INTO engine_search(engine_search) VALUES ('optimize')")


def page(wanted: Wanted, *, kinds: tuple[str, ...], before: int, limit: int) -> list[tuple[int, str, int]]:
    """(document id, kind, ref) of documents that hold what is wanted, newest first, below id ``before``."""
    sql = """
        SELECT d.id, d.kind, d.ref FROM engine_search s CROSS JOIN engine_searchdocument d
        WHERE engine_search MATCH %s AND s.rowid < %s AND d.id = s.rowid
        ORDER BY s.rowid DESC LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_query(wanted, kinds), before, limit])
        return cursor.fetchall()


def holds(key: str, wanted: Wanted) -> tuple[str, list[str]]:
    """The condition that the document ``key`` names holds what is wanted, and its value."""
    found = "EXISTS (SELECT 1 FROM engine_search WHERE engine_search MATCH %s AND engine_search.rowid = "
    return f"{found}{key})", [_query(wanted, ())]


def _query(wanted: Wanted, kinds: tuple[str, ...]) -> str:
    """Every word as a quoted string, so that AND, NEAR, * or a quote mark typed by a person mean nothing."""
    words = " AND ".join(_any(group) for group in wanted.groups)
    kind = " OR ".join(f'"{one}"' for one in kinds)
    parts = [f"kind : ({kind})"] * bool(kind) + [f"{{title body}} : ({words})"] * bool(words)
    without = f" NOT {{title body}} : {_any(wanted.without)}" if wanted.without else ""
    return f"({' AND '.join(parts)}){without}"


def _any(phrases: tuple[Phrase, ...]) -> str:
    return f"({' OR '.join(_one(phrase) for phrase in phrases)})"


def _one(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + "*" * phrase.goes_on
