"""How sure a share is: Wilson's interval. Pure.

Of 3 happy people out of 4, "75 %" says more than we know; "30 to 95 %" says what we know.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Nineteen in twenty such intervals hold the true share.
Z = 1.959964
# Below this many answers a cell is not shown: it would tell of single people and say nothing of the rest.
LEAST = 5


@dataclass(frozen=True)
class Share:
    """``hits`` of ``n``."""

    hits: int
    n: int

    @property
    def is_shown(self) -> bool:
        return self.n >= LEAST

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.n)


def wilson(hits: int, n: int, z: float = Z) -> tuple[float, float] | None:
    """Lower and upper end of the interval of ``hits`` of ``n``; None of nothing."""
    if n <= 0:
        return None
    share = hits / n
    middle = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
