"""A stored tsvector, and for each kind a GIN index over it, over pairs of its words, and over eras.

Newest first has two bad ends: walking the key backwards never ends for a rare word, gathering every hit takes seconds
for a common one, and the planner often guesses wrong. So: look through the newest thousand first, which fills the page
for common words and tells of the others how common they are. From there on hits are gathered an era at a time: a run of
neighbouring documents, as long as it must be to hold what is wanted, and no hit beyond it is touched. Eras of several
lengths are in the index, so an era costs one more posting to look up, not a walk.

Where words must stand in a row, GIN finds whatever holds them anywhere, and each is then taken apart to see. So words
that follow each other are in the index as pairs, by a number that few others share.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from makegood.engine.models import SearchDocument
from makegood.engine.search.words import Phrase, Wanted

Row = tuple[int, str, int]

_WINDOW = 1000
# How long eras are, as powers of two, and of how many a stretch is put together, so that it is not much longer than it
# must be. The first goes no further than this, lest a wrong guess after a thousand without a hit gather too many.
_LENGTHS = (10, 12, 14, 16, 18, 20, 22)
_MOST_ERAS = 8
_LONGEST_AT_FIRST = 1 << 17
# For a word that goes on, the postings of all words that begin so are read first, however few are needed in the end. To
# look at a document in order costs as much as so many of them; and so many that hold the whole words may be looked at.
_POSTINGS = 60
_CHEAP = 4_000
_ERAS = f"(ARRAY[{', '.join(f'(id >> {length}) * 32 + {length}' for length in _LENGTHS)}])"
_KIND = re.compile(r"[a-z]{1,20}")
# Accents make no difference. Composed again, because other writing would fall apart into signs that are no letters.
_COLUMN = r"""ALTER TABLE engine_searchdocument ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple'::regconfig, regexp_replace(
        normalize(regexp_replace(normalize(left(title || ' ' || body, 200000), NFD), '[\u0300-\u036f]', '', 'g'), NFC),
        '[^[:alnum:]]+', ' ', 'g'))) STORED"""
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


def prepare(schema_connection: Any, kinds: Iterable[str]) -> None:
    """The index of each of ``kinds``."""
    with schema_connection.cursor() as cursor:
        for sql in (_PAIRS, _MEMORY, *map(_creating, kinds)):
            cursor.execute(sql)


def uninstall(schema_connection: Any) -> None:
    """The column goes, and every index over it with it."""
    with schema_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE engine_searchdocument DROP COLUMN IF EXISTS words")


def added(*_documents: SearchDocument) -> None:
    """The column computes itself."""


def leaving(_document: SearchDocument) -> None:
    """The column computes itself."""


def shed() -> bool:
    """Vacuum takes away what was removed, the index's entries as well."""
    return False


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
        for sql in (_MEMORY, *map(_creating, kinds), "ANALYZE engine_searchdocument"):
            cursor.execute(sql)


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
    rows, seen = _near(asked, before, limit, _WINDOW)
    if len(rows) >= limit:
        return rows[:limit]
    newest, oldest, count, floor = _rows(_BOUNDS, [asked.kind, asked.kind, before, asked.kind, _WINDOW])[0]
    if count < _WINDOW:
        return rows
    share = _share(len(rows), _WINDOW)
    density = _WINDOW / (newest - oldest + 1)
    if asked.goes_on and limit / share * _POSTINGS < share * density * (newest - floor):
        rows, _seen = _near(replace(asked, whole=asked.query), before, limit, int(limit / share))
        if len(rows) >= limit:
            return rows[:limit]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROOM)
        stretch = _Stretch(floor, newest + 1, share * density, (seen + math.sqrt(seen) + 1) / _WINDOW * density)
        return _older(asked, stretch, limit)


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


@dataclass(frozen=True)
class _Stretch:
    """From ``floor`` up to and without ``end``. ``share`` of the keys are expected to be hits, at most ``whole_share``
    to hold the whole words."""

    floor: int
    end: int
    share: float
    whole_share: float


def holds(_kind: str, key: str, wanted: Wanted) -> tuple[str, list[str]]:
    """The condition that the document ``key`` names holds what is wanted, and its value."""
    return f"{key.rpartition('.')[0]}.words @@ to_tsquery('simple', %s)", [_query(wanted)]


