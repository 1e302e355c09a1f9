"""Writings as numbers: words, pairs of words, runs of letters, the title again, and the shape of the text.

Every feature is a hash, so nothing grows with the vocabulary and no word is kept. Runs of letters carry what words
miss: endings, compounds, misspellings, and scripts that put no spaces between words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from makegood.engine.learning import Writing

SIZE = 1 << 17
MAX_TITLE, MAX_BODY, MAX_WORDS, MAX_LETTERS = 300, 4000, 700, 1500
# How much each kind of feature weighs beside the words.
TITLE, LETTERS, SHAPE, MARKS = 0.8, 1.0, 0.5, 0.3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BLANKS = re.compile(r"\s+")
_SIGNS = ("?", "!", "```", "\tat ", "Exception", "#", "http", "[x]", "{", '"')
_FIRST_WITHOUT_SPACES = 0x2E80  # from here on: Chinese, Japanese, Korean


@dataclass(frozen=True)
class Block:
    """One kind of feature: ``ids``, how often each occurs (dampened), and what the kind weighs as a whole."""

    ids: np.ndarray
    counts: np.ndarray
    share: float


Vector = tuple[np.ndarray, np.ndarray]


@lru_cache(maxsize=2)
def blocks(writing: Writing) -> list[Block]:
    """The features of one writing, by kind. Kept for a moment: several models look at the same writing in turn."""
    title, body = writing.title[:MAX_TITLE], writing.body[:MAX_BODY]
    title_words, body_words = split(title), split(body)
    made = [
        _block(_with_pairs("", (title_words + body_words)[:MAX_WORDS]), 1.0),
        _block(_with_pairs("t:", title_words), TITLE),
        _letters(f"{title} {body}"[:MAX_LETTERS]),
        _block(_shape(title, body, title_words, body_words), SHAPE),
        _block([f"m:{mark}" for mark in writing.marks], MARKS),
    ]
    return [block for block in made if len(block.ids)]


def weigh(made: list[Block], rarity: np.ndarray) -> Vector:
    """(ids, values) of a writing: each kind of the same length whatever the length of the text, rare things more."""
    ids, values = [], []
    for block in made:
        value = block.counts * rarity[block.ids]
        length = math.sqrt(float(value @ value))
        if length:
            ids.append(block.ids)
            values.append(value * (block.share / length))
    if not ids:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    unique, place = np.unique(np.concatenate(ids), return_inverse=True)
    return unique, np.bincount(place, np.concatenate(values), len(unique)).astype(np.float32)


def split(text: str) -> list[str]:
    """The words of ``text``, lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def word_key(word: str) -> int:
    """What stands for ``word`` where words are counted."""
    return crc32(word.encode())


def ids_of_word(word: str) -> np.ndarray:
    """The features that ``word`` brings by itself: the word, the word in a title, its letters."""
    runs = _runs(f" {word} ")
    own = [crc32(f"{kind}{word}".encode()) % SIZE for kind in ("", "t:")]
    return np.unique(np.concatenate([np.array(own, np.int64), runs]))


def _with_pairs(kind: str, words: list[str]) -> list[str]:
    pairs = (f"{kind}{one} {two}" for one, two in zip(words, words[1:], strict=False))
    return [f"{kind}{word}" for word in words] + list(pairs)


def _block(features: Iterable[str], share: float) -> Block:
    found = np.fromiter((crc32(one.encode()) % SIZE for one in features), np.int64)
    return _counted(found, share)


def _letters(text: str) -> Block:
    return _counted(_runs(f" {_BLANKS.sub(' ', text.lower()).strip()} "), LETTERS)


def _counted(found: np.ndarray, share: float) -> Block:
    ids, counts = np.unique(found, return_counts=True)
    return Block(ids.astype(np.int32), (1 + np.log(counts)).astype(np.float32), share)


def _runs(text: str) -> np.ndarray:
    """A hash for each run of letters, three to five long; two to four where words are not set apart."""
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    dense = bool(len(letters)) and int(letters.max()) >= _FIRST_WITHOUT_SPACES
    found = [_hashed(letters, length) for length in ((2, 3, 4) if dense else (3, 4, 5))]
    return np.concatenate(found)


def _hashed(letters: np.ndarray, length: int) -> np.ndarray:
    count = len(letters) - length + 1
    if count < 1:
        return np.zeros(0, np.int64)
    mixed = np.full(count, length * 7919, np.uint64)
    for step in range(length):
        mixed = (mixed * np.uint64(1_000_003)) ^ letters[step : count + step]
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(33)).astype(np.int64) % SIZE


def _shape(title: str, body: str, title_words: list[str], body_words: list[str]) -> list[str]:
    """How long, what signs, how it begins: a question reads unlike a fault before any word is understood."""
    made = [f"s:length {len(body).bit_length()}", f"s:title {len(title_words).bit_length()}"]
    for sign in _SIGNS:
        made.append(f"s:{sign} {min(3, body.count(sign).bit_length())}")
        if sign in title:
            made.append(f"s:title has {sign}")
    for where, words in (("title", title_words), ("body", body_words)):
        if words:
            made += [f"s:{where} begins {words[0]}", f"s:{where} begins {' '.join(words[:2])}"]
    if title_words:
        made.append(f"s:title ends {title_words[-1]}")
    return made
