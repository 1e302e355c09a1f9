"""Asking the index: which documents are likely to have the same cause, best first, and why.

Two steps. The lists of the question's weightiest terms, newest documents first, give candidates by a rough sum; how
many entries are read is capped, so an index of any size costs the same. The candidates are then judged exactly.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import connection

from makegood.engine.similar import meaning, postings, ranking, sentences
from makegood.engine.similar.ranking import Asked, Shelf
from makegood.engine.similar.terms import (
    MINUTE,
    Facets,
    Said,
    Terms,
    around,
    in_title,
    mark_number,
    minute_of,
    number,
    say,
)
from makegood.engine.similar.words import spelling
from makegood.lib import rows
from makegood.lib.signatures import Signature

MAX_TERMS = 160  # of a question whose rarity is looked up
MAX_LISTS = 48  # of these, whose lists are read
PER_LIST = 2_000
MAX_CANDIDATES = 300
MAX_WITH_MEANING = 700  # a sentence model lifts some that words alone put far down
TITLE_HIT = 1.5  # what a word in a candidate's title adds in the rough sum
VOTE = 0.25
MAX_WORDS_SHOWN = 8

Ref = tuple[str, int]
Visible = Callable[[list[Ref]], set[Ref]]


@dataclass(frozen=True)
class Question:
    """What is looked for, as far as it is written. Same fields as ``Document``.

    ``own`` is the document it is itself, if it is one: never among the hits, and not read for its meaning again.
    """

    title: str = ""
    text: str = ""
    facets: Facets = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    context: str = ""
    own: Ref | None = None


@dataclass(frozen=True)
class Reasons:
    """Why something is among the hits.

    ``words`` are shared words, the weightiest first, as the question writes them;
    ``signatures`` what a machine said in both, the same event first; ``facets`` the names of facets that are equal.
    """

    words: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One document that is like the question. ``votes`` counts the candidates of its cluster.

    ``score`` compares between questions: 0 says neither known nor new, a document of this minute with the same words
    has ``ranking.LIKE``; one that names the same event at least as much. It orders, it does not decide: nothing may be
    joined on it alone.
    """

    kind: str
    ref: int
    score: float
    cluster: str = ""
    votes: int = 1
    reasons: Reasons = Reasons()


@dataclass(frozen=True)
class _Candidate:
    kind: str
    ref: int
    cluster: str
    packed: bytes
    vector: bytes | None


def similar(
    question: Question,
    *,
    now: datetime,
    k: int = 10,
    kinds: tuple[str, ...] = (),
    visible: Visible | None = None,
) -> list[Hit]:
    """At most ``k`` documents like ``question``, best first.

    ``visible`` says which of some (kind, ref) the seeker may see; only these are returned, and only these vote.
    """
    size = postings.size()
    if not size.documents:
        return []
    said = say(
        question.title,
        question.text,
        marks=question.signatures,
        facets=question.facets,
        context=question.context,
    )
    held = postings.held_by(_terms(said), size.eras)
    asked = ranking.weigh(said, held_by=held, documents=size.documents)
    model = None if meaning.is_trace(said.marks) else sentences.model()
    candidates = _candidates(asked, held, size, most=MAX_WITH_MEANING if model else MAX_CANDIDATES)
    found = _fetch(candidates, kinds, with_vectors=model is not None)
    found = [one for one in found if (one.kind, one.ref) != question.own]
    if visible is not None:
        seen = visible([(one.kind, one.ref) for one in found])
        found = [one for one in found if (one.kind, one.ref) in seen]
    if not found:
        return []
    itself = Terms.of(said, at=now).pack()
    shelf = Shelf.of([*(one.packed for one in found), itself])
    scores = ranking.on_scale(asked, ranking.judge(asked, shelf, minute=minute_of(now), average=size.average))
    if model is not None:
        days = (minute_of(now) - shelf.heads[:-1, MINUTE]) / 1440
        scores = meaning.heard(scores, _meant(model, question), [one.vector for one in found], days=days)
    scores = ranking.same_event(asked, shelf, scores)
    spelt = spelling(f"{question.title}\n{question.text}")

    def why(packed: bytes, votes: int) -> Reasons:
        words, marks = ranking.shared(asked, packed, average=size.average, votes=votes)
        return _reasons([spelt.get(word, word) for word in words], marks)

    return _hits(found, scores.tolist(), k, why)


def _meant(model: meaning.Model, question: Question) -> bytes:
    """The vector of a question; of what is indexed already the one that is there."""
    if question.own:
        sql = "SELECT vector FROM engine_similardocument WHERE kind = %s AND ref = %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, question.own)
            (kept,) = cursor.fetchone() or (None,)
        if kept is not None and meaning.is_of(model, kept):
            return bytes(kept)
    return meaning.of(model, question.title, question.text)


