"""What was learnt: an opinion on a writing, with its reasons, and its way to bytes and back."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from makegood.engine.learning import NotAModel, Opinion, Writing
from makegood.engine.learning import features as reading
from makegood.engine.learning.features import SIZE
from makegood.engine.learning.solving import PENALTY, softmax

MAKE = 1
MAX_BYTES = 64 * 1024 * 1024
MOST_WORDS = 3
_SHORTEST_WORD = 3
# A word in more than this share of all writings is a reason only if those were filed so this much more than others.
_COMMON, _TELLING = 0.1, 1.3
_LEAST_SHARE = 0.15
_NUDGES = 2


@dataclass
class Scale:
    """From scores to shares: ``steepness`` of the scores and weight of how frequent a label is (``frequency``), both
    measured on lessons held back; ``fairness`` is how far a rare label is helped when one is chosen; ``right`` is the
    share of what was held back that was told right, 0 where it was too little to measure."""

    steepness: float = 1.0
    frequency: float = 0.5
    fairness: float = 0.6
    right: float = 0.0


@dataclass
class Model:
    """Learnt from ``lessons`` lessons. ``word_keys`` (sorted) and ``word_counts`` say how often each word was filed as
    which label."""

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    rarity: np.ndarray
    shares: np.ndarray
    scale: Scale
    word_keys: np.ndarray
    word_counts: np.ndarray
    lessons: int

    def opinion(self, writing: Writing, *, limit: int = 3) -> Opinion | None:
        """What this is most likely; None if nothing in it was ever seen."""
        ids, values = reading.weigh(reading.blocks(writing), self.rarity)
        if not len(ids):
            return None
        scores = values @ self.weights[ids] + self.bias
        likely = self.likely(scores)
        order = np.argsort(-self.chosen(likely), kind="stable")
        best = int(order[0])
        words = self._reasons(writing, (ids, values), best, likely)
        alike, alike_of = self._alike(words, best)
        ranked = tuple((self.labels[k], round(float(likely[k]), 4)) for k in order[:limit])
        return Opinion(ranked, words, alike, alike_of)

    def likely(self, scores: np.ndarray) -> np.ndarray:
        """How likely each label is, as measured on what was held back."""
        return softmax(self.scale.steepness * scores + self.scale.frequency * np.log(self.shares))

    def chosen(self, likely: np.ndarray) -> np.ndarray:
        """What decides which label is suggested: likelihood, with the rare ones helped."""
        return likely / self.shares**self.scale.fairness

    def nudge(self, writing: Writing, label: str) -> None:
        """Take in one more lesson at once; the next fit weighs it among all others. A label never met waits for it."""
        if label not in self.labels:
            return
        ids, values = reading.weigh(reading.blocks(writing), self.rarity)
        target, push = self.labels.index(label), np.zeros(len(self.labels), np.float32)
        for _ in range(_NUDGES):
            rows = self.weights[ids]
            wrong = -softmax(values @ rows + self.bias)
            wrong[target] += 1
            move = (PENALTY * wrong - push) * (2 / (PENALTY * (float(values @ values) + 1) + 2))
            push += move
            self.weights[ids] = rows + np.outer(values, move)
            self.bias += move

    def _reasons(self, writing: Writing, vector: reading.Vector, best: int, likely: np.ndarray) -> tuple[str, ...]:
        """The words of ``writing`` that spoke most for ``best`` and against what else it may be."""
        ids, values = vector
        others = likely.copy()
        others[best] = 0
        against = self.weights[ids] @ (others / max(float(others.sum()), 1e-9)).astype(np.float32)
        worth = values * (self.weights[ids, best] - against)
        said = dict.fromkeys(reading.split(writing.title) + reading.split(writing.body[: reading.MAX_BODY]))
        telling = [word for word in said if len(word) >= _SHORTEST_WORD and not word[0].isdigit()]
        found = [(self._worth(word, ids, worth), word) for word in telling if not self._is_idle(word, best)]
        found.sort(key=lambda pair: -pair[0])
        least = found[0][0] * _LEAST_SHARE if found else 0
        return tuple(word for value, word in found[:MOST_WORDS] if value > max(least, 0))

    @staticmethod
    def _worth(word: str, ids: np.ndarray, worth: np.ndarray) -> float:
        own = reading.ids_of_word(word)
        place = np.searchsorted(ids, own)
        place[place == len(ids)] = 0
        return float(worth[place[ids[place] == own]].sum())

    def _counts(self, word: str) -> np.ndarray | None:
        key = reading.word_key(word)
        place = int(np.searchsorted(self.word_keys, key))
        if place < len(self.word_keys) and int(self.word_keys[place]) == key:
            return self.word_counts[place]
        return None

    def _is_idle(self, word: str, best: int) -> bool:
        """Whether the word is in so many writings, whatever they were filed as, that it is no reason to a person."""
        counts = self._counts(word)
        if counts is None or int(counts.sum()) <= max(5, _COMMON * self.lessons):
            return False
        return counts[best] / counts.sum() < _TELLING * self.shares[best]

    def _alike(self, words: tuple[str, ...], best: int) -> tuple[int, int]:
        counts = self._counts(words[0]) if words else None
        return (0, 0) if counts is None else (int(counts[best]), int(counts.sum()))

    def to_bytes(self) -> bytes:
        """Numbers only, packed; features without weight are left out."""
        used = np.flatnonzero(np.any(self.weights, axis=1))
        out = io.BytesIO()
        np.savez_compressed(
            out,
            make=np.array([MAKE, SIZE, self.lessons]),
            labels=np.array(self.labels, np.str_),
            used=used.astype(np.uint32),
            weights=self.weights[used].astype(np.float16),
            bias=self.bias,
            rarity=self.rarity.astype(np.float16),
            shares=self.shares,
            scale=np.array([self.scale.steepness, self.scale.frequency, self.scale.fairness, self.scale.right]),
            word_keys=self.word_keys,
            word_counts=self.word_counts,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Model:
        """Raises NotAModel. Nothing in the bytes is ever run."""
        try:
            with zipfile.ZipFile(io.BytesIO(kept)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                    raise NotAModel("larger than any model of ours")
            with np.load(io.BytesIO(kept), allow_pickle=False) as parts:
                return cls._from_parts({name: parts[name] for name in parts.files})
        except (OSError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile) as trouble:
            raise NotAModel(str(trouble)) from trouble

    @classmethod
    def _from_parts(cls, parts: dict[str, np.ndarray]) -> Model:
        make, size, lessons = (int(number) for number in parts["make"])
        if (make, size) != (MAKE, SIZE):
            raise NotAModel("of another make")
        labels = [str(label) for label in parts["labels"]]
        weights = np.zeros((SIZE, len(labels)), np.float32)
        weights[parts["used"]] = parts["weights"]
        shapes = (parts["bias"].shape, parts["shares"].shape, parts["rarity"].shape, parts["word_counts"].shape)
        if shapes != ((len(labels),), (len(labels),), (SIZE,), (len(parts["word_keys"]), len(labels))):
            raise NotAModel("its parts do not fit together")
        return cls(
            labels=labels,
            weights=weights,
            bias=parts["bias"].astype(np.float32),
            rarity=parts["rarity"].astype(np.float32),
            shares=parts["shares"],
            scale=Scale(*(float(one) for one in parts["scale"])),
            word_keys=parts["word_keys"],
            word_counts=parts["word_counts"],
            lessons=lessons,
        )
