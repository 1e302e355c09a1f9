"""Mails to reporters: one layout, text and HTML, in their language, owed as rows through ``reports.delivery``.

One person a mail: the reporter, and whoever takes part, each with a secret link and reply address of their own.
Subjects stay the same over the life of a report so that mail programs thread, and never tell what it is about,
unless the reader wrote the words in a mail proved to be theirs. To an address nobody has verified goes no word
that a stranger typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from makegood.lib.mail.marker import MARKER
from makegood.lib.texts import in_language
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Contact
from makegood.life.reports import access, delivery, participants, reply_addresses, threads
from makegood.life.reports.models import Message, OutgoingMail, Report
from makegood.life.reports.states import QUESTION
from makegood.life.updates import scripts

MAX_BYTES = 100_000
MAX_WORDS = 20_000
PORTAL_PATH = "/r/"
LOGIN_PATH = "/mine/"

SUBJECT = {"en": "Your report [{number}]", "de": "Ihre Meldung [{number}]"}
SUBJECT_OF_QUESTION = {"en": "Your question [{number}]", "de": "Ihre Frage [{number}]"}
SUBJECT_OF_COPY = {"en": "A report [{number}]", "de": "Eine Meldung [{number}]"}
SENDER = {"en": "{name} at {desk}", "de": "{name}, {desk}"}
# What concerns the reporter alone: nobody who takes part gets a copy.
REPORTERS_OWN = frozenset({"acknowledgement", "reminder"})
FRAME: dict[str, Mapping[str, str]] = {
    "marker": MARKER,
    "report": {"en": "Report {number}", "de": "Meldung {number}"},
    "open": {"en": "See where your report stands", "de": "Stand Ihrer Meldung ansehen"},
    "open_all": {"en": "See all my reports", "de": "Alle meine Meldungen ansehen"},
    "private": {
        "en": "This link is only for you. Please do not pass it on.",
        "de": "Dieser Link ist nur für Sie. Bitte geben Sie ihn nicht weiter.",
    },
    "careful": {
        "en": "Please do not send health details. We will never ask for a password.",
        "de": "Bitte senden Sie keine Gesundheitsdaten. Nach einem Passwort fragen wir nie.",
    },
    "why": {
        "en": "You receive this mail because an error was reported to {desk} with this address.",
        "de": "Sie erhalten diese E-Mail, weil unter dieser Adresse ein Fehler bei {desk} gemeldet wurde.",
    },
    "why_copy": {
        "en": "You receive this mail because you take part in this report to {desk}.",
        "de": "Sie erhalten diese E-Mail, weil Sie an dieser Meldung bei {desk} beteiligt sind.",
    },
    "unsubscribe": {
        "en": "Do not ask me how you did any more",
        "de": "Fragen Sie mich nicht mehr, wie gut Ihre Hilfe war",
    },
    "cut": {
        "en": "The message is longer than a mail should be. Read all of it on the page of your report.",
        "de": "Die Nachricht ist für eine Mail zu lang. Vollständig lesen Sie sie auf der Seite Ihrer Meldung.",
    },
}
# In place of the words above in a mail about a question.
FRAME_OF_QUESTION: dict[str, Mapping[str, str]] = {
    "report": {"en": "Question {number}", "de": "Frage {number}"},
    "open": {"en": "See where your question stands", "de": "Stand Ihrer Frage ansehen"},
    "why": {
        "en": "You receive this mail because {desk} was asked a question with this address.",
        "de": "Sie erhalten diese E-Mail, weil {desk} unter dieser Adresse eine Frage gestellt wurde.",
    },
    "why_copy": {
        "en": "You receive this mail because you take part in this question to {desk}.",
        "de": "Sie erhalten diese E-Mail, weil Sie an dieser Frage an {desk} beteiligt sind.",
    },
    "cut": {
        "en": "The message is longer than a mail should be. Read all of it on the page of your question.",
        "de": "Die Nachricht ist für eine Mail zu lang. Vollständig lesen Sie sie auf der Seite Ihrer Frage.",
    },
}
_URL = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Extras:
    """``choices``: (words, path below the secret link) of the answers one may click. ``unsubscribe``: see Heading."""

    choices: Sequence[tuple[str, str]] = ()
    unsubscribe: str = ""


NO_EXTRAS = Extras()


class Envelope(TypedDict, total=False):
    """What makes a mail more than its words."""

    subject: str
    purpose: str
    key: str
    send_after: datetime
    is_automatic: bool
    message: Message | None
    token: str
    is_new: bool
    is_first: bool
    extras: Extras


def queue_message(
    report: Report,
    message: Message,
    *,
    at: datetime,
    purpose: str = "reply",
    is_first: bool = False,
    unmailed: Collection[int] = (),
) -> OutgoingMail | None:
    """Owe the reporter a mail with the new ``message`` and whoever takes part a copy, to leave when it becomes visible.
    None without an address. ``unmailed``: contacts who get none."""
    envelope: Envelope = {
        "purpose": purpose,
        "send_after": message.visible_at,
        "message": message,
        "is_automatic": message.said_by == "system",
        "is_new": True,
        "is_first": is_first,
    }
    if purpose not in REPORTERS_OWN:
        for participant in participants.accepted(report).exclude(contact__in=unmailed):
            copy: Envelope = {**envelope, "key": f"message:{message.pk}:{participant.contact_id}"}
            _queue_for(participant.contact, report, message.body, at=at, **copy)
    if report.contact_id in unmailed:
        return None
    own: Envelope = {**envelope, "key": f"message:{message.pk}"}
    return queue(report, message.body, at=at, **own)


def queue(report: Report, words: str, *, at: datetime, **envelope: Unpack[Envelope]) -> OutgoingMail | None:
    """Owe the reporter of ``report`` a mail saying ``words``, with a fresh secret link to its page.

    None if we have no address, or if a machine reported it and the mail is automatic. The same ``key`` again returns
    the first mail.
    """
    key = envelope.get("key") or f"{envelope.get('purpose', 'mail')}:{report.pk}:{at.isoformat()}"
    if not envelope.get("is_new") and (earlier := OutgoingMail.objects.filter(key=key).first()):
        return earlier
    envelope["key"] = key
    return _queue_for(report.contact, report, words, at=at, **envelope)


def _queue_for(
    contact: Contact, report: Report, words: str, *, at: datetime, **envelope: Unpack[Envelope]
) -> OutgoingMail | None:
    is_automatic = envelope.get("is_automatic", True)
    if not contact.email or (report.is_from_machine and is_automatic):
        return None
    token = envelope.get("token") or access.make_link(report, contact, by=SYSTEM, at=at)
    message = envelope.get("message")
    words = words if is_automatic else signed(report, words, message.name if message else "")
    extras = envelope.get("extras", Extras())
    how = {"link": link_for(token), "subject": envelope.get("subject", "")}
    mail = compose(report, words, contact=contact, extras=extras, **how)
    thread = threads.thread_of(report, contact, is_first=envelope.get("is_first", False))
    heading = delivery.Heading(
        sender=_sender(report, envelope.get("message"), is_automatic=is_automatic),
        reply_to=reply_addresses.address_for(report, contact, at=at),
        thread=thread,
        unsubscribe=extras.unsubscribe,
    )
    return delivery.queue_mail(
        report,
        to=(contact.email, contact.name if contact.email_verified_at else ""),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        purpose=envelope.get("purpose", "update"),
        key=envelope["key"],
        at=at,
        language=report.language,
        send_after=envelope.get("send_after"),
        message=envelope.get("message"),
        is_automatic=is_automatic,
        is_first=envelope.get("is_first", False),
        heading=heading,
    )


def _sender(report: Report, message: Message | None, *, is_automatic: bool) -> tuple[str, str]:
    """The desk's one address; the name is the person's who wrote, with the desk's behind it."""
    address, desk = reply_addresses.desk_address(report)
    if is_automatic or message is None or not message.name.split():
        return address, desk
    return address, in_language(SENDER, report.language).format(name=message.name.split()[0], desk=desk)


