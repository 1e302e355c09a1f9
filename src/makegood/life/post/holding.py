"""What people do with a mail that is held: make it a report, add it to one, or put it away, which can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib import mail as mails
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.mail import Parsed, Poisoned
from makegood.life.people.actors import Actor
from makegood.life.people.directory import find_or_add_contact
from makegood.life.post import addresses, filing, outcomes
from makegood.life.post.models import IncomingMail
from makegood.life.post.outcomes import Case
from makegood.life.reports import access, conversation, ledger, participants
from makegood.life.reports.models import Message, Report

UNDISCARD_WITHIN = timedelta(hours=24)


class AlreadyDecided(Refusal):
    """Somebody decided about this mail before, or it was never held."""


class NoSender(Refusal):
    """The mail names nobody who could be the reporter."""


class Unreadable(Refusal):
    """The mail breaks a limit or cannot be read, so its words can go nowhere."""


class TooLateToUndo(Refusal):
    """A discarded mail can be taken back for a day only."""


def release(incoming: IncomingMail, *, by: Actor, at: datetime) -> Report:
    """File a held mail as a new report of its sender, as if nothing had spoken against it.

    Its address counts as unproved still. Raises AlreadyDecided, NoSender, Unreadable.
    """
    with _in_hand(incoming, at=at) as case:
        if not case.mail.sender.email:
            raise NoSender(_("This mail names nobody to answer. Add it to a report instead."))
        done = outcomes.new_report(case, follows=None, is_proved=False)
        assert done.report is not None
        _decide(case, "released", by=by, report=done.report, message=done.message)
    return done.report


def attach(incoming: IncomingMail, report: Report, *, by: Actor, at: datetime, accept: bool = False) -> Message:
    """Add a held mail to ``report`` as its sender's words; without a sender, as a note of ours.

    A sender who takes no part yet is proposed, or accepted at once if ``accept``. Raises AlreadyDecided,
    Unreadable, and what ``aftercare.hear`` raises.
    """
    with _in_hand(incoming, at=at) as case:
        email = case.mail.sender.email
        if not email:
            message = conversation.note(report, outcomes.words(case.mail) or case.mail.subject, by=by, at=at)
        else:
            sender = find_or_add_contact(email=email, at=at, name=case.mail.sender.name[:200], language=report.language)
            if not participants.may_speak(report, sender):
                participants.propose(report, sender, why="wrote", by=by, at=at)
                if accept:
                    participants.invite(report, sender, by=by, at=at)
            said = outcomes.append(case, report, sender, is_proved=False).message
            assert said is not None
            message = said
        _decide(case, "attached", by=by, report=report, message=message)
    return message


def discard(incoming: IncomingMail, *, by: Actor, at: datetime) -> None:
    """Put a held or unreadable mail away; its bytes stay. Raises AlreadyDecided."""
    with transaction.atomic():
        fresh = _undecided(incoming, IncomingMail.FOR_A_PERSON)
        rows.update(fresh, decision="discarded", decided_by=by.name, decided_at=at)
        ledger.record(None, "mail.discarded", by=by, at=at, data=_named(fresh))
    _refresh(incoming, fresh)


def undiscard(incoming: IncomingMail, *, by: Actor, at: datetime) -> None:
    """Take back that a mail was put away. Raises AlreadyDecided, TooLateToUndo."""
    with transaction.atomic():
        fresh = rows.lock(IncomingMail, incoming.pk)
        if fresh.decision != "discarded" or fresh.decided_at is None:
            raise AlreadyDecided(_("This mail is not put away."))
        if at - fresh.decided_at > UNDISCARD_WITHIN:
            raise TooLateToUndo(_("It was put away more than a day ago. Its text can still be read in the log."))
        rows.update(fresh, decision="", decided_by="", decided_at=None)
        ledger.record(None, "mail.undiscarded", by=by, at=at, data=_named(fresh))
    _refresh(incoming, fresh)


@contextmanager
def _in_hand(incoming: IncomingMail, *, at: datetime) -> Iterator[Case]:
    """The mail read, its files stored, its row held until the block ends; files nothing came of are removed."""
    desk = addresses.desk()
    mailbox = incoming.mailbox
    mail = _read(incoming, trusted=mailbox.authserv_id if mailbox else "")
    kept = filing.store_files(mail)
    try:
        with transaction.atomic():
            fresh = _undecided(incoming)
            yield Case(fresh, mail, kept, desk, mailbox, at)
    except BaseException:
        for one in kept:
            files.forget(one)
        raise
    _refresh(incoming, fresh)


def _read(incoming: IncomingMail, *, trusted: str) -> Parsed:
    try:
        with files.open_file(incoming.storage_key) as stream:
            return mails.parse(stream.read(), trusted=trusted)
    except Poisoned:
        raise Unreadable(_("This mail cannot be read. Download it, and put it away once it is dealt with.")) from None


def _undecided(incoming: IncomingMail, of: Collection[str] = (IncomingMail.QUARANTINED,)) -> IncomingMail:
    fresh = rows.lock(IncomingMail, incoming.pk)
    if fresh.outcome not in of or fresh.decided_at is not None:
        raise AlreadyDecided(_("Somebody has decided about this mail already."))
    return fresh


def _decide(case: Case, decision: str, *, by: Actor, report: Report, message: Message | None) -> None:
    rows.update(
        case.incoming,
        decision=decision,
        decided_by=by.name,
        decided_at=case.now,
        report_id=report.pk,
        message_id=message.pk if message else None,
    )
    ledger.record(access.lock(report), f"mail.{decision}", by=by, at=case.now, data=_named(case.incoming))


def _named(incoming: IncomingMail) -> dict[str, object]:
    return {"incoming_mail": incoming.pk, "key": incoming.key, "sender": incoming.sender}


def _refresh(incoming: IncomingMail, fresh: IncomingMail) -> None:
    for name in ("decision", "decided_by", "decided_at", "report_id", "message_id"):
        setattr(incoming, name, getattr(fresh, name))
