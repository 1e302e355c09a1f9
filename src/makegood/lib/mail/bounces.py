"""What mail servers say about mails that did not arrive (RFC 3464), and what older ones say in their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from makegood.lib.mail import charsets
from makegood.lib.mail.addresses import canonical
from makegood.lib.mail.headers import Headers, decode_words, message_ids, shown
from makegood.lib.mail.mime import Node, decoded
from makegood.lib.mail.parsed import Bounce

MOST = 200
_FIELD = re.compile(r"(?m)^([A-Za-z-]{3,60}):[ \t]*(.*(?:\n[ \t]+.*)*)")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\b([245]\d\d)[ -]")
_MESSAGE_ID = re.compile(r"(?im)^message-id:\s*(<[^<>\s]{1,900}>)")
_QMAIL = re.compile(r"(?m)^<([^<>\s]{3,320})>:[ \t]*\n((?:(?!<).+\n?){1,8})")
_RETURNED = re.compile(
    r"(?im)^(?:[- \t]*(?:original message|this is a copy|message header)|received:|return-path:|message-id:)"
)
_TEMPORARY = re.compile(r"delayed|will (?:be )?re-?tr(?:y|ied)|still being tried|verzögert|warning", re.IGNORECASE)


def bounces_of(root: Node, text: str) -> tuple[Bounce, ...]:
    """One Bounce for each address a delivery report names; from the words where there is no report part."""
    original = _original_id(root, text)
    status = next((node for node in _walk(root) if node.media_type == "message/delivery-status"), None)
    if status is not None:
        found = tuple(_from_status(charsets.clean(charsets.decode(decoded(status))), original))
        if found:
            return found[:MOST]
    return tuple(_from_words(root.headers, text, original))[:MOST]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _original_id(root: Node, text: str) -> str:
    """The Message-ID of the mail that came back: from the returned part, else from a copy within the words."""
    for node in _walk(root):
        if node is not root and "message-id" in node.headers and node.media_type != "message/rfc822":
            return next(iter(node.headers.ids("message-id")), "")
        if node.media_type in ("text/rfc822-headers", "message/rfc822-headers"):
            match = _MESSAGE_ID.search(charsets.clean(charsets.decode(decoded(node)))[:100_000])
            if match:
                return match[1]
    match = _MESSAGE_ID.search(text[:200_000])
    return match[1] if match else next(iter(message_ids(root.headers.raw("in-reply-to"))), "")


def _from_status(text: str, original: str) -> Iterator[Bounce]:
    for group in re.split(r"\n[ \t]*\n", text):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(group)}
        recipient = _recipient(fields.get("original-recipient", ""))
        recipient = recipient or _recipient(fields.get("final-recipient", ""))
        if not recipient or "action" not in fields:
            continue
        reason = decode_words(fields.get("diagnostic-code", "").partition(";")[2].strip())
        yield Bounce(
            recipient=recipient,
            action=fields["action"].lower().split()[0] if fields["action"] else "failed",
            status=(_STATUS.search(fields.get("status", "")) or [""])[0],
            reason=shown(reason or fields.get("diagnostic-code", "") or fields.get("status", ""), limit=500),
            original_message_id=original,
        )


def _recipient(value: str) -> str:
    return canonical(value.rpartition(";")[2].strip(" <>"))


def _from_words(headers: Headers, text: str, original: str) -> Iterator[Bounce]:
    """qmail's own format, Exim's header, else every address the first words name beside a code or a failure."""
    action = "delayed" if _TEMPORARY.search(headers.words("subject")) else "failed"
    qmail = [(canonical(email), " ".join(why.split())) for email, why in _QMAIL.findall(text[:20_000])]
    named = [(canonical(email), "") for email in _EMAIL.findall(headers.raw("x-failed-recipients"))]
    found = [one for one in qmail if one[0]] or [one for one in named if one[0]] or _named_in(headers, text)
    why = _reason(text)
    for email, reason in dict(found).items():
        reason = shown(reason or why, limit=500)
        yield Bounce(email, action, (_STATUS.search(reason) or [""])[0], reason, original)


def _named_in(headers: Headers, text: str) -> list[tuple[str, str]]:
    own = {canonical(email) for name in ("from", "to", "return-path") for email in _EMAIL.findall(headers.raw(name))}
    named = (canonical(email) for email in _EMAIL.findall(_RETURNED.split(text[:20_000], maxsplit=1)[0]))
    return [(email, "") for email in dict.fromkeys(named) if email and email not in own][:20]


def _reason(text: str) -> str:
    """The first line that carries a code of SMTP."""
    lines = (line.strip() for line in text[:20_000].split("\n"))
    return next((line for line in lines if _STATUS.search(line) or _REPLY.search(line)), "")
