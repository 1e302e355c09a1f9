"""Who hears that a problem came back, or may have: its owner, the lead of its team, whoever told everybody it is fixed.

Whoever watches it hears through ``colleagues`` as of everything else. In the console at once, and by mail.
"""

from __future__ import annotations

from datetime import datetime

from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.colleagues import notices
from makegood.life.colleagues.models import Notice
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.problems import states
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry


def tell(entry: LedgerEntry, now: datetime) -> None:
    """On ``problem.came_back``, ``recurrence.suspected`` and a "no" to a fix: each person concerned, once.

    What may be so is told once until it is read: thirty who say "no" are thirty times the same news, and none once it
    is known to have come back.
    """
    problem = Problem.objects.filter(pk=entry.data.get("problem")).select_related("owner", "team__lead").first()
    if problem is None:
        return
    if entry.kind == "announcement.answered" and entry.data.get("answer") != Recipient.NO:
        return
    why = Notice.CAME_BACK if entry.kind == "problem.came_back" else Notice.DOUBTED
    known = Notice.objects.filter(problem=problem, why__in=[Notice.CAME_BACK, Notice.DOUBTED], read_at=None)
    if why == Notice.DOUBTED:
        if problem.state == states.CAME_BACK:
            return
        aware = set(known.exclude(entry=entry).values_list("agent", flat=True))
    else:
        known.filter(why=Notice.DOUBTED).update(read_at=now)
        aware = set()
    for person in concerned(problem):
        if person.pk in aware:
            continue
        if entry.actor_kind != "agent" or entry.actor_id != person.pk:
            notices.tell(person, problem, entry, why=why, at=now, by_mail=True)


def concerned(problem: Problem) -> list[Agent]:
    """Owner, lead and whoever announced the fix; every lead, if that is nobody."""
    announced = (
        Announcement.objects.filter(problem=problem, kind=Announcement.FIXED)
        .exclude(started_at=None)
        .select_related("agent")
        .order_by("-id")
        .first()
    )
    wanted = [problem.owner, problem.team.lead if problem.team else None, announced.agent if announced else None]
    people = {person.pk: person for person in wanted if person is not None and person.is_active}
    if people:
        return list(people.values())
    return list(Agent.objects.filter(role=roles.LEAD, is_active=True, is_service=False).order_by("pk")[:20])
