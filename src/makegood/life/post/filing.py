"""From a raw mail that was kept to what came of it: read it, judge it, act, in one transaction and once only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from makegood.engine import files, limits
from makegood.lib import mail as mails
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.mail import Parsed, Poisoned
from makegood.life.people.actors import SYSTEM
from makegood.life.post import addresses, evidence, judging, keeping, outcomes
from makegood.life.post.judging import Judgement
from makegood.life.post.models import IncomingMail
from makegood.life.post.outcomes import Case
from makegood.life.reports import ledger, sending
from makegood.life.reports.models import Message, Report

Guard = Callable[[], AbstractContextManager[None]]
log = logging.getLogger(__name__)

MAX_TRIES = 5
_WAITS = (10, 60, 300, 1800)
_HOUR = timedelta(hours=1)
# New reports by mail within an hour: of one address, of one domain nobody vouches for.
PER_SENDER, PER_VERIFIED_SENDER, PER_DOMAIN = 30, 120, 300


@dataclass(frozen=True)
class Filing:
    """What came of one mail. ``outcome`` is empty if it could not be filed this time; ``error`` says why."""

    incoming: IncomingMail
    outcome: str
    report: Report | None = None
    message: Message | None = None
    is_reopened: bool = False
    proposed: tuple[str, ...] = ()
    mail: Parsed | None = None
    error: str = ""


def file_due(now: datetime, guarded: Guard = nullcontext, *, limit: int = 20) -> int:
    """File what is due, in the order it came; return how many mails were looked at. ``guarded``: a time limit for each.

    A mail that fails waits longer each time and is parked after some tries; the others flow on.
    """
    due = rows.read(IncomingMail, "outcome = '' AND try_after <= %s ORDER BY id LIMIT %s", [rows.moment(now), limit])
    for incoming in due:
        file_one(incoming, now=now, guarded=guarded)
    return len(due)


def free_tries(now: datetime) -> int:
    """Let mails be tried at once that a worker had in hand when it died, so that answers stay behind what they answer.

    Harmless while another worker has one in hand: whoever is second finds it filed.
    """
    in_hand = IncomingMail.objects.filter(outcome="", error="", tries__gt=0, try_after__gt=now)
    return in_hand.exclude(source="file").update(try_after=now)


def file_one(
    incoming: IncomingMail,
    *,
    now: datetime,
    trusted: str | None = None,
    guarded: Guard = nullcontext,
) -> Filing:
    """Judge one mail and do what follows, in one transaction; filed before, it stays as it is.

    ``trusted``: how our own mail server names itself in Authentication-Results (default: as its mailbox says). Raises
    nothing a mail could cause (only what the database does): what goes wrong stands in ``error``, and the mail is tried
    again or parked.
    """
    if incoming.outcome or not _begin(incoming, now=now):
        return _as_it_is(incoming)
    try:
        with guarded():
            return _read_and_file(incoming, now=now, trusted=trusted)
    except Poisoned as poison:
        return _parked(incoming, str(poison), now=now)
    except (OperationalError, InterfaceError):
        raise  # the database itself is not well: no fault of this mail, and the caller knows what to do
    except Exception as trouble:
        log.exception("mail.not_filed %s", incoming.key)
        return _failed(incoming, repr(trouble), now=now)


def _begin(incoming: IncomingMail, *, now: datetime) -> bool:
    """Count the try before it is made, so that a mail that kills its worker is counted too; False if another has it."""
    wait = timedelta(seconds=_WAITS[min(incoming.tries, len(_WAITS) - 1)])
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [rows.moment(now + wait), incoming.pk, incoming.tries])
        if not cursor.rowcount:
            return False
    incoming.tries += 1
    return True


_TRY = """
    UPDATE post_incomingmail SET tries = tries + 1, try_after = %s
    WHERE id = %s AND outcome = '' AND tries = %s"""


def _read_and_file(incoming: IncomingMail, *, now: datetime, trusted: str | None) -> Filing:
    if incoming.tries > MAX_TRIES:
        raise Poisoned(incoming.error or "Filing it has ended the worker each time.")
    with files.open_file(incoming.storage_key) as stream:
        raw = stream.read()
    desk = addresses.desk()
    mailbox = incoming.mailbox or desk.mailbox_of(incoming.envelope_to)
    mail = mails.parse(raw, trusted=trusted if trusted is not None else (mailbox.authserv_id if mailbox else ""))
    mailbox = mailbox or desk.mailbox_of([*mail.delivered_to, *(one.email for one in (*mail.to, *mail.cc))])
    # Stored before the transaction: a disk is slow, and SQLite has one writer.
    kept = [] if mail.machine else store_files(mail)
    used, case = False, Case(incoming, mail, kept, desk, mailbox, now)
    try:
        with transaction.atomic():
            filing = _file(case)
        used = filing.outcome in (judging.NEW, judging.APPEND)
    finally:
        if not used:
            for one in kept:
                files.forget(one)
    return filing


def store_files(mail: Parsed) -> list[files.Kept]:
    """The mail's files; what is empty or too large stays in the raw mail only."""
    kept = []
    for part in mail.attachments:
        try:
            kept.append(files.keep_whole(part.data, name=part.name, limit=settings.UPLOAD_MAX_BYTES))
        except Refusal as no:
            if no.can_retry:
                raise
            log.info("mail.file_left_out %s: %s", part.name, no)
    return kept


