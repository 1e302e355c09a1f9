"""What is said without anybody at a keyboard: the acknowledgement, the honest note, reminders, links sent again.

Each is a reaction or periodic work, at least once and idempotent: a ledger key lets the second run do nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from makegood.lib import rows
from makegood.lib.statements import Statement
from makegood.lib.texts import paragraphs
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis.models import AskRequest
from makegood.life.intake import logins
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.directory import canonical_email
from makegood.life.people.models import Contact, Team
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds, reasons
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access, conversation, delivery, ledger
from makegood.life.reports.models import LedgerEntry, Message, OutgoingMail, Report
from makegood.life.updates import closing, known_errors, mails, scripts

LINKS_EVERY = timedelta(minutes=5)
LINKS_JOB = "updates.send_links"


def acknowledge(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.received``: number, thanks, apology, promised time, another way; said and mailed at once."""
    if entry.report is not None and not _done(key := f"ack:{entry.report_id}"):
        _acknowledge(entry.report, key, now=now, is_first=True)


def welcome(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.reporter_changed``: whoever is the reporter now hears the same as if they had written to us."""
    if entry.report is not None and entry.report.is_open and not _done(key := f"welcome:{entry.pk}"):
        _acknowledge(entry.report, key, now=now, is_first=False)


def _acknowledge(report: Report, key: str, *, now: datetime, is_first: bool) -> None:
    with transaction.atomic(savepoint=False):
        # Not locked: nothing of the report itself is decided on, and the ledger key stops a second run.
        pending = rows.read(Promise, _PENDING, [report.pk, *Promise.PENDING])
        due = [promise.due_at for promise in pending if promise.kind in kinds.NEWS and promise.due_at > now]
        known = {"known_error": known_errors.words(report, now=now)}
        next_at = min(due, default=None) or (promised_time(*_news_of(report, now)) if report.is_open else None)
        message = say(report, "acknowledgement", at=now, next_at=next_at, values=known)
        if next_at and not due:  # so late that what was promised at first is past already
            promises.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=now, due_at=next_at, message=message)
        if any(promise.kind == kinds.ACKNOWLEDGE for promise in pending):
            promises.keep(report, kinds.ACKNOWLEDGE, by=SYSTEM, at=now, message=message)
        mails.queue_message(report, message, at=now, purpose="acknowledgement", is_first=is_first)
        ledger.record(report, "acknowledgement.queued", by=SYSTEM, at=now, data={"message": message.pk}, key=key)


def own_up(entry: LedgerEntry, now: datetime) -> None:
    """On ``promise.broken``: tell the reporter honestly that we are late, and name a new time. Once until we speak.

    The broken promise stays broken and its ladder goes on; the new one stands beside it.
    """
    promise = Promise.objects.filter(pk=entry.data.get("promise")).first()
    if promise is None or entry.report is None or promise.kind not in (kinds.HEAR_BACK, kinds.NEXT_UPDATE):
        return
    key = f"own-up:{entry.pk}"
    if _done(key):
        return
    with transaction.atomic():
        report = access.lock(entry.report)
        if not report.is_open or promise.state != Promise.OPEN or _already_owned_up(report):
            return
        next_at = promised_time(*_news_of(report, now))
        missed = {"missed_time": scripts.told_time(report, promise.due_at, now=now)}
        message = say(report, "promise_broken", at=now, next_at=next_at, values=missed)
        promises.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=now, due_at=next_at, message=message)
        mails.queue_message(report, message, at=now, purpose="apology")
        ledger.record(report, "apology.queued", by=SYSTEM, at=now, data={"message": message.pk}, key=key)


def remind_of_questions(now: datetime, limit: int = 200) -> int:
    """Periodic: remind once of unanswered questions, then let them go; returns how many were touched."""
    due = AskRequest.objects.filter(state="open", remind_at__lte=now).select_related("report")[:limit]
    late = AskRequest.objects.filter(state="open", remind_at=None, expires_at__lte=now).select_related("report")[:limit]
    return sum(remind(request, now=now) for request in due) + sum(_let_go(request, now) for request in late)


def send_links(address: str, *, at: datetime) -> bool:
    """Mail a link to the list of their reports to whoever reports under ``address``; False if nothing is sent.

    Once in five minutes. Call it from a job, so that known and unknown addresses take the same time to answer.
    """
    contact = Contact.objects.filter(email=canonical_email(address)).first()
    latest = contact.reports.select_related("contact", "category").order_by("-id").first() if contact else None
    if contact is None or latest is None:
        return False
    key = f"links:{contact.pk}:{int(at.timestamp() // LINKS_EVERY.total_seconds())}"
    with transaction.atomic():
        if OutgoingMail.objects.filter(key=key).exists():
            return False
        draft = scripts.render("link_again", latest, now=at, values=nameless(contact))
        link = mails.login_link_for(logins.make(contact, at=at))
        mail = mails.layout(draft.body, language=latest.language, subject=draft.subject, link=link)
        delivery.queue_mail(
            None,
            to=(contact.email or "", ""),
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            purpose="link",
            key=key,
            at=at,
            language=latest.language,
        )
    return True


def send_asked_links(payload: dict[str, str], now: datetime) -> None:
    """The job behind "find my report": ``send_links`` for the address in ``payload``."""
    send_links(payload["address"], at=now)


def say(
    report: Report,
    moment: str,
    *,
    at: datetime,
    next_at: datetime | None = None,
    values: Mapping[str, str] | None = None,
) -> Message:
    """Say the script of ``moment`` to the reporter in the system's name. No promise, no mail: the caller does that.

    Whatever the script says, the message names ``next_at``, or without one that it is the last.
    """
    draft = scripts.render(
        moment, report, now=at, next_at=next_at, values={**nameless(report.contact, report), **(values or {})}
    )
    body = scripts.fill(_without_gaps(draft.body, report), {"status_link": mails.portal_address()})
    body = closing.ended(report, body, next_at, at=at)
    desk = Actor(SYSTEM.kind, None, settings.DESK_NAME)
    is_final, slug = next_at is None, draft.script
    return conversation.say(report, body, by=desk, at=at, script=slug, named_time=next_at, is_final=is_final)


def nameless(contact: Contact, report: Report | None = None) -> dict[str, str]:
    """To an unverified address not even the name is repeated: a stranger may have typed it.

    And who typed a verified address without its name may be a stranger too, reading this on the report's page.
    """
    if not mails.is_verified(contact):
        return {"first_name": ""}
    first = _FIRST_NAME.first(report.pk) if report else contact.name
    return {} if first == contact.name else {"first_name": ""}


_FIRST_NAME: Statement[str] = Statement(
    lambda report: Message.objects.filter(report=report).order_by("id").values_list("name", flat=True)[:1]
)


def _without_gaps(body: str, report: Report) -> str:
    """Leave out the paragraphs that have nothing to say here: no other way, no time owed."""
    kept = [part for part in paragraphs(body) if not scripts.unfilled(part, besides=("status_link",))]
    return "\n\n".join(kept) or report.number


def _done(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM reports_ledgerentry WHERE key = %s", [key])
        return cursor.fetchone() is not None


_PENDING = f"report_id = %s AND state IN ({rows.marks(len(Promise.PENDING))}) ORDER BY id"


def _already_owned_up(report: Report) -> bool:
    last = (
        report.messages.filter(is_internal=False, withdrawn_at=None).exclude(said_by="contact").order_by("-id").first()
    )
    return last is not None and last.script == scripts.choose("promise_broken", report.kind).slug


def remind(request: AskRequest, *, now: datetime) -> bool:
    """Say and mail once more which questions are open; False if that was done before or is no longer wanted."""
    with transaction.atomic():
        report = access.lock(request.report)
        if not report.is_open or not diagnosis.mark_reminded(request, by=SYSTEM, at=now):
            return False
        listed = [asked.question.text_in(report.language) for asked in request.asked.filter(answer=None)]
        questions = "\n".join(f"{n}. {text}" for n, text in enumerate(listed, 1))
        owed = closing.next_owed(report, at=now)
        # Without an answer we go on once the questions are let go: that is when they hear next.
        next_at = owed or promised_time(*_news_of(report, max(request.expires_at or now, now)))
        message = say(report, "answer_reminder", at=now, next_at=next_at, values={"questions": questions})
        if owed is None:
            promises.make(report, kinds.NEXT_UPDATE, by=SYSTEM, at=now, due_at=next_at, message=message)
        if report.waiting_for_reporter:
            promises.pause(report, by=SYSTEM, at=now, reason=reasons.WAITING_FOR_REPORTER)
        mails.queue_message(report, message, at=now, purpose="reminder")
    return True


def _news_of(report: Report, at: datetime) -> tuple[str, str, datetime, Team | None]:
    """What ``promised_time`` takes for the next news, as if promised at ``at``."""
    return kinds.NEXT_UPDATE, report.severity, at, report.team


def _let_go(request: AskRequest, now: datetime) -> bool:
    with transaction.atomic():
        diagnosis.expire_ask(request, by=SYSTEM, at=now)
        promises.ensure_owed(access.lock(request.report), by=SYSTEM, at=now)
    return True
