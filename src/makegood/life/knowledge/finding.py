"""What fits some words, best first: typed into a search box, or told in whole sentences.

The index gives what holds any of the telling words (common ones are no help), cut to their stems; here they are judged
by how many of the rarer words an article holds, and where. A word in the title or among the search words says most.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from makegood.engine import search
from makegood.engine.search import Phrase
from makegood.engine.search.words import fold

KIND = "article"
MOST_WORDS = 10
# What share of the weight of the asked words a hit must hold: to be found, and to be offered without being asked for.
FOUND, OFFERED = 0.34, 0.5
_TITLE, _BODY = 1.0, 0.7
_COMMON = frozenset(
    word
    for word in re.findall(
        r"\w+",
        """a about after again all also am an and any are as at be because been but by can cannot could did do does don
        down for from get gets got had has have he help her here hi hello his how i if in into is it its just like me my
        no not now of off ok on one only or our out over page please she so some still than thanks that the their them
        then there these they this to too try tried trying up us use very want was we were what when where which who why
        will with without would you your isn doesn didn won ve ll re s t m says say see seen
        show shows work works working
        aber alle als am an auch auf aus bei bin bis bitte da das dass dem den der des die dies diese doch ein eine
        einen einer eines er es für geht hab habe hat hatte hallo ich ihr ihre im in ist ja kann kein keine mein meine
        meinen
        meiner mich mir mit nach nicht noch nur ob oder schon seite sein seit sich sie sind so um und uns unter vom von
        vor war warum was wenn wer wie wieder will wird wo zu zum zur""",
    )
)
_ENDINGS = (
    "ungen",
    "ingly",
    "ings",
    "ing",
    "ies",
    "ied",
    "ern",
    "est",
    "ers",
    "ed",
    "es",
    "en",
    "er",
    "ly",
    "s",
    "e",
    "n",
)
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Found:
    """A wording, by primary key. ``share``: of the weight of what was asked, 0 to 1. ``words``: what it holds of it."""

    wording: int
    score: float
    share: float
    words: tuple[str, ...]


def find(text: str, *, visible: Callable[[list[int]], set[int]], most: int = 20, least: float = FOUND) -> list[Found]:
    """Wordings that fit ``text``, best first; ``visible`` says which of some may be shown."""
    asked = telling(text)
    if not asked:
        return []
    phrases = [Phrase((one,), goes_on=len(one) >= _SHORTEST_STEM) for one in asked]
    rows = search.best(phrases, kind=KIND, visible=lambda _kind, refs: visible(refs))
    judged = judge(asked, [(hit.ref, title, body) for hit, title, body in rows])
    return [one for one in judged if one.share >= least and _is_enough(one, asked)][:most]


def telling(text: str) -> list[str]:
    """The words of ``text`` that say what it is about, as stems, each once; the first ones of a long text."""
    words = [word for word in _words(text) if word not in _COMMON and (len(word) > 1 or word.isdecimal())]
    return list(dict.fromkeys(map(stem, words)))[:MOST_WORDS]


def stem(word: str) -> str:
    """A word without its ending, roughly: "changing" and "changed" → "chang". Short words and numbers stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def judge(asked: list[str], rows: Iterable[tuple[int, str, str]]) -> list[Found]:
    """Candidates (key, title, body), best first. A word counts by how few of them hold it. Pure."""
    held = [(key, _held(asked, title), _held(asked, body)) for key, title, body in rows]
    count = len(held)
    # A word nobody holds says no more than one that a single article holds: it may be a slip, or mere talk.
    common = {one: max(1, sum(one in title or one in body for _key, title, body in held)) for one in asked}
    weight = {one: math.log(1 + (count + 1) / (common[one] + 0.5)) for one in asked}
    whole = sum(weight.values())
    found = []
    for key, title, body in held:
        score = sum(weight[one] * (_TITLE if one in title else _BODY) for one in asked if one in title or one in body)
        share = sum(weight[one] for one in asked if one in title or one in body) / whole
        words = tuple(one for one in asked if one in title or one in body)
        found.append(Found(key, score, share, words))
    return sorted(found, key=lambda one: -one.score)


def _is_enough(found: Found, asked: list[str]) -> bool:
    """One word of many is a coincidence."""
    return len(found.words) >= min(2, len(asked))


def _held(asked: list[str], text: str) -> frozenset[str]:
    words = set(_words(text))
    return frozenset(
        one for one in asked if one in words or (len(one) >= _SHORTEST_STEM and any(w.startswith(one) for w in words))
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))
