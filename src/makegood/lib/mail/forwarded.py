"""Forwarded mails: who had sent them. Within the words (every big program's way) or as a mail within the mail."""

from __future__ import annotations

import re

from makegood.lib.mail.addresses import canonical, parse_addresses, sole_sender
from makegood.lib.mail.gathering import gather
from makegood.lib.mail.headers import moment, shown
from makegood.lib.mail.introductions import header_block, is_forward_line, label_of
from makegood.lib.mail.limits import Budget
from makegood.lib.mail.mime import Node
from makegood.lib.mail.parsed import Address, Forwarded
from makegood.lib.mail.phrases import EMAIL
from makegood.lib.mail.readable import text_of

_QUOTE = re.compile(r"(?m)^[ \t]{0,2}> ?")
_MAILTO = re.compile(r"\[?mailto:([^\]\s>]+)\]?")


def forwarded_in(mails: list[Node], budget: Budget) -> Forwarded | None:
    """The first of the mails that came as parts of a mail."""
    if not mails:
        return None
    headers = mails[0].headers
    return Forwarded(
        sender=sole_sender(headers.raw_all("from")),
        subject=shown(headers.words("subject")),
        body=text_of(gather(mails[0], budget).shown),
        sent_at=moment(headers.raw("date")),
    )


def forwarded_of(text: str) -> Forwarded | None:
    """The mail in ``text``, which begins with the line that says so or with its header lines; None without a sender."""
    lines = text.split("\n")
    if is_forward_line(lines[0]):
        lines = lines[1:]
    while lines and not lines[0].strip("> \t"):
        lines = lines[1:]
    if lines and lines[0].lstrip().startswith(">"):
        lines = _QUOTE.sub("", "\n".join(lines)).split("\n")
    found = header_block(lines, 0) or _few_labels(lines)
    if not found:
        return None
    return Forwarded(
        sender=_sender(found.get("from", "")),
        subject=shown(found.get("subject", "")),
        body=_below_block(lines),
        sent_at=moment(found.get("date", "")),
    )


def _few_labels(lines: list[str]) -> dict[str, str]:
    """After a line that says "forwarded" a sender alone is enough."""
    found = dict(filter(lambda pair: pair[0], map(label_of, lines[:8])))
    return found if "from" in found else {}


def _below_block(lines: list[str]) -> str:
    at, seen = 0, 0
    while at < len(lines) and at < 20:
        if label_of(lines[at])[0]:
            seen = at + 1
        elif not lines[at].strip() and seen >= 2:
            break
        at += 1
    return "\n".join(lines[max(at, seen) if at < 20 else seen :]).strip("\n")


def _sender(value: str) -> Address:
    """Who a From line names: ``Ana <a@b>``, ``Ana [mailto:a@b]``, ``a@b (Ana)`` or just ``Ana``."""
    value = _MAILTO.sub(r"<\1>", value.replace("*", "")).replace("<<", "<").replace(">>", ">")
    value = re.sub(r"(<[^<>]*>)\s*<[^<>]*>.*", r"\1", value)
    found = parse_addresses(value[:1000])
    if found:
        return found[0]
    match = EMAIL.search(value)
    email = canonical(match[0].strip(".'")) if match else ""
    name = value.replace(match[0], " ") if match else value
    return Address(email, shown(re.sub(r"[<>()\[\]\"]", " ", name), limit=200).strip(" '"))
