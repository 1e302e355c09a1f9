"""What follows from a judgement: a new report, words added to one, a bounce written down; and who is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib import rows
from makegood.lib.mail import Parsed
from makegood.life.aftercare import actions as aftercare
from makegood.life.diagnosis import free_words
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.actors import Actor
from makegood.life.people.directory import find_or_add_contact
from makegood.life.people.models import Contact
from makegood.life.post import addresses, judging
from makegood.life.post.addresses import Desk
from makegood.life.post.evidence import Found
from makegood.life.post.judging import Judgement
from makegood.life.post.models import IncomingMail
from makegood.life.reports import attachments, conversation, delivery, participants, states
from makegood.life.reports.models import Mailbox, Message, OutgoingMail, Report

# So many people one mail may propose.
MOST_COPIED = 10
_CUT = conversation.MAX_BODY - 500
_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Case:
    """One mail in hand: as it was kept and read, its files as stored, where it came in."""

    incoming: IncomingMail
    mail: Parsed
    kept: list[files.Kept]
    desk: Desk
    mailbox: Mailbox | None
    now: datetime


@dataclass(frozen=True)
class Done:
    """The report and message a mail became, if it became any; ``returned``: which of ours came back with it."""

    report: Report | None = None
    message: Message | None = None
    is_reopened: bool = False
    proposed: tuple[str, ...] = ()
    returned: OutgoingMail | None = None


def act(case: Case, made: Judgement, found: Found) -> Done:
    """Carry out a judgement, within the transaction of filing."""
    if made.outcome == judging.NEW:
        return _begin(case, made, found)
    if made.outcome == judging.APPEND:
        report, sender = found.report(made.report), found.sender
        assert report is not None
        assert sender is not None
        return append(case, report, sender, is_proved=found.proves_address)
    if made.outcome == judging.BOUNCE:
        returned = record_bounces(case.mail, now=case.now)
        ours = next((mail for mail in returned if mail.report), next(iter(returned), None))
        return Done(ours.report if ours else None, returned=ours)
    if made.outcome == judging.DUPLICATE and found.earlier:
        return Done(found.earlier.report)
    # An automatic answer on a report is worth seeing there, though nobody answers it.
    theirs = [claim.report for claim in found.facts.claims if claim.is_theirs]
    return Done(found.report(theirs[0]) if theirs and made.outcome == judging.IGNORE else None)


def _begin(case: Case, made: Judgement, found: Found) -> Done:
    earlier = found.report(made.report)
    done = new_report(case, follows=earlier, is_proved=found.proves_address)
    if not (made.proposes_sender and earlier and done.report):
        return done
    who = done.report.contact
    is_new = participants.propose(earlier, who, why="wrote", by=who.actor, at=case.now)
    return replace(done, proposed=(*done.proposed, case.mail.sender.email)) if is_new else done


def new_report(case: Case, *, follows: Report | None, is_proved: bool) -> Done:
    """File the mail as a report of its sender; ``is_proved``: the address is theirs beyond doubt."""
    told, at = _told(case, follows), case.incoming.received_at
    filed = intake.file_within(told, at=at, filed_at=case.now, about=_about(case.mail, is_proved=is_proved))
    contact = filed.report.contact
    if is_proved:
        prove(contact, at=case.now)
    attachments.hang(filed.report, case.kept, by=contact.actor, at=at, message=filed.message)
    return Done(filed.report, filed.message, proposed=_propose(case, filed.report, by=contact.actor))


def _told(case: Case, follows: Report | None) -> Told:
    mail, mailbox = case.mail, case.mailbox
    language = _language(mail, mailbox)
    title = judging.bare_subject(mail.subject)
    category = mailbox.category if mailbox and mailbox.category_id else None
    return Told(
        what=_cut(words(mail) or title or _no_words(case.kept, language), language),
        idempotency_key=_key(case.incoming),
        channel="mail",
        kind=states.QUESTION if category and category.is_question else states.ERROR,
        category=category.slug if category else "",
        language=language,
        name=mail.sender.name[:200],
        email=mail.sender.email,
        subject=title,
        preferred_way="email",
        mailbox=mailbox.pk if mailbox else None,
        team=mailbox.team_id if mailbox else None,
        follows=follows.pk if follows else None,
        is_from_machine=bool(mail.machine),
    )


def append(case: Case, report: Report, sender: Contact, *, is_proved: bool) -> Done:
    """Add the mail to ``report`` as words of ``sender``; closed lately, it opens again. Raises TooLateToReopen."""
    before, by, at = report.reopened_count, sender.actor, case.now
    if is_proved:
        prove(sender, at=at)
    said = _cut(words(case.mail) or _no_words(case.kept, report.language), report.language)
    message = aftercare.hear(report, said, by=by, at=at, channel="mail", idempotency_key=_key(case.incoming))
    rows.update(message, **_about(case.mail, is_proved=is_proved))
    attachments.hang(report, case.kept, by=by, at=at, message=message)
    if words(case.mail):
        free_words.read_answers(report, message, by=by, at=at)
    return Done(report, message, report.reopened_count > before, _propose(case, report, by=by))


def prove(contact: Contact, *, at: datetime) -> None:
    """Note that the address is this contact's beyond doubt."""
    if contact.email_verified_at is None:
        rows.update(contact, email_verified_at=at)


