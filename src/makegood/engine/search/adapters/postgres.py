"""A stored tsvector with a GIN index.

Newest first has two bad ends: walking the key backwards never ends for a rare word, gathering every hit takes seconds
for a common one, and the planner often guesses wrong. So: look through the newest thousand first. That
fills the page for common words, and tells of the others how common they are, which decides between walking on and
gathering every hit.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from makegood.engine.models import SearchDocument
from makegood.engine.search.words import with_prefix

_WINDOW = 1000
_NO_END = 1 << 61
# Fetching one hit through the index costs about four times what looking at one more row in order does.
_COST_OF_GATHERING = 4
_CREATE = (
    """ALTER TABLE engine_searchdocument ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple'::regconfig,
        regexp_replace(left(title || ' ' || body, 200000), '[^[:alnum:]]+', ' ', 'g'))) STORED""",
    "CREATE INDEX engine_search_words ON engine_searchdocument USING gin (words) WITH (fastupdate = off)",
)
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


def install(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        for sql in _CREATE:
            cursor.execute(sql)


def uninstall(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE engine_searchdocument DROP COLUMN IF EXISTS words")


def added(_document: SearchDocument) -> None:
    """The column computes itself."""


def leaving(_document: SearchDocument) -> None:
    """The column computes itself."""


def suspend() -> None:
    """One index made at the end costs a fraction of a million entries made singly."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS engine_search_words")


def rebuild() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        cursor.execute(_CREATE[1])


def page(text: str, *, kinds: tuple[str, ...], before: int, limit: int) -> list[tuple[int, str, int]]:
    """(document id, kind, ref) of documents with all the words, newest first, below id ``before``."""
    query = _query(text)
    if not query:
        return []
    rows = _near(query, kinds, before, limit, _WINDOW)
    if len(rows) >= limit:
        return rows
    newest = before if before < _NO_END else _newest()
    density = max(len(rows), 0.5) / _WINDOW
    if density * density * newest * _COST_OF_GATHERING > limit:
        # Common enough that walking on is cheaper than gathering every hit there is.
        window = int(limit / density * 1.3)
        rows = _near(query, kinds, before, limit, window)
        if len(rows) >= limit or window >= newest:
            return rows
    return _far(query, kinds, before, limit)


def _near(query: str, kinds: tuple[str, ...], before: int, limit: int, window: int) -> list[tuple[int, str, int]]:
    """Hits among the newest ``window`` documents."""
    some, given = _of_kinds(kinds)
    sql = f"""
        SELECT id, kind, ref FROM (
            SELECT id, kind, ref, words FROM engine_searchdocument WHERE id < %s ORDER BY id DESC LIMIT %s) w
        WHERE words @@ to_tsquery('simple', %s) {some} ORDER BY id DESC LIMIT %s"""  # noqa: S608 - constants only
    return _rows(sql, [before, window, query, *given, limit])


def _far(query: str, kinds: tuple[str, ...], before: int, limit: int) -> list[tuple[int, str, int]]:
    """Every hit gathered through the index, then the newest of them."""
    some, given = _of_kinds(kinds)
    sql = f"""
        WITH hits AS MATERIALIZED (
            SELECT id, kind, ref FROM engine_searchdocument
            WHERE words @@ to_tsquery('simple', %s) AND id < %s {some})
        SELECT id, kind, ref FROM hits ORDER BY id DESC LIMIT %s"""  # noqa: S608 - constants only
    return _rows(sql, [query, before, *given, limit])


def _of_kinds(kinds: tuple[str, ...]) -> tuple[str, list[list[str]]]:
    return ("AND kind = ANY(%s)", [list(kinds)]) if kinds else ("", [])


def _rows(sql: str, values: list[Any]) -> list[tuple[int, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _newest() -> int:
    return SearchDocument.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _query(text: str) -> str:
    """Every word quoted, so that operators typed by a person mean nothing."""
    whole, last = with_prefix(text)
    return " & ".join([f"'{word}'" for word in whole] + ([f"'{last}':*"] if last else []))
