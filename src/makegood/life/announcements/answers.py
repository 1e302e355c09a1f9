"""Yes and no as they come in: kept with whoever was told, counted against the fix; enough "no" and it came back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.life.aftercare import queries as aftercare
from makegood.life.announcements import actions, verdict
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.announcements.verdict import Answers, Limits
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import access, states
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.reports.models import LedgerEntry


def limits() -> Limits:
    """How many "no" are enough here."""
    return Limits(*settings.CAME_BACK_AT)


def count_answer(entry: LedgerEntry, now: datetime) -> None:
    """On what a reporter says to "is it solved?", or a colleague for them: keep it, and judge the fix by it. Once."""
    recipient = _asked(entry)
    if recipient is None or LedgerEntry.objects.filter(key=f"answered:{entry.pk}").exists():
        return
    answer = _said(entry, recipient)
    if answer is None or answer == recipient.answer:
        return
    with transaction.atomic():
        problem = access.lock(recipient.announcement.problem)
        when = entry.at if answer else None
        Recipient.objects.filter(pk=recipient.pk).update(answer=answer, answered_at=when)
        data = {"answer": answer, "before": recipient.answer, "recipient": recipient.pk}
        actions.record(
            recipient.announcement,
            "announcement.answered",
            by=SYSTEM,
            at=now,
            report=entry.report,
            data=data,
            key=f"answered:{entry.pk}",
        )
        if answer not in (Recipient.YES, Recipient.NOT_YET):
            # A person may have taken back that it came back: nobody who says that it works says so again.
            judge(access.lock(problem.merged_into or problem), at=now)


def judge(problem: Problem, *, at: datetime) -> bool:
    """Whether the answers make the problem come back; moves it there. It takes a fix that is out."""
    found = so_far(problem)
    why = verdict.doubt(found, limits())
    if not why or not problem.is_fixed:
        return False
    with override(settings.LANGUAGE_CODE):
        reason = in_words(found)
    return problems.move(problem, states.CAME_BACK, by=SYSTEM, at=at, reason=reason)


def so_far(problem: Problem) -> Answers:
    """What everybody said who was told of the present fix: since the problem last came back, if it did. Whoever was
    told of what was merged into it since is heard here.
    """
    told = Q(announcement__problem=problem) | Q(announcement__problem__merged_into=problem)
    rows = Recipient.objects.filter(told, announcement__kind=Announcement.FIXED)
    if problem.came_back_at:
        rows = rows.filter(announcement__started_at__gt=problem.came_back_at)
    return counted(rows)


def counted(rows: QuerySet[Recipient]) -> Answers:
    """The answers of those among ``rows`` who have been told."""
    told = rows.filter(state=Recipient.SAID)
    counts = told.order_by().aggregate(
        yes=Count("pk", filter=Q(answer=Recipient.YES)),
        no=Count("pk", filter=Q(answer=Recipient.NO)),
        not_yet=Count("pk", filter=Q(answer=Recipient.NOT_YET)),
        silent=Count("pk", filter=Q(answer="")),
    )
    return Answers(**counts)


def in_words(found: Answers) -> str:
    """Why it came back, for the history of the problem."""
    told = {"no": found.no, "given": found.given, "told": found.told}
    return _("%(no)s of %(given)s who answered say that it does not work for them (%(told)s were told).") % told


def _asked(entry: LedgerEntry) -> Recipient | None:
    """Whom the answer is from, if what they were told last was an announced fix."""
    if entry.report_id is None:
        return None
    rows = Recipient.objects.filter(report=entry.report_id, state=Recipient.SAID, announcement__kind=Announcement.FIXED)
    found = rows.select_related("announcement", "announcement__problem").order_by("-id").first()
    if found is None or entry.report is None:
        return None
    solution = aftercare.current(entry.report)
    return found if solution is not None and solution.message_id == found.message_id else None


def _said(entry: LedgerEntry, recipient: Recipient) -> str | None:
    """The answer in an entry; empty if one was taken back, None if it is none."""
    if entry.kind == "report.confirmed":
        return Recipient.YES
    if entry.kind == "report.not_checked_yet":
        return Recipient.NOT_YET
    if entry.kind == "report.reopened":
        return Recipient.NO if entry.data.get("is_unsolved") else None
    if entry.kind == "report.change_undone" and entry.data.get("kind") == "report.reopened" and entry.report:
        solution = aftercare.current(entry.report)
        return solution.answer if solution else ""
    return None
