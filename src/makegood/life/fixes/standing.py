"""How far a fix has come, from facts alone, and the moves that lead there. Pure.

What is told only ever carries a problem forward: a fact more can never take it back, so facts may come in any order
and any number of times and end alike. That something was reverted, or rolled back, is said by ``evidence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.life.problems import states

_FORWARD = (states.OPEN, states.INVESTIGATING, states.CAUSE_KNOWN, states.FIXING, states.RELEASED, states.WATCHING)


@dataclass(frozen=True, order=True)
class Reached:
    """A release that contains a change that claims to fix, or an environment it reached; and when."""

    at: datetime
    name: str


@dataclass(frozen=True)
class Facts:
    """What is known of one fix. ``deployed``: to environments that reach customers, successfully."""

    has_change: bool
    releases: tuple[Reached, ...] = ()
    deployed: tuple[Reached, ...] = ()

    @property
    def first_release(self) -> Reached | None:
        return min(self.releases, default=None)

    @property
    def first_deployed(self) -> Reached | None:
        return min(self.deployed, default=None)

    @property
    def fixed_in(self) -> str:
        """The first release that contains it; where nothing is released by name, what was deployed first."""
        first = self.first_release or self.first_deployed
        return first.name if first else ""

    @property
    def released_at(self) -> datetime | None:
        found = [one.at for one in (self.first_release, self.first_deployed) if one]
        return min(found, default=None)


def target(facts: Facts) -> str:
    """The state the facts speak for; empty for none."""
    if facts.deployed:
        return states.WATCHING
    if facts.releases:
        return states.RELEASED
    return states.FIXING if facts.has_change else ""


def way(present: str, facts: Facts) -> list[str]:
    """The states to go through, one after the other; none if the problem is there or beyond."""
    wanted = target(facts)
    if not wanted or present == states.RESOLVED:
        return []
    here = _FORWARD.index(present) if present in _FORWARD else 0
    there = _FORWARD.index(wanted)
    steps = [state for state in (states.FIXING, states.RELEASED, states.WATCHING) if here < _FORWARD.index(state)]
    return [state for state in steps if _FORWARD.index(state) <= there]
