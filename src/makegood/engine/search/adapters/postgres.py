"""A stored tsvector, and for each kind a GIN index over it, over pairs of its words, and over eras.

Newest first has two bad ends: walking the key backwards never ends for a rare word, gathering every hit takes seconds
for a common one, and the planner often guesses wrong. So: look through the newest thousand first, which fills the page
for common words and tells of the others how common they are. From there on hits are gathered an era at a time: a run of
neighbouring documents, as long as it must be to hold what is wanted, and no hit beyond it is touched. Eras of several
lengths are in the index, so an era costs one more posting to look up, not a walk.

Where words must stand in a row, GIN finds whatever holds them anywhere, and each is then taken apart to see. So words
that follow each other are in the index as pairs, by a number that few others share.

Of a word that may go on, GIN reads the postings of all words that begin so before the first hit is known. So the words
there are stand in a table of their own, and any of those that begin so is asked for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from makegood.engine.models import SearchDocument
from makegood.engine.search.adapters.spelling import spelt_out
from makegood.engine.search.words import Phrase, Wanted

Row = tuple[int, str, int]

_WINDOW = 1000
# How long eras are, as powers of two, and of how many a stretch is put together, so that it is not much longer than it
# must be. The first goes no further than this, lest a wrong guess after a thousand without a hit gather too many.
_LENGTHS = (10, 12, 14, 16, 18, 20, 22)
_MOST_ERAS = 8
_LONGEST_AT_FIRST = 1 << 17
# Of a beginning with more words than this the postings are read after all: what begins so is common.
_MOST_WORDS = 300
_ERAS = f"(ARRAY[{', '.join(f'(id >> {length}) * 32 + {length}' for length in _LENGTHS)}])"
_KIND = re.compile(r"[a-z]{1,20}")
# Accents make no difference. Composed again, because other writing would fall apart into signs that are no letters.
_WORDS = r"""to_tsvector('simple'::regconfig, regexp_replace(
    normalize(regexp_replace(normalize(left({title} || ' ' || {body}, 200000), NFD), '[\u0300-\u036f]', '', 'g'), NFC),
    '[^[:alnum:]]+', ' ', 'g'))"""
_COLUMN = f"""ALTER TABLE engine_searchdocument
    ADD COLUMN words tsvector GENERATED ALWAYS AS ({_WORDS.format(title="title", body="body")}) STORED"""
_ACCENTS = re.compile("[\u0300-\u036f]")
# A million numbers: a document of some hundred words has a pair that is not its own once in some thousand.
_PAIRS = """
CREATE OR REPLACE FUNCTION engine_word_pairs(tsvector) RETURNS int[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT hashtext(word || ' ' || following) & 1048575), '{}') FROM (
        SELECT word, place, lead(word) OVER by_place AS following, lead(place) OVER by_place AS next
        FROM (SELECT lexeme AS word, place FROM unnest($1) u, unnest(u.positions) place) spread
        WINDOW by_place AS (ORDER BY place)) pairs
    WHERE next = place + 1 $$"""
# Not "kind =": the planner would walk the order of (kind, id) and look into each document.
_OF_KIND = "kind || '' = '{0}'"
_CREATE = f"""
CREATE INDEX IF NOT EXISTS engine_search_{{0}} ON engine_searchdocument
USING gin (words, {_ERAS}, engine_word_pairs(words)) WITH (fastupdate = off) WHERE {_OF_KIND}"""
_THERE = r"SELECT indexname FROM pg_indexes WHERE tablename = 'engine_searchdocument' AND indexname ~ '^engine_search_'"
# Who adds words and who takes away such as nobody has any more must not overlap. The number is ours alone.
_TURN = 7_430_981_205
_ADD_WORDS = """
    SELECT pg_advisory_xact_lock_shared(%s);
    INSERT INTO engine_searchword (kind, word, is_doubtful)
    SELECT kind, word, false FROM (
        SELECT DISTINCT kind, word FROM engine_searchdocument, unnest(tsvector_to_array(words)) word
        WHERE id = ANY(%s)) said
    WHERE NOT EXISTS (SELECT 1 FROM engine_searchword w WHERE w.kind = said.kind AND w.word = said.word)
    ORDER BY kind, word ON CONFLICT DO NOTHING"""
_DOUBT_WORDS = f"""
    UPDATE engine_searchword w SET is_doubtful = true FROM (
        SELECT kind, unnest(tsvector_to_array(words)) AS word FROM engine_searchdocument WHERE id = %s
        EXCEPT SELECT %s, unnest(tsvector_to_array({_WORDS.format(title="%s::text", body="%s::text")}))) gone
    WHERE w.kind = gone.kind AND w.word = gone.word AND NOT w.is_doubtful"""  # noqa: S608 - constants only
_COLLECT_WORDS = """
    INSERT INTO engine_searchword (kind, word, is_doubtful)
    SELECT '{0}', word, false FROM ts_stat($$SELECT words FROM engine_searchdocument WHERE kind = '{0}'$$)
    ON CONFLICT DO NOTHING"""
_BEGIN = "SELECT word FROM engine_searchword WHERE kind = %s AND word LIKE %s LIMIT %s"
_DOUBTED = 500
# A word that may go on is gathered in memory first; compiling a query of milliseconds takes longer than running it.
_ROOM = "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


def install(schema_connection: Any) -> None:
    """The column; whoever has kinds of things to find prepares an index for each."""
    with schema_connection.cursor() as cursor:
        cursor.execute(_COLUMN)


def reinstall(schema_connection: Any, kinds: Iterable[str]) -> None:
    """An index for each kind and words without accents, for an installation from before there were any."""
    uninstall(schema_connection)
    install(schema_connection)
    prepare(schema_connection, kinds)


def prepare_words(schema_connection: Any, kinds: Iterable[str]) -> None:
    """The list of words of each of ``kinds``, for an installation from before there was one."""
    with schema_connection.cursor() as cursor:
        _collect_words(cursor, kinds)


def prepare(schema_connection: Any, kinds: Iterable[str]) -> None:
    """The index of each of ``kinds``."""
    with schema_connection.cursor() as cursor:
        for sql in (_PAIRS, _MEMORY, *map(_creating, kinds)):
            cursor.execute(sql)


def uninstall(schema_connection: Any) -> None:
    """The column goes, and every index over it with it."""
    with schema_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE engine_searchdocument DROP COLUMN IF EXISTS words")


def added(*documents: SearchDocument) -> None:
    """The column computes itself; words there were none of yet come to the others."""
    if documents:
        with connection.cursor() as cursor:
            cursor.execute(_ADD_WORDS, [_TURN, [one.pk for one in documents]])


def leaving(document: SearchDocument, title: str = "", body: str = "") -> None:
    """Called before the row changes to this title and body, or goes: the words it loses may be nobody's any more."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBT_WORDS, [document.pk, document.kind, title, body])


