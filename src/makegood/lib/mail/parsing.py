"""One mail, from bytes to ``Parsed``. The order of reading is this file; each step is a module beside it."""

from __future__ import annotations

from makegood.lib.mail.addresses import canonical, parse_addresses, sole_sender
from makegood.lib.mail.bounces import bounces_of
from makegood.lib.mail.forwarded import forwarded_in
from makegood.lib.mail.gathering import as_page, gather
from makegood.lib.mail.headers import Headers, moment, nearest_first, shown
from makegood.lib.mail.language import language_of
from makegood.lib.mail.limits import Budget, Limits
from makegood.lib.mail.machine import kind_of
from makegood.lib.mail.mime import read
from makegood.lib.mail.parsed import Address, Parsed
from makegood.lib.mail.verified import verified_domain
from makegood.lib.mail.words import words_in

STANDARD = Limits()
UNREADABLE = {
    "pgp": "This mail is encrypted with PGP and cannot be read here.",
    "s/mime": "This mail is encrypted with S/MIME and cannot be read here.",
}


def parse(raw: bytes, *, trusted: str = "", limits: Limits = STANDARD) -> Parsed:
    """What the mail ``raw`` holds. ``trusted`` is the name (authserv-id) our own mail server signs its findings with.

    Raises Poisoned if the mail breaks a limit, and nothing else, whatever the bytes.
    """
    budget = Budget(limits)
    budget.check_size(len(raw))
    root = read(raw, budget)
    headers = root.headers
    found = gather(root, budget)
    sender = sole_sender(headers.raw_all("from"))
    subject = shown(headers.words("subject"))
    inner = forwarded_in(found.mails, budget) if root.media_type != "multipart/report" else None
    words = words_in(found.shown, subject=subject, inner=inner)
    return_path = _return_path(headers)
    machine = kind_of(root, sender.email, text=words.full_text, return_path=return_path)
    return Parsed(
        message_id=next(iter(headers.ids("message-id")), ""),
        sender=sender,
        subject=subject,
        body=words.body or UNREADABLE.get(found.encrypted, ""),
        full_text=words.full_text or UNREADABLE.get(found.encrypted, ""),
        html=as_page(found.shown),
        sent_at=moment(headers.raw("date")),
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        reply_to=_addresses(headers, "reply-to"),
        delivered_to=_delivered_to(headers),
        return_path=return_path,
        message_ids=nearest_first(headers),
        attachments=tuple(found.files),
        machine=machine,
        bounces=bounces_of(root, words.full_text) if machine == "bounce" else (),
        forwarded=words.forwarded,
        verified_domain=verified_domain(headers, sender.email, trusted=trusted),
        language=language_of(words.body, headers.raw("content-language")),
        encrypted=found.encrypted,
        defects=tuple(found.defects),
    )


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    return tuple(one for text in headers.raw_all(name) for one in parse_addresses(text))[:1000]


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """Where the envelope sent it, as servers on the way noted it; nearest to us first."""
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
    said = (text for name in names for text in headers.raw_all(name))
    return tuple(dict.fromkeys(one.email for text in said for one in parse_addresses(text)))[:100]


def _return_path(headers: Headers) -> str | None:
    """The envelope sender: None if no server noted it, empty for the null sender."""
    if "return-path" not in headers:
        return None
    said = headers.raw("return-path").strip()
    return canonical(said.strip("<> \t")) or (None if said.strip("<> \t") else "")
