"""What people look for: words, words in a row, words that must not occur. Pure.

Everything is cut into runs of letters and digits, so that no query language of a database can misread it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 12
MIN_PREFIX = 2


@dataclass(frozen=True)
class Phrase:
    """Words in a row; a single word is a phrase of one. ``goes_on``: the last of them may be longer."""

    words: tuple[str, ...]
    goes_on: bool = False


@dataclass(frozen=True)
class Wanted:
    """Of each of ``groups`` one phrase at least must occur, and none of ``without``."""

    groups: tuple[tuple[Phrase, ...], ...] = ()
    without: tuple[Phrase, ...] = ()

    @classmethod
    def of(cls, text: str) -> Wanted:
        """All words of ``text``. The last may go on, unless it is one letter long or something stands behind it."""
        chunks = [chunk for chunk in text.split() if split(chunk)]
        may_go_on = bool(text) and bool(_WORD.match(text[-1]))
        last = len(chunks) - 1
        return cls.made(([phrase(chunk, goes_on=may_go_on and place == last)] for place, chunk in enumerate(chunks)))

    @classmethod
    def made(cls, groups: Iterable[Iterable[Phrase]], without: Iterable[Phrase] = ()) -> Wanted:
        """The same from phrases; more than twelve words in all are not looked at."""
        room = _Room()
        kept = (tuple(one for one in group if room.has(one)) for group in groups)
        return cls(tuple(group for group in kept if group), tuple(one for one in without if room.has(one)))

    @property
    def is_nothing(self) -> bool:
        return not self.groups and not self.without

    @property
    def positive(self) -> Wanted:
        """The same but for what must not occur."""
        return Wanted(self.groups)


def split(text: str) -> list[str]:
    """The words of ``text``, lower case, at most twelve."""
    return [word.lower() for word in _WORD.findall(text)][:MAX_WORDS]


def phrase(text: str, *, goes_on: bool = False) -> Phrase:
    """The words of ``text`` in a row. ``goes_on`` is for a last word of two letters or more."""
    found = tuple(split(text))
    return Phrase(found, goes_on and bool(found) and len(found[-1]) >= MIN_PREFIX)


class _Room:
    """Counts words, so that no query grows beyond twelve."""

    def __init__(self) -> None:
        self.left = MAX_WORDS

    def has(self, one: Phrase) -> bool:
        if not one.words or len(one.words) > self.left:
            return False
        self.left -= len(one.words)
        return True


@dataclass(frozen=True)
class Reader:
    """Finds in a text what an index found, so that it can be shown. Accents and case make no difference."""

    wanted: Wanted
    _shown: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        every = [one for group in self.wanted.groups for one in group]
        # Two letters that may go on are marked as a word of their own alone: "in" not in "invalid".
        shown = (Phrase(one.words, one.goes_on and len(one.words[-1]) > MIN_PREFIX) for one in every)
        object.__setattr__(self, "_shown", _pattern(tuple(shown)))

    def fits(self, text: str) -> bool:
        """Whether ``text`` by itself holds all that is wanted and nothing that is not."""
        folded = fold(text)
        return all(_found(group, folded) for group in self.wanted.groups) and not _found(self.wanted.without, folded)

    def share(self, text: str) -> int:
        """Of how many groups something occurs in ``text``."""
        folded = fold(text)
        return sum(_found(group, folded) for group in self.wanted.groups)

    def marked(self, text: str) -> list[tuple[str, bool]]:
        """All of ``text`` as (piece, is it a hit) pairs; the caller escapes and marks."""
        parts: list[tuple[str, bool]] = []
        place = 0
        for found in self._shown.finditer(fold(text)) if self._shown else ():
            parts += [(text[place : found.start()], False), (text[found.start() : found.end()], True)]
            place = found.end()
        return [part for part in (*parts, (text[place:], False)) if part[0]]

    def excerpt(self, text: str, *, around: int = 70) -> list[tuple[str, bool]]:
        """A piece of ``text`` about the first hit, twice as much after it as before, marked."""
        text = _LAYOUT.sub("", text)
        first = self._shown.search(fold(text)) if self._shown else None
        if first is None:
            return [(_cut(text, 0, 3 * around), False)] if text else []
        return self.marked(_cut(text, first.start() - around, first.end() + 2 * around))


def excerpt(text: str, wanted: str, *, around: int = 70) -> list[tuple[str, bool]]:
    """A piece of ``text`` near the first wanted word, as (piece, is it a hit) pairs; the caller escapes and marks."""
    return Reader(Wanted.of(wanted)).excerpt(text, around=around)


def fold(text: str) -> str:
    """``text`` without accents and in lower case, every character at its old place."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(10_000)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].lower()[0]


def _cut(text: str, begin: int, end: int) -> str:
    """The piece between two places, no word cut in two, unless there is no end to it."""
    begin, end = max(0, begin), min(len(text), end)
    head = not begin or text[begin - 1].isspace()
    tail = end == len(text) or text[end : end + 1].isspace()
    words = text[begin:end].split()
    if not head and len(words) > 3:
        words = words[1:]
    if not tail and len(words) > 3:
        words = words[:-1]
    return "…" * bool(begin) + " ".join(words) + "…" * (end < len(text))


def _found(phrases: tuple[Phrase, ...], folded: str) -> bool:
    pattern = _pattern(phrases)
    return pattern is not None and pattern.search(folded) is not None


@lru_cache(500)
def _pattern(phrases: tuple[Phrase, ...]) -> re.Pattern[str] | None:
    """Any of ``phrases`` in a folded text."""
    if not phrases:
        return None
    # A space in the pattern stands for whatever lies between two words, but not for a whole page of it.
    rows = [r"[\W_]{1,200}".join(map(re.escape, map(fold, one.words))) + _end(one) for one in phrases]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(rows)})")


# What lays a text out and says nothing: marks of lists, headings and quotations before a line, stars, backticks.
_LAYOUT = re.compile(r"(?m)^[ \t]*(?:[-*+>]|#{1,6}|\d{1,2}[.)])[ \t]+|\*\*|`")


def _end(one: Phrase) -> str:
    return "" if one.goes_on else r"(?![^\W_])"
