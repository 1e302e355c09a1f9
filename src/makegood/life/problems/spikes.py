"""Is this more than usual? Pure: counts in, an answer with its figures out.

Expected is the median of the same stretch of the week in the eight weeks before. An alarm needs a tail of the Poisson
distribution below one in a thousand, at least three reports, and three different customers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WEEKS = 8
LIMIT = 0.001
LEAST = 3
# Of what has never happened one cannot say that it is expected never: half a report in eight weeks.
FLOOR = 0.5 / WEEKS


@dataclass(frozen=True)
class Spike:
    """``chance``: of so many reports or more if nothing were unusual."""

    count: int
    people: int
    expected: float
    chance: float


def judge(count: int, people: int, before: Sequence[int]) -> Spike | None:
    """Whether ``count`` reports of ``people`` customers are a spike, given the counts of the weeks ``before``."""
    expected = max(float(median(before)) if before else 0.0, FLOOR)
    if count < LEAST or people < LEAST:
        return None
    chance = tail(count, expected)
    return Spike(count, people, expected, chance) if chance < LIMIT else None


def tail(count: int, mean: float) -> float:
    """The chance that a Poisson variable of this mean is ``count`` or more."""
    term = math.exp(-mean)
    below = 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    return max(0.0, 1.0 - below) if below < 1.0 - 1e-12 else _upper(count, mean)


def _upper(count: int, mean: float) -> float:
    """The tail summed from its own side, where one minus the rest would have lost every digit."""
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    total, k = 0.0, count
    while term > total * 1e-12 and k < count + 10_000:
        total += term
        k += 1
        term *= mean / k
    return total
