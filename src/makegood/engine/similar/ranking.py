"""How like documents are to a question. Pure: plain values in, scores and what they rest on out.

Likeness of words is BM25F with a few turns of its own, each of which earned its place on real reports: a word of the
title counts for several of the text, on both sides; pairs of neighbouring words count beside the words; the words of a
long text count less each, lest a pasted log drown what the person said. What a machine said counts by how rare it is.
The chance that two documents have one cause then grows with the power ``POWER`` of that likeness and falls with the
time between them (a repetition usually follows within weeks), so the score is a sum of logarithms.

All candidates are judged at once with numpy: one by one took ten times as long.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from makegood.engine.similar.terms import HEAD, MINUTE, Said, Terms, around, mark_number, number
from makegood.engine.similar.words import names_something
from makegood.lib.signatures import Signature

Numbers = Any  # an array of numbers


@dataclass(frozen=True)
class Weights:
    """What counts how much, found on public reports; see docs/decisions."""

    title: float = 6.0  # a word in a candidate's title, in words of its text
    asked_title: float = 5.0  # a word in the title of what is asked
    long: float = 130.0  # words of asked text that count in full; of longer ones each counts less
    pairs: float = 0.2
    rarity: float = 1.3  # power of the inverse document frequency
    saturation: float = 1.6
    asked_saturation: float = 2.0
    body_norm: float = 0.8
    title_norm: float = 0.5
    usual_title: float = 8.0
    power: float = 5.5
    age: float = 1.0
    age_unit: float = 7.0  # days
    titles_alike: float = 7.0
    title_said: float = 2.0  # how much of a candidate's title the question says, anywhere
    length: float = 0.3
    facet: float = 0.8
    context: float = 0.3
    frame_fades: float = 4.0
    frame: float = 0.7
    message: float = 1.0
    exception: float = 0.8
    code: float = 0.5
    path: float = 0.3
    status: float = 0.3
    reference: float = 3.0  # finds candidates; what it then says is ``SAME_EVENT``

    def of_mark(self, kind: str) -> float | None:
        """The weight of a signature; None for a facet, which only equals or not."""
        return {
            "frame": self.frame,
            "message": self.message,
            "exception": self.exception,
            "code": self.code,
            "path": self.path,
            "page": self.path,
            "status": self.status,
            "reference": self.reference,
        }.get(kind)


WEIGHTS = Weights()
# How far below the score of the question itself a score is that says neither known nor new.
LIKE = 12.0
# Of the title of what is likest to a new report, the report says about half, and all of its own: drawn together by so
# much, the best score of a new report is what it was before titles were asked whether they are said.
SPREAD = 0.92
LISTED_MARKS = frozenset(["frame", "message", "exception", "code", "path", "page", "status", "reference"])
# Of these what no machine said: it is told among the facets.
FACETS = frozenset(["page"])
# Documents that name the same single event are above all others, whatever their words.
SAME_EVENT = LIKE
# What more documents of other causes hold than both of these tells nobody why two are alike.
FEW = 50
COMMON = 0.2  # of all documents
# Of the words that are shared the first two are told, and of the others those that weigh so much beside the first.
SLIGHT = 0.25
# Of a candidate's word that the question does not say the rarity is not looked up: it is taken to be this.
UNSAID = 5.0


def rarity(held_by: int, documents: int) -> float:
    """How much a term says that ``held_by`` of ``documents`` hold."""
    held_by = min(held_by, documents)
    return math.log(1 + (documents - held_by + 0.5) / (held_by + 0.5))


@dataclass
class Asked:
    """What is looked for, weighed: by number the weight, and in the open what the number stands for."""

    words: dict[int, float] = field(default_factory=dict)
    title: dict[int, float] = field(default_factory=dict)
    rare: dict[int, float] = field(default_factory=dict)
    pairs: dict[int, float] = field(default_factory=dict)
    marks: dict[int, float] = field(default_factory=dict)
    facets: dict[int, Signature] = field(default_factory=dict)
    context: dict[int, float] = field(default_factory=dict)
    meaning: dict[int, str] = field(default_factory=dict)  # of the words that name something
    signs: dict[int, Signature] = field(default_factory=dict)
    references: dict[int, float] = field(default_factory=dict)
    held_by: Mapping[int, int] = field(default_factory=dict)
    documents: int = 0


def weigh(said: Said, *, held_by: Mapping[int, int], documents: int, weights: Weights = WEIGHTS) -> Asked:
    """Weigh a question. ``held_by`` is how many documents hold each of its words and marks; absent is none."""
    surroundings = [around(word) for word in said.context]
    asked = Asked(held_by=held_by, documents=documents)
    asked.context = {term: rarity(held_by.get(term, 0), documents) for term in surroundings}
    damp = weights.long / (weights.long + len(said.body))
    times: dict[str, float] = {}
    for run, each in ((said.title, weights.asked_title), (said.body, damp)):
        for word in run:
            times[word] = times.get(word, 0.0) + each
    rare: dict[str, float] = {}
    for word, many in times.items():
        term = number(word)
        rare[word] = rarity(held_by.get(term, 0), documents)
        asked.words[term] = rare[word] ** weights.rarity * many / (many + weights.asked_saturation)
        if names_something(word):
            asked.meaning[term] = word
    asked.rare = {number(word): much for word, much in rare.items()}
    asked.title = {number(word): rare[word] for word in said.title}
    _weigh_pairs(asked, said, weights)
    _weigh_marks(asked, said, rare={t: rarity(n, documents) for t, n in held_by.items()}, weights=weights)
    return asked


def _weigh_pairs(asked: Asked, said: Said, weights: Weights) -> None:
    """How often each pair is said; how rare it is shows among the candidates."""
    damp = weights.long / (weights.long + len(said.body))
    times: dict[tuple[str, str], float] = {}
    for run, each in ((said.title, weights.asked_title), (said.body, damp)):
        for pair in pairwise(run):
            times[pair] = times.get(pair, 0.0) + each
    for (one, other), many in times.items():
        asked.pairs[number(f"{one}\x1e{other}")] = weights.pairs * many / (many + weights.asked_saturation)


def _weigh_marks(asked: Asked, said: Said, *, rare: Mapping[int, float], weights: Weights) -> None:
    """The top frames of a trace say most; what no document holds finds nothing and weighs nothing."""
    frames = 0
    for mark in said.marks:
        term = mark_number(mark)
        asked.signs[term] = mark
        weight = weights.of_mark(mark.kind)
        if weight is None:
            asked.facets[term] = mark
            continue
        if mark.kind == "reference":
            asked.references[term] = weight * rare.get(term, 0.0)
            continue
        if mark.kind == "frame":
            weight /= 1 + frames / weights.frame_fades
            frames += 1
        asked.marks[term] = weight * rare.get(term, 0.0)


@dataclass(frozen=True)
class Shelf:
    """Packed documents (``Terms.pack``) side by side: all their numbers, where each begins, and their heads."""

    numbers: Numbers
    starts: Numbers
    heads: Numbers

    @classmethod
    def of(cls, packed: Sequence[bytes]) -> Shelf:
        numbers = np.frombuffer(b"".join(packed), dtype="<i4")
        sizes = np.array([len(one) // 4 for one in packed])
        starts = np.cumsum(sizes) - sizes
        return cls(numbers, starts, numbers[starts[:, None] + np.arange(HEAD)].astype(np.int64))


@dataclass(frozen=True)
class _Found:
    """Where numbers asked for stand on a shelf: in which document, in which of its parts, and which number it is."""

    document: Numbers
    part: Numbers
    key: Numbers
    count: Numbers  # of a word; elsewhere without meaning


WORD, TITLE_PAIR, BODY_PAIR, MARK, CONTEXT = range(5)


def judge(asked: Asked, shelf: Shelf, *, minute: int, average: float, weights: Weights = WEIGHTS) -> Numbers:
    """The score of each document on the shelf at ``minute``, where texts have ``average`` words."""
    keys = np.array(sorted({*asked.words, *asked.pairs, *asked.marks, *asked.facets, *asked.context}), dtype=np.int64)
    heads, many = shelf.heads, len(shelf.starts)
    if not len(keys):
        return np.zeros(many)
    found = _look_up(keys, shelf)

    def column(values: Mapping[int, float]) -> Numbers:
        return _column(values, keys)

    def total(chosen: Numbers, amounts: Numbers) -> Numbers:
        return _total(found, chosen, amounts, many)

    norm, title_norm = _norms(heads[:, 6], heads[:, 5], average, weights)
    words, marks = found.part == WORD, found.part == MARK
    much = weights.title * (found.count >> 6) / title_norm[found.document] + (found.count & 63) / norm[found.document]
    likeness = total(words, (column(asked.words)[found.key] * much / (much + weights.saturation))[words])
    pair_weights = (
        column(asked.pairs)[found.key] * _rarity_of_pairs(found, asked, shelf, len(keys))[found.key] ** weights.rarity
    )
    for part, each in ((TITLE_PAIR, weights.title / title_norm), (BODY_PAIR, 1 / norm)):
        chosen = found.part == part
        times = each[found.document[chosen]]
        likeness += total(chosen, pair_weights[chosen] * times / (times + weights.saturation))
    likeness += total(marks, column(asked.marks)[found.key][marks])
    days = np.maximum(0.0, (minute - heads[:, MINUTE]) / 1440)
    score = weights.power * np.log1p(likeness) - weights.age * np.log1p(days / weights.age_unit)
    score += _of_titles(asked, shelf, found, keys, weights=weights)
    score -= weights.length * np.log1p(heads[:, 6])
    score += weights.facet * total(marks, column(dict.fromkeys(asked.facets, 1.0))[found.key][marks])
    beside = found.part == CONTEXT
    same = total(beside, column(asked.context)[found.key][beside])
    return score + weights.context * same / (10.0 + sum(asked.context.values()))


def _of_titles(asked: Asked, shelf: Shelf, found: _Found, keys: Numbers, *, weights: Weights) -> Numbers:
    """What titles add: how much both have in common, and how much of the candidate's the question says at all.

    The second is the other direction of likeness: a title is what a candidate is about, wherever the question tells
    of it.
    """
    many, length = len(shelf.starts), np.maximum(1, shelf.heads[:, 5])
    titled = (found.part == WORD) & (found.count >= 64)
    common = _total(found, titled, _column(asked.title, keys)[found.key][titled], many)
    said = _total(found, titled, _column(asked.rare, keys)[found.key][titled], many)
    unsaid = UNSAID * np.maximum(0, length - _total(found, titled, np.ones(titled.sum()), many))
    alike = weights.titles_alike * common / (sum(asked.title.values()) + UNSAID * length)
    return alike + weights.title_said * said / np.maximum(said + unsaid, 1e-9)


def _column(values: Mapping[int, float], keys: Numbers) -> Numbers:
    return np.array([values.get(key, 0.0) for key in keys.tolist()])


def _total(found: _Found, chosen: Numbers, amounts: Numbers, many: int) -> Numbers:
    """Of each of ``many`` documents the sum of ``amounts``, one for each place ``chosen``."""
    return np.bincount(found.document[chosen], weights=amounts, minlength=many).astype(float)


def on_scale(asked: Asked, scores: Numbers) -> Numbers:
    """``scores`` beside that of the question itself, which is the last: nothing can be liker than that."""
    spread = SPREAD if asked.title else 1.0
    return spread * (scores[:-1] - scores[-1]) + LIKE


def same_event(asked: Asked, shelf: Shelf, scores: Numbers) -> Numbers:
    """``scores`` of the documents on the shelf, with those above all others that name an event the question names.

    After everything else: it says nothing about documents that name no event or another one.
    """
    if not asked.references:
        return scores
    found = _look_up(np.array(sorted(asked.references), dtype=np.int64), shelf)
    named = np.zeros(len(shelf.starts), dtype=bool)
    named[found.document[found.part == MARK]] = True
    return np.where(named[: len(scores)], np.maximum(scores, 0.0) + SAME_EVENT, scores)


def _rarity_of_pairs(found: _Found, asked: Asked, shelf: Shelf, keys: int) -> Numbers:
    """Estimated from the candidates: nearly all that hold a rare pair are there, of a common one only a share."""
    pairs = (found.part == TITLE_PAIR) | (found.part == BODY_PAIR)
    once = np.unique(found.document[pairs] * keys + found.key[pairs])
    here, many = np.bincount(once % keys, minlength=keys), len(shelf.starts)
    everywhere = here + here * here * max(0, asked.documents - many) / (many * many)
    return np.log1p(np.maximum(0.0, asked.documents - everywhere + 0.5) / (everywhere + 0.5))


def _look_up(keys: Numbers, shelf: Shelf) -> _Found:
    """Find ``keys`` among all numbers at once; most numbers are ruled out by their lower half."""
    possible = np.zeros(1 << 16, dtype=bool)
    possible[keys & 0xFFFF] = True
    places = np.flatnonzero(possible[shelf.numbers.view("<u2")[::2]])
    values = shelf.numbers[places]
    key = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    same = keys[key] == values
    places, key = places[same], key[same]
    document = np.searchsorted(shelf.starts, places, side="right") - 1
    ends = HEAD + np.cumsum(shelf.heads[:, :5], axis=1)
    within = places - shelf.starts[document]
    part = (within[:, None] >= ends[document]).sum(axis=1)
    sound = (within >= HEAD) & (part < 5)
    document, part, key, within = document[sound], part[sound], key[sound], within[sound]
    counts_at = 4 * (shelf.starts[document] + ends[document, 4]) + within - HEAD
    counts = shelf.numbers.view(np.uint8)[np.where(part == WORD, counts_at, 0)].astype(np.int64)
    return _Found(document, part, key, counts)


def shared(
    asked: Asked, packed: bytes, *, average: float, votes: int = 1, weights: Weights = WEIGHTS
) -> tuple[list[str], list[Signature]]:
    """The words and marks that one document has in common with the question, what weighs most first.

    A word weighs what it adds to the likeness of the two (``judge``). ``votes`` is how many documents have that one's
    cause: a word of all of these is no common word, however many a disturbance brought.
    """
    held = Terms.unpack(packed)
    most = max(FEW, COMMON * asked.documents) + votes - 1
    norm, title_norm = _norms(held.body_length, held.title_length, average, weights)
    amounts = {}
    for term, count in zip(held.words, held.counts, strict=True):
        if term in asked.meaning and asked.held_by.get(term, 0) <= most:
            much = weights.title * (count >> 6) / title_norm + (count & 63) / norm
            amounts[term] = asked.words[term] * much / (much + weights.saturation)
    words = sorted(amounts, key=lambda term: -amounts[term])
    words = [term for place, term in enumerate(words) if place < 2 or amounts[term] >= SLIGHT * amounts[words[0]]]
    marks = [term for term in held.marks if term in asked.signs]
    marks.sort(key=lambda term: (term not in asked.references, -asked.marks.get(term, 0.0)))
    return [asked.meaning[term] for term in words], [asked.signs[term] for term in marks]


def _norms(body_length: Any, title_length: Any, average: float, weights: Weights) -> tuple[Any, Any]:
    """By how much a word of a text, and of a title, counts less the longer that is."""
    norm = 1 - weights.body_norm + weights.body_norm * body_length / max(1.0, average)
    return norm, 1 - weights.title_norm + weights.title_norm * title_length / weights.usual_title
