"""What people type, cut into words that no query language can misread. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 12
MIN_PREFIX = 2


def split(text: str) -> list[str]:
    """The words of ``text``, lower case, at most twelve."""
    return [word.lower() for word in _WORD.findall(text)][:MAX_WORDS]


def with_prefix(text: str) -> tuple[list[str], str]:
    """(whole words, last word that may go on). Behind a space, or one letter long, the last word is whole too."""
    words = split(text)
    if not words or not text or not _WORD.match(text[-1]) or len(words[-1]) < MIN_PREFIX:
        return words, ""
    return words[:-1], words[-1]


def excerpt(text: str, wanted: str, *, around: int = 70) -> list[tuple[str, bool]]:
    """A piece of ``text`` near the first wanted word, as (piece, is it a hit) pairs; the caller escapes and marks."""
    words = split(wanted)
    if not words:
        return [(text[: 2 * around], False)]
    pattern = re.compile("|".join(rf"\b{re.escape(word)}" for word in words), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, first.start() - around) if first else 0
    end = min(len(text), (first.end() if first else around) + around)
    piece = ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
    parts: list[tuple[str, bool]] = []
    place = 0
    for found in pattern.finditer(piece):
        parts += [(piece[place : found.start()], False), (found[0], True)]
        place = found.end()
    parts.append((piece[place:], False))
    return [part for part in parts if part[0]]
