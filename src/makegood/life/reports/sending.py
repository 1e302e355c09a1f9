"""Sending the mails we owe: leased, carried, settled; every try is a row a person can see.

At least once: a worker killed between carrying and settling leaves a lease that runs out, and the mail goes again
with the Message-ID it has had since it was decided.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from makegood.channels.base import Letter, MailCarrier, Outcome
from makegood.engine import limits, switches
from makegood.lib import rows
from makegood.lib.statements import Statement
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Contact
from makegood.life.reports import ledger
from makegood.life.reports.delivery import loop_mark
from makegood.life.reports.models import LedgerEntry, MailAttempt, OutgoingMail

log = structlog.get_logger("makegood.mail")

LEASE = timedelta(minutes=5)
# One letter may take this long (``channels.mail.smtp``); less of the lease left, and it is not begun.
_MARGIN = timedelta(minutes=2)
# RFC 5321, 4.5.4.1: four to five days. What our own ceilings hold back is stale after one.
GIVE_UP_AFTER = timedelta(days=5)
HELD_TOO_LONG = timedelta(hours=24)
_WAITS = (300, 600, 1800, 3600, 7200, 14400)
# A call to somebody on duty is worth little in an hour.
_WAITS_OF_PAGES = (30, 60, 120, 300)
_HOUR = timedelta(hours=1)
BATCH = 50
# What was carried and not yet written down goes again if the process dies.
_SETTLE_EVERY = timedelta(seconds=2)
_SETTLE_TRIES = 5


def send_due(
    carrier: MailCarrier,
    *,
    clock: Callable[[], datetime],
    limit: int = BATCH,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due; return how many mails were looked at. Zero means there is nothing to do now. When ``stopping``
    says so, the letter in hand is the last, and the others are given back."""
    if carrier.is_resting() or switches.is_stopped(switches.MAIL):
        return 0
    due, mails = _lease(now=clock(), limit=limit)
    carried: list[tuple[OutgoingMail, Outcome]] = []
    since = clock()
    for position, mail in enumerate(mails):
        now = clock()
        if stopping() or mail.leased_until is None or now > mail.leased_until - _MARGIN:
            _give_back(mails[position:])
            break
        outcome = carrier.send(as_letter(mail))
        carried.append((mail, outcome))
        if outcome.is_server:
            # The server is not well: do not run the others into the same wall.
            _give_back(mails[position + 1 :])
            break
        if now - since > _SETTLE_EVERY:
            settle(carried, now=clock())
            carried, since = [], now
    if carried:
        settle(carried, now=clock())
    return due


def as_letter(mail: OutgoingMail) -> Letter:
    """The words of a mail row in the form a channel takes."""
    return Letter(
        to_email=mail.to_email,
        to_name=mail.to_name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        rfc_id=mail.rfc_id,
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references.split()),
        from_email=mail.from_email or settings.DESK_EMAIL,
        from_name=mail.from_name or settings.DESK_NAME,
        reply_to=mail.reply_to,
        unsubscribe=mail.unsubscribe_url,
        language=mail.language,
        submitted=_submitted(mail),
        loop_mark=loop_mark(),
    )


def _submitted(mail: OutgoingMail) -> str:
    if not mail.is_automatic:
        return ""
    return "auto-replied" if mail.purpose == "acknowledgement" else "auto-generated"


def settle(settled: list[tuple[OutgoingMail, Outcome]], *, now: datetime) -> None:
    """Write down what came of tries: the attempt, the mail's state, the ledger entry; one transaction for all.

    A database that is busy or away is asked again, for nothing else knows yet that these mails have left.
    """
    for again in range(1, _SETTLE_TRIES + 1):
        try:
            _settle(settled, now=now)
        except OperationalError:
            if again == _SETTLE_TRIES or not _is_ours_alone():
                raise
            log.warning("mail.settling_again", mails=len(settled), tries=again)
            time.sleep(again)
        else:
            return


def _is_ours_alone() -> bool:
    """Whether no transaction around us is lost with the connection; a broken connection is closed."""
    if connection.in_atomic_block:
        return False
    connection.close()
    return True


