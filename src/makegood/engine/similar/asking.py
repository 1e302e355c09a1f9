"""Asking the index: which documents are likely to have the same cause, best first, and why.

Two steps. The lists of the question's weightiest terms, newest documents first, give candidates by a rough sum; how
many entries are read is capped, so an index of any size costs the same. The candidates are then judged exactly.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from makegood.engine.models import SimilarDocument
from makegood.engine.similar import postings, ranking
from makegood.engine.similar.ranking import Asked, Judgement
from makegood.engine.similar.terms import Said, Terms, in_title, mark_number, number, say
from makegood.lib.signatures import Signature

MAX_TERMS = 160  # of a question whose rarity is looked up
MAX_LISTS = 48  # of these, whose lists are read
MAX_ENTRIES = 60_000
PER_LIST = 4_000
MAX_CANDIDATES = 400
TITLE_HIT = 1.5  # what a word in a candidate's title adds in the rough sum
VOTE = 0.25
MAX_WORDS_SHOWN = 8

Ref = tuple[str, int]
Visible = Callable[[list[Ref]], set[Ref]]


@dataclass(frozen=True)
class Question:
    """What is looked for, as far as it is written. Same fields as ``Document``; ``besides`` is never among the hits."""

    title: str = ""
    text: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    context: str = ""
    besides: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Reasons:
    """Why something is among the hits.

    ``words`` are shared words, the weightiest first, as the index reads them (``crash`` for ``crashed``);
    ``signatures`` what a machine said in both; ``facets`` the names of facets that are equal.
    """

    words: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """``score`` is comparable between questions; ``votes`` counts the likely candidates of the same cluster."""

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
    judgement: Judgement


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
    found = _judged(asked, _candidates(asked, held, size), now, size.average)
    found = [one for one in found if (one.kind, one.ref) not in question.besides and (not kinds or one.kind in kinds)]
    if visible is not None:
        seen = visible([(one.kind, one.ref) for one in found])
        found = [one for one in found if (one.kind, one.ref) in seen]
    return _voted(asked, found, k)


def _terms(said: Said) -> list[int]:
    """The terms worth looking up: of a long text the first ones, marks before words."""
    marks = [mark_number(mark) for mark in said.marks if mark.kind in ranking.PLAIN_MARKS]
    found = dict.fromkeys([number(word) for word in said.title] + marks + [number(word) for word in said.body])
    return list(found)[:MAX_TERMS]


def _candidates(asked: Asked, held: Mapping[int, int], size: postings.Size) -> list[int]:
    """The documents with the largest rough sums."""
    weights = {term: weight for term, weight in asked.words.items() if term in held}
    for term, weight in asked.marks.items():
        if term in held:
            weights[term] = weights.get(term, 0.0) + weight
    chosen = heapq.nlargest(MAX_LISTS, weights, key=weights.__getitem__)
    for term in chosen:
        if term in asked.words:
            weights[in_title(term)] = TITLE_HIT * weights[term]
    sums = _sums({term: weights[term] for one in chosen for term in (one, in_title(one)) if term in weights}, size)
    return heapq.nlargest(MAX_CANDIDATES, sums, key=sums.__getitem__)


def _sums(weights: Mapping[int, float], size: postings.Size) -> dict[int, float]:
    sums: dict[int, float] = {}
    left = dict.fromkeys(weights, PER_LIST)
    entries = 0
    for era in size.eras:
        lists = postings.lists(list(left), era)
        for term, places in lists.items():
            weight = weights[term]
            start = era << 16
            for place in places:
                document = start | place
                sums[document] = sums.get(document, 0.0) + weight
            entries += len(places)
            left[term] -= len(places)
            if left[term] <= 0:
                del left[term]
        if entries > MAX_ENTRIES or not left:
            break
    return sums


def _judged(asked: Asked, candidates: list[int], now: datetime, average: float) -> list[_Candidate]:
    rows = SimilarDocument.objects.filter(pk__in=candidates).values_list(
        "kind", "ref", "cluster", "created_at", "terms"
    )
    return [
        _Candidate(
            kind,
            ref,
            cluster,
            ranking.judge(
                asked, Terms.unpack(bytes(terms)), days=ranking.days_between(now, created_at), average=average
            ),
        )
        for kind, ref, cluster, created_at, terms in rows
    ]


def _voted(asked: Asked, found: list[_Candidate], k: int) -> list[Hit]:
    """The best ``k`` as hits. Members of one cluster lift one another, each by how likely it is itself."""
    together: dict[str, float] = {}
    votes: dict[str, int] = {}
    for one in found:
        if one.cluster:
            together[one.cluster] = together.get(one.cluster, 0.0) + math.exp(one.judgement.score)
            votes[one.cluster] = votes.get(one.cluster, 0) + 1
    lifted = [
        (one.judgement.score + VOTE * (math.log(together[one.cluster]) - one.judgement.score), one)
        if one.cluster
        else (one.judgement.score, one)
        for one in found
    ]
    best = heapq.nlargest(k, lifted, key=lambda pair: (pair[0], pair[1].ref))
    return [
        Hit(one.kind, one.ref, score, one.cluster, votes.get(one.cluster, 1), _reasons(asked, one.judgement))
        for score, one in best
    ]


def _reasons(asked: Asked, judgement: Judgement) -> Reasons:
    shown = heapq.nlargest(MAX_WORDS_SHOWN, judgement.words, key=judgement.words.__getitem__)
    marks = [(term, asked.signs[term]) for term in judgement.marks]
    return Reasons(
        tuple(asked.meaning[term] for term in shown),
        tuple(mark for term, mark in marks if term not in asked.facets),
        tuple(mark.kind for term, mark in marks if term in asked.facets),
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
