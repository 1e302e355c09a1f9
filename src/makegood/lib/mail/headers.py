"""Headers to words: unfolding, encoded words (RFC 2047), parameters (RFC 2045, 2231), dates, ids. Nothing raises."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz
from urllib.parse import unquote_to_bytes

from makegood.lib.mail import charsets

_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n[ \t]*")
_PARAM = re.compile(r';\s*([^\s=;"()<>@,/\[\]?]{1,80})\s*=\s*("(?:[^"\\]|\\.)*+"?|[^;]*)', re.DOTALL)
_ID = re.compile(r"<[^<>\s]{1,900}>")
_BIDI = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_EARLIEST, _LATEST = 0, 4102444800  # 1970 to 2100: what a date header may claim


class Headers:
    """The header fields of one part, in order. Names are lower-case; values are raw bytes until asked for."""

    __slots__ = ("fields",)

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self.fields = fields

    def __contains__(self, name: str) -> bool:
        return any(field == name for field, _value in self.fields)

    def raw(self, name: str) -> str:
        """The first such field, unfolded, encoded words left as they are; empty if there is none."""
        return next(iter(self.raw_all(name)), "")

    def raw_all(self, name: str) -> list[str]:
        return [unfold(value) for field, value in self.fields if field == name]

    def words(self, name: str) -> str:
        """The first such field as words."""
        return decode_words(self.raw(name))

    def starting(self, *prefixes: str) -> bool:
        return any(field.startswith(prefixes) for field, _value in self.fields)

    def ids(self, name: str) -> list[str]:
        return [found for value in self.raw_all(name) for found in message_ids(value)]


def unfold(value: bytes) -> str:
    """One line of words; bytes beyond ASCII are taken as UTF-8, else as Windows-1252."""
    text = value.decode("ascii") if value.isascii() else charsets.decode(value)
    return charsets.clean(_FOLD.sub(" ", text).replace("\n", " ")).strip()


def decode_words(text: str) -> str:
    """Encoded words decoded, also where they are broken into neighbours in the middle of a character."""
    if "=?" not in text:
        return text
    shown: list[str] = []
    open_label, pending, at = "", b"", 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        label = match[1].split("*")[0].lower()
        if (between.strip() or label != open_label) and pending:
            shown.append(charsets.decode(pending, open_label))
            pending = b""
        if between.strip() or not at:
            shown.append(between)
        open_label = label
        pending += _encoded(match[2], match[3])
        at = match.end()
    if pending:
        shown.append(charsets.decode(pending, open_label))
    shown.append(text[at:])
    return charsets.clean(" ".join("".join(shown).splitlines()))


def shown(text: str, *, limit: int = 998) -> str:
    """Words from a header fit for a line on a screen: no control or direction characters, one space between."""
    return _BIDI.sub("", " ".join(text.split()))[:limit]


def parameters(text: str) -> tuple[str, dict[str, str]]:
    """A structured value, lower-case, and its parameters: ``text/plain; charset=utf-8`` has one of them."""
    text = text.strip()
    value = re.split(r"[;\s(]", text, maxsplit=1)[0].lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAM.finditer(text[text.find(";") :] if ";" in text else ""):
        name, said = match[1].lower(), _unquote(match[2])
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, decode_words(said))
            continue
        number = rest.rstrip("*")
        if len(number) < 4 and (number.isascii() and number.isdigit() or not number):
            pieces.setdefault(base, {}).setdefault(int(number or 0), (name.endswith("*"), said))
    return value, plain | {name: _joined(found) for name, found in pieces.items()}


def moment(text: str) -> datetime | None:
    """The moment a Date header names; None if it names none between 1970 and 2100."""
    try:
        found = parsedate_tz(text[:200])
        seconds = mktime_tz(found) if found else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if seconds is None or not _EARLIEST <= seconds < _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def message_ids(text: str) -> list[str]:
    """Message-IDs with their angle brackets; one without them gets them."""
    found = _ID.findall(text[:60_000])
    if not found and "@" in text and len(text.split()) == 1 and not re.search(r"[<>]", text):
        found = [f"<{text.strip()[:900]}>"]
    return found


def nearest_first(headers: Headers) -> tuple[str, ...]:
    """In-Reply-To, then References from the last to the first, each once, a hundred at most."""
    ids: Iterable[str] = headers.ids("in-reply-to")[:10] + headers.ids("references")[::-1]
    return tuple(dict.fromkeys(ids))[:100]


def _encoded(kind: str, text: str) -> bytes:
    if kind in "bB":
        return from_base64(text.encode("ascii", "ignore"))
    return binascii.a2b_qp(text.replace(" ", "_").encode("utf-8", "replace"), header=True)


def from_base64(data: bytes) -> bytes:
    """What base64 gives, as far as it goes: strangers between are skipped, missing padding is added."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0])
        return binascii.a2b_base64(clean[: len(clean) - (len(clean) % 4 == 1)] + b"==")


def _unquote(text: str) -> str:
    if not text.startswith('"'):
        return text.strip()
    return re.sub(r'\\(["\\])', r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """The pieces of a split parameter (``name*0*=utf-8''caf%C3%A9; name*1=...``) as one value."""
    label, whole = "", b""
    for number in sorted(pieces):
        is_encoded, said = pieces[number]
        if is_encoded and number == min(pieces) and said.count("'") >= 2:
            label, _language, said = said.split("'", 2)
        raw = said.encode("utf-8", "surrogateescape")
        whole += unquote_to_bytes(raw) if is_encoded else raw
    words = charsets.decode(whole, label or "utf-8")
    return charsets.clean(decode_words(words) if not label else words)
