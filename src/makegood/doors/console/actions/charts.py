"""How actions burn down and how old they are, as geometry; the templates draw it, and tables beside say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from makegood.life.rca.queries import Age, Burn

WIDTH, LEFT, RIGHT, TOP, BASE = 720, 36, 712, 16, 176


@dataclass(frozen=True)
class Week:
    """One week of the burn-down: a bar in three parts, from the foot: late, to be done in time, done and unchecked."""

    burn: Burn
    words: str
    x: float
    width: float
    parts: tuple[tuple[str, float, float], ...]

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class BurnDown:
    weeks: list[Week]
    highest: int
    line: str


@dataclass(frozen=True)
class Bucket:
    """One bar of the ages: its length, and the part of it that is late."""

    age: Age
    words: str
    y: int
    width: float
    late_width: float


def burn_down(burns: list[Burn]) -> BurnDown:
    """Bars of what was open at the end of each week; a line of what had been found effective by then."""
    highest = max((max(one.to_do + one.done, one.effective) for one in burns), default=0)
    step = (RIGHT - LEFT) / max(1, len(burns))
    weeks = [_week(one, LEFT + place * step, step, highest) for place, one in enumerate(burns)]
    points = (f"{week.middle:g},{_up(week.burn.effective, highest):g}" for week in weeks)
    return BurnDown(weeks, highest, " ".join(points))


def ages(found: Iterable[Age]) -> list[Bucket]:
    found = list(found)
    highest = max((age.count for age in found), default=0)
    whole = RIGHT - 200
    return [
        Bucket(
            age,
            _age(age),
            12 + place * 32,
            round(whole * age.count / highest, 1) if highest else 0.0,
            round(whole * age.late / highest, 1) if highest else 0.0,
        )
        for place, age in enumerate(found)
    ]


def _week(burn: Burn, x: float, step: float, highest: int) -> Week:
    parts: list[tuple[str, float, float]] = []
    under = 0
    for name, count in (("late", burn.late), ("todo", burn.to_do - burn.late), ("done", burn.done)):
        top, foot = _up(under + count, highest), _up(under, highest)
        if count:
            parts.append((name, top, round(foot - top, 1)))
        under += count
    day = date_format(timezone.localtime(burn.at), pgettext("date format", "j M"))
    return Week(burn, day, round(x + step * 0.15, 1), round(step * 0.7, 1), tuple(parts))


def _up(count: int, highest: int) -> float:
    return round(BASE - (BASE - TOP) * count / highest, 1) if highest else BASE


def _age(age: Age) -> str:
    if age.until is None:
        return _("over %d days") % (age.since - 1)
    return _("%(since)d–%(until)d days") % {"since": age.since, "until": age.until}
