"""How urgent something is, from how bad it is and how many it hits: pure.

Severity (how bad for those hit) chooses the column, impact (how many, how important, is there a way round) the row of a
matrix of four by four; a spike and a long wait raise what it says by one. Every judgement carries its reasons, so that
nobody has to believe it. The default matrix is the customary one of impact by urgency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SEVERITIES = ("critical", "high", "medium", "low")
VALUES = (1, 2, 3, 4)
# Rows: impact 1 (many, or the core lost) to 4 (cosmetic); columns: severity.
MATRIX = ((1, 1, 2, 2), (1, 2, 2, 3), (2, 3, 3, 4), (3, 4, 4, 4))
BLOCKED, WORKAROUND, COSMETIC = "blocked", "workaround", "cosmetic"
_IMPACT_OF_HINDRANCE = {BLOCKED: 2, WORKAROUND: 3, COSMETIC: 4}
MANY, SOME, FEW, KEY, ROUND, HINDRANCE, SPIKE, LONG, SEVERITY = (
    "many",
    "some",
    "few",
    "key_account",
    "way_round",
    "hindrance",
    "spike",
    "long_open",
    "severity",
)


class BadTerms(ValueError):
    """Terms that cannot be judged by; the text says what is wrong."""


@dataclass(frozen=True)
class Terms:
    """What to judge by: people from which impact is 1 and 2, days after which a wait counts as long, the matrix."""

    many_people: int = 100
    some_people: int = 10
    long_days: int = 14
    matrix: tuple[tuple[int, ...], ...] = MATRIX

    def __post_init__(self) -> None:
        shape = [len(row) for row in self.matrix]
        if shape != [4, 4, 4, 4] or any(value not in VALUES for row in self.matrix for value in row):
            raise BadTerms("The matrix has four rows of four values from 1 to 4.")
        if not 1 < self.some_people < self.many_people:
            raise BadTerms("Many people must be more than some, and some more than one.")
        if self.long_days < 1:
            raise BadTerms("A long wait is at least a day.")

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Terms:
        """Terms as they are kept. Raises BadTerms."""
        known = {name: data[name] for name in ("many_people", "some_people", "long_days") if name in data}
        matrix = tuple(tuple(row) for row in data.get("matrix", MATRIX))
        return cls(**known, matrix=matrix)


@dataclass(frozen=True)
class Facts:
    """``people``: hit by the fault, the reporter included. ``hindrance``: as the reporter says, or empty."""

    severity: str
    people: int = 1
    hindrance: str = ""
    has_key_account: bool = False
    has_way_round: bool = False
    is_spiking: bool = False
    days_open: int = 0


@dataclass(frozen=True)
class Judgement:
    """``value``: 1 (now) to 4 (when it fits). ``reasons``: (what, number) in the order in which they counted."""

    value: int
    impact: int
    reasons: tuple[tuple[str, int], ...] = field(default_factory=tuple)


def judge(facts: Facts, terms: Terms | None = None) -> Judgement:
    """The priority that ``facts`` have on ``terms``."""
    terms = terms or Terms()
    impact, reasons = _impact(facts, terms)
    column = SEVERITIES.index(facts.severity)
    value = terms.matrix[impact - 1][column]
    reasons.insert(0, (SEVERITY, column + 1))
    if facts.is_spiking and value > 1:
        value -= 1
        reasons.append((SPIKE, 0))
    if facts.days_open >= terms.long_days and value > 2:
        value -= 1
        reasons.append((LONG, facts.days_open))
    return Judgement(value, impact, tuple(reasons))


def _impact(facts: Facts, terms: Terms) -> tuple[int, list[tuple[str, int]]]:
    """The row: the worst of reach and hindrance, better where there is a way round, worse for a key account."""
    reach = 1 if facts.people >= terms.many_people else 2 if facts.people >= terms.some_people else 3
    hindrance = _IMPACT_OF_HINDRANCE.get(facts.hindrance, 3)
    if facts.people < terms.some_people and facts.hindrance:
        impact, reasons = hindrance, [(HINDRANCE, hindrance)]
        if facts.people > 1:
            reasons.append((FEW, facts.people))
    else:
        impact = min(reach, hindrance)
        reasons = [((MANY, SOME, FEW)[reach - 1], facts.people)]
    if facts.has_way_round and impact < 3:
        impact += 1
        reasons.append((ROUND, 0))
    if facts.has_key_account and impact > 2:
        impact = 2
        reasons.append((KEY, 0))
    return impact, reasons
