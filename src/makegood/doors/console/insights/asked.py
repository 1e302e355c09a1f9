"""What somebody wants to see, as the address says it: days (in the desk's zone), one group, and what counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from makegood.doors.console.gate import signed_in
from makegood.life.insights import scopes
from makegood.life.insights.days import Period, day_of
from makegood.life.insights.plots import Asked
from makegood.life.insights.rolling import zone

PERIODS = ("7", "30", "90", "365")
USUAL = "90"
LONGEST = timedelta(days=3 * 366)
PEOPLE = "people"


@dataclass(frozen=True)
class Chosen:
    """``days`` names one of PERIODS, or is empty for two dates; ``only`` is a group as the queue names it."""

    period: Period
    days: str
    scope: str
    only: str
    by: str
    hint: str = ""

    def query(self, **other: str) -> str:
        """The same choice as the rest of an address; ``other`` in place of its parts, empty to leave one out."""
        dates = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        said = {**({"days": self.days} if self.days else dates), "only": self.only, "by": self.by, **other}
        return urlencode({name: value for name, value in said.items() if value})

    def asked(self, request: HttpRequest, now: datetime) -> Asked:
        return Asked(self.period, signed_in(request), now, self.scope, self.by)


def chosen(request: HttpRequest, now: datetime) -> Chosen:
    """The choice of the address; a sentence where it says nothing we understand, and then the usual."""
    given = request.GET
    period, days, hint = period_of(given.get("days", ""), given.get("from", ""), given.get("to", ""), now=now)
    scope, only = scope_of(given.get("only", ""))
    if given.get("only") and not scope:
        hint = hint or _("There is no such group any more; all reports are shown.")
    by = PEOPLE if given.get("by") == PEOPLE else ""
    return Chosen(period, days, scope, only, by, hint)


def period_of(days: str, first: str, last: str, *, now: datetime) -> tuple[Period, str, str]:
    """(period, the preset it is, a hint). Two dates count when no preset is named."""
    today = day_of(now, zone())
    begin, end = day(first), day(last)
    if days not in PERIODS and begin and end and begin <= end and end - begin <= LONGEST:
        return Period(begin, end), "", ""
    hint = ""
    if first or last or days not in ("", *PERIODS):
        hint = _("That is no period: choose a first day and a last day that is not before it, at most three years.")
    days = days if days in PERIODS else USUAL
    return Period(today - timedelta(days=int(days) - 1), today), days, hint


def day(text: str) -> date | None:
    """A day from the address; none before 2000 or so far ahead that there is no day after it."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2200 else None


def scope_of(only: str) -> tuple[str, str]:
    """(``category:3``, ``category:server-error``) of what the address names; two empty words if there is none."""
    group, _colon, slug = only.partition(":")
    if group not in scopes.NAMES:
        return "", ""
    key = next((key for key, known in scopes.slugs(group).items() if known == slug), "")
    return (f"{group}:{key}", only) if key else ("", "")


def only_of(scope: str) -> str:
    """A scope as the address names it."""
    group, _colon, key = scope.partition(":")
    return f"{group}:{scopes.slugs(group).get(key, key)}" if group else ""
