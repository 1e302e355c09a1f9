"""Addresses out of headers: one reader, one canonical form, no tricks.

Encoded words are decoded in names only, never in an address; comments are names at best; routes, quoted local parts,
address literals and groups in From give no address. What is left over is an address we could send to.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from makegood.lib.mail.headers import decode_words, shown
from makegood.lib.mail.parsed import Address

NOBODY = Address("")
MOST = 1000
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>,;:\"\\()\[\]]{1,64}@[a-z0-9.-]{1,253}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


@dataclass
class _Mailbox:
    """What one entry of an address list is made of while it is read."""

    phrase: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    angles: int = 0
    comments: list[str] = field(default_factory=list)
    in_group: bool = False


def canonical(email: str) -> str:
    """The one form an address is compared in: lower-case, the domain in ASCII. Empty if mail could not reach it."""
    email = email.strip()
    if len(email) > 320 or "=?" in email or email.count("@") != 1:
        return ""
    local, _at, domain = email.partition("@")
    whole = f"{local.lower()}@{_ascii_domain(domain)}"
    return whole if _EMAIL.fullmatch(whole) and whole.isascii() and ".." not in whole else ""


def parse_addresses(text: str) -> tuple[Address, ...]:
    """The addresses of a To, Cc or Reply-To header, a thousand at most, those nobody could write to left out."""
    found = (_address(entry) for entry in _entries(text))
    return tuple(one for one in found if one.email)[:MOST]


def sole_sender(headers_from: list[str]) -> Address:
    """Who sent it, if the From headers name exactly one address; else no address, with the name that is shown."""
    entries = [entry for text in headers_from for entry in _entries(text)]
    if not entries:
        return NOBODY
    first = _address(entries[0])
    if len(entries) > 1 or len(headers_from) > 1 or entries[0].in_group or entries[0].angles > 1:
        return Address("", first.name or first.email)
    return first


def domain_of(email: str) -> str:
    return email.rpartition("@")[2]


def _entries(text: str) -> list[_Mailbox]:
    """The entries of an address list, read character by character; those without any content are left out."""
    entries: list[_Mailbox] = []
    current, at, in_group = _Mailbox(), 0, False
    last_group, last_quote = text.rfind(";"), text.rfind('"')
    while at < len(text) and len(entries) <= MOST:
        char = text[at]
        if char in ",;":
            if char == "," and _is_mere_name(current):
                current.phrase.append(char)
                at += 1
                continue
            entries.append(current)
            in_group = in_group and char == ","
            current = _Mailbox(in_group=in_group)
        elif char == ":" and current.angle is None and at < last_group:
            in_group, current = True, _Mailbox(in_group=True)
        elif char == '"' and at < last_quote:
            said, at, last_quote = _quoted(text, at, last_quote)
            current.phrase.append(said)
            continue
        elif char == "(":
            said, at = _comment(text, at)
            current.comments.append(said)
            continue
        elif char == "<":
            end = text.find(">", at)
            end = len(text) if end < 0 else end
            current.angle, current.angles = [text[at + 1 : end]], current.angles + 1
            at = end
        else:
            current.phrase.append(char)
        at += 1
    entries.append(current)
    return [one for one in entries if one.angle is not None or "".join(one.phrase).strip()]


def _is_mere_name(entry: _Mailbox) -> bool:
    """``Novak, Ana <ana@example.org>``: a comma that ought to have been quoted ends no entry."""
    if entry.angle is not None or entry.in_group or len(entry.phrase) > 200:
        return False
    words = "".join(entry.phrase)
    return bool(words.strip()) and "@" not in words


def _quoted(text: str, at: int, last: int) -> tuple[str, int, int]:
    """A quoted string from ``at`` on, where it ends, and the last quote that may begin another."""
    match = _QUOTED.match(text, at)
    if not match:
        return " ", at + 1, -1
    return "\x00" + _ESCAPED.sub(r"\1", match[1]) + "\x00", match.end(), last


def _comment(text: str, at: int) -> tuple[str, int]:
    depth, begin = 0, at
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if not depth:
                return text[begin + 1 : at], at + 1
        at += 1
    return text[begin + 1 :], len(text)


def _address(entry: _Mailbox) -> Address:
    phrase = "".join(entry.phrase)
    if entry.angle is not None:
        return Address(canonical("".join(entry.angle)), _name(phrase) or _name(" ".join(entry.comments)))
    if "\x00" in phrase:  # a quoted string beside an address without brackets: "a@b"@c, "Ana" a@b
        return Address("", _name(phrase))
    email = canonical(phrase)
    return Address(email, _name(" ".join(entry.comments)) if email else _name(phrase))


def _name(text: str) -> str:
    name = shown(decode_words(text.replace("\x00", " ")), limit=200).strip(" '\"")
    return "" if name.startswith("=?") and name.endswith("?=") else name


def _ascii_domain(domain: str) -> str:
    """An international domain as DNS knows it; empty if it isn't one, or only looks like another one."""
    domain = domain.strip().rstrip(".").lower()
    if not domain.isascii():
        if unicodedata.normalize("NFKC", domain) != unicodedata.normalize("NFC", domain):
            return ""
        try:
            domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    return domain if all(_LABEL.fullmatch(label) for label in domain.split(".")) else ""