def signed(report: Report, words: str, name: str) -> str:
    """The words of the person called ``name`` with the mailbox's signature below."""
    signature = in_language(report.mailbox.signatures, report.language) if report.mailbox else ""
    if not signature.strip():
        return words
    values = {"agent": name, "desk": settings.DESK_NAME, "desk_phone": settings.DESK_PHONE}
    return f"{words}\n\n{scripts.fill(signature.strip(), values)}"


def compose(
    report: Report,
    words: str,
    *,
    link: str,
    subject: str = "",
    contact: Contact | None = None,
    extras: Extras = NO_EXTRAS,
) -> Mail:
    """The mail as it will leave to ``contact`` (the reporter if nobody is named): ``words`` in the layout, in the
    report's language."""
    whose = contact or report.contact
    is_copy = whose.pk != report.contact_id
    return layout(
        words.replace(portal_address(), link),
        language=report.language,
        subject=subject or _subject(report, whose, is_copy=is_copy),
        link=link,
        number=report.number,
        is_copy=is_copy,
        is_question=report.kind == QUESTION,
        extras=extras,
    )


def _subject(report: Report, contact: Contact, *, is_copy: bool) -> str:
    if own := threads.subject_of(report, contact):
        return f"Re: {own[:200]} [{report.number}]"
    own_words = SUBJECT_OF_QUESTION if report.kind == QUESTION else SUBJECT
    return in_language(SUBJECT_OF_COPY if is_copy else own_words, report.language).format(number=report.number)


