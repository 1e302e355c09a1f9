"""Who opened a report that only few may see: once for a person and a quarter of an hour, seen by leads."""

from __future__ import annotations

from datetime import datetime

from makegood.life.people.models import Agent
from makegood.life.privacy.models import Opening
from makegood.life.reports.models import Report

SLOT = 15 * 60
SHOWN = 20


def note(report: Report, agent: Agent, *, way: str, at: datetime) -> None:
    """``agent`` opens ``report``. Of one that everybody may see nothing is kept."""
    if not report.is_protected:
        return
    facts = {"name": agent.name, "way": way, "at": at}
    Opening.objects.get_or_create(report=report, agent=agent, slot=int(at.timestamp()) // SLOT, defaults=facts)


def of(seeker: Agent, report: Report, *, limit: int = SHOWN) -> list[Opening]:
    """Who opened it lately, newest first; for leads and admins alone."""
    if not report.is_protected or not seeker.may("privacy.openings"):
        return []
    return list(Opening.objects.filter(report=report).order_by("-id")[:limit])
