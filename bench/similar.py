"""Likeness: how long putting a report in and asking take at a size, and how big the index is.

The floor is what the database brings along, over the same reports in the same run: FTS5 with bm25() and tsvector with
ts_rank, asked for any of the words of the title. What is found there is another matter (see README.md).
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from bench.fill import Words
from makegood.engine import similar
from makegood.engine.similar import Document, Question, meaning, sentences

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHUNK = 5_000
PUTS, QUESTIONS, TYPED = 300, 300, 40
TITLE, TEXT = (4, 10), (20, 80)


def measure(sizes: list[int]) -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """A title and a table for each size; the index grows from one to the next."""
    chance = random.Random(11)
    words = Words(chance)
    _floor_begins()
    filled = 0
    for size in sorted(sizes):
        begun = time.monotonic()
        for start in range(filled, size, CHUNK):
            documents = [_document(words, chance, ref) for ref in range(start, min(size, start + CHUNK))]
            with transaction.atomic():
                similar.put_new(documents)
                _mean_something(documents)
                _floor_add(documents)
        each = (time.monotonic() - begun) * 1000 / max(1, size - filled)
        filled = size
        model = " with a sentence model" if sentences.model() else ""
        yield f"Likeness{model}, {size:,} reports", [*_table(words, chance, size, each)]


def _document(words: Words, chance: random.Random, ref: int) -> Document:
    """Common words, and a few that nobody else has: order numbers, names, versions."""
    own = " ".join(f"{chance.randrange(10**9):x}" for _ in range(3))
    at = NOW - timedelta(minutes=max(0, 1_000_000 - ref))
    return Document("report", ref, words.some(*TITLE), f"{words.some(*TEXT)} {own}", at)


def _mean_something(documents: list[Document]) -> None:
    """Where there is a model: vectors by chance, which cost the asking side the same and take no hours to make."""
    model = sentences.model()
    if model is None:
        return
    size = len(meaning.of(model, "any words", "")) - len(meaning.head(model))
    rows = [(meaning.head(model) + os.urandom(size), one.kind, one.ref) for one in documents]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE engine_similardocument SET vector = %s WHERE kind = %s AND ref = %s", rows)


def _table(words: Words, chance: random.Random, size: int, each: float) -> Iterator[Mapping[str, object]]:
    new = [_document(words, chance, size + number) for number in range(PUTS)]
    asked = [_document(words, chance, 0) for _ in range(QUESTIONS)]
    yield {"what": "putting in, thousands at once", "p50 ms": f"{each:.2f}", "p95 ms": ""}
    yield _row("putting one in", [lambda one=one: similar.put(one) for one in new], bar=5)
    yield _row("taking one out", [lambda one=one: similar.remove("report", one.ref) for one in new])
    bar = 20 if size <= 50_000 else 50
    yield _row("asking with title and text", [lambda one=one: _ask(one.title, one.text) for one in asked], bar=bar)
    yield _row(
        "asking with a title half typed", [lambda one=one: _ask(one.title[:TYPED], "") for one in asked], bar=bar
    )
    yield _row("floor: any word of the title", [lambda one=one: _floor_ask(one.title) for one in asked])
    mb = 1 / 1024 / 1024
    yield {"what": "size of the index, MB", "p50 ms": f"{_size('engine_similar%') * mb:.0f}"}
    yield {"what": "floor: size of the index, MB", "p50 ms": f"{_size('bench_floor%') * mb:.0f}"}


def _ask(title: str, text: str) -> object:
    return similar.similar(Question(title, text), now=NOW, k=10)


def _row(what: str, actions: list[Callable[[], object]], bar: int | None = None) -> Mapping[str, object]:
    """Without the time this process stood in the kernel's run queue; SQLite works inside it."""
    walls, begun = [], time.process_time()
    for action in actions:
        start, queued = time.perf_counter(), _queued()
        action()
        walls.append((time.perf_counter() - start) * 1000 - (_queued() - queued))
    cpu = (time.process_time() - begun) * 1000 / len(actions)
    walls.sort()
    p95 = walls[len(walls) * 95 // 100]
    verdict = f"{bar} ms: {'met' if p95 <= bar else 'MISSED'}" if bar else ""
    half = walls[len(walls) // 2]
    return {"what": what, "p50 ms": f"{half:.1f}", "p95 ms": f"{p95:.1f}", "CPU ms": f"{cpu:.1f}", "bar": verdict}


def _queued() -> float:
    """Milliseconds for which this process was ready and had no processor."""
    return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e6


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _run(sql: str, values: list[object] | None = None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        return cursor.fetchall() if cursor.description else []


def _floor_begins() -> None:
    _run("DROP TABLE IF EXISTS bench_floor")
    if _is_postgres():
        _run("CREATE TABLE bench_floor (id bigint PRIMARY KEY, words tsvector)")
        _run("CREATE INDEX bench_floor_words ON bench_floor USING gin (words)")
    else:
        _run("CREATE VIRTUAL TABLE bench_floor USING fts5(title, body, content='')")


def _floor_add(documents: list[Document]) -> None:
    sql = (
        "INSERT INTO bench_floor VALUES (%s, to_tsvector('simple', %s || ' ' || %s))"
        if _is_postgres()
        else "INSERT INTO bench_floor(rowid, title, body) VALUES (%s, %s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(one.ref, one.title, one.text) for one in documents])


def _floor_ask(title: str) -> object:
    words = re.findall(r"\w+", title)
    if _is_postgres():
        sql = """
            SELECT id FROM bench_floor, to_tsquery('simple', %s) asked
            WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC LIMIT 10"""
        return _run(sql, [" | ".join(words)])
    sql = "SELECT rowid FROM bench_floor WHERE bench_floor MATCH %s ORDER BY bm25(bench_floor, 5.0, 1.0) LIMIT 10"
    return _run(sql, [" OR ".join(f'"{word}"' for word in words)])


def _size(like: str) -> int:
    if _is_postgres():
        sql = """
            SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
            WHERE relname LIKE %s AND relkind = 'r'"""
    else:
        sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE %s"
    return int(str(_run(sql, [like])[0][0]))