def _terms(said: Said) -> list[int]:
    """The terms worth looking up: of a long text the first ones, marks before words."""
    marks = [mark_number(mark) for mark in said.marks if mark.kind in ranking.LISTED_MARKS]
    found = dict.fromkeys([number(word) for word in said.title] + marks + [number(word) for word in said.body])
    return list(found)[:MAX_TERMS] + [around(word) for word in said.context]


def _candidates(asked: Asked, held: Mapping[int, int], size: postings.Size, *, most: int) -> list[int]:
    """The documents with the ``most`` largest rough sums."""
    weights = {term: weight for term, weight in asked.words.items() if term in held}
    for term, weight in (asked.marks | asked.references).items():
        if term in held:
            weights[term] = weights.get(term, 0.0) + weight
    chosen = heapq.nlargest(MAX_LISTS, weights, key=weights.__getitem__)
    read = {term: weights[term] for term in chosen}
    read |= {in_title(term): TITLE_HIT * weights[term] for term in chosen if term in asked.words}
    together, which = np.zeros(0), np.zeros(0, dtype=np.int64)
    least = 0.0  # what a document must have more of to be among the best
    left = dict.fromkeys(read, PER_LIST)
    for era in size.eras:
        found = postings.lists(list(left), era)
        for term, places in found.items():
            left[term] -= len(places)
        left = {term: some for term, some in left.items() if some > 0}
        if not found:
            continue
        sum_of = _sums(found, read)
        best = np.flatnonzero(sum_of > least)
        together = np.concatenate((together, sum_of[best]))
        which = np.concatenate((which, best + postings.document_at(era, 0)))
        if len(which) > most:
            kept = np.argpartition(-together, most - 1)[:most]
            together, which = together[kept], which[kept]
            least = together.min()
    order = np.lexsort((-which, -together))[:most]
    return which[order].tolist()


def _sums(lists: Mapping[int, Sequence[int]], weights: Mapping[int, float]) -> np.ndarray:
    """What each place of an era has of the terms that are listed there."""
    places = [np.frombuffer(some, np.uint16) for some in lists.values()]  # type: ignore[call-overload]
    weight = np.repeat([weights[term] for term in lists], [len(some) for some in places])
    return np.bincount(np.concatenate(places), weight)


def _fetch(candidates: list[int], kinds: tuple[str, ...], *, with_vectors: bool) -> list[_Candidate]:
    """By SQL of our own: to compose it for hundreds of keys takes the ORM as long as all the rest."""
    if not candidates:
        return []
    some = f"AND kind IN ({rows.marks(len(kinds))})" if kinds else ""
    vector = "vector" if with_vectors else "NULL"
    sql = f"""
        SELECT kind, ref, cluster, terms, {vector} FROM engine_similardocument
        WHERE id IN ({rows.marks(len(candidates))}) {some}"""  # noqa: S608 - only placeholders and words of ours are spliced in
    with connection.cursor() as cursor:
        cursor.execute(sql, [*candidates, *kinds])
        return [
            _Candidate(kind, ref, cluster, bytes(packed), vector)
            for kind, ref, cluster, packed, vector in cursor.fetchall()
        ]


def _hits(found: list[_Candidate], scores: list[float], k: int, why: Callable[[bytes, int], Reasons]) -> list[Hit]:
    """The best ``k`` as hits. Members of one cluster lift one another, each by how likely it is itself."""
    together: dict[str, float] = {}
    votes: dict[str, int] = {}
    for one, score in zip(found, scores, strict=True):
        if one.cluster:
            together[one.cluster] = together.get(one.cluster, 0.0) + math.exp(score)
            votes[one.cluster] = votes.get(one.cluster, 0) + 1
    lifted = [
        (score + VOTE * (math.log(together[one.cluster]) - score) if one.cluster else score, one)
        for one, score in zip(found, scores, strict=True)
    ]
    best = heapq.nlargest(k, lifted, key=lambda pair: (pair[0], pair[1].ref))
    counts = [votes.get(one.cluster, 1) for _score, one in best]
    return [
        Hit(one.kind, one.ref, score, one.cluster, many, why(one.packed, many))
        for many, (score, one) in zip(counts, best, strict=True)
    ]


def _reasons(words: list[str], marks: list[Signature]) -> Reasons:
    return Reasons(
        tuple(words[:MAX_WORDS_SHOWN]),
        tuple(mark for mark in marks if mark.kind in ranking.LISTED_MARKS - ranking.FACETS),
        tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind not in ranking.LISTED_MARKS - ranking.FACETS)),
    )


def one_a_cluster(hits: Iterable[Hit]) -> list[Hit]:
    """Only the best hit of each cluster; those of none stay."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        if not hit.cluster or hit.cluster not in seen:
            kept.append(hit)
            seen.add(hit.cluster)
    return kept
