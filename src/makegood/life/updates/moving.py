"""Another time for something owed: later than the reporter was told only with the words that tell them so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Message, Report
from makegood.life.updates import actions, scripts

MOMENT = "put_off"


class NotTheirs(Refusal):
    """It is owed inside the house, so the reporter is told nothing of it."""


def draft(report: Report, *, by: Actor, at: datetime) -> str:
    """The words to begin with, the new time left as its placeholder; nothing if no script says them."""
    try:
        found = scripts.render(MOMENT, report, now=at, by=by)
    except scripts.NoScript:
        return ""
    return scripts.drop_gaps(found.body, found.missing)


def move(
    promise: Promise,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime,
    reason: str,
    words: str = "",
    asks: bool = False,
    undo: timedelta = actions.UNDO,
    idempotency_key: str | None = None,
) -> Message | None:
    """Give a pending promise another time. With ``words`` the reporter is told it in the same act; returns the message.

    The old promise then ends, broken if it was late already, and the time told is promised anew. Raises as
    ``promises.actions.move`` (MustBeTold: it is later than they were told, and there are no words) and ``reply``, and
    NotTheirs.
    """
    promises.demand(reason)
    report = promise.report
    if report is None or not words.strip():
        promises.move(promise, by=by, at=at, due_at=due_at, reason=reason)
        return None
    if promise.owed_to != kinds.REPORTER:
        raise NotTheirs(_("This is owed inside the house. Move it without words to the reporter."))
    return actions.reply(
        report,
        words,
        by=by,
        at=at,
        next_at=due_at,
        script=MOMENT.replace("_", "-"),
        puts_off=(promise, reason),
        waiting_for_reporter=report.waiting_for_reporter,
        asks=asks,
        undo=undo,
        idempotency_key=idempotency_key,
    )
