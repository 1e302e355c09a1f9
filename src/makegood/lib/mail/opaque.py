"""The mail inside an S/MIME signature that wraps it (CMS SignedData, RFC 5652). Read, not verified."""

from __future__ import annotations

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _CONSTRUCTED, _END = 0x04, 0x20, b"\x00\x00"
MOST_DEPTH = 6


def signed_content(data: bytes) -> bytes | None:
    """The bytes that were signed; None if they lie elsewhere or this is no such thing."""
    if _SIGNED not in data[:64]:
        return None
    at = data.find(_DATA, 0, 4096)
    if at < 0:
        return None
    at += len(_DATA)
    explicit = _header(data, at)
    if explicit is None or explicit[0] != 0xA0:
        return None
    found = _octets(data, explicit[1], len(data), depth=0)
    return found[0] or None if found else None


def _octets(data: bytes, at: int, end: int, *, depth: int) -> tuple[bytes, int] | None:
    """An octet string, in one piece or made of others, and where it ends."""
    head = _header(data, at)
    if head is None or head[0] & ~_CONSTRUCTED != _OCTETS or depth > MOST_DEPTH:
        return None
    tag, begin, length = head
    stop = end if length is None else begin + length
    if stop > end:
        return None
    if not tag & _CONSTRUCTED:
        return (data[begin:stop], stop) if length is not None else None
    pieces, at = [], begin
    while at < stop and data[at : at + 2] != _END:
        piece = _octets(data, at, stop, depth=depth + 1)
        if piece is None:
            return None
        pieces.append(piece[0])
        at = piece[1]
    return b"".join(pieces), at + 2 if length is None else stop


def _header(data: bytes, at: int) -> tuple[int, int, int | None] | None:
    """Tag, where the value begins, its length; no length for one that ends by itself."""
    if at + 2 > len(data):
        return None
    tag, length, at = data[at], data[at + 1], at + 2
    if length < 0x80:
        return tag, at, length
    size = length & 0x7F
    if size > 4 or at + size > len(data):
        return None
    return tag, at + size, int.from_bytes(data[at : at + size], "big") if size else None
