"""Weights of a linear model by stochastic dual coordinate ascent: multinomial logistic loss, L2 penalty.

Each example keeps what it has pushed so far (``pushes``), so examples may be added at any time and the solution goes
on from where it is: that is what makes learning in steps and learning at once the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from makegood.engine.learning.features import SIZE, Vector

# How hard an example may push: larger fits the lessons closer, smaller trusts them less.
PENALTY = 3.0
_BREATHE_EVERY = 64
_SMOOTHNESS = 2.0  # of the softmax: its slope changes by at most one half


class Solution:
    """``weights`` (feature, label) and ``bias`` (label), and how each example came to them."""

    def __init__(self, labels: int) -> None:
        self.weights = np.zeros((SIZE, labels), np.float32)
        self.bias = np.zeros(labels, np.float32)
        self.pushes: list[np.ndarray] = []

    def scores(self, vector: Vector) -> np.ndarray:
        ids, values = vector
        return values @ self.weights[ids] + self.bias

    def step(self, example: int, vector: Vector, label: int, limit: float) -> None:
        """Move one example's push towards what the present weights get wrong about it."""
        ids, values = vector
        rows = self.weights[ids]
        wrong = -softmax(values @ rows + self.bias)
        wrong[label] += 1
        length = float(values @ values) + 1
        pace = _SMOOTHNESS / (limit * length + _SMOOTHNESS)
        move = pace * (limit * wrong - self.pushes[example])
        self.pushes[example] += move
        self.weights[ids] = rows + np.outer(values, move)
        self.bias += move

    def go(
        self,
        vectors: Sequence[Vector],
        labels: np.ndarray,
        limits: np.ndarray,
        *,
        rounds: int,
        breathe: Callable[[], object],
    ) -> None:
        """Go ``rounds`` times over the examples in an order that is always the same."""
        count, zero = len(self.bias), np.zeros
        self.pushes += [zero(count, np.float32) for _ in range(len(vectors) - len(self.pushes))]
        order = np.random.default_rng(7)
        for _ in range(rounds):
            for place, example in enumerate(order.permutation(len(vectors)).tolist()):
                if not place % _BREATHE_EVERY:
                    breathe()
                self.step(example, vectors[example], labels[example], limits[example])


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores as shares of one, along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)