@dataclass(frozen=True)
class _Asked:
    """What is looked for. ``query`` has every word; ``whole`` leaves out words that may go on; ``loose`` and
    ``loose_whole`` are the same with words anywhere that must stand in a row. ``rows``: those that must."""

    kind: str
    query: str
    whole: str
    loose: str
    loose_whole: str
    rows: tuple[str, ...]

    @classmethod
    def of(cls, wanted: Wanted, kind: str) -> _Asked:
        whole = Wanted(tuple(group for group in wanted.groups if not any(one.goes_on for one in group)))
        if len(whole.groups) == len(wanted.groups):
            whole = wanted
        only = [group[0] for group in wanted.groups if len(group) == 1]
        rows = (one.words[: -1 if one.goes_on else None] for one in only)
        return cls(
            kind,
            query=_query(wanted),
            whole=_query(whole),
            loose=_query(_loose(wanted)),
            loose_whole=_query(_loose(whole)),
            rows=tuple(" ".join(map(_bare, words)) for words in rows if len(words) > 1),
        )

    @property
    def goes_on(self) -> bool:
        return self.query != self.whole

    @property
    def can_be_told_apart(self) -> bool:
        """Whether there are whole words besides one that goes on."""
        return self.goes_on and bool(self.whole)


def _query(wanted: Wanted) -> str:
    """Every word quoted, so that operators typed by a person mean nothing."""
    parts = [_any(group) for group in wanted.groups]
    return " & ".join([*parts, *([f"!{_any(wanted.without)}"] if wanted.without else [])])


def _loose(wanted: Wanted) -> Wanted:
    """The same with each word that must stand in a row by itself: whatever fits, and more."""
    groups: list[tuple[Phrase, ...]] = []
    for group in wanted.groups:
        if len(group) == 1:
            last = len(group[0].words) - 1
            groups += [(Phrase((word,), group[0].goes_on and n == last),) for n, word in enumerate(group[0].words)]
        else:
            groups.append(group)
    return Wanted(tuple(groups), tuple(one for one in wanted.without if len(one.words) == 1))


def _any(phrases: tuple[Phrase, ...]) -> str:
    return f"({' | '.join(map(_one, phrases))})"


def _one(phrase: Phrase) -> str:
    words = " <-> ".join(f"'{_bare(word)}'" for word in phrase.words)
    return f"({words}{':*' * phrase.goes_on})"


def _bare(word: str) -> str:
    """``word`` as the column has it, but for capital letters, which are PostgreSQL's matter."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def _near(asked: _Asked, before: int, limit: int, window: int) -> tuple[list[Row], int]:
    """Hits among the newest ``window`` documents, and how many of these hold the whole words.

    "kind >=", for with "kind =" PostgreSQL takes the order of the key alone for good enough, and walks through whatever
    is newer than the newest of this kind.
    """
    sql = """
        SELECT id, kind, ref, words @@ to_tsquery('simple', %s) FROM (
            SELECT id, kind, ref, words FROM engine_searchdocument
            WHERE (kind, id) < (%s, %s) AND kind >= %s ORDER BY kind DESC, id DESC LIMIT %s) w
        WHERE words @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"""
    enough = window if asked.can_be_told_apart else limit
    rows = _rows(sql, [asked.query, asked.kind, before, asked.kind, window, asked.whole or asked.query, enough])
    return [row[:3] for row in rows if row[3]][:limit], len(rows)


def _older(asked: _Asked, stretch: _Stretch, limit: int) -> list[Row]:
    """Hits in ``stretch``, gathered era by era."""
    found: list[Row] = []
    longest, end, share = _LONGEST_AT_FIRST, stretch.end, stretch.share
    while end > stretch.floor and len(found) < limit:
        missing = limit - len(found)
        begin, eras = _eras(end, min(math.ceil(missing / share), longest))
        by_whole = asked.can_be_told_apart and stretch.whole_share * (end - begin) <= _CHEAP
        rows = _gather(asked, end, missing, eras, by_whole=by_whole)
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


def _gather(asked: _Asked, before: int, limit: int, eras: list[int], *, by_whole: bool) -> list[Row]:
    """Every hit of some eras (none: of all there are) gathered through the index, then the newest of them.

    ``by_whole``: the index finds the whole words, and the word that goes on is looked for in what it found. So are rows
    of words: GIN would take each hit apart for everything that was asked.
    """
    loose = (asked.loose_whole if by_whole else asked.loose) or asked.query
    is_exact = loose == asked.query
    within = f"AND {_ERAS} && %s::bigint[]" if eras else ""
    in_a_row = _IN_A_ROW * len(asked.rows)
    # "id + 0": the index on the key would be joined in, which reads half the key to leave out next to nothing.
    sql = f"""
        WITH hits AS MATERIALIZED (
            SELECT id, kind, ref, words FROM engine_searchdocument
            WHERE words @@ to_tsquery('simple', %s) {within} {in_a_row} AND id + 0 < %s AND {_of(asked.kind)})
        SELECT id, kind, ref FROM hits {"" if is_exact else "WHERE words @@ to_tsquery('simple', %s)"}
        ORDER BY id DESC LIMIT %s"""  # noqa: S608 - constants only
    return _rows(
        sql, [loose, *([eras] if eras else []), *asked.rows, before, *([] if is_exact else [asked.query]), limit]
    )


_IN_A_ROW = " AND engine_word_pairs(words) @> engine_word_pairs(to_tsvector('simple', %s))"


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
