"""winmail.dat (MS-OXTNEF), as far as a desk needs it: the files and the words inside. Bounded by the bytes it gets."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from makegood.lib.mail import charsets

_SIGNATURE = 0x223E9F78
_MARK = struct.pack("<I", _SIGNATURE)
_BODY, _MESSAGE_PROPS, _CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
_NEW_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPS = 0x00069002, 0x0006800F, 0x00018010, 0x00069005
_BODY_TEXT, _BODY_HTML = 0x1000, 0x1013
_LONG_NAME, _SHORT_NAME, _MIME, _CONTENT_ID, _DATA = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
_TEXT8, _UNICODE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_FIXED = {0x0002: 2, 0x000B: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8}
_FIXED |= {0x0040: 8, 0x0048: 16}
_MOST_VALUES = 5000


@dataclass
class Wrapped:
    """A file inside."""

    name: str = ""
    media_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass
class Opened:
    text: str = ""
    html: str = ""
    files: list[Wrapped] = field(default_factory=list)


def unwrap(data: bytes, *, most: int) -> Opened | None:
    """What lies inside, at most ``most + 1`` files; None if this is no TNEF. What is cut off is left out."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    opened, charset = Opened(), "cp1252"
    for kind, value in _attributes(data):
        if kind == _CODEPAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == _BODY:
            opened.text = charsets.decode(value.rstrip(b"\x00"), charset)
        elif kind == _MESSAGE_PROPS:
            _take_words(dict(_properties(value, charset)), opened, charset)
        elif kind == _NEW_FILE:
            if len(opened.files) > most:
                break
            opened.files.append(Wrapped())
        elif opened.files:
            _take_file(kind, value, opened.files[-1], charset)
    opened.files = [one for one in opened.files if one.data or one.name]
    return opened


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        kind, length = struct.unpack_from("<II", data, at + 1)
        if at + 9 + length > len(data):
            return
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _take_words(values: dict[int, str | bytes], opened: Opened, charset: str) -> None:
    text, html = values.get(_BODY_TEXT, ""), values.get(_BODY_HTML, "")
    if isinstance(text, str) and text.strip():
        opened.text = text
    if html:
        opened.html = html if isinstance(html, str) else charsets.decode(html, charset)


def _take_file(kind: int, value: bytes, wrapped: Wrapped, charset: str) -> None:
    if kind == _FILE_DATA:
        wrapped.data = value
    elif kind == _FILE_TITLE:
        wrapped.name = wrapped.name or charsets.decode(value.rstrip(b"\x00"), charset)
    elif kind == _FILE_PROPS:
        values = dict(_properties(value, charset))
        wrapped.name = _text(values, _LONG_NAME) or wrapped.name or _text(values, _SHORT_NAME)
        wrapped.media_type = _text(values, _MIME).lower()
        wrapped.content_id = _text(values, _CONTENT_ID).strip("<>")
        inner = values.get(_DATA)
        if not wrapped.data and isinstance(inner, bytes):
            wrapped.data = inner[16:] if inner[16:20] == _MARK else inner


def _text(values: dict[int, str | bytes], key: int) -> str:
    value = values.get(key, "")
    return charsets.clean(value)[:500] if isinstance(value, str) else ""


def _properties(block: bytes, charset: str) -> Iterator[tuple[int, str | bytes]]:
    """The words and bytes among the MAPI properties of a block; reading ends where the block makes no sense."""
    if len(block) < 4:
        return
    count, at = struct.unpack_from("<I", block)[0], 4
    for _ in range(min(count, _MOST_VALUES)):
        if at + 4 > len(block):
            return
        kind, name = struct.unpack_from("<HH", block, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(block, at)
        read = _values(block, at, kind)
        if read is None:
            return
        values, at = read
        if values and kind & 0x0FFF == _UNICODE:
            yield name, values[0].decode("utf-16-le", "replace").rstrip("\x00")
        elif values and kind & 0x0FFF == _TEXT8:
            yield name, charsets.decode(values[0].rstrip(b"\x00"), charset)
        elif values and kind & 0x0FFF in (_BINARY, _OBJECT):
            yield name, values[0]


def _after_name(block: bytes, at: int) -> int:
    """Past the name of a named property."""
    if at + 24 > len(block):
        return len(block)
    if struct.unpack_from("<I", block, at + 16)[0] == 0:
        return at + 24
    return at + 24 + _padded(struct.unpack_from("<I", block, at + 20)[0])


def _values(block: bytes, at: int, kind: int) -> tuple[list[bytes], int] | None:
    """The values of one property and where the next begins."""
    is_many, base = bool(kind & 0x1000), kind & 0x0FFF
    if base in _FIXED:
        size = _padded(_FIXED[base])
        if is_many:
            if at + 4 > len(block):
                return None
            size, at = size * struct.unpack_from("<I", block, at)[0], at + 4
        return [], at + size
    if base not in (_TEXT8, _UNICODE, _BINARY, _OBJECT) or at + 4 > len(block):
        return None
    count, at, found = struct.unpack_from("<I", block, at)[0], at + 4, []
    for _ in range(min(count, _MOST_VALUES)):
        if at + 4 > len(block):
            return None
        length, at = struct.unpack_from("<I", block, at)[0], at + 4
        if at + length > len(block):
            return None
        found.append(block[at : at + length])
        at += _padded(length)
    return found, at


def _padded(length: int) -> int:
    return length + (-length % 4)
