"""The period and the choice of a page of figures, as they stand in its address: whole days in the reader's zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from makegood.lib.texts import in_language, whole_number
from makegood.life.aftercare import results
from makegood.life.aftercare.results import Wanted
from makegood.life.people.models import Team
from makegood.life.reports.models import Category, Component

PERIODS = ("30", "90", "365")
USUAL = "90"


@dataclass(frozen=True)
class Chosen:
    """``days`` names one of PERIODS, or is empty for two dates; ``hint`` says what was not understood."""

    days: str
    first: date
    last: date
    wanted: Wanted
    by: str = results.CATEGORY
    hint: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def query(self, **other: Any) -> str:
        """The same choice as the rest of an address, with ``other`` instead; empty values are left out."""
        period = {"days": self.days} if self.days else {"from": self.first.isoformat(), "to": self.last.isoformat()}
        named = {name: getattr(self.wanted, name) for name in ("category", "component", "team", "release")}
        terms = {**period, "by": self.by, **named, **self.more, **other}
        return urlencode({name: value for name, value in terms.items() if value not in (None, "")})


def chosen(request: HttpRequest, now: datetime, **more: str) -> Chosen:
    """What the address asks for; what it says wrongly is left out, and said."""
    given = request.GET
    by = given.get("by", "") if given.get("by", "") in results.BY else results.CATEGORY
    days, first, last, hint = _days(given.get("days", ""), given.get("from", ""), given.get("to", ""), now)
    wanted = Wanted(
        start=_begin(first),
        end=_begin(last + timedelta(days=1)),
        category=_key(given.get("category", "")),
        component=_key(given.get("component", "")),
        team=_key(given.get("team", "")),
        release=given.get("release", "").replace("\x00", "")[:100],
    )
    return Chosen(days, first, last, wanted, by, hint, more)


def names(language: str) -> dict[str, dict[int, str]]:
    """What categories, components and teams are called, by their ids."""
    return {
        results.CATEGORY: {
            pk: in_language(texts, language) or slug
            for pk, slug, texts in Category.objects.values_list("pk", "slug", "names")
        },
        results.COMPONENT: dict(Component.objects.values_list("pk", "name")),
        results.TEAM: dict(Team.objects.values_list("pk", "name")),
    }


def _days(days: str, first_text: str, last_text: str, now: datetime) -> tuple[str, date, date, str]:
    first, last = _day(first_text), _day(last_text)
    if days not in PERIODS and first and last and first <= last:
        return "", first, last, ""
    hint = ""
    if first_text or last_text or days not in ("", *PERIODS):
        hint = _("That is no period: choose a first day and a last day that is not before it.")
    days = days if days in PERIODS else USUAL
    today = timezone.localdate(now)
    return days, today - timedelta(days=int(days) - 1), today, hint


def _day(text: str) -> date | None:
    """A day from the address; none before 2000 or so far ahead that there is no day after it."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2200 else None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _key(text: str) -> int | None:
    return whole_number(text) or None
