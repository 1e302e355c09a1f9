"""How like two documents are. Pure: plain values in, a score and what it rests on out.

Likeness of words is BM25F with a few turns of its own, each of which earned its place on real reports:
a word of the title counts for several of the text, on both sides; pairs of neighbouring words count beside the words;
the words of a long text count less each, lest a pasted log drown what the person said. What a machine said counts by
how rare it is. The chance that two documents have one cause then grows with the power ``POWER`` of that likeness and
falls with the time between them (a repetition usually follows within weeks), so the score is a sum of logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from makegood.engine.similar.terms import Said, Terms, mark_number, number
from makegood.lib.signatures import Signature

TITLE = 6.0  # a word in a candidate's title, in words of its text
ASKED_TITLE = 5.0  # a word in the title of what is asked
LONG = 30.0  # words of asked text that count in full; of longer ones each counts less
PAIRS = 0.4
RARITY = 1.25  # power of the inverse document frequency
SATURATION, ASKED_SATURATION = 2.0, 3.0
BODY_NORM, TITLE_NORM, USUAL_TITLE = 0.8, 0.5, 8.0
POWER = 5.0
AGE_UNIT = 7.0  # days
TITLES_ALIKE = 3.0
LENGTH = 0.3
FACET = 0.3
CONTEXT = 0.6
MARK = {"frame": 1.0, "message": 4.0, "exception": 0.6, "code": 1.5, "path": 1.5, "page": 1.5, "status": 0.3}
FRAME_FADES = 8.0
PLAIN_MARKS = frozenset(MARK)


def rarity(held_by: int, documents: int) -> float:
    """How much a term says that ``held_by`` of ``documents`` hold."""
    return math.log(1 + (documents - held_by + 0.5) / (held_by + 0.5))


@dataclass
class Asked:
    """What is looked for, weighed: by number the weight, and in the open what the number stands for."""

    words: dict[int, float] = field(default_factory=dict)
    pairs: dict[int, float] = field(default_factory=dict)
    marks: dict[int, float] = field(default_factory=dict)
    facets: dict[int, Signature] = field(default_factory=dict)
    title: dict[int, float] = field(default_factory=dict)
    context: frozenset[int] = frozenset()
    meaning: dict[int, str] = field(default_factory=dict)
    signs: dict[int, Signature] = field(default_factory=dict)


def weigh(said: Said, *, held_by: Mapping[int, int], documents: int) -> Asked:
    """Weigh a question. ``held_by`` is how many documents hold each of its words and marks; absent is none."""
    asked = Asked(context=frozenset(number(word) for word in said.context))
    damp = LONG / (LONG + len(said.body))
    times: dict[str, float] = {}
    for word in said.title:
        times[word] = times.get(word, 0.0) + ASKED_TITLE
    for word in said.body:
        times[word] = times.get(word, 0.0) + damp
    rare: dict[str, float] = {}
    for word, many in times.items():
        term = number(word)
        rare[word] = rarity(min(held_by.get(term, 0), documents), documents)
        asked.words[term] = rare[word] ** RARITY * many / (many + ASKED_SATURATION)
        asked.meaning[term] = word
    for word in said.title:
        asked.title[number(word)] = rare[word]
    _weigh_pairs(asked, said, rare, damp)
    _weigh_marks(asked, said, held_by, documents)
    return asked


def _weigh_pairs(asked: Asked, said: Said, rare: Mapping[str, float], damp: float) -> None:
    """How rare a pair is is not kept: half of what its words are together does as well."""
    times: dict[tuple[str, str], float] = {}
    for run, each in ((said.title, ASKED_TITLE), (said.body, damp)):
        for pair in zip(run, run[1:], strict=False):
            times[pair] = times.get(pair, 0.0) + each
    for (one, other), many in times.items():
        weight = (0.5 * (rare[one] + rare[other])) ** RARITY * many / (many + ASKED_SATURATION)
        asked.pairs[number(f"{one}\x1e{other}")] = PAIRS * weight


def _weigh_marks(asked: Asked, said: Said, held_by: Mapping[int, int], documents: int) -> None:
    frames = 0
    for mark in said.marks:
        term = mark_number(mark)
        asked.signs[term] = mark
        if mark.kind not in MARK:
            asked.facets[term] = mark
            continue
        weight = MARK[mark.kind]
        if mark.kind == "frame":
            weight /= 1 + frames / FRAME_FADES
            frames += 1
        asked.marks[term] = weight * rarity(min(held_by.get(term, 0), documents), documents)


@dataclass(frozen=True)
class Judgement:
    """``score`` compares between questions. ``words`` (with their share) and ``marks`` are what both have."""

    score: float
    words: dict[int, float]
    marks: list[int]


def judge(asked: Asked, terms: Terms, *, days: float, average: float) -> Judgement:
    """How like the question a document is that is ``days`` older, where texts have ``average`` words."""
    norm = 1 - BODY_NORM + BODY_NORM * terms.body_length / max(1.0, average)
    title_norm = 1 - TITLE_NORM + TITLE_NORM * terms.title_length / USUAL_TITLE
    shared: dict[int, float] = {}
    wanted = asked.words
    in_titles = 0.0
    for term, times in zip(terms.words, terms.counts, strict=True):
        if term in wanted:
            much = TITLE * (times >> 6) / title_norm + (times & 63) / norm
            shared[term] = wanted[term] * much / (much + SATURATION)
            if times >= 64 and term in asked.title:
                in_titles += asked.title[term]
    likeness = sum(shared.values()) + _pairs(asked, terms, norm, title_norm)
    marks = [term for term in terms.marks if term in asked.signs]
    likeness += sum(asked.marks.get(term, 0.0) for term in marks)
    title_weight = sum(asked.title.values()) + 5.0 * max(1, terms.title_length)
    score = POWER * math.log1p(likeness) - math.log1p(max(0.0, days) / AGE_UNIT)
    score += TITLES_ALIKE * in_titles / title_weight - LENGTH * math.log1p(terms.body_length)
    score += FACET * sum(term in asked.facets for term in marks)
    if asked.context:
        same = asked.context.intersection(terms.context)
        score += CONTEXT * len(same) / len(asked.context)
    return Judgement(score, shared, marks)


def _pairs(asked: Asked, terms: Terms, norm: float, title_norm: float) -> float:
    wanted = asked.pairs
    title = TITLE / title_norm
    body = 1 / norm
    found = dict.fromkeys(wanted.keys() & terms.body_pairs, body)
    for pair in wanted.keys() & terms.title_pairs:
        found[pair] = found.get(pair, 0.0) + title
    return sum(wanted[pair] * much / (much + SATURATION) for pair, much in found.items())


def days_between(now: datetime, then: datetime) -> float:
    return (now - then).total_seconds() / 86_400
