"""What words mean, as vectors: the part of likeness that needs a sentence model, and is silent without one. Pure.

A model makes a vector of a text, so that texts that mean the same lie in about the same direction whatever their words.
Of each document one is kept, a byte a number: less exact than the model made it, at a quarter of the size. It lends
weight to a candidate that words have found, and finds none by itself: that was hardly better on public reports, and
would need an index of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from makegood.lib import signatures
from makegood.lib.signatures import Signature

Numbers = Any  # an array of numbers

READS = 1  # raised when a vector is made of other words than before: then all are made anew
TOKENS = 128
_SEEN = 8_000  # characters, of which traces may take most
_READ = 2_000  # characters, more than fit into the tokens
_HEAD = 4
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")

# What the same meaning adds to a score, and how that fades with time: what comes years later is told in the same words,
# or is something else. Both stand on a plateau: a quarter more or less of either changes little.
WEIGHT = 20.0
FADES = 0.04
FADES_UNIT = 7.0  # days
# The best candidate of a new report gets about so much. It is taken off, and the rest made smaller, so that a score
# says of known or new what the same score says without a model.
USUAL = 5.0
SCALE = 0.56
# Of more frames than these the machine has said what there is to say, and sentences only blur it.
FEW_FRAMES = 3


class Model(Protocol):
    """``number`` says which model it is: vectors of two models do not compare. ``reads_all`` is of all scripts."""

    number: int
    reads_all: bool

    def vector(self, text: str, tokens: int) -> Numbers:
        """The direction of the first ``tokens`` of ``text``."""


def of(model: Model, title: str, text: str) -> bytes:
    """The vector of a document, behind the number of its model. Without one where the model cannot read the script."""
    body = signatures.read(text[:_SEEN]).words
    said = f"{title}\n{body}".strip()[:_READ]
    if not said or not (model.reads_all or _is_latin(said)):
        return head(model)
    vector = model.vector(said, TOKENS)
    largest = max(float(np.abs(vector).max()), 1e-9)
    return head(model) + np.rint(vector * (127 / largest)).astype(np.int8).tobytes()


def is_trace(marks: Iterable[Signature]) -> bool:
    """Whether a question is a stack trace, which is not asked for its meaning."""
    return sum(mark.kind == "frame" for mark in marks) > FEW_FRAMES


def head(model: Model) -> bytes:
    """What all vectors of a model begin with."""
    return model.number.to_bytes(_HEAD, "little")


def is_of(model: Model, packed: bytes | memoryview | None) -> bool:
    """Whether ``packed`` was made by ``model``."""
    return packed is not None and bytes(packed[:_HEAD]) == head(model)


def heard(scores: Numbers, asked: bytes, kept: Sequence[bytes | None], *, days: Numbers) -> Numbers:
    """``scores`` of words when meaning was heard too, on the same scale: of documents so many ``days`` old.

    A document without a vector (among ``kept``), or with one of another model than ``asked``, keeps its score.
    """
    own = _direction(asked[_HEAD:])
    same = [place for place, one in enumerate(kept) if one is not None and _compares(bytes(one), asked)]
    if not len(own) or not same:
        return scores
    vectors = np.frombuffer(b"".join(bytes(kept[place] or b"")[_HEAD:] for place in same), np.int8)
    rows = vectors.reshape(len(same), -1).astype(np.float32)
    alike = rows @ own / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
    fading = FADES * np.log1p(np.maximum(days[same], 0.0) / FADES_UNIT)
    found = scores.copy()
    found[same] = SCALE * (scores[same] + WEIGHT * np.maximum(alike - fading, 0.0) ** 2 - USUAL)
    return found


def _compares(one: bytes, asked: bytes) -> bool:
    return len(one) == len(asked) and one[:_HEAD] == asked[:_HEAD]


def _direction(packed: bytes) -> Numbers:
    vector = np.frombuffer(packed, np.int8).astype(np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _is_latin(text: str) -> bool:
    """Whether most letters are Latin: of others a model of one language sees letters and no words."""
    return 2 * len(_LATIN.findall(text)) > len(_LETTER.findall(text))
