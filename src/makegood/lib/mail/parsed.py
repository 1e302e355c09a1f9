"""What a mail holds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class Poisoned(ValueError):
    """The mail breaks a limit (size, depth, parts, header length, time) or cannot be read at all; says which."""


@dataclass(frozen=True)
class Address:
    """``email`` in the one canonical form (lower-case, ASCII domain); empty if there was none that mail could reach."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class Part:
    """A file of the mail: decoded bytes, a name fit to be shown (never a path), the media type as claimed."""

    name: str
    media_type: str
    data: bytes
    is_inline: bool = False
    content_id: str = ""


@dataclass(frozen=True)
class Bounce:
    """What a delivery status notification (RFC 3464) says of one address."""

    recipient: str
    action: str
    status: str
    reason: str
    original_message_id: str = ""


@dataclass(frozen=True)
class Forwarded:
    """The mail inside a forwarded one: who had sent it, and its words."""

    sender: Address
    subject: str = ""
    body: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Parsed:
    """One mail. Words are decoded Unicode without NUL and control characters; lists keep the mail's order.

    body            the new words, as shown: quotes and signature stripped
    full_text       everything as plain text (from the HTML where there is no text part)
    html            the HTML part as sent, not sanitised; empty if there is none
    machine         why this is no human's mail ("auto-replied", "bulk", "list", "null sender", "bounce", …), else empty
    message_ids     In-Reply-To and References, nearest first, each with its angle brackets
    encrypted       "pgp" or "s/mime" if words of it can only be read with a key; body then says so if nothing else does
    verified_domain the From domain if the topmost Authentication-Results of our own server says dmarc=pass; else ""
    """

    message_id: str
    sender: Address
    subject: str
    body: str
    full_text: str
    html: str = ""
    sent_at: datetime | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: str | None = None
    message_ids: tuple[str, ...] = ()
    attachments: tuple[Part, ...] = ()
    machine: str = ""
    bounces: tuple[Bounce, ...] = ()
    forwarded: Forwarded | None = None
    verified_domain: str = ""
    language: str = ""
    encrypted: str = ""
    defects: tuple[str, ...] = ()
