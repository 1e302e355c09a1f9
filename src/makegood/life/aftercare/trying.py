"""A follow-up that reached nobody goes on: tomorrow again, or in writing; and what one was before, to take it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from makegood.life.aftercare import timing, wishes
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.reports.models import Report

# After so many tries in vain, writing is kinder than calling.
ENOUGH = 3
_PLAIN = ("answer", "answer_words", "reminders")
_MOMENTS = ("answered_at", "remind_at")


def go_on(report: Report, outcome: str, *, by: Actor, at: datetime) -> None:
    """Owe the follow-up anew: an open day later if nobody answered; by policy, in writing, if they want no calls."""
    if outcome == FollowUp.NO_CALLS:
        wishes.refuse_calls(report.contact, True, by=by, at=at)
        promises.make(report, kinds.FOLLOW_UP, by=by, at=at)
        return
    due_at = timing.open_days_later(report, at, 1, at=at)
    promises.make(report, kinds.FOLLOW_UP, by=by, at=at, due_at=due_at)


def answer_of(resolution: Resolution | None) -> dict[str, Any]:
    """What the reporter had answered, as data."""
    if resolution is None:
        return {}
    plain = {name: getattr(resolution, name) for name in _PLAIN}
    return plain | {name: value and value.isoformat() for name in _MOMENTS for value in [getattr(resolution, name)]}


def restore_answer(resolution: Resolution, answer: dict[str, Any]) -> None:
    """Let it stand as ``answer_of`` found it."""
    fields = {name: answer[name] for name in _PLAIN}
    fields |= {name: answer[name] and parse_datetime(answer[name]) for name in _MOMENTS}
    Resolution.objects.filter(pk=resolution.pk).update(**fields)
