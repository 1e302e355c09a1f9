"""Transfer encodings: base64, quoted-printable, uuencode; as much as can be had of broken ones. Nothing raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from makegood.lib.mail.headers import from_base64

MOST_FILES = 200
_BEGIN = re.compile(r"(?m)^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,255})\n")


@dataclass(frozen=True)
class Uuencoded:
    name: str
    data: bytes


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """``body`` without its transfer encoding; unknown encodings are taken as none."""
    encoding = encoding.strip().lower().strip("\"'")
    if encoding == "base64":
        return from_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        _words, files = split_uuencoded(body.decode("latin-1").replace("\r\n", "\n"))
        return files[0].data if files else body
    return body


def split_uuencoded(text: str) -> tuple[str, list[Uuencoded]]:
    """The words of a text and the files that lie uuencoded between them."""
    if "begin" not in text or "\nend" not in text:
        return text, []
    words, at = [], 0
    files: list[Uuencoded] = []
    while len(files) < MOST_FILES and (match := _BEGIN.search(text, at)):
        data, end = _uudecode(text, match.end())
        if data:
            words.append(text[at : match.start()])
            files.append(Uuencoded(match[1].strip(), data))
        else:
            end = match.end()
            words.append(text[at:end])
        at = end
    return "".join(words) + text[at:], files


def _uudecode(text: str, at: int) -> tuple[bytes, int]:
    """What the lines from ``at`` on hold, and where they end; nothing if they are words and no encoding."""
    whole: list[bytes] = []
    while (stop := text.find("\n", at)) >= 0 or text[at:].rstrip() == "end":
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip("\r")
        if line.rstrip() == "end":
            return b"".join(whole), stop
        length = (ord(line[0]) - 32) & 63 if line else 0
        needed = (length + 2) // 3 * 4
        if not line.isascii() or (line and not " " <= line[0] <= "`") or len(line) - 1 > needed + 2:
            return b"", at
        if length:
            whole.append(_uuline(line, length, needed))
        at = stop + 1
    return b"", at


def _uuline(line: str, length: int, needed: int) -> bytes:
    fixed = line[0] + line[1:].ljust(needed)[:needed].replace("~", " ")
    try:
        return binascii.a2b_uu(fixed.encode("ascii"))
    except binascii.Error:
        return b"\x00" * length
