"""FTS5 with external content, an index for each kind of thing. A 'delete' must name the old values exactly, or the
index breaks: only this file writes it.

Reading ``ORDER BY rowid DESC LIMIT n`` is lazy: a common word costs no more than a rare one. With all kinds in one
index it would cost as much as there are reports to learn that a common word is in nobody's name; hence one for each.
A word that may go on is not: FTS5 first merges whatever begins like it. So the words there are that begin like it are
looked up, and any of these is asked for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from makegood.engine.models import SearchDocument
from makegood.engine.search.adapters.spelling import spelt_out
from makegood.engine.search.words import Phrase, Reader, Wanted, fold

Row = tuple[int, str, int]

_KIND = re.compile(r"[a-z]{1,20}")
# Of each kind its own documents, as the content an index is made from.
_VIEW = """
CREATE VIEW IF NOT EXISTS engine_searched_{0} AS
SELECT id, title, body FROM engine_searchdocument WHERE kind = '{0}'"""
_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS engine_search_{0} USING fts5(
    title, body, content='engine_searched_{0}', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3')"""
# Beginnings this long have an index of their own, which is read lazily.
_INDEXED = 3
_VOCABULARY = """
CREATE VIRTUAL TABLE IF NOT EXISTS engine_words_{0} USING fts5vocab('engine_search_{0}', 'instance')"""
# From each word straight to the next one: where it occurs is not read. A control character sorts before any letter.
_BEGIN = """
WITH RECURSIVE found(term) AS (
    SELECT (SELECT term FROM {0} WHERE term >= %s AND term < %s LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM {0} WHERE term >= found.term || char(1) AND term < %s LIMIT 1)
    FROM found WHERE found.term IS NOT NULL LIMIT %s)
SELECT term FROM found WHERE term IS NOT NULL"""
_MOST_WORDS = 100
# So many documents are looked through for a beginning with more words than that, some at a time. Between title and body
# stands a letter, so that no phrase reaches across.
_LOOKED_THROUGH, _STEP = 2_000, 200
_BETWEEN = "\n\ua66e\n"
_THERE = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name GLOB 'engine_search_*' AND sql LIKE 'CREATE VIRTUAL TABLE%%'"""
# So many pages of an index are merged at once; fewer changes than two mean that there was nothing to merge.
_PAGES, _CHANGED = 2_000, 2
_FORMER = "DROP TABLE IF EXISTS engine_search"


def install(_schema_connection: Any) -> None:
    """Nothing: whoever has kinds of things to find prepares an index for each."""


def reinstall(schema_connection: Any) -> None:
    """An index for each kind there is, for an installation that had one for all of them."""
    with schema_connection.cursor() as cursor:
        cursor.execute(_FORMER)
        cursor.execute("SELECT DISTINCT kind FROM engine_searchdocument")
        kinds = [kind for (kind,) in cursor.fetchall()]
    prepare(schema_connection, kinds)


def uninstall(schema_connection: Any) -> None:
    with schema_connection.cursor() as cursor:
        cursor.execute(_FORMER)
        for kind in _kinds(cursor):
            for table in (_vocabulary(kind), _table(kind)):
                cursor.execute(f"DROP TABLE IF EXISTS {table}")


def prepare(schema_connection: Any, kinds: Iterable[str]) -> None:
    """An index for each of ``kinds``, with what there is of it. Belongs into a migration: a table that is made within a
    savepoint and rolled back with it leaves SQLite confused."""
    with schema_connection.cursor() as cursor:
        for kind in kinds:
            _make(cursor, kind)
            cursor.execute(f"INSERT INTO {_table(kind)}({_table(kind)}) VALUES ('rebuild')")  # noqa: S608


def prepare_words(schema_connection: Any) -> None:
    """The list of words beside each index there is, for an installation from before there were any."""
    with schema_connection.cursor() as cursor:
        for kind in _kinds(cursor):
            cursor.execute(_VOCABULARY.format(_named(kind)))


def added(*documents: SearchDocument) -> None:
    """Called with new values, behind the row; documents of one kind."""
    if documents:
        sql = f"INSERT INTO {_table(documents[0].kind)}(rowid, title, body) VALUES (%s, %s, %s)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(one.pk, one.title, one.body) for one in documents])


def leaving(document: SearchDocument, _title: str = "", _body: str = "") -> None:
    """Called with the old values, before the row changes or goes."""
    table = _table(document.kind)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table}({table}, rowid, title, body) VALUES ('delete', %s, %s, %s)",  # noqa: S608
            [document.pk, document.title, document.body],
        )


def suspend() -> list[str]:
    """The kinds there are. FTS5 with external content notices nothing by itself."""
    with connection.cursor() as cursor:
        return _kinds(cursor)


def rebuild(kinds: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for kind in kinds:
            for what in ("rebuild", "optimize"):
                cursor.execute(f"INSERT INTO {_table(kind)}({_table(kind)}) VALUES ('{what}')")  # noqa: S608


def shed() -> bool:
    """FTS5 keeps what was deleted, marked as such, until the parts it lies in are merged: some pages of each a time."""
    with connection.cursor() as cursor:
        for kind in _kinds(cursor):
            table = _table(kind)
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('merge', {-_PAGES})")  # noqa: S608
            cursor.execute("SELECT total_changes()")
            if cursor.fetchone()[0] - before >= _CHANGED:
                return True
    return False


def page(wanted: Wanted, *, kinds: tuple[str, ...], before: int, limit: int) -> list[Row]:
    """(document id, kind, ref) of documents that hold what is wanted, newest first, below id ``before``."""
    found: list[Row] = []
    with connection.cursor() as cursor:
        there = _kinds(cursor)
        for kind in kinds or there:
            if kind in there:
                found += _page(cursor, _spelt_out(cursor, kind, wanted), kind, before, limit)
    return sorted(found, reverse=True)[:limit]


def _page(cursor: Any, wanted: Wanted, kind: str, before: int, limit: int) -> list[Row]:
    """The same of one kind. Where too many words begin like one that goes on, documents with a shorter beginning are
    looked through first, newest first: what begins so often is mostly found soon."""
    found: list[Row] = []
    wider = _wider(wanted)
    if wider != wanted:
        reader, looked = Reader(wanted), 0
        while looked < _LOOKED_THROUGH:
            cursor.execute(*_select(wider, kind, before, _STEP))
            rows = cursor.fetchall()
            texts = SearchDocument.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "title", "body")
            fitting = {pk for pk, title, body in texts if reader.fits(f"{title}{_BETWEEN}{body}")}
            found += [row for row in rows if row[0] in fitting]
            if len(found) >= limit or len(rows) < _STEP:
                return found[:limit]
            looked, before = looked + _STEP, rows[-1][0]
    cursor.execute(*_select(wanted, kind, before, limit - len(found)))
    return found + cursor.fetchall()


def _wider(wanted: Wanted) -> Wanted:
    """The same with beginnings that have an index of their own; what must not occur is left out."""

    def cut(one: Phrase) -> Phrase:
        last = one.words[-1]
        return Phrase((*one.words[:-1], last[:_INDEXED]), True) if one.goes_on and len(last) > _INDEXED else one

    groups = tuple(tuple(map(cut, group)) for group in wanted.groups)
    return Wanted(groups, wanted.without if groups == wanted.groups else ())


def ranked(wanted: Wanted, *, kind: str, limit: int) -> list[Row]:
    """The same of one kind, best first by BM25; a word of the title counts for several of the body."""
    table = _table(kind)
    sql = f"""
        SELECT d.id, d.kind, d.ref FROM (
            SELECT rowid AS place, bm25({table}, 6.0, 1.0) AS worth FROM {table}
            WHERE {table} MATCH %s ORDER BY worth LIMIT %s) s
        JOIN engine_searchdocument d ON d.id = s.place ORDER BY s.worth"""  # noqa: S608
    with connection.cursor() as cursor:
        if kind not in _kinds(cursor):
            return []
        cursor.execute(sql, [_query(_spelt_out(cursor, kind, wanted)), limit])
        return cursor.fetchall()


def held_by(asked: Sequence[Phrase], *, kind: str, most: int) -> list[int]:
    """How many documents of one kind hold each of these, counted to ``most``."""
    table = _table(kind)
    one = f"(SELECT count(*) FROM (SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT %s))"  # noqa: S608
    with connection.cursor() as cursor:
        if kind not in _kinds(cursor):
            return [0] * len(asked)
        values = [value for some in asked for value in (_one(some), most)]
        cursor.execute("SELECT " + ", ".join([one] * len(asked)), values)
        return list(cursor.fetchone())


def holds(kind: str, key: str, wanted: Wanted) -> tuple[str, list[str]]:
    """The condition that the document of ``kind`` which ``key`` names holds what is wanted, and its value."""
    table = _table(kind)
    with connection.cursor() as cursor:
        if kind not in _kinds(cursor):
            return "0", []
        query = _query(_spelt_out(cursor, kind, wanted))
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table} MATCH %s AND {table}.rowid = {key})", [query]  # noqa: S608


def _select(wanted: Wanted, kind: str, before: int, limit: int) -> tuple[str, list[Any]]:
    table = _table(kind)
    if wanted.groups:
        # Not a join: of the index SQLite would use the kind and "id <", which follows from "rowid <".
        sql = f"""
            SELECT s.rowid, %s, (
                SELECT d.ref FROM engine_searchdocument d INDEXED BY document_place
                WHERE d.kind = %s AND d.id = s.rowid)
            FROM {table} s WHERE {table} MATCH %s AND s.rowid < %s ORDER BY s.rowid DESC LIMIT %s"""  # noqa: S608
        return sql, [kind, kind, _query(wanted), before, limit]
    sql = f"""
        SELECT d.id, d.kind, d.ref FROM engine_searchdocument d WHERE d.kind = %s AND d.id < %s
        AND NOT EXISTS (SELECT 1 FROM {table} s WHERE {table} MATCH %s AND s.rowid = d.id)
        ORDER BY d.id DESC LIMIT %s"""  # noqa: S608
    return sql, [kind, before, _any(wanted.without), limit]


def _kinds(cursor: Any) -> list[str]:
    """The kinds there is an index for."""
    cursor.execute(_THERE)
    return sorted(name.removeprefix("engine_search_") for (name,) in cursor.fetchall())


def _make(cursor: Any, kind: str) -> None:
    for sql in (_VIEW, _CREATE, _VOCABULARY):
        cursor.execute(sql.format(_named(kind)))


def _table(kind: str) -> str:
    return f"engine_search_{_named(kind)}"


def _vocabulary(kind: str) -> str:
    return f"engine_words_{_named(kind)}"


def _named(kind: str) -> str:
    """``kind``, fit to be part of a name: kinds are words of our own code, and this makes sure."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not the name of a kind.")
    return kind


def _spelt_out(cursor: Any, kind: str, wanted: Wanted) -> Wanted:
    """The same, with the words there are instead of one that goes on, unless these are too many."""

    def longer(text: str) -> list[str]:
        if len(text) <= _INDEXED:
            return []
        begin = fold(text)
        end = begin + chr(sys.maxunicode)
        cursor.execute(_BEGIN.format(_vocabulary(kind)), [begin, end, end, _MOST_WORDS + 1])
        return [term for (term,) in cursor.fetchall()]

    return spelt_out(wanted, longer, most=_MOST_WORDS)


def _query(wanted: Wanted) -> str:
    """Every word as a quoted string, so that AND, NEAR, * or a quote mark typed by a person mean nothing."""
    words = " AND ".join(_any(group) for group in wanted.groups)
    return f"({words}) NOT {_any(wanted.without)}" if wanted.without else words


def _any(phrases: tuple[Phrase, ...]) -> str:
    return f"({' OR '.join(_one(phrase) for phrase in phrases)})"


def _one(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + "*" * phrase.goes_on
