"""From lessons to a model: what is rare, the weights, and how sure the model may be, measured on lessons held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from makegood.engine.learning import Lesson
from makegood.engine.learning import features as reading
from makegood.engine.learning.features import SIZE, Block
from makegood.engine.learning.model import Model, Scale
from makegood.engine.learning.solving import PENALTY, Solution, softmax

Breathe = Callable[[], object]

ROUNDS, ROUNDS_AFTER = 6, 3
# Between one (each lesson counts alike) and nought (each label counts alike).
BALANCE = 0.5
# So many lessons or more: the newest fifth is held back. Fewer: each third in turn, so that there is enough to measure.
FOLD_BELOW = 1000
FOLDS = 3
HELD_BACK, MOST_HELD_BACK = 0.2, 1500
LEAST_TO_MEASURE = 24
# What fairness may cost: accuracy on what was held back.
_MOST_LOST = 0.015
_MOST_COUNTED_WORDS = 50_000
_LABELS = 1 << 16  # more than anybody has


class _Class:
    """The lessons, read once: their features, labels by number, and how hard each may push."""

    def __init__(self, lessons: Iterable[Lesson], breathe: Breathe) -> None:
        self.blocks: list[list[Block]] = []
        labels, weights, words = [], [], []
        for lesson in lessons:
            breathe()
            self.blocks.append(reading.blocks(lesson.writing))
            labels.append(lesson.label)
            weights.append(lesson.weight)
            words.append(_keys_of_words(lesson))
        self.labels = sorted(set(labels))
        self.targets = np.array([self.labels.index(label) for label in labels], np.int64)
        self.weights = np.array(weights, np.float64)
        self.words = words

    def __len__(self) -> int:
        return len(self.targets)

    def shares(self, which: np.ndarray) -> np.ndarray:
        """How frequent each label is among ``which``; what does not occur counts as a half."""
        counts = np.bincount(self.targets[which], self.weights[which], len(self.labels))
        return np.maximum(counts, 0.5) / np.maximum(counts, 0.5).sum()

    def limits(self, which: np.ndarray) -> np.ndarray:
        """How hard each may push: rare labels harder, so that they are heard."""
        louder = self.shares(which)[self.targets[which]] ** -BALANCE
        return PENALTY * self.weights[which] * louder / np.average(louder, weights=self.weights[which])

    def rarity(self) -> np.ndarray:
        seen = np.zeros(SIZE)
        for made in self.blocks:
            for block in made:
                seen[block.ids] += 1
        return (np.log((1 + len(self)) / (1 + seen)) + 1).astype(np.float32)

    def weigh(self, rarity: np.ndarray) -> list[reading.Vector]:
        """The vectors of the lessons; what they were made of is let go, it is the larger half."""
        vectors = [reading.weigh(made, rarity) for made in self.blocks]
        self.blocks = []
        return vectors

    def counted_words(self) -> tuple[np.ndarray, np.ndarray]:
        """How often each word, by its key, was filed as which label; words met once say nothing."""
        pairs = [keys * np.uint64(_LABELS) + np.uint64(t) for keys, t in zip(self.words, self.targets, strict=True)]
        met, times = np.unique(np.concatenate(pairs), return_counts=True)
        keys, place = np.unique(met // np.uint64(_LABELS), return_inverse=True)
        counts = np.zeros((len(keys), len(self.labels)), np.uint16)
        counts[place, (met % np.uint64(_LABELS)).astype(np.int64)] = np.minimum(times, 65_535)
        told = np.flatnonzero(counts.sum(axis=1) > 1)
        if len(told) > _MOST_COUNTED_WORDS:
            told = np.sort(told[np.argsort(-counts[told].sum(axis=1), kind="stable")[:_MOST_COUNTED_WORDS]])
        return keys[told].astype(np.uint32), counts[told]


def fit(lessons: Iterable[Lesson], *, breathe: Breathe = lambda: None) -> Model | None:
    """See the package. The same lessons always make the same model."""
    known = _Class(lessons, breathe)
    if len(known.labels) < 2:
        return None
    rarity = known.rarity()
    vectors = known.weigh(rarity)
    everything = np.arange(len(known))
    solution, scale = _measured(known, vectors, breathe)
    rounds = ROUNDS_AFTER if solution.pushes else ROUNDS
    solution.go(vectors, known.targets, known.limits(everything), rounds=rounds, breathe=breathe)
    keys, counts = known.counted_words()
    return Model(
        labels=known.labels,
        weights=solution.weights,
        bias=solution.bias,
        rarity=rarity,
        shares=known.shares(everything),
        scale=scale,
        word_keys=keys,
        word_counts=counts,
        lessons=int((known.weights == 1.0).sum()),
    )


def _measured(known: _Class, vectors: list[reading.Vector], breathe: Breathe) -> tuple[Solution, Scale]:
    """How sure the model may be, and a solution to go on from: all but the newest learnt, or nothing yet."""
    scores, targets, solution = [], [], Solution(len(known.labels))
    for learnt, held in _divisions(known):
        solution = Solution(len(known.labels))
        solution.go(
            [vectors[i] for i in learnt.tolist()],
            known.targets[learnt],
            known.limits(learnt),
            rounds=ROUNDS,
            breathe=breathe,
        )
        scores += [solution.scores(vectors[i]) for i in held.tolist()]
        targets.append(known.targets[held])
    if len(scores) < LEAST_TO_MEASURE:
        return Solution(len(known.labels)), Scale()
    scale = _scale(np.array(scores), np.concatenate(targets), known.shares(np.arange(len(known))))
    return (solution if len(known) >= FOLD_BELOW else Solution(len(known.labels))), scale


def _divisions(known: _Class) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(learnt, held back) lessons; only what a person filed is ever held back."""
    places, is_said = np.arange(len(known)), known.weights == 1.0
    if len(known) >= FOLD_BELOW:
        cut = len(known) - min(MOST_HELD_BACK, int(len(known) * HELD_BACK))
        yield places[:cut], places[cut:][is_said[cut:]]
    elif is_said.sum() >= LEAST_TO_MEASURE:
        # In no order: lessons that come in turns would leave a fold without one of the labels.
        folds = np.random.default_rng(7).permutation(len(known)) % FOLDS
        for fold in range(FOLDS):
            out = (folds == fold) & is_said
            yield places[~out], places[out]


