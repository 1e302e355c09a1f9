"""Which documents hold a term: our own lists, one row per term and era, the same on both databases. All SQL is here.

An era is 65,536 documents in the order they came; a place in it fits two bytes. A row keeps how many documents of the
era hold the term and the newest ``KEPT`` of their places: reading and writing it costs the same however common the
term is and however old the desk. Rows of past eras are written to no more, except to take a document out.

Not FTS5 and tsvector: neither gives the lists out cheaply, and a ranking of our own needs nothing else of them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

KEPT = 1024
_BITS = 16
ERA = 1 << _BITS
_MASK = ERA - 1


def era_of(document: int) -> int:
    return document >> _BITS


@dataclass(frozen=True)
class Size:
    """How much is indexed: ``documents``, the words of their texts together, and the ``eras`` they lie in."""

    documents: int
    words: int
    eras: tuple[int, ...]

    @property
    def average(self) -> float:
        return self.words / self.documents if self.documents else 1.0


def size() -> Size:
    rows = _rows("SELECT era, documents, words FROM engine_similarera ORDER BY era DESC", [])
    return Size(sum(row[1] for row in rows), sum(row[2] for row in rows), tuple(row[0] for row in rows))


def write_alone() -> None:
    """Until the end of the transaction nobody else writes; common terms are in everybody's way in any case."""
    if connection.vendor == "postgresql":
        _rows("SELECT pg_advisory_xact_lock(7361401)", [])


def count(era: int, *, documents: int, words: int) -> None:
    """Add to what is known of an era."""
    sql = """
        INSERT INTO engine_similarera AS e (era, documents, words) VALUES (%s, %s, %s)
        ON CONFLICT (era) DO UPDATE SET
            documents = e.documents + excluded.documents, words = e.words + excluded.words"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [era, documents, words])


def add(holding: Iterable[tuple[int, Iterable[int]]]) -> None:
    """List documents under their terms: (document, terms)."""
    lists: dict[tuple[int, int], bytes] = defaultdict(bytes)
    for document, terms in holding:
        era, place = document >> _BITS, _packed(array("H", [document & _MASK]))
        for term in terms:
            lists[era, term] += place
    rows = [(era, term, len(some) // 2, some[-_LENGTH:]) for (era, term), some in sorted(lists.items())]
    if rows:
        _upsert(rows)


def _upsert(rows: list[tuple[int, int, int, bytes]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(_ADD_POSTGRES, columns)
        else:
            cursor.executemany(_ADD_SQLITE, rows)


def take_out(document: int, terms: Iterable[int]) -> None:
    """The document is listed under these terms no more, and nothing of it is left in their rows."""
    era, place = document >> _BITS, document & _MASK
    wanted = sorted(terms)
    gone, changed = [], []
    for term, number, packed in _of_era(era, wanted):
        if number <= 1:
            gone.append(term)
        else:
            changed.append(
                (number - 1, _packed(array("H", [one for one in places(packed) if one != place])), era, term)
            )
    with connection.cursor() as cursor:
        if changed:
            cursor.executemany(_SET, changed)
        if gone:
            sql = f"DELETE FROM engine_similarposting WHERE era = %s AND term IN ({_marks(gone)})"  # noqa: S608
            cursor.execute(sql, [era, *gone])


def mend(holding: Iterable[tuple[int, Iterable[int]]]) -> None:
    """List documents where they are missing, in their order: (document, terms). Where all is well nothing is written.

    A list that was full has let go of its oldest: what is older than all that is left of it counts as one of these.
    """
    wanted: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for document, terms in holding:
        for term in terms:
            wanted[document >> _BITS][term].add(document & _MASK)
    for era, by_term in wanted.items():
        terms_of_era = sorted(by_term)
        for start in range(0, len(terms_of_era), _AT_ONCE):
            _mend(era, {term: by_term[term] for term in terms_of_era[start : start + _AT_ONCE]})


def _mend(era: int, wanted: dict[int, set[int]]) -> None:
    there = {term: (number, places(packed)) for term, number, packed in _of_era(era, list(wanted))}
    new, changed = [], []
    for term, some in wanted.items():
        number, listed = there.get(term, (0, array("H")))
        has_lost = len(listed) > 0 and number > len(listed)
        missing = {place for place in some - {*listed} if not has_lost or place > min(listed)}
        right = (number if has_lost else len(listed)) + len(missing)
        if not missing and number == right:
            continue
        kept = _packed(array("H", sorted({*listed} | missing))[-KEPT:])
        if term in there:
            changed.append((right, kept, era, term))
        else:
            new.append((era, term, right, kept))
    if changed:
        with connection.cursor() as cursor:
            cursor.executemany(_SET, changed)
    if new:
        _upsert(new)


def eras_of_documents() -> list[int]:
    """The eras there are documents in."""
    ((first, last),) = _rows("SELECT min(id), max(id) FROM engine_similardocument", [])
    return [] if first is None else list(range(first >> _BITS, (last >> _BITS) + 1))


def heads(era: int) -> list[bytes]:
    """The first eight numbers of what is packed of each document of an era."""
    first = era << _BITS
    sql = "SELECT substr(terms, 1, 32) FROM engine_similardocument WHERE id BETWEEN %s AND %s"
    return [bytes(head) for (head,) in _rows(sql, [first, first + _MASK])]


def set_count(era: int, *, documents: int, words: int) -> None:
    """What is known of an era, whatever was."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM engine_similarera WHERE era = %s", [era])
    if documents:
        count(era, documents=documents, words=words)


