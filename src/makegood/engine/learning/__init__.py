"""Learning to file: from writings with a label, tell the label of the next one, how sure, and because of which words.

Offers ``Lesson`` in, ``fit`` → ``Model``, ``Model.opinion`` → ``Opinion`` out, ``read`` for a model kept as bytes. A
linear model over hashed words and letters: what is kept holds numbers only, never anybody's words, and nothing that
could run. Knows nothing of reports. The arithmetic is numpy's, which is loaded on first use: a process that never asks
never carries it.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from makegood.engine.learning.model import Model

# The newest so many lessons are learnt from; what bounds time and memory at any size of a desk.
MOST_LESSONS = 8000


@dataclass(frozen=True)
class Writing:
    """What is judged. ``marks`` are facts that count as they are, such as ``channel:mail``."""

    title: str
    body: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A writing and what a person filed it as. ``weight`` below 1 is for what nobody said, such as examples."""

    writing: Writing
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Opinion:
    """``ranked``: (label, probability), the label to suggest first. ``words`` spoke for it, all from the writing.

    ``alike`` of the ``alike_of`` earlier writings that hold the first of the words were filed so.
    """

    ranked: tuple[tuple[str, float], ...]
    words: tuple[str, ...] = ()
    alike: int = 0
    alike_of: int = 0

    @property
    def label(self) -> str:
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        return self.ranked[0][1]


class NotAModel(Exception):
    """The bytes are no model of ours, or of another make; learn anew."""


def fit(lessons: Iterable[Lesson], *, breathe: Callable[[], object] = lambda: None) -> Model | None:
    """Learn from ``lessons``, oldest first; None unless they hold two labels.

    ``breathe`` is called now and then: it may rest, or raise to give up.
    """
    return _load("teaching").fit(lessons, breathe=breathe)


def read(kept: bytes) -> Model:
    """The model that ``Model.to_bytes`` made. Raises NotAModel."""
    return _load("model").Model.from_bytes(kept)


def is_worth_fitting(known: int, fitted: int) -> bool:
    """Whether to learn anew with ``known`` lessons where the last model came of ``fitted``."""
    return known >= fitted * 1.15 + 5


def _load(name: str):  # type: ignore[no-untyped-def]
    # One thread is enough for vectors this short, and each more would hold memory for good.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return importlib.import_module(f"makegood.engine.learning.{name}")
