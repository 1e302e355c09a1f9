"""The arithmetic of figures. Pure: plain numbers in, plain numbers out."""

from __future__ import annotations

import math
from collections.abc import Mapping

# Two figures are told apart when chance alone would set them so far apart less than once in twenty.
APART = 1.96


def rounded(minutes: int) -> int:
    """Whole minutes; from 1,000 on three digits, so that a day's durations stay a short list."""
    if minutes < 1000:
        return max(0, minutes)
    step = 10 ** (len(str(minutes)) - 3)
    return minutes // step * step


def quantile(spread: Mapping[int, int], share: float) -> int | None:
    """The smallest value that at least ``share`` of all do not exceed (nearest rank); None of nothing."""
    whole = sum(spread.values())
    if not whole:
        return None
    wanted, so_far = max(1, math.ceil(share * whole)), 0
    for value in sorted(spread):
        so_far += spread[value]
        if so_far >= wanted:
            return value
    raise AssertionError("the ranks end with the last value")


def counts_differ(now: int, before: int) -> bool:
    """Whether two counts of equally long periods are further apart than chance explains, and by a fifth at least."""
    if now + before < 10:
        return False
    far = abs(now - before) / math.sqrt(now + before) >= APART
    return far and abs(now - before) >= 0.2 * max(1, before)


def shares_differ(now: tuple[int, int], before: tuple[int, int], *, least: float = 0.05) -> bool:
    """Whether two shares (hits, of) are further apart than chance explains, and by ``least`` at least."""
    (hits, of), (hits_before, of_before) = now, before
    if min(of, of_before) < 10:
        return False
    pooled = (hits + hits_before) / (of + of_before)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
    apart = abs(hits / of - hits_before / of_before)
    return apart >= least and (spread == 0 or apart / spread >= APART)


def share(part: int, whole: int) -> float | None:
    """``part`` of ``whole``; None of nothing."""
    return part / whole if whole else None


def medians_differ(now: Mapping[int, int], before: Mapping[int, int]) -> bool:
    """Whether two medians are a fifth apart, and so many values lie beyond the other's that chance does not explain it.

    The sign test: of values like those before, half would lie above the median of before.
    """
    half, half_before = quantile(now, 0.5), quantile(before, 0.5)
    if half is None or half_before is None or abs(half - half_before) < 0.2 * max(1, half_before):
        return False
    above = sum(count for value, count in now.items() if value > half_before)
    below = sum(count for value, count in now.items() if value < half_before)
    n = above + below
    return n >= 10 and abs(above - below) / math.sqrt(n) >= APART
