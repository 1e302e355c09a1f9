"""Forms of the console that are half filled in: kept within seconds, found again after a crash, forgotten when sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from makegood.lib.statements import Statement
from makegood.life.people.models import Agent
from makegood.life.reports.models import KeptForm, Report

LIFE = timedelta(days=14)
MAX_FIELDS = 150
MAX_CHARACTERS = 400_000

Typed = dict[str, list[str]]

_ON_REPORT = Statement(
    lambda report, agent: KeptForm.objects.filter(report=report, agent=agent, dropped_at=None).only(
        "name", "data", "updated_at"
    )
)


def keep(agent: Agent, name: str, report: Report | None, values: Mapping[str, list[str]], *, at: datetime) -> None:
    """Keep what is typed in place of what was kept before, as much as a form ever could hold."""
    data: Typed = {}
    room = MAX_CHARACTERS
    for field, typed in list(values.items())[:MAX_FIELDS]:
        room -= sum(map(len, typed))
        if room >= 0:
            data[field] = list(typed)
    KeptForm.objects.update_or_create(
        agent=agent, report=report, name=name, defaults={"data": data, "updated_at": at, "dropped_at": None}
    )


def find(agent: Agent, name: str, report: Report | None, *, now: datetime) -> KeptForm | None:
    """What was kept of this form, if anything."""
    wanted = KeptForm.objects.filter(agent=agent, name=name, dropped_at=None, updated_at__gt=now - LIFE)
    return wanted.filter(report=report).first()


def on_report(agent: Agent, report: Report) -> dict[str, KeptForm]:
    """By their names, all forms ``agent`` has begun on ``report``."""
    return {form.name: form for form in _ON_REPORT(report.pk, agent.pk)}


def forget(agent: Agent, name: str, report: Report | None) -> None:
    """It has been sent: nothing is kept any more."""
    KeptForm.objects.filter(agent=agent, name=name, report=report).delete()


def drop(agent: Agent, name: str, report: Report | None, *, at: datetime) -> None:
    """Throw it away; ``take_back`` has it for a while."""
    KeptForm.objects.filter(agent=agent, name=name, report=report, dropped_at=None).update(dropped_at=at)


def take_back(agent: Agent, name: str, report: Report | None) -> bool:
    """Have again what was thrown away, if nothing has been typed since; whether there was anything."""
    gone = KeptForm.objects.filter(agent=agent, name=name, report=report, dropped_at__isnull=False)
    return gone.update(dropped_at=None) > 0


def forget_expired(now: datetime) -> int:
    """Remove what nobody came back to, and what was thrown away an hour ago. Work of the clock."""
    old = KeptForm.objects.filter(updated_at__lte=now - LIFE).delete()[0]
    return old + KeptForm.objects.filter(dropped_at__lte=now - timedelta(hours=1)).delete()[0]
