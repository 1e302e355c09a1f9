"""Nobody answers whether it is solved: two reminders, then closing with the way back. Periodic work of the clock.

Each step is one transaction and moves ``Resolution.remind_at`` on, so that a step is taken once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.life.aftercare import actions, queries, timing, words
from makegood.life.aftercare.models import Resolution
from makegood.life.people.actors import SYSTEM
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import Report
from makegood.life.updates import actions as updates

REMINDERS = len(timing.STEPS) - 1


def break_silence(now: datetime, limit: int = 200) -> int:
    """Take every step that is due; return how many were taken."""
    due = Resolution.objects.filter(remind_at__lte=now).order_by("remind_at").values_list("pk", flat=True)[:limit]
    return sum(take_step(pk, now) for pk in list(due))


def take_step(resolution_id: int, now: datetime) -> bool:
    """Remind, or close, or wait for the follow-up, for one solution; False if nothing was due any more."""
    with transaction.atomic():
        found = Resolution.objects.select_related("report").filter(pk=resolution_id).first()
        if found is None:
            return False
        report = access.lock(found.report)
        resolution = Resolution.objects.get(pk=resolution_id)
        if resolution.remind_at is None or resolution.remind_at > now:
            return False
        if report.state != states.SOLVED or queries.current(report) != resolution or resolution.answer == "yes":
            Resolution.objects.filter(pk=resolution_id).update(remind_at=None)
            return False
        if resolution.reminders < REMINDERS:
            _remind(report, resolution, now)
        elif report.kind == states.QUESTION or queries.is_followed_up(report, resolution):
            actions.close(report, reason="silence", by=SYSTEM, at=now, undo=actions.AT_ONCE)
        else:  # nobody closes what nobody has followed up; that promise climbs its own ladder
            _wait(report, resolution, now)
    return True


def _remind(report: Report, resolution: Resolution, now: datetime) -> None:
    resolution.reminders += 1
    resolution.remind_at = timing.next_step(report, resolution.reminders, at=now)
    resolution.save(update_fields=["reminders", "remind_at"])
    next_at = timing.confirm_by(report, resolution.remind_at, at=now)
    promises.keep(report, kinds.CONFIRM, by=SYSTEM, at=now)
    updates.reply(
        report,
        words.words_for("confirm_reminder", report, by=SYSTEM, at=now, next_at=next_at),
        by=SYSTEM,
        at=now,
        next_at=next_at,
        kind=kinds.CONFIRM,
        script="confirm-reminder",
        undo=actions.AT_ONCE,
        idempotency_key=f"silence:{resolution.pk}:{resolution.reminders}:{now.date()}",
    )
    data = {"resolution": resolution.pk, "number": resolution.reminders}
    ledger.record(report, "silence.reminded", by=SYSTEM, at=now, data=data)


def _wait(report: Report, resolution: Resolution, now: datetime) -> None:
    resolution.remind_at = timing.open_days_later(report, now, 1, at=now)
    resolution.save(update_fields=["remind_at"])
    promises.ensure_owed(report, by=SYSTEM, at=now)
