"""What an admin edits: policies and calendars. An edit is a new version, valid from now on; the past stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Team
from makegood.life.promises import book, kinds
from makegood.life.promises.calendars import BadCalendar
from makegood.life.promises.models import Calendar, CalendarVersion, Policy
from makegood.life.reports import ledger


class BadPolicy(Refusal):
    """The terms cannot be used; the text says why."""


class BadHours(Refusal):
    """The hours cannot be used; the text says why."""


@dataclass(frozen=True)
class PolicyTerms:
    """``rungs``: ({"after_minutes": 0, "whom": "backup"}, …) counted from the due moment."""

    target_minutes: int
    is_business: bool
    at_risk_percent: int = 80
    rungs: tuple[Mapping[str, Any], ...] = ()
    calendar: Calendar | None = None


@dataclass(frozen=True)
class Hours:
    """``blocks``: {"0": [["08:00", "12:00"]]}, 0 is Monday; ``holidays``: {"2026-12-25": "Christmas Day"}."""

    time_zone: str
    blocks: Mapping[str, list[list[str]]]
    holidays: Mapping[str, str]


def set_policy(kind: str, severity: str, *, terms: PolicyTerms, by: Actor, at: datetime, reason: str = "") -> Policy:
    """Supersede the policy of a kind and severity from ``at`` on. Raises BadPolicy."""
    rungs = _checked(terms)
    with transaction.atomic():
        before = book.current(at).policy(kind, severity, at)
        policy = Policy.objects.create(
            kind=kind,
            severity=severity,
            target_minutes=terms.target_minutes,
            is_business=terms.is_business,
            calendar=terms.calendar,
            at_risk_percent=terms.at_risk_percent,
            rungs=rungs,
            valid_from=at,
            by_name=by.name,
            reason=reason,
        )
        data = {"kind": kind, "severity": severity, "from": _plain(before), "to": _plain(policy)}
        ledger.record(None, "policy.changed", by=by, at=at, data=data, reason=reason)
        book.restamp()
    return policy


def add_calendar(slug: str, name: str, *, hours: Hours, by: Actor, at: datetime) -> Calendar:
    """Add a calendar with its first hours. Raises BadHours."""
    with transaction.atomic():
        book.current(at)
        if Calendar.objects.filter(slug=slug).exists():
            raise BadHours(_("There is a calendar of that short name already."))
        calendar = Calendar.objects.create(slug=slug, name=name)
        set_hours(calendar, hours, by=by, at=at)
    return calendar


def set_hours(calendar: Calendar, hours: Hours, *, by: Actor, at: datetime, reason: str = "") -> CalendarVersion:
    """Supersede the hours of a calendar from ``at`` on. Raises BadHours."""
    version = CalendarVersion(
        calendar=calendar,
        time_zone=hours.time_zone,
        blocks={day: blocks for day, blocks in hours.blocks.items() if blocks},
        holidays=dict(sorted(hours.holidays.items())),
        valid_from=at,
        by_name=by.name,
    )
    _check_hours(version)
    with transaction.atomic():
        version.save(force_insert=True)
        data = {"calendar": calendar.slug, "time_zone": version.time_zone, "blocks": version.blocks}
        data["holidays"] = len(version.holidays)
        ledger.record(None, "calendar.changed", by=by, at=at, data=data, reason=reason)
        book.restamp()
    return version


def set_calendar_of(team: Team, calendar: Calendar | None, *, by: Actor, at: datetime) -> None:
    """Count what ``team`` owes in the hours of ``calendar``; None goes back to the default."""
    with transaction.atomic():
        Calendar.teams.through.objects.filter(team=team).delete()
        if calendar is not None:
            calendar.teams.add(team)
        data = {"team": team.slug, "calendar": calendar.slug if calendar else ""}
        ledger.record(None, "calendar.changed", by=by, at=at, data=data)
        book.restamp()


def make_default(calendar: Calendar, *, by: Actor, at: datetime) -> None:
    """Count in this calendar whatever has no calendar of its own."""
    with transaction.atomic():
        Calendar.objects.update(is_default=False)
        Calendar.objects.filter(pk=calendar.pk).update(is_default=True)
        ledger.record(None, "calendar.changed", by=by, at=at, data={"default": calendar.slug})
        book.restamp()


def public_holidays(country: str, subdivision: str, years: range, language: str = "en") -> dict[str, str]:
    """Day to name of the public holidays of a country (``DE``) and perhaps a part of it (``BY``). Raises BadHours.

    The library is loaded only here: it costs 20 MB of memory that no running desk needs.
    """
    library = import_module("holidays")
    wanted = language if language != "en" else "en_US"
    try:
        days = library.country_holidays(country, subdiv=subdivision or None, years=years, language=wanted)
    except NotImplementedError:
        raise BadHours(_("No holidays are known for that country or part of it.")) from None
    return {day.isoformat(): name for day, name in sorted(days.items())}


def _check_hours(version: CalendarVersion) -> None:
    try:
        ZoneInfo(version.time_zone)
    except (KeyError, ValueError, OSError):
        raise BadHours(_("There is no time zone %s.") % version.time_zone) from None
    try:
        for day in version.holidays:
            date.fromisoformat(day)
        for blocks in version.blocks.values():
            for opens, closes in blocks:
                time.fromisoformat(opens)
                time.fromisoformat("00:00" if closes == "24:00" else closes)
        calendar = book.calendar_of(version)
    except BadCalendar:
        words = _("The hours of a day follow one another: each ends after it begins, before the next one begins.")
        raise BadHours(words) from None
    except (TypeError, ValueError):
        raise BadHours(_("Hours look like 08:00 and days like 2026-12-25.")) from None
    if not calendar.day_length():
        raise BadHours(_("A calendar without any opening hours would never let a promise fall due."))


def _checked(terms: PolicyTerms) -> list[dict[str, Any]]:
    if not 1 <= terms.target_minutes <= 600_000:
        raise BadPolicy(_("A target is at least one minute, and at most about a year."))
    if not 1 <= terms.at_risk_percent <= 99:
        raise BadPolicy(_("The warning sounds at 1 to 99 percent of the time."))
    rungs = sorted((int(rung["after_minutes"]), str(rung["whom"])) for rung in terms.rungs)
    if any(whom not in kinds.WHOM or after < 0 for after, whom in rungs):
        raise BadPolicy(_("A rung names after how many minutes, and whom to tell."))
    return [{"after_minutes": after, "whom": whom} for after, whom in rungs]


def _plain(policy: Policy) -> dict[str, Any]:
    names = ("target_minutes", "is_business", "at_risk_percent", "rungs", "calendar_id")
    return {name: getattr(policy, name) for name in names}
