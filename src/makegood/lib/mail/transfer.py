"""Transfer encodings: base64, quoted-printable, uuencode; as much as can be had of broken ones. Nothing raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from makegood.lib.mail.headers import from_base64

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
    words, files, at = [], [], 0
    while match := _BEGIN.search(text, at):
        end = text.find("\nend", match.end() - 1)
        data = _uudecode(text[match.end() : end].split("\n")) if end >= 0 else None
        if data is None:
            words.append(text[at : match.end()])
            at = match.end()
            continue
        words.append(text[at : match.start()])
        files.append(Uuencoded(match[1].strip(), data))
        at = end + len("\nend")
    return "".join(words) + text[at:], files


def _uudecode(lines: list[str]) -> bytes | None:
    """What the lines hold; None if they are words and no encoding."""
    whole = []
    for line in lines:
        if not line.strip():
            continue
        length = (ord(line[0]) - 32) & 63
        needed = (length + 2) // 3 * 4
        if not line.isascii() or not " " <= line[0] <= "`" or len(line.rstrip("\r")) - 1 > needed + 2:
            return None
        if length:
            whole.append(_uuline(line.rstrip("\r"), length, needed))
    return b"".join(whole) if whole else None


def _uuline(line: str, length: int, needed: int) -> bytes:
    fixed = line[0] + line[1:].ljust(needed)[:needed].replace("~", " ")
    try:
        return binascii.a2b_uu(fixed.encode("ascii"))
    except binascii.Error:
        return b"\x00" * length