def _scale(scores: np.ndarray, targets: np.ndarray, shares: np.ndarray) -> Scale:
    """The steepness and weight of frequency that fit best what was held back, and the fairest choice it allows."""
    frequent, rows = np.log(shares), np.arange(len(targets))
    best, scale = np.inf, Scale()
    for steepness in np.arange(0.4, 3.01, 0.2):
        for frequency in np.arange(-0.25, 1.01, 0.25):
            likely = softmax(steepness * scores + frequency * frequent)
            loss = -float(np.log(np.maximum(likely[rows, targets], 1e-9)).mean())
            if loss < best:
                best, scale = loss, Scale(float(steepness), float(frequency))
    likely = softmax(scale.steepness * scores + scale.frequency * frequent)
    scale.fairness = _fairness(likely, targets, shares)
    scale.right = float(((likely / shares**scale.fairness).argmax(axis=1) == targets).mean())
    return scale


def _fairness(likely: np.ndarray, targets: np.ndarray, shares: np.ndarray) -> float:
    """How far to help rare labels: for the most right and the most even, losing little of the most right.

    Never so far that to name always the commonest label would be right more often: such help is guessing.
    """
    judged = []
    for fairness in np.arange(0, 1.01, 0.1):
        chosen = (likely / shares**fairness).argmax(axis=1)
        judged.append((float((chosen == targets).mean()), _evenness(chosen, targets), float(fairness)))
    most = max(right for right, _, _ in judged)
    commonest = float(np.bincount(targets).max()) / len(targets)
    least = max(most - _MOST_LOST, min(most, commonest))
    return max((right + even, fairness) for right, even, fairness in judged if right >= least)[1]


def _evenness(chosen: np.ndarray, targets: np.ndarray) -> float:
    """The mean over labels of how well each is told (F1)."""
    told = []
    for label in np.unique(targets):
        both = int(((chosen == label) & (targets == label)).sum())
        told.append(2 * both / int((chosen == label).sum() + (targets == label).sum()))
    return float(np.mean(told))


def _keys_of_words(lesson: Lesson) -> np.ndarray:
    """Each word of the lesson once, by its key; none of what nobody said."""
    if lesson.weight != 1.0:
        return np.zeros(0, np.uint64)
    said = reading.split(f"{lesson.writing.title} {lesson.writing.body[: reading.MAX_BODY]}")
    return np.array([reading.word_key(word) for word in set(said)], np.uint64)