def shed() -> bool:
    """Vacuum takes away what was removed, the index's entries as well; some words that are nobody's any more go now."""
    doubted = _rows("SELECT kind, word FROM engine_searchword WHERE is_doubtful LIMIT %s", [_DOUBTED])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
        for kind in {kind for kind, _word in doubted}:
            words = [word for of, word in doubted if of == kind]
            held = f"SELECT 1 FROM engine_searchdocument WHERE words @@ quote_literal(word)::tsquery AND {_of(kind)}"  # noqa: S608
            cursor.execute(
                f"DELETE FROM engine_searchword WHERE kind = %s AND word = ANY(%s) AND NOT EXISTS ({held})",  # noqa: S608
                [kind, words],
            )
            cursor.execute(
                "UPDATE engine_searchword SET is_doubtful = false WHERE kind = %s AND word = ANY(%s)", [kind, words]
            )
    return len(doubted) == _DOUBTED


def suspend() -> list[str]:
    """The kinds there are. An index made at the end costs a fraction of a million entries made singly."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE)
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"DROP INDEX {name}")
    return [name.removeprefix("engine_search_") for name in names]


def rebuild(kinds: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for sql in (_MEMORY, *map(_creating, kinds)):
            cursor.execute(sql)
        cursor.execute("DELETE FROM engine_searchword")
        _collect_words(cursor, kinds)
        cursor.execute("ANALYZE engine_searchdocument")


def page(wanted: Wanted, *, kinds: tuple[str, ...], before: int, limit: int) -> list[Row]:
    """(document id, kind, ref) of documents that hold what is wanted, newest first, below id ``before``."""
    found = [row for kind in kinds or _kinds() for row in _page(_Asked.of(wanted, kind), before, limit)]
    return sorted(found, reverse=True)[:limit]


def ranked(wanted: Wanted, *, kind: str, limit: int) -> list[Row]:
    """The same of one kind, best first by how often and how near the words occur, in view of the length."""
    sql = f"""
        SELECT id, kind, ref FROM engine_searchdocument
        WHERE words @@ to_tsquery('simple', %s) AND {_of(kind)}
        ORDER BY ts_rank(words, to_tsquery('simple', %s), 1) DESC, id DESC LIMIT %s"""  # noqa: S608 - a name of ours
    return _rows(sql, [_query(wanted), _query(wanted), limit])


def held_by(asked: Sequence[Phrase], *, kind: str, most: int) -> list[int]:
    """How many documents of one kind hold each of these, counted to ``most``."""
    one = f"""
        (SELECT count(*) FROM (SELECT 1 FROM engine_searchdocument
        WHERE words @@ to_tsquery('simple', %s) AND {_of(kind)} LIMIT %s) w)"""  # noqa: S608 - a name of ours
    values = [value for some in asked for value in (_one(some), most)]
    return list(_rows("SELECT " + ", ".join([one] * len(asked)), values)[0])


def _page(asked: _Asked, before: int, limit: int) -> list[Row]:
    """The same of one kind. How close together its documents are is seen from the newest of them."""
    rows = _near(asked, before, limit)
    if len(rows) >= limit:
        return rows
    newest, oldest, count, floor = _rows(_BOUNDS, [asked.kind, asked.kind, before, asked.kind, _WINDOW])[0]
    if count < _WINDOW:
        return rows
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROOM)
        return _older(asked, floor, newest + 1, limit, _share(len(rows), newest - oldest + 1))


_BOUNDS = """
    SELECT max(id), min(id), count(*), (SELECT min(id) FROM engine_searchdocument WHERE kind = %s) FROM (
        SELECT id FROM engine_searchdocument
        WHERE (kind, id) < (%s, %s) AND kind >= %s ORDER BY kind DESC, id DESC LIMIT %s) w"""


def _kinds() -> list[str]:
    """Every kind there is, by a step through the index for each."""
    found: list[str] = []
    sql = "SELECT min(kind) FROM engine_searchdocument WHERE kind > %s"
    while kind := _rows(sql, [found[-1] if found else ""])[0][0]:
        found.append(kind)
    return found


def holds(_kind: str, key: str, wanted: Wanted) -> tuple[str, list[str]]:
    """The condition that the document ``key`` names holds what is wanted, and its value."""
    return f"{key.rpartition('.')[0]}.words @@ to_tsquery('simple', %s)", [_query(wanted)]


@dataclass(frozen=True)
class _Asked:
    """What is looked for. ``loose`` is ``query`` with words anywhere that must stand in a row; ``rows``: those that
    must."""

    kind: str
    query: str
    loose: str
    rows: tuple[str, ...]

    @classmethod
    def of(cls, wanted: Wanted, kind: str) -> _Asked:
        spelt = spelt_out(wanted, lambda begin: _longer(kind, begin), most=_MOST_WORDS)
        anywhere = Wanted(spelt.groups, tuple(one for one in spelt.without if len(one.words) == 1))
        only = [group[0] for group in wanted.groups if len(group) == 1]
        rows = (one.words[: -1 if one.goes_on else None] for one in only)
        return cls(
            kind,
            query=_query(spelt),
            loose=_query(anywhere, between="&") or _query(spelt),
            rows=tuple(" ".join(map(_bare, words)) for words in rows if len(words) > 1),
        )


def _longer(kind: str, begin: str) -> list[str]:
    """The words of documents of ``kind`` that begin so, to one more than are spelt out."""
    words = _rows(_BEGIN, [kind, f"{_bare(begin).lower()}%", _MOST_WORDS + 1])
    return [word for (word,) in words]


def _query(wanted: Wanted, *, between: str = "<->") -> str:
    """Every word quoted, so that operators typed by a person mean nothing. ``between``: the words of a row."""
    parts = [_any(group, between) for group in wanted.groups]
    return " & ".join([*parts, *([f"!{_any(wanted.without, between)}"] if wanted.without else [])])


def _any(phrases: tuple[Phrase, ...], between: str) -> str:
    return f"({' | '.join(_one(phrase, between) for phrase in phrases)})"


def _one(phrase: Phrase, between: str = "<->") -> str:
    words = f" {between} ".join(f"'{_bare(word)}'" for word in phrase.words)
    return f"({words}{':*' * phrase.goes_on})"


def _bare(word: str) -> str:
    """``word`` as the column has it, but for capital letters, which are PostgreSQL's matter."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def _near(asked: _Asked, before: int, limit: int) -> list[Row]:
    """Hits among the newest documents.

    "kind >=", for with "kind =" PostgreSQL takes the order of the key alone for good enough, and walks through whatever
    is newer than the newest of this kind.
    """
    sql = """
        SELECT id, kind, ref FROM (
            SELECT id, kind, ref, words FROM engine_searchdocument
            WHERE (kind, id) < (%s, %s) AND kind >= %s ORDER BY kind DESC, id DESC LIMIT %s) w
        WHERE words @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"""
    return _rows(sql, [asked.kind, before, asked.kind, _WINDOW, asked.query, limit])