def layout(
    words: str,
    *,
    language: str,
    subject: str,
    link: str = "",
    number: str = "",
    is_copy: bool = False,
    is_question: bool = False,
    extras: Extras = NO_EXTRAS,
) -> Mail:
    """``words`` with head and foot, as text and as HTML, at most 100 KB. ``link``: where the button leads."""
    frame = {**_frame(language, settings.DESK_NAME, is_question=is_question)}
    frame["report"] = frame["report"].format(number=number)
    if is_copy:
        frame["why"] = frame["why_copy"]
    shown = words if len(words) <= MAX_WORDS else f"{words[:MAX_WORDS].rsplit(None, 1)[0]} …\n\n{frame['cut']}"
    context = {
        "subject": subject,
        "words": shown,
        "button": frame["open"] if number else frame["open_all"],
        "frame": frame,
        "link": link,
        "number": number,
        "language": language.split("-")[0],
        "host": urlsplit(link).netloc,
        "desk": settings.DESK_NAME,
        "phone": settings.DESK_PHONE,
        "paragraphs": _paragraphs(shown),
        "choices": [(label, f"{link}{path}") for label, path in extras.choices],
        "unsubscribe": extras.unsubscribe,
    }
    text = render_to_string("mails/mail.txt", context)
    return Mail(subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", render_to_string("mails/mail.html", context))


@lru_cache(16)
def _frame(language: str, desk: str, *, is_question: bool) -> Mapping[str, str]:
    """What stands around the words of every mail; the number is still to be put in."""
    texts = FRAME | FRAME_OF_QUESTION if is_question else FRAME
    return {name: in_language(text, language).format(number="{number}", desk=desk) for name, text in texts.items()}


def link_for(token: str) -> str:
    """The secret address of a report's page."""
    return f"{settings.BASE_URL}{PORTAL_PATH}{token}/"


def login_link_for(secret: str) -> str:
    """The address that opens the list of somebody's reports, after one press of a button there."""
    return f"{settings.BASE_URL}{LOGIN_PATH}{secret}/"


def portal_address() -> str:
    """The page of a report without any secret in it: fit to be kept in the conversation."""
    return f"{settings.BASE_URL}{PORTAL_PATH}"


def is_verified(contact: Contact) -> bool:
    return contact.email_verified_at is not None


def _paragraphs(words: str) -> SafeString:
    """Plain words as HTML paragraphs: escaped, addresses become links that show where they lead."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", words) if block.strip()]
    return format_html_join("\n", '<p style="margin:0 0 16px 0;">{}</p>', ((_lines(block),) for block in blocks))


def _lines(block: str) -> SafeString:
    parts: list[str] = []
    position = 0
    for match in _URL.finditer(block):
        parts.append(escape(block[position : match.start()]))
        url = escape(match[0])
        parts.append(f'<a href="{url}" style="color:#0e5f54;word-break:break-all;">{url}</a>')
        position = match.end()
    parts.append(escape(block[position:]))
    return mark_safe("".join(parts).replace("\n", "<br>\n"))  # noqa: S308 - every part is escaped above