def _file(case: Case) -> Filing:
    fresh, mail, now = rows.lock(IncomingMail, case.incoming.pk), case.mail, case.now
    if fresh.outcome:
        return _as_it_is(fresh)
    found = evidence.gather(fresh, mail, desk=case.desk, now=now)
    made = judging.judge(found.facts)
    if made.outcome == judging.NEW and _is_storm(mail, now=now):
        made = Judgement(judging.HOLD, "too_many")
    done = outcomes.act(case, made, found)
    machine = f": {found.facts.machine}" if made.reason == "machine" else ""
    rows.update(
        case.incoming,
        outcome=made.outcome,
        reason=f"{made.reason}{machine}"[:300],
        filed_at=now,
        error="",
        mailbox_id=case.mailbox.pk if case.mailbox else None,
        report_id=done.report.pk if done.report else None,
        message_id=done.message.pk if done.message else None,
        returned_id=done.returned.pk if done.returned else None,
        **evidence.headers(mail),
    )
    if made.outcome == judging.HOLD:
        data = {"incoming_mail": fresh.pk, "key": fresh.key, "reason": made.reason}
        ledger.record(None, "mail.held", by=SYSTEM, at=now, data=data)
    return Filing(case.incoming, made.outcome, done.report, done.message, done.is_reopened, done.proposed, mail)


def _is_storm(mail: Parsed, *, now: datetime) -> bool:
    """More new reports within the hour than one address, or a domain nobody vouches for, has any need of."""
    sender, is_verified = mail.sender.email, bool(mail.verified_domain)
    rate = PER_VERIFIED_SENDER if is_verified else PER_SENDER
    if limits.take("mail.new", sending.mailbox_of(sender), rate=rate, per=_HOUR, now=now):
        return True
    domain = sender.rpartition("@")[2]
    return not is_verified and bool(limits.take("mail.new.domain", domain, rate=PER_DOMAIN, per=_HOUR, now=now))


def _as_it_is(incoming: IncomingMail) -> Filing:
    fresh = IncomingMail.objects.select_related("report", "message").get(pk=incoming.pk)
    error = fresh.error if fresh.outcome in ("", judging.PARKED) else ""
    return Filing(fresh, fresh.outcome, fresh.report, fresh.message, error=error)


def _failed(incoming: IncomingMail, why: str, *, now: datetime) -> Filing:
    if incoming.tries >= MAX_TRIES:
        return _parked(incoming, why, now=now)
    rows.update(incoming, error=why[:2000])
    return Filing(incoming, "", error=why)


def _parked(incoming: IncomingMail, why: str, *, now: datetime) -> Filing:
    keeping.park(incoming, why, at=now)
    return Filing(incoming, judging.PARKED, error=why)
