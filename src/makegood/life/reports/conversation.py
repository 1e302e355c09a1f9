"""What is said about a report. Our words to the reporter normally go through ``updates``, which adds the promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.models import Draft, Message, OutgoingMail, ReadMark, Report

MAX_BODY = 100_000


class EmptyMessage(Refusal):
    """Nothing was said."""


class TooLong(Refusal):
    """More words than a message holds."""


class AlreadyGone(Refusal):
    """The undo window of a message is over."""


def checked_body(body: str) -> str:
    """The words as they will be kept: no NUL, ends trimmed. Raises EmptyMessage or TooLong."""
    body = body.replace("\x00", "").replace("\r\n", "\n").strip()
    if not body:
        raise EmptyMessage(_("There is nothing to send yet. Write a few words first."))
    if len(body) > MAX_BODY:
        raise TooLong(_("This is longer than 100,000 characters. Attach it as a file instead."))
    return body


def add(report: Report, body: str, *, by: Actor, at: datetime, **details: Any) -> Message:
    """Append a message and move the report's last-said facts; no ledger entry, no promise (the verbs do that)."""
    message = rows.new(
        Message,
        report=report,
        body=checked_body(body),
        said_by=by.kind,
        agent_id=by.id if by.kind == "agent" else None,
        contact_id=by.id if by.kind == "contact" else None,
        name=by.name,
        at=at,
        **{"visible_at": at, **details},
    )
    rows.insert(message)
    facts: dict[str, Any] = {"updated_at": at}
    if not message.is_internal:
        facts |= {"last_said_at": at, "last_said_by": by.kind}
        if by.is_staff and report.first_answered_at is None:
            facts["first_answered_at"] = at
    rows.update(report, **facts)
    return message


def say(
    report: Report, body: str, *, by: Actor, at: datetime, undo: timedelta = timedelta(0), **details: Any
) -> Message:
    """Say ``body`` where the reporter can read it. ``undo`` keeps it back that long. Repeating an idempotency key
    returns the first message unchanged."""
    # Refused before the transaction: without a savepoint of its own, a refusal inside would take the caller's along.
    key, body = details.get("idempotency_key"), checked_body(body)
    with transaction.atomic(savepoint=False):
        if key and (earlier := said_before(key)):
            return earlier
        message = add(report, body, by=by, at=at, visible_at=at + undo, **details)
        ledger.record(report, "message.said", by=by, at=at, data={"message": message.pk, "channel": message.channel})
    return message


def said_before(idempotency_key: str) -> Message | None:
    """The message that was kept under this key."""
    return next(iter(rows.read(Message, "idempotency_key = %s", [idempotency_key])), None)


def note(report: Report, body: str, *, by: Actor, at: datetime) -> Message:
    """Write an internal note; no reporter ever sees it."""
    with transaction.atomic():
        message = add(report, body, by=by, at=at, is_internal=True)
        ledger.record(report, "note.written", by=by, at=at, data={"message": message.pk})
    return message


def withdraw(message: Message, *, by: Actor, at: datetime) -> Message:
    """Take a message back inside its undo window, and its mails with it. Raises AlreadyGone."""
    with transaction.atomic():
        fresh = Message.objects.select_for_update().get(pk=message.pk)
        if fresh.withdrawn_at:
            return fresh
        if fresh.visible_at <= at:
            raise AlreadyGone(_("This message has already left; write a second one to put it right."))
        fresh.withdrawn_at = at
        fresh.save(update_fields=["withdrawn_at"])
        OutgoingMail.objects.filter(message=fresh, state="queued").update(state="withdrawn")
        ledger.record(fresh.report, "message.withdrawn", by=by, at=at, data={"message": fresh.pk})
    return fresh


def save_draft(report: Report, agent: Agent, body: str, *, is_internal: bool, at: datetime) -> None:
    """Keep what an agent is typing; an empty body forgets it."""
    if body.strip():
        Draft.objects.update_or_create(
            report=report,
            agent=agent,
            is_internal=is_internal,
            defaults={"body": body[:MAX_BODY], "updated_at": at},
        )
    else:
        Draft.objects.filter(report=report, agent=agent, is_internal=is_internal).delete()


def mark_read(report: Report, agent: Agent, *, at: datetime) -> None:
    """Note that ``agent`` has seen everything said so far."""
    newest = report.messages.order_by("-id").values_list("id", flat=True).first() or 0
    ReadMark.objects.update_or_create(report=report, agent=agent, defaults={"message_id": newest, "at": at})