def _settle(settled: list[tuple[OutgoingMail, Outcome]], *, now: datetime) -> None:
    with transaction.atomic():
        held = {mail.pk for mail, _outcome in settled}
        ours = {mail.pk for mail in _still_ours([mail for mail, _outcome in settled])}
        if lost := held - ours:
            # Taken back, or somebody else's since the lease ran out: what came of it is theirs to say.
            log.warning("mail.no_longer_ours", mails=sorted(lost))
        settled = [(mail, outcome) for mail, outcome in settled if mail.pk in ours]
        if not settled:
            return
        rows.insert(
            *(
                rows.new(MailAttempt, mail_id=mail.pk, at=now, outcome=_word(outcome), reason=outcome.reason)
                for mail, outcome in settled
            )
        )
        if sent := [mail for mail, outcome in settled if outcome.is_sent]:
            _settle_sent(sent, now=now)
        for mail, outcome in settled:
            if not outcome.is_sent:
                _settle_failure(mail, outcome, now=now)


def _settle_sent(sent: list[OutgoingMail], *, now: datetime) -> None:
    _change(sent, "state = 'sent', sent_at = %s, leased_until = NULL, last_reason = ''", rows.moment(now))
    # Nothing follows from a mail that left: its entry needs no reactions.
    rows.insert(
        *(
            rows.new(
                LedgerEntry,
                report_id=mail.report_id,
                kind="mail.sent",
                at=now,
                actor_kind=SYSTEM.kind,
                actor_name=SYSTEM.name,
                data={"mail": mail.pk, "purpose": mail.purpose},
                delivered_at=now,
            )
            for mail in sent
        )
    )


def retry(mail: OutgoingMail, *, now: datetime) -> bool:
    """Let a failed or suppressed mail try again from the beginning."""
    stuck = OutgoingMail.objects.filter(pk=mail.pk, state__in=["failed", "suppressed"])
    return stuck.update(state="queued", attempts=0, send_after=now, made_at=now) == 1


def free_leases(mails: QuerySet[OutgoingMail] | None = None) -> int:
    """Let mails go again that a worker known to be dead had in hand: all, or those of ``mails``."""
    held = OutgoingMail.objects.all() if mails is None else mails
    return held.filter(state="sending").update(state="queued", leased_until=None)


def overdue(*, now: datetime) -> timedelta:
    """How long the oldest due mail has been waiting."""
    oldest = [first for state in _ON_THE_WAY if (first := _OLDEST[state].first(now))]
    return now - min(oldest) if oldest else timedelta(0)


# Each state by itself: an index on states is walked for one of them, not for several.
_ON_THE_WAY = ("queued", "sending")
_OLDEST: dict[str, Statement[datetime]] = {
    state: Statement(
        lambda now, state=state: (
            OutgoingMail.objects.filter(state=state, send_after__lte=now)
            .order_by("send_after")
            .values_list("send_after", flat=True)[:1]
        )
    )
    for state in _ON_THE_WAY
}
_RUN_OUT: Statement[int] = Statement(
    lambda now: OutgoingMail.objects.filter(state="sending", leased_until__lt=now).values_list("pk", flat=True)[:1000]
)


def _lease(*, now: datetime, limit: int) -> tuple[int, list[OutgoingMail]]:
    """How many mails are due, and those of them that may go now, in our hands for a minute."""
    if run_out := _RUN_OUT(now):
        free_leases(OutgoingMail.objects.filter(pk__in=run_out, leased_until__lt=now))
    if not _OLDEST["queued"](now):
        return 0, []
    with transaction.atomic():
        found = rows.read(OutgoingMail, f"{_WAITING} LIMIT %s{_skipping()}", [rows.moment(now), limit])
        mails = [mail for mail in found if not _is_held(mail, now=now)]
        _change(mails, "state = 'sending', leased_until = %s, attempts = attempts + 1", rows.moment(now + LEASE))
    for mail in mails:
        mail.state, mail.leased_until, mail.attempts = "sending", now + LEASE, mail.attempts + 1
    return len(found), mails


_WAITING = "state = 'queued' AND send_after <= %s ORDER BY send_after, id"


def _skipping() -> str:
    can_skip = connection.features.has_select_for_update_skip_locked
    return f" {connection.ops.for_update_sql(skip_locked=True)}" if can_skip else ""


