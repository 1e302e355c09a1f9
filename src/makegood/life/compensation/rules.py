"""Limits, caps and the budget of one currency, as an admin sets them. Pure; amounts are minor units.

Whoever proposes decides alone only up to ``alone`` of their role; above it another person decides, up to ``approve`` of
theirs. ``None`` is no bound, but deciding alone always has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from makegood.lib.money import MOST
from makegood.life.people import roles

ROLES = (roles.AGENT, roles.LEAD, roles.ADMIN)


@dataclass(frozen=True)
class Limit:
    """Of one role. ``rolling``: all that one person approves within ``Rules.rolling_days``."""

    alone: int = 0
    approve: int | None = 0
    rolling: int | None = None


@dataclass(frozen=True)
class Rules:
    """Of one currency. ``customer_*``: what one customer gets at most within ``customer_days``, in money and number."""

    limits: Mapping[str, Limit] = field(default_factory=dict)
    rolling_days: int = 7
    customer_days: int = 365
    customer_most: int | None = None
    customer_count: int | None = None
    budget: int | None = None
    alarm_percent: int = 80

    def limit(self, role: str) -> Limit:
        """Of ``role``; one that nobody set may decide nothing."""
        return self.limits.get(role, Limit())

    def alone(self, role: str) -> int:
        return self.limit(role).alone

    def approve(self, role: str) -> int:
        """The most this role may approve of what somebody else proposed."""
        most = self.limit(role).approve
        return MOST if most is None else most

    def plain(self) -> dict[str, Any]:
        """As the database keeps it."""
        found: dict[str, Any] = {name: getattr(self, name) for name in _NUMBERS}
        kept = {role: {"alone": one.alone, "approve": one.approve, "rolling": one.rolling} for role, one in self._all()}
        return {**found, "limits": kept}

    def _all(self) -> list[tuple[str, Limit]]:
        return [(role, self.limits[role]) for role in ROLES if role in self.limits]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Rules:
        limits = {role: Limit(**one) for role, one in data.get("limits", {}).items()}
        return cls(limits=limits, **{name: data[name] for name in _NUMBERS if name in data})

    def wrong(self) -> str:
        """Why these rules cannot be: the name of the first value that makes no sense; empty if they can."""
        for role, one in self._all():
            if not 0 <= one.alone <= MOST or (one.approve is not None and one.approve < one.alone):
                return f"{role}.alone"
            if one.rolling is not None and not 0 <= one.rolling <= MOST:
                return f"{role}.rolling"
        for name in ("customer_most", "customer_count", "budget"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= MOST:
                return name
        for name in ("rolling_days", "customer_days"):
            if not 1 <= getattr(self, name) <= 3660:
                return name
        return "" if 1 <= self.alarm_percent <= 100 else "alarm_percent"


_NUMBERS = (*("rolling_days", "customer_days", "customer_most", "customer_count", "budget", "alarm_percent"),)
