"""What the index keeps of a document: numbers for its words, pairs of words and marks, never the words. Pure.

A mark is a signature (``makegood.lib.signatures``) or a facet such as a category or a page: equal or not. Numbers are
32-bit checksums, the same in every process and on every machine. Two words with one number are so rare, and cost so
little, that nothing is done about it.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from zlib import crc32

from makegood.engine.similar.words import words
from makegood.lib import signatures
from makegood.lib.signatures import Signature

MAX_TITLE = 60
MAX_WORDS = 300
MAX_PAIRS = 300
MAX_MARKS = 120
MAX_CONTEXT = 40
TOP_FRAMES = 4
_MOST = 63
Facets = Mapping[str, str | tuple[str, ...]]
HEAD = 8
MINUTE = 7  # its place in the head


@dataclass(frozen=True)
class Document:
    """One thing that may resemble another: a report, a problem, an article.

    ``signatures`` are those a program handed over apart from the text (``lib.signatures.of_parts``); what stands in
    the text is found without help. ``facets`` are things equal or not, by name: category, component, page, product;
    one value, or several of which one may be equal.
    ``cluster`` names what documents of the same cause share; empty is none. ``context`` is what surrounded it without
    being part of what was said: browser, system, versions.
    """

    kind: str
    ref: int
    title: str
    text: str
    created_at: datetime
    cluster: str = ""
    facets: Facets = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    context: str = ""


@dataclass(frozen=True)
class Said:
    """The words and marks of a document in the open, as the asking side needs them to give reasons."""

    title: list[str]
    body: list[str]
    marks: list[Signature]
    context: list[str]


def say(title: str, text: str, *, marks: Iterable[Signature] = (), facets: Facets, context: str = "") -> Said:
    """Read a document or a question.

    Facets become marks, in front, so that no long trace crowds them out. Of a trace only the top names are words too:
    all of it would drown what the person said.
    """
    reading = signatures.read(text)
    given = [
        Signature(name, value.strip().lower()[:160])
        for name, several in facets.items()
        for value in ((several,) if isinstance(several, str) else several)
        if value.strip()
    ]
    found = [*given, *marks, *signatures.read(title).signatures, *reading.signatures]
    all_marks = list(dict.fromkeys(found))[:MAX_MARKS]
    top = [".".join(mark.value.split(".")[-2:]) for mark in all_marks if mark.kind == "frame"][:TOP_FRAMES]
    body = words(reading.words) + words("\n".join(top))
    return Said(words(title)[:MAX_TITLE], body, all_marks, list(dict.fromkeys(words(context)))[:MAX_CONTEXT])


def number(word: str) -> int:
    """The number of a word (or of a pair, or a mark, written as one), fit for an integer column."""
    value = crc32(word.encode("utf-8", "surrogatepass"))
    return value - (1 << 32) if value >= 1 << 31 else value


def mark_number(mark: Signature) -> int:
    return number(f"{mark.kind}\x1f{mark.value}")


def in_title(term: int) -> int:
    """The number under which documents are listed that hold a word in their title."""
    return term ^ 0x5A5A5A5A


def around(word: str) -> int:
    """The number of a word in what surrounded a document."""
    return number(f"{word}\x1d")


def numbers_of(words: Iterable[str]) -> array[int]:
    """The ``number`` of each, in a third of the time."""
    return _signed([crc32(word.encode("utf-8", "surrogatepass")) for word in words])


def pairs_of(run: list[str]) -> array[int]:
    """The number of each word with the next one, each pair once: as of both written with a mark between them."""
    written = [word.encode("utf-8", "surrogatepass") for word in run]
    return _signed(dict.fromkeys(crc32(b"\x1e" + other, crc32(one)) for one, other in pairwise(written)))


def _signed(checksums: Iterable[int]) -> array[int]:
    return array("i", array("I", checksums).tobytes())


@dataclass(frozen=True)
class Terms:
    """``words`` are numbers beside ``counts`` (times in the title * 64 + times in the text, at most 3 and 63).

    ``minute`` is when it was written, in minutes since 1970.
    """

    words: array[int]
    counts: bytes
    title_pairs: array[int]
    body_pairs: array[int]
    marks: array[int]
    context: array[int]
    title_length: int
    body_length: int
    minute: int = 0

    @classmethod
    def of(cls, said: Said, *, at: datetime) -> Terms:
        title, body = Counter(said.title), Counter(said.body)
        kept = list(dict.fromkeys([*title, *body]))[:MAX_WORDS]
        return cls(
            numbers_of(kept),
            bytes([min(title[word], 3) * 64 + min(body[word], _MOST) for word in kept]),
            pairs_of(said.title),
            pairs_of(said.body)[:MAX_PAIRS],
            array("i", [mark_number(mark) for mark in said.marks]),
            array("i", [around(word) for word in said.context]),
            len(said.title),
            len(said.body),
            minute_of(at),
        )

    def pack(self) -> bytes:
        """A head of eight numbers (five sizes, two lengths, the minute), then the parts, the counts last."""
        parts = (self.words, self.title_pairs, self.body_pairs, self.marks, self.context)
        numbers = array("i", [*map(len, parts), self.title_length, self.body_length, self.minute])
        for part in parts:
            numbers.extend(part)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes() + self.counts + bytes(-len(self.counts) % 4)

    @classmethod
    def unpack(cls, packed: bytes) -> Terms:
        numbers = array("i")
        numbers.frombytes(packed)
        if sys.byteorder == "big":
            numbers.byteswap()
        parts, place = [], HEAD
        for size in numbers[:5]:
            parts.append(numbers[place : place + size])
            place += size
        some_words, title_pairs, body_pairs, marks, context = parts
        counts = packed[4 * place : 4 * place + len(some_words)]
        return cls(some_words, counts, title_pairs, body_pairs, marks, context, *numbers[5:HEAD])

    @staticmethod
    def body_length_of(head: bytes) -> int:
        """The words of its text, from the first eight numbers of what was packed."""
        return int.from_bytes(head[24:28], "little", signed=True)

    def listed(self) -> set[int]:
        """The numbers under which the document is listed: words, words of the title, marks, surroundings."""
        title = [in_title(word) for word, count in zip(self.words, self.counts, strict=True) if count >= 64]
        return {*self.words, *title, *self.marks, *self.context}


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
