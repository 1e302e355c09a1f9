"""Announcements as a seeker may see them, and who may tell about which problem. Missing and forbidden answer alike."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import Problem
from makegood.life.reports.access import NotFound, on_visible


class NotYours(Refusal):
    """Telling everybody is for leads, and for whoever owns the problem."""


def visible_announcements(seeker: Agent) -> QuerySet[Announcement]:
    """Announcements of the problems ``seeker`` may see, and their own drafts of these."""
    found = Announcement.objects.filter(problem__in=visible_problems(seeker).order_by().values("pk"))
    return found.exclude(state=Announcement.DRAFT) | found.filter(state=Announcement.DRAFT, agent=seeker)


def access_announcement(seeker: Agent, key: str) -> Announcement:
    """The announcement called ``key``. Raises NotFound."""
    found = visible_announcements(seeker).filter(key=key)
    announcement = found.select_related("problem", "problem__team", "problem__owner", "agent").first()
    if announcement is None:
        raise NotFound(key)
    return announcement


def visible_recipients(seeker: Agent, announcement: Announcement) -> QuerySet[Recipient]:
    """Those of an announcement ``seeker`` may see, newest report first; protected reports only for who may see them."""
    found = Recipient.objects.filter(on_visible(seeker), announcement=announcement)
    return found.select_related("report", "contact").order_by("-report_id")


def may_tell(seeker: Agent, problem: Problem) -> bool:
    """Leads and admins about every problem they see; an engineer about those they own."""
    if not seeker.may("problem.announce"):
        return False
    return seeker.role != roles.ENGINEER or problem.owner_id == seeker.pk


def check_may_tell(seeker: Agent, problem: Problem) -> None:
    """Raise NotYours unless ``seeker`` may tell everybody about ``problem``."""
    if not may_tell(seeker, problem):
        raise NotYours(_("Telling everybody is for leads, and for the engineer who owns the problem."))


def lock(announcement_id: int) -> Announcement:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Announcement, announcement_id)
