"""What pages ask: how far an announcement is, what became of its mails, what was answered, what was told before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from makegood.engine.models import Job
from makegood.life.announcements import access, actions, answers
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.announcements.verdict import Answers
from makegood.life.people.models import Agent
from makegood.life.problems.models import Problem
from makegood.life.reports.models import OutgoingMail


@dataclass(frozen=True)
class Progress:
    """How far it is, counted from the rows, whoever looks."""

    waiting: int = 0
    said: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How many were, or are, to be told."""
        return self.waiting + self.said + self.failed

    @property
    def done(self) -> int:
        return self.said + self.failed


@dataclass(frozen=True)
class Deliveries:
    """What became of the mails to those told: each mail counts once, what came back not as sent."""

    waiting: int = 0
    sent: int = 0
    came_back: int = 0
    failed: int = 0


def last_told(problems: Iterable[int]) -> dict[int, tuple[datetime, int]]:
    """Problem id → when the newest word to everybody reached somebody last, and how many it reached; one query."""
    told = Recipient.objects.filter(announcement__problem__in=list(problems), state=Recipient.SAID)
    rows = told.order_by().values("announcement__problem", "announcement").annotate(last=Max("at"), count=Count("pk"))
    found: dict[int, tuple[datetime, int]] = {}
    for row in rows.order_by("last"):
        found[row["announcement__problem"]] = (row["last"], row["count"])
    return found


def progress(announcement: Announcement) -> Progress:
    rows = announcement.recipients.order_by().values_list("state").annotate(Count("pk"))
    return Progress(**dict(rows))


def deliveries(announcement: Announcement) -> Deliveries:
    """Mails to the reporters themselves; copies to whoever takes part are not counted."""
    came_back, gone = Q(bounced_at__isnull=False), Q(state__in=["failed", "suppressed", "withdrawn", "held"])
    counts = (
        _mails(announcement)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=Q(state__in=["queued", "sending"])),
            sent=Count("pk", filter=Q(state="sent") & ~came_back),
            came_back=Count("pk", filter=came_back),
            failed=Count("pk", filter=gone & ~came_back),
        )
    )
    return Deliveries(**counts)


def to_be_called(recipients: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """Those of them who were told and no mail of it arrived at: without an address, or it came back or failed."""
    lost = OutgoingMail.objects.filter(message=OuterRef("message"), to_email=OuterRef("contact__email"))
    lost = lost.filter(Q(bounced_at__isnull=False) | Q(state__in=["failed", "suppressed"]))
    return recipients.filter(Q(way=Recipient.PAGE) | Exists(lost), state=Recipient.SAID)


def answered(announcement: Announcement) -> Answers:
    """Yes, no and silence so far."""
    return answers.counted(announcement.recipients.all())


def mails_of(announcement: Announcement, recipients: list[Recipient]) -> dict[int, OutgoingMail]:
    """Message → the mail it went to its reporter by, for some of the recipients, in one query."""
    messages = [one.message_id for one in recipients if one.message_id]
    return {mail.message_id or 0: mail for mail in _mails(announcement).filter(message__in=messages)}


def told_about(seeker: Agent, problem: Problem, *, limit: int = 20) -> list[Announcement]:
    """What was told about ``problem``, newest first, with ``said``, ``waiting``, ``yes`` and ``no`` counted on each."""
    state, answer = "recipients__state", "recipients__answer"
    rows = access.visible_announcements(seeker).filter(problem=problem)
    return list(
        rows.annotate(
            said=Count("recipients", filter=Q(**{state: Recipient.SAID})),
            waiting=Count("recipients", filter=Q(**{state: Recipient.WAITING})),
            failed=Count("recipients", filter=Q(**{state: Recipient.FAILED})),
            yes=Count("recipients", filter=Q(**{answer: Recipient.YES})),
            no=Count("recipients", filter=Q(**{answer: Recipient.NO})),
        ).order_by("-id")[:limit]
    )


def draft_of(seeker: Agent, problem: Problem, kind: str) -> Announcement | None:
    """What ``seeker`` has begun to write."""
    return Announcement.objects.filter(problem=problem, kind=kind, agent=seeker, state=Announcement.DRAFT).first()


def told_fixed(problem: Problem) -> Announcement | None:
    """The word that it is fixed, if everybody had it, or is having it, since it last came back."""
    told = Announcement.objects.filter(problem=problem, kind=Announcement.FIXED)
    told = told.filter(state__in=[*Announcement.UNDER_WAY, Announcement.DONE])
    if problem.came_back_at:
        told = told.filter(queued_at__gt=problem.came_back_at)
    return told.order_by("-id").first()


def under_way(problem: Problem) -> Announcement | None:
    """The announcement of ``problem`` that is on its way now."""
    return Announcement.objects.filter(problem=problem, state__in=Announcement.UNDER_WAY).first()


def is_stuck(announcement: Announcement) -> bool:
    """Whether its job was given up after many tries, so that somebody has to let it go on."""
    if not announcement.is_under_way:
        return False
    key = f"{announcement.pk}:{announcement.turn}"
    return Job.objects.filter(name=actions.JOB, key=key, parked_at__isnull=False).exists()


def _mails(announcement: Announcement) -> QuerySet[OutgoingMail]:
    rows = OutgoingMail.objects.filter(message__in=announcement.recipients.exclude(message=None).values("message"))
    return rows.filter(to_email=F("report__contact__email"))
