"""What is known of a mail that is about to be judged: who its sender is, what it claims, whether it came before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from makegood.lib import rows
from makegood.lib.mail import Parsed
from makegood.life.aftercare.queries import can_reopen
from makegood.life.people.models import Contact
from makegood.life.post import addresses, judging
from makegood.life.post.addresses import Desk
from makegood.life.post.judging import Claim, Facts
from makegood.life.post.models import IncomingMail
from makegood.life.reports import participants, reply_addresses, states
from makegood.life.reports.models import OutgoingMail, ReplyAddress, Report

# The same words again: pressed twice, or a machine that does not say it is one.
_AT_ONCE, _WITHIN = timedelta(minutes=2), timedelta(hours=1)
_MOST_IDS = 50


@dataclass(frozen=True)
class Found:
    """Facts for the judgement, and the rows it may be carried out with."""

    facts: Facts
    sender: Contact | None = None
    reply_address: ReplyAddress | None = None
    earlier: IncomingMail | None = None
    threads: tuple[Report, ...] = ()

    def report(self, pk: int | None) -> Report | None:
        return next((report for report in self.threads if report.pk == pk), None)

    @property
    def proves_address(self) -> bool:
        """Whether the sender has shown that the address is theirs: vouched for, or by a secret only they were sent."""
        holder = self.reply_address.contact_id if self.reply_address else None
        return self.facts.is_verified or (self.sender is not None and holder == self.sender.pk)


def gather(incoming: IncomingMail, mail: Parsed, *, desk: Desk, now: datetime) -> Found:
    """Look up what the mail says about itself. Within the transaction of filing."""
    email = mail.sender.email
    is_own = bool(mail.message_id) and _is_ours(mail.message_id)
    earlier, repeat = _repeat(incoming, mail)
    machine = mail.machine or ("null sender" if incoming.envelope_from == "" else "")
    facts = Facts(
        machine=machine,
        is_bounce=is_bounce(mail),
        is_own_mail=is_own,
        has_sender=bool(email),
        is_verified=bool(mail.verified_domain),
        is_staff=bool(addresses.staff_among([email])),
        is_ours=desk.is_ours(email) if email else False,
        is_forward=mail.forwarded is not None,
        repeat=repeat,
    )
    if is_own or not email:
        return Found(facts, earlier=earlier)
    sender = next(iter(rows.read(Contact, "email = %s", [email])), None)
    secret = reply_addresses.find([*incoming.envelope_to, *mail.delivered_to, *_recipients(mail)])
    threads = _threads(mail, secret)
    claims = tuple(_claim(by, report, sender, now=now) for by, report in threads)
    reports = tuple(report for _by, report in threads if report)
    return Found(Facts(**{**facts.__dict__, "claims": claims}), sender, secret, earlier, reports)


def is_bounce(mail: Parsed) -> bool:
    """A mail of ours, or what claims to be one, did not arrive; a receipt that it did is only a machine's mail."""
    if mail.bounces:
        return any(one.action not in ("delivered", "relayed", "expanded") for one in mail.bounces)
    return mail.machine == "bounce"


def headers(mail: Parsed) -> dict[str, Any]:
    """What is kept of the mail beside its bytes, for lists and for knowing it again."""
    return {
        "content_hash": judging.content_hash(mail),
        "sent_at": mail.sent_at,
        "rfc_id": mail.message_id[:998],
        "sender": mail.sender.email[:254],
        "sender_name": mail.sender.name[:200],
        "subject": mail.subject[:300],
        "is_verified": bool(mail.verified_domain),
    }


def _recipients(mail: Parsed) -> Iterable[str]:
    return (one.email for one in (*mail.to, *mail.cc))


def _is_ours(message_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM reports_outgoingmail WHERE rfc_id = %s", [message_id])
        return cursor.fetchone() is not None


def _repeat(incoming: IncomingMail, mail: Parsed) -> tuple[IncomingMail | None, str]:
    """The earlier mail that said the same, and how sure it is that this is no second one."""
    same = f"content_hash = %s AND id <> %s AND outcome IN ({rows.marks(len(_COUNT))}) ORDER BY id DESC LIMIT 20"
    for earlier in rows.read(IncomingMail, same, [judging.content_hash(mail), incoming.pk, *_COUNT]):
        apart = abs(incoming.received_at - earlier.received_at)
        is_dated = mail.sent_at is not None and mail.sent_at == earlier.sent_at
        if is_dated or apart <= _AT_ONCE:
            return earlier, judging.SAME
        if apart <= _WITHIN:
            return earlier, judging.AGAIN
    return None, ""


_COUNT = (IncomingMail.NEW_REPORT, IncomingMail.APPEND, IncomingMail.QUARANTINED)


def _threads(mail: Parsed, secret: ReplyAddress | None) -> list[tuple[str, Report | None]]:
    """The reports a mail claims to belong to, strongest claim first; None for a number that does not exist."""
    found: list[tuple[str, Report | None]] = [(judging.SECRET, secret.report)] if secret else []
    ids = list(mail.message_ids[:_MOST_IDS])
    if ids:
        found += [(judging.THREAD, report) for report in _answered(ids)]
    numbers = judging.numbers_in(mail.subject)
    by_number = rows.by_key(Report, numbers)
    found += [(judging.NUMBER, by_number.get(number)) for number in numbers]
    return found


def _answered(ids: list[str]) -> list[Report]:
    """Reports that one of these Message-IDs belongs to: of a mail of ours, or of one that came in, nearest first."""
    marks = rows.marks(len(ids))
    sent = {m.rfc_id: m.report_id for m in rows.read(OutgoingMail, f"rfc_id IN ({marks})", ids)}
    heard = {m.rfc_id: m.report_id for m in rows.read(IncomingMail, f"rfc_id IN ({marks}) AND rfc_id <> ''", ids)}
    keys = list(dict.fromkeys(key for one in ids if (key := sent.get(one) or heard.get(one))))
    by_key = rows.by_key(Report, keys)
    return [by_key[key] for key in keys if key in by_key]


def _claim(by: str, report: Report | None, sender: Contact | None, *, now: datetime) -> Claim:
    if report is None:
        return Claim(by)
    is_reporter = sender is not None and report.contact_id == sender.pk
    takes_part = not is_reporter and sender is not None and participants.may_speak(report, sender)
    is_over = report.state == states.CLOSED and not can_reopen(report, now=now)
    return Claim(by, report.pk, is_reporter, takes_part, is_over)