def _older(asked: _Asked, floor: int, end: int, limit: int, share: float) -> list[Row]:
    """Hits from ``floor`` up to and without ``end``, gathered era by era; ``share`` of the keys are expected to be."""
    found: list[Row] = []
    longest = _LONGEST_AT_FIRST
    while end > floor and len(found) < limit:
        missing = limit - len(found)
        begin, eras = _eras(end, min(math.ceil(missing / share), longest))
        rows = _gather(asked, end, missing, eras)
        found += rows
        share, end, longest = _share(len(rows), end - begin), begin, 1 << _LENGTHS[-1]
    return found


def _eras(end: int, wanted: int) -> tuple[int, list[int]]:
    """Where the eras begin that end before ``end`` and hold ``wanted`` keys, and which they are (none: all)."""
    length = next((some for some in _LENGTHS if wanted <= _MOST_ERAS << some), _LENGTHS[-1])
    last = (end - 1) >> length
    first = max(0, last - math.ceil(wanted / (1 << length)))
    return first << length, [era * 32 + length for era in range(first, last + 1)] if first else []


def _share(hits: int, among: int) -> float:
    """The part of the documents that one can count on to be hits, having seen ``hits`` of them."""
    return max(hits - math.sqrt(hits), 0.5) / among


def _gather(asked: _Asked, before: int, limit: int, eras: list[int]) -> list[Row]:
    """Every hit of some eras (none: of all there are) gathered through the index, then the newest of them.

    Rows of words are looked for in what it found: GIN would take each hit apart for everything that was asked.
    """
    is_exact = asked.loose == asked.query
    within = f"AND {_ERAS} && %s::bigint[]" if eras else ""
    in_a_row = _IN_A_ROW * len(asked.rows)
    # "id + 0": the index on the key would be joined in, which reads half the key to leave out next to nothing.
    sql = f"""
        WITH hits AS MATERIALIZED (
            SELECT id, kind, ref, words FROM engine_searchdocument
            WHERE words @@ to_tsquery('simple', %s) {within} {in_a_row} AND id + 0 < %s AND {_of(asked.kind)})
        SELECT id, kind, ref FROM hits {"" if is_exact else "WHERE words @@ to_tsquery('simple', %s)"}
        ORDER BY id DESC LIMIT %s"""  # noqa: S608 - constants only
    then = [] if is_exact else [asked.query]
    return _rows(sql, [asked.loose, *([eras] if eras else []), *asked.rows, before, *then, limit])


_IN_A_ROW = " AND engine_word_pairs(words) @> engine_word_pairs(to_tsvector('simple', %s))"


def _collect_words(cursor: Any, kinds: Iterable[str]) -> None:
    for kind in kinds:
        cursor.execute(_COLLECT_WORDS.format(_named(kind)))


def _creating(kind: str) -> str:
    return _CREATE.format(_named(kind))


def _of(kind: str) -> str:
    return _OF_KIND.format(_named(kind))


def _named(kind: str) -> str:
    """``kind``, fit to be part of a name: kinds are words of our own code, and this makes sure."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not the name of a kind.")
    return kind


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
