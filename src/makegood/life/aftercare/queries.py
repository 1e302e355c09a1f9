"""What a report page and the portal ask of aftercare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from makegood.lib.statements import Statement
from makegood.life.aftercare.models import Csat, FollowUp, Recovery, Resolution
from makegood.life.aftercare.timing import REOPEN_WITHIN
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import access, states
from makegood.life.reports.models import Report

CLOSE_REASONS = {
    "confirmed": _("the reporter says it works"),
    "silence": _("no answer"),
    "answered": _("the question is answered"),
    "withdrawn": _("the reporter takes it back"),
    "duplicate": _("tells the same as another report"),
    "spam": _("not meant seriously"),
}


def current(report: Report) -> Resolution | None:
    """The solution that stands, if there is one."""
    return _CURRENT.first(report.pk)


_CURRENT = Statement(lambda report: Resolution.objects.filter(report=report, withdrawn_at=None).order_by("-id")[:1])


def resolutions(report: Report) -> list[Resolution]:
    """Everything we ever called solved, newest first, with its follow-ups."""
    return list(report.resolutions.prefetch_related("follow_ups").order_by("-id"))


def is_followed_up(report: Report, resolution: Resolution | None) -> bool:
    """Whether somebody has asked again since this solution (T3), and reached them."""
    rows = FollowUp.objects.filter(report=report, resolution=resolution).exclude(outcome__in=FollowUp.GOES_ON)
    return resolution is not None and rows.exists()


def csat(report: Report) -> Csat | None:
    return Csat.objects.filter(report=report).first()


@dataclass(frozen=True)
class Felt:
    """How the reporter felt served, and the newest call that was owed for it; ``promise`` is the one that owes it."""

    csat: Csat | None = None
    recovery: Recovery | None = None
    promise: int = 0

    @property
    def words(self) -> list[str]:
        """Words of theirs that asked for the call."""
        found = [word for one in (self.recovery.why if self.recovery else ()) for word in one.get("words", ())]
        return list(dict.fromkeys(found))


def felt(report: Report) -> Felt:
    """For the report's page: what they said of us. Nothing is looked for before it was ever called solved."""
    if report.solved_at is None and report.closed_at is None and not report.reopened_count:
        return Felt()
    row = Recovery.objects.filter(report=report).select_related("owner").order_by("-id").first()
    owed = Promise.objects.filter(report=report, kind=kinds.RECOVERY, state__in=Promise.PENDING) if row else None
    return Felt(csat(report), row, (owed.values_list("pk", flat=True).first() or 0) if owed is not None else 0)


def refused_as(report: Report, said: str) -> Resolution | None:
    """The solution that was refused last in just these words: a second click on "no" is the first one."""
    last = Resolution.objects.filter(report=report).order_by("-pk").first()
    return last if last and last.answer == Resolution.NO and last.answer_words == said.strip() else None


def can_reopen(report: Report, *, now: datetime) -> bool:
    """Whether a plain answer of the reporter still opens a closed report."""
    return report.state == states.SOLVED or (
        report.state == states.CLOSED and report.closed_at is not None and now - report.closed_at <= REOPEN_WITHIN
    )


def closing_reasons(report: Report) -> list[str]:
    """The reasons for which staff may close ``report`` now; empty if it is closed."""
    if report.state == states.CLOSED:
        return []
    found = ["withdrawn", "duplicate", "spam"]
    if report.kind == states.QUESTION:
        found.insert(0, "answered")
    if report.state == states.SOLVED or report.waiting_for_reporter:
        found.insert(0, "silence")
    if report.state == states.SOLVED and (answer := current(report)) and answer.answer == Resolution.YES:
        found.insert(0, "confirmed")
    return found


def to_follow_up(seeker: Agent) -> QuerySet[Report]:
    """Solved reports that wait for their follow-up or confirmation, what is owed next first."""
    return access.visible_reports(seeker).filter(state=states.SOLVED).order_by("owed_at", "id")
