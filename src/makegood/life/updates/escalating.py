"""Escalating and telling the reporter so are one act (E1): the promise made is the promise said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.db.models import Q

from makegood.life.escalation import actions as escalation
from makegood.life.escalation.actions import To
from makegood.life.escalation.models import Escalation
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access
from makegood.life.reports.models import LedgerEntry, Message, Report
from makegood.life.updates import actions, scripts

MOMENT = "escalated"


def next_news_at(report: Report, at: datetime, *, severity: str | None = None) -> datetime:
    """When a reporter hears next if their report is escalated now: two to four hours, by severity and hours."""
    return promised_time(kinds.AFTER_ESCALATION, severity or report.severity, at, report.team)


def draft(report: Report, *, by: Actor, at: datetime, severity: str | None = None) -> scripts.Draft:
    """The words to begin with, the promised time in them. Raises NoScript."""
    next_at = next_news_at(report, at, severity=severity)
    return _whole(scripts.render(MOMENT, report, now=at, by=by, next_at=next_at))


def escalate_and_tell(
    report: Report,
    body: str,
    *,
    by: Actor,
    at: datetime,
    idempotency_key: str | None = None,
    asks: bool = False,
    **to: Unpack[To],
) -> Escalation:
    """Escalate, and say ``body`` to the reporter with the time of the next news; without words the script is said.

    The same ``idempotency_key`` again returns the first. Raises as ``escalation.actions.escalate`` and
    ``updates.actions.reply``; then nothing has happened.
    """
    with transaction.atomic():
        access.lock(report)
        if earlier := _earlier(report, idempotency_key):
            return earlier
        next_at = to.get("next_at") or next_news_at(report, at, severity=to.get("severity"))
        to["is_told"] = True
        made = escalation.escalate(report, by=by, at=at, **to)
        words = body.strip() or draft(report, by=by, at=at, severity=to.get("severity")).body
        how: actions.How = {"next_at": next_at, "script": MOMENT, "idempotency_key": idempotency_key, "asks": asks}
        actions.reply(report, words, by=by, at=at, **how)
    return made


def tell_if_untold(entry: LedgerEntry, now: datetime) -> None:
    """On ``escalation.made``: if nobody has told the reporter, the script does, with the time already promised."""
    report = entry.report
    if report is None:
        return
    with transaction.atomic():
        report = access.lock(report)
        made = Escalation.objects.filter(pk=entry.data.get("escalation"), ended_at=None).first()
        since = report.messages.filter(is_internal=False, withdrawn_at=None, at__gte=entry.at)
        if made is None or since.filter(Q(said_by="agent") | Q(script=MOMENT)).exists():
            return
        news = report.promises.filter(kind=kinds.NEXT_UPDATE, state="open", due_at__gt=now).order_by("due_at").first()
        next_at = news.due_at if news else next_news_at(report, now)
        words = _whole(scripts.render(MOMENT, report, now=now, next_at=next_at))
        actions.reply(
            report,
            words.body,
            by=SYSTEM,
            at=now,
            next_at=next_at,
            script=MOMENT,
            idempotency_key=f"escalated:{entry.pk}",
        )


def _whole(found: scripts.Draft) -> scripts.Draft:
    """The draft without the paragraphs that have nothing to say here: no other way to offer."""
    return replace(found, body=scripts.drop_gaps(found.body, found.missing), missing=())


def _earlier(report: Report, key: str | None) -> Escalation | None:
    """What the same form, sent twice, has escalated already."""
    said = Message.objects.filter(report=report, idempotency_key=key).first() if key else None
    return Escalation.objects.filter(report=report, at=said.at).first() if said else None