def _propose(case: Case, report: Report, *, by: Actor) -> tuple[str, ...]:
    """Propose whoever was copied, and the first writer of a forwarded mail; returns the addresses proposed."""
    mail = case.mail
    people = {one.email: one.name for one in (*mail.to, *mail.cc)}
    why = dict.fromkeys(people, "copied")
    if mail.forwarded:
        people[mail.forwarded.sender.email] = mail.forwarded.sender.name
        why[mail.forwarded.sender.email] = "original_sender"
    people.pop(mail.sender.email, None)
    # The writer of a forwarded mail goes first: they may be the one whose report it is.
    wanted = sorted(addresses.outsiders(people, of=case.desk), key=lambda email: why[email] != "original_sender")
    return tuple(
        email
        for email in wanted[:MOST_COPIED]
        if _proposed(report, email, people[email], why=why[email], by=by, at=case.now)
    )


def record_bounces(mail: Parsed, *, now: datetime) -> list[OutgoingMail]:
    """Write down at our mails that they came back; only those whose Message-ID is ours are believed."""
    returned = []
    for bounce in mail.bounces:
        if not bounce.original_message_id:
            continue
        sent = delivery.record_bounce(
            bounce.original_message_id,
            recipient=bounce.recipient,
            reason=" ".join(filter(None, (bounce.status, bounce.reason))),
            is_permanent=bounce.action == "failed" and not bounce.status.startswith("4"),
            at=now,
        )
        if sent is not None:
            returned.append(sent)
    return returned


def words(mail: Parsed) -> str:
    """What people read: the new words, and those of the mail inside a forwarded one. Empty if there are none."""
    inner, body = mail.forwarded, mail.body.strip()
    if inner is None or not inner.body.strip() or inner.body.strip() in body:
        return body
    who = " ".join(filter(None, (inner.sender.name, f"<{inner.sender.email}>" if inner.sender.email else "")))
    head = "\n".join(filter(None, (f"— {who}".rstrip("— ") and f"— {who}", inner.subject)))
    return "\n\n".join(filter(None, (body, head, inner.body.strip())))


def _proposed(report: Report, email: str, name: str, *, why: str, by: Actor, at: datetime) -> bool:
    contact = find_or_add_contact(email=email, at=at, name=name[:200], language=report.language)
    return participants.propose(report, contact, why=why, by=by, at=at) is not None


def _about(mail: Parsed, *, is_proved: bool) -> dict[str, Any]:
    """Whose mail program threads by it gets its own Message-ID back; the subject only if the words are theirs."""
    name = mail.message_id if len(mail.message_id) <= 200 else ""
    return {"rfc_id": name, "subject": mail.subject[:250] if is_proved else ""}


def _language(mail: Parsed, mailbox: Mailbox | None) -> str:
    """Theirs if we speak it; what the sender is known to speak, else the mailbox's."""
    for code in (mail.language.split("-")[0].lower(), _known_language(mail.sender.email) if not mail.language else ""):
        if code in _LANGUAGES:
            return code
    return mailbox.language if mailbox else settings.LANGUAGE_CODE


def _known_language(email: str) -> str:
    known: Iterable[Contact] = rows.read(Contact, "email = %s", [email])
    return next((contact.language for contact in known), "")


def _no_words(kept: list[files.Kept], language: str) -> str:
    with translation.override(language):
        return _("I am sending a file.") if kept else _("(This mail had no words.)")


def _cut(said: str, language: str) -> str:
    if len(said) <= conversation.MAX_BODY:
        return said
    with translation.override(language):
        cut = _("(Cut here. The whole mail is kept with the report.)")
    return f"{said[:_CUT]}\n\n{cut}"


def _key(incoming: IncomingMail) -> str:
    return f"mail:{incoming.key}"