def clear() -> None:
    with connection.cursor() as cursor:
        for table in ("engine_similarposting", "engine_similarera", "engine_similardocument"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables


def held_by(terms: Sequence[int], eras: Sequence[int]) -> dict[int, int]:
    """How many documents hold each term; a term that none holds is left out."""
    if not terms or not eras:
        return {}
    sql = f"""
        SELECT term, sum(n) FROM engine_similarposting
        WHERE era IN ({_marks(eras)}) AND term IN ({_marks(terms)}) GROUP BY term"""  # noqa: S608 - only placeholders
    return {term: int(number) for term, number in _rows(sql, [*eras, *terms])}


def lists(terms: Sequence[int], era: int) -> dict[int, array[int]]:
    """The newest places in ``era`` of the documents that hold each term."""
    return {term: places(packed) for term, _number, packed in _of_era(era, terms)} if terms else {}


def document_at(era: int, place: int) -> int:
    return (era << _BITS) | place


def places(packed: bytes) -> array[int]:
    found = array("H")
    found.frombytes(bytes(packed))
    return found


def _packed(some: array[int]) -> bytes:
    return some.tobytes()


def _of_era(era: int, terms: Sequence[int]) -> list[Any]:
    if not terms:
        return []
    sql = f"SELECT term, n, docs FROM engine_similarposting WHERE era = %s AND term IN ({_marks(terms)})"  # noqa: S608
    return _rows(sql, [era, *terms])


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


_AT_ONCE = 5_000
_SET = "UPDATE engine_similarposting SET n = %s, docs = %s WHERE era = %s AND term = %s"
_LENGTH = KEPT * 2
# SQLite makes text of what || joins; cast first, lest substr count letters.
_ADD_SQLITE = f"""
    INSERT INTO engine_similarposting AS p (era, term, n, docs) VALUES (%s, %s, %s, %s)
    ON CONFLICT (era, term) DO UPDATE SET n = p.n + excluded.n,
        docs = substr(CAST(p.docs || excluded.docs AS BLOB),
                      max(1, length(p.docs) + length(excluded.docs) - {_LENGTH - 1}))"""  # noqa: S608 - constants
_ADD_POSTGRES = f"""
    INSERT INTO engine_similarposting AS p (era, term, n, docs)
    SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::bytea[])
    ON CONFLICT (era, term) DO UPDATE SET n = p.n + excluded.n,
        docs = substring(p.docs || excluded.docs
                         FROM greatest(1, length(p.docs) + length(excluded.docs) - {_LENGTH - 1}))"""  # noqa: S608