def _change(mails: list[OutgoingMail], changes: str, *values: Any) -> None:
    """Several at once, by the shortest way: every letter passes here. ``changes``: SQL with a mark for each value."""
    if mails:
        sql = f"UPDATE reports_outgoingmail SET {changes} WHERE id IN ({rows.marks(len(mails))})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, *(mail.pk for mail in mails)])


def _give_back(mails: list[OutgoingMail]) -> None:
    for mail in mails:
        if mail.attempts == 1 and mail.purpose != "page":
            for bucket, key, rate in _ceilings(mail):
                limits.give_back(bucket, key, rate=rate, per=_HOUR)
    with transaction.atomic():
        ours = _still_ours(mails)
        _change(ours, "state = 'queued', leased_until = NULL, attempts = attempts - 1")


def _still_ours(mails: list[OutgoingMail]) -> list[OutgoingMail]:
    """Those in hand, held for change: not taken back meanwhile, nor another's after our lease ran out."""
    tail = " FOR UPDATE" if connection.features.has_select_for_update else ""
    ours: set[int] = set()
    for until in {mail.leased_until for mail in mails}:
        some = [mail.pk for mail in mails if mail.leased_until == until]
        sql = f"""
            SELECT id FROM reports_outgoingmail
            WHERE state = 'sending' AND leased_until = %s AND id IN ({rows.marks(len(some))}){tail}"""  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [rows.moment(until), *some])
            ours |= {key for (key,) in cursor.fetchall()}
    return [mail for mail in mails if mail.pk in ours]


def _is_held(mail: OutgoingMail, *, now: datetime) -> bool:
    """Put the mail off if a ceiling is reached, and say so. A try again is free.

    A call to our own people on duty is never held back: it is worth most in the hour with the most of them.
    """
    if mail.attempts > 0 or mail.purpose == "page":
        return False
    for bucket, key, rate in _ceilings(mail):
        if wait := limits.take(bucket, key, rate=rate, per=_HOUR, now=now):
            _postpone(mail, wait, now=now)
            return True
    return False


def _ceilings(mail: OutgoingMail) -> list[tuple[str, str, int]]:
    """So many mails to one address, so many in all, within an hour."""
    return [
        ("mail.to", mailbox_of(mail.to_email), settings.MAIL_PER_RECIPIENT),
        ("mail", "all", settings.MAIL_PER_HOUR),
    ]


def mailbox_of(address: str) -> str:
    """One name for the many spellings that reach one mailbox: no capitals, no "+tag", no dots before the @."""
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _postpone(mail: OutgoingMail, wait: float, *, now: datetime) -> None:
    is_hopeless = now - mail.made_at > HELD_TOO_LONG
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state="suppressed" if is_hopeless else "queued",
        leased_until=None,
        send_after=now + timedelta(seconds=wait),
        last_reason=gettext_noop("Held back: too many mails within an hour."),
    )


def _settle_failure(mail: OutgoingMail, outcome: Outcome, *, now: datetime) -> None:
    is_over = outcome.is_final or now - mail.made_at > GIVE_UP_AFTER
    wait = _wait(mail, outcome)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state="failed" if is_over else "queued",
        leased_until=None,
        last_reason=outcome.reason,
        send_after=now + timedelta(seconds=0 if is_over else wait),
    )
    if not is_over:
        return
    if outcome.is_final:
        Contact.objects.filter(email=mail.to_email.lower()).update(mail_problem=outcome.reason[:300])
    data = {"mail": mail.pk, "purpose": mail.purpose, "to": mail.to_email}
    ledger.record(mail.report, "mail.failed", by=SYSTEM, at=now, data=data, reason=outcome.reason[:500])


def _wait(mail: OutgoingMail, outcome: Outcome) -> float:
    """Seconds until the next try: grows with the tries, with jitter, unless the outcome says how long."""
    if outcome.wait_seconds is not None:
        return outcome.wait_seconds
    waits = _WAITS_OF_PAGES if mail.purpose == "page" else _WAITS
    return waits[min(mail.attempts, len(waits)) - 1] * random.uniform(0.9, 1.2)  # noqa: S311 - no secret


def _word(outcome: Outcome) -> str:
    return "sent" if outcome.is_sent else ("refused" if outcome.is_final else "later")
