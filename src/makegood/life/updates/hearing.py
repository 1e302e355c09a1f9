"""The reporter says something on an open report: it is kept, our clocks go on, and an answer is owed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.life.diagnosis import actions as diagnosis
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.queries import open_promises, promised_time
from makegood.life.reports import access, conversation, states
from makegood.life.reports.models import Message, Report


def hear(
    report: Report, body: str, *, by: Actor, at: datetime, channel: str = "web", idempotency_key: str | None = None
) -> Message:
    """Keep what the reporter says; the same key again returns the first message. Raises EmptyMessage, TooLong.

    While we work on it, new words are owed an answer as soon as a new report is: news promised for later come sooner.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        if idempotency_key and (earlier := conversation.said_before(idempotency_key)):
            return earlier
        message = conversation.say(report, body, by=by, at=at, channel=channel, idempotency_key=idempotency_key or None)
        if fresh.is_open:
            diagnosis.take_the_ball(report, by=by, at=at)
        if fresh.state in states.IN_WORK:
            _owe_an_answer(fresh, message, by=by, at=at)
    return message


def _owe_an_answer(report: Report, message: Message, *, by: Actor, at: datetime) -> None:
    due_at = promised_time(kinds.HEAR_BACK, report.severity, at, report.team)
    news = [promise for promise in open_promises(report) if promise.kind in kinds.NEWS]
    if not any(promise.due_at <= due_at for promise in news):
        promises.make(report, kinds.HEAR_BACK, by=by, at=at, team=report.team, message=message)
