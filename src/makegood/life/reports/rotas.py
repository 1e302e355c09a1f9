"""The verbs of duty rotas, and their holes. Here and not in ``people`` because they write the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.coverage import Stretch, Weekly, gaps
from makegood.life.people.models import Agent, Shift, Team
from makegood.life.reports import setup

LONGEST = timedelta(days=60)


class BadShift(Refusal):
    """The shift cannot be; the sentence says why."""


@dataclass(frozen=True)
class Hours:
    """Local times of a weekly shift; the same time twice means around the clock."""

    starts: time
    until: time
    time_zone: str = ""


def add_weekly(
    team: Team, agent: Agent, *, weekdays: list[int], hours: Hours, level: int, by: Actor, at: datetime
) -> list[Shift]:
    """Put ``agent`` on duty on these weekdays, every week. Raises BadShift."""
    _check(team, agent, level)
    if not weekdays or not all(0 <= day <= 6 for day in weekdays):
        raise BadShift(_("Choose at least one day of the week."))
    with transaction.atomic():
        made = []
        for day in sorted(set(weekdays)):
            shift = Shift(
                team=team,
                agent=agent,
                level=level,
                weekday=day,
                starts=hours.starts,
                until=hours.until,
                time_zone=hours.time_zone or settings.DESK_TIME_ZONE,
            )
            setup.add("shift", shift, by=by, at=at)
            made.append(shift)
    return made


def add_once(team: Team, agent: Agent, *, start: datetime, end: datetime, level: int, by: Actor, at: datetime) -> Shift:
    """Put ``agent`` on duty from ``start`` to ``end`` instead of whoever the week says. Raises BadShift."""
    _check(team, agent, level)
    if end <= start or end <= at:
        raise BadShift(_("A stand-in ends after it begins, and not in the past."))
    if end - start > LONGEST:
        raise BadShift(_("A stand-in lasts 60 days at most. Change the week instead."))
    shift = Shift(team=team, agent=agent, level=level, starts_at=start, until_at=end)
    setup.add("shift", shift, by=by, at=at)
    return shift


def remove(shift: Shift, *, by: Actor, at: datetime) -> None:
    setup.remove("shift", shift, by=by, at=at)


def shifts_of(team: Team, *, now: datetime) -> list[Shift]:
    """The team's weekly shifts and its stand-ins that are not over."""
    current = Shift.objects.filter(Q(weekday__isnull=False) | Q(until_at__gt=now), team=team)
    return list(current.select_related("agent").order_by("level", "weekday", "starts", "starts_at", "pk"))


def holes(shifts: list[Shift], *, now: datetime, level: int = 1, days: int = 30) -> list[Stretch]:
    """When nobody of ``level`` is on duty in the coming days."""
    mine = [shift for shift in shifts if shift.level == level and shift.agent.is_active]
    weekly = [
        Weekly(shift.weekday, shift.starts, shift.until, ZoneInfo(shift.time_zone or settings.DESK_TIME_ZONE))
        for shift in mine
        if shift.weekday is not None and shift.starts is not None and shift.until is not None
    ]
    once = [Stretch(s.starts_at, s.until_at) for s in mine if s.starts_at is not None and s.until_at is not None]
    return gaps(weekly, once, now=now, days=days)


def _check(team: Team, agent: Agent, level: int) -> None:
    if level not in (1, 2):
        raise BadShift(_("Somebody is paged first, or is the backup."))
    if not agent.is_active or not agent.teams.filter(pk=team.pk).exists():
        raise BadShift(_("%(name)s is not in %(team)s.") % {"name": agent.name, "team": team.name})
