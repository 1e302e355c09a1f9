"""One message or one file taken out of everything, for good: the words, their copies, and what was made from them.

That there was something, who said it and when stays, with who took it out and why. Nothing before can be had again.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from makegood.engine import database, files, search
from makegood.engine.live import publish
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.aftercare.models import Csat, FollowUp, Resolution
from makegood.life.diagnosis.models import Answer, FieldSuggestion, StepTrial
from makegood.life.escalation.models import Escalation, Page
from makegood.life.hooks.models import Attempt, Delivery
from makegood.life.intake.models import FormDraft, Incoming
from makegood.life.people.actors import Actor
from makegood.life.post.models import IncomingMail
from makegood.life.privacy import shedding
from makegood.life.problems import known
from makegood.life.rca.models import TimelineRow
from makegood.life.reports import access, finding, ledger
from makegood.life.reports.models import (
    Attachment,
    Draft,
    KeptForm,
    LedgerEntry,
    MailAttempt,
    Message,
    OutgoingMail,
    Report,
)
from makegood.life.searching import readings
from makegood.life.transfer.models import ExportRun

REDACTED = "[redacted]"
# Shorter pieces than this occur by chance.
_SHORTEST = 12
LONGEST = 2_000
# What may repeat words of a message, on its own report: which fields of which rows.
_COPIES: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Message, "report", ("body", "subject")),
    (Draft, "report", ("body",)),
    (KeptForm, "report", ("data",)),
    (Answer, "report", ("text", "data")),
    (StepTrial, "report", ("notes",)),
    (Resolution, "report", ("cause", "solution", "reporter_words", "to_do", "answer_words")),
    (FollowUp, "report", ("notes", "before")),
    (Csat, "report", ("words",)),
    (Escalation, "report", ("reason", "document", "end_reason")),
    (Page, "report", ("text",)),
    (TimelineRow, "report", ("words", "facts")),
    (LedgerEntry, "report", ("data", "reason")),
    (OutgoingMail, "report", ("subject", "text")),
    (Incoming, "report", ("raw",)),
    (FormDraft, "report", ("data",)),
    (Report, "pk", ("title", "environment", "priority_reason")),
)


class NeedsReason(Refusal):
    """Why it is taken out is part of the record."""


class Gone(Refusal):
    """It is taken out already."""


def message(found: Message, *, by: Actor, at: datetime, reason: str) -> None:
    """Take what was said out of everything. Raises NeedsReason, Gone."""
    _checked(reason)
    with database.leaving_no_trace(), transaction.atomic():
        report = access.lock(found.report)
        fresh = rows.lock(Message, found.pk)
        if fresh.body == REDACTED:
            raise Gone(_("This message is taken out already."))
        words = [fresh.body, *([fresh.subject] if fresh.subject else [])]
        Message.objects.filter(pk=fresh.pk).update(body=REDACTED, subject="")
        _forget_mails(report, message=fresh)
        OutgoingMail.objects.filter(message=fresh).update(text=REDACTED, html="")
        _forget_told(report, fresh)
        _forget_copies(report, words)
        FieldSuggestion.objects.filter(report=report).delete()
        _settled(report, "message", fresh.pk, by=by, at=at, reason=reason)
    database.tend()


def file(found: Attachment, *, by: Actor, at: datetime, reason: str) -> None:
    """Take a file out of everything, its bytes first. Raises NeedsReason, Gone."""
    _checked(reason)
    with database.leaving_no_trace(), transaction.atomic():
        assert found.report is not None
        report = access.lock(found.report)
        fresh = rows.lock(Attachment, found.pk)
        if fresh.name == REDACTED:
            raise Gone(_("This file is taken out already."))
        files.forget_keys(fresh.storage_key, fresh.thumbnail_key)
        search.remove(readings.KIND, fresh.pk)
        if fresh.message_id:
            _forget_mails(report, message=fresh.message)
        empty = {"storage_key": "", "thumbnail_key": "", "size": 0, "sha256": "", "is_picture": False}
        Attachment.objects.filter(pk=fresh.pk).update(name=REDACTED, removed_at=fresh.removed_at or at, **empty)
        _forget_copies(report, [fresh.name])
        _settled(report, "attachment", fresh.pk, by=by, at=at, reason=reason)
    database.tend()


# The parts.


def _checked(reason: str) -> None:
    if not reason.strip():
        raise NeedsReason(_("Say why it is taken out; that stays in the history."))
    if len(reason.strip()) > LONGEST:
        raise NeedsReason(_("That is too long: at most %d characters fit here.") % LONGEST)


def _settled(report: Report, what: str, key: int, *, by: Actor, at: datetime, reason: str) -> None:
    """The indexes as things are now, archives of everything gone, and the one line that stays."""
    fresh = Report.objects.select_related("contact", "organisation").get(pk=report.pk)
    finding.index(fresh)
    known.put_report(fresh)
    for run in ExportRun.objects.filter(state=ExportRun.DONE):
        files.forget_keys(run.storage_key)
        ExportRun.objects.filter(pk=run.pk).update(storage_key="", state=ExportRun.GONE)
    data = {"what": what, what: key}
    shedding.later(at=at)
    ledger.record(fresh, "privacy.redacted", by=by, at=at, data=data, reason=reason.strip())
    publish(f"report:{fresh.pk}", str(fresh.pk), at=at)


def _forget_mails(report: Report, *, message: Message | None) -> None:
    """The raw mail it came as: its bytes hold words and files. That a mail came, and its checksum, stays."""
    for mail in IncomingMail.objects.filter(report=report, message=message):
        files.forget_keys(mail.storage_key)
        IncomingMail.objects.filter(pk=mail.pk).update(storage_key="", subject="", error="")


def _forget_told(report: Report, message: Message) -> None:
    """What other systems were told of it, and what they and mail servers answered."""
    told = LedgerEntry.objects.filter(report=report, data__message=message.pk).values("pk")
    Attempt.objects.filter(delivery__entry__in=told).update(answer="", reason="")
    Delivery.objects.filter(entry__in=told, state=Delivery.WAITING).update(state=Delivery.FAILED)
    Delivery.objects.filter(entry__in=told).update(body="{}")
    MailAttempt.objects.filter(mail__message=message).update(reason="")


def _forget_copies(report: Report, words: list[str]) -> None:
    """Wherever the words stand again on this report, whole or in part. A mail that repeats them keeps its text only."""
    for mail in OutgoingMail.objects.filter(report=report).exclude(html=""):
        if _repeats(unescape(strip_tags(mail.html)), words):
            OutgoingMail.objects.filter(pk=mail.pk).update(html="")
    for model, path, fields in _COPIES:
        for row in model._default_manager.filter(**{path: report.pk}).order_by("pk"):
            values = {name: without(getattr(row, name), words) for name in fields}
            changed = {name: value for name, value in values.items() if value != getattr(row, name)}
            if changed:
                model._default_manager.filter(pk=row.pk).update(**changed)


def without(value: Any, words: list[str]) -> Any:
    """``value`` without ``words``: taken out where they stand in it, and all of it where it is a piece of them."""
    if isinstance(value, list):
        return [without(one, words) for one in value]
    if isinstance(value, dict):
        return {name: without(one, words) for name, one in value.items()}
    if not isinstance(value, str):
        return value
    for said in words:
        if said.strip():
            value = _taken_out(value, said)
    return value


def _taken_out(text: str, said: str) -> str:
    if said in text:
        return text.replace(said, REDACTED)
    held, whole = _plain(text).rstrip("…").strip(), _plain(said)
    if len(held) >= _SHORTEST and held in whole:
        return REDACTED
    # Line by line, as a mail quotes it.
    lines = {_plain(line) for line in said.splitlines() if len(_plain(line)) >= _SHORTEST}
    if not lines:
        return text
    kept = [REDACTED if _plain(line) in lines else line for line in text.splitlines()]
    return "\n".join(kept) if REDACTED in kept else text


def _repeats(text: str, words: list[str]) -> bool:
    """Whether a piece of ``words`` stands in ``text``, however its lines are broken."""
    held = _plain(text)
    pieces = {_plain(line) for said in words for line in (said, *said.splitlines())}
    return any(len(piece) >= _SHORTEST and piece in held for piece in pieces)


def _plain(text: str) -> str:
    """Words in one row, without the marks of a quote."""
    return " ".join(re.sub(r"(?m)^[>\s]+", "", text).split())
