"""The few forms an amount may be computed by. Pure, whole numbers only, nothing is ever evaluated.

Every step that made the amount stands in ``Outcome.steps`` as plain data: which form, on what, what it came to, which
bound bit. ``explain`` puts them into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from makegood.lib.money import MOST, Money

FIXED, PER_HOUR, PER_DAY, PERCENT = "fixed", "per_hour", "per_day", "percent"
FORMS = (FIXED, PER_HOUR, PER_DAY, PERCENT)
HOUR, DAY = 60, 1440


class CannotCompute(ValueError):
    """A fact the form needs is missing; ``missing`` names it."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        super().__init__(missing)


@dataclass(frozen=True)
class Terms:
    """One form with its bounds. ``rate``: what is given once, per started hour or day; ``days``: for an extension the
    days given once or per started day, each worth ``rate``."""

    form: str
    currency: str
    rate: int = 0
    basis_points: int = 0
    days: int = 0
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What it comes to, and how."""

    amount: Money
    days: int
    steps: tuple[dict[str, Any], ...]


def compute(terms: Terms, *, minutes: int | None, stated: Money | None) -> Outcome:
    """The amount by ``terms``. Raises CannotCompute without the outage's ``minutes`` or the ``stated`` amount it needs.

    An amount beyond what money holds counts as the most it holds; the policy's bound then bites.
    """
    units, step = _units(terms, minutes)
    if terms.form == PERCENT:
        if stated is None:
            raise CannotCompute("stated")
        amount = stated.part(terms.basis_points)
        step = {"step": PERCENT, "basis_points": terms.basis_points, "stated": stated.minor}
        days = 0
    else:
        days = terms.days * units
        amount = Money(min(terms.rate * (days if terms.days else units), MOST), terms.currency)
    steps = [{**step, "currency": terms.currency, "amount": amount.minor, **({"days": days} if days else {})}]
    amount, days, bound = _bounded(terms, amount, days)
    return Outcome(amount, days, (*steps, *bound))


def _units(terms: Terms, minutes: int | None) -> tuple[int, dict[str, Any]]:
    if terms.form in (FIXED, PERCENT):
        return 1, {"step": FIXED, "rate": terms.rate}
    if minutes is None:
        raise CannotCompute("minutes")
    size = HOUR if terms.form == PER_HOUR else DAY
    units = max(1, -(-minutes // size))
    return units, {"step": terms.form, "rate": terms.rate, "units": units, "minutes": minutes}


def _bounded(terms: Terms, amount: Money, days: int) -> tuple[Money, int, list[dict[str, Any]]]:
    """Whole days only, where days are given: never above the most, up to the least at the least."""
    each = terms.rate if days else 0
    if terms.most is not None and amount.minor > terms.most:
        days = terms.most // each if each else days
        amount = Money(each * days if each else terms.most, terms.currency)
        return amount, days, [_bit("most", terms.most, amount, days)]
    if terms.least is not None and amount.minor < terms.least:
        days = -(-terms.least // each) if each else days
        amount = Money(each * days if each else terms.least, terms.currency)
        return amount, days, [_bit("least", terms.least, amount, days)]
    return amount, days, []


def _bit(which: str, bound: int, amount: Money, days: int) -> dict[str, Any]:
    step = {"step": which, "bound": bound, "currency": amount.currency, "amount": amount.minor}
    return {**step, **({"days": days} if days else {})}
