"""What a file really is, by its first bytes; the name and the browser's word count for nothing.

Why an own table beside puremagic: for an allow-list of a dozen kinds exact signatures are safer than the best guess
of a large one, which calls a log file an OpenDocument text. puremagic names what we refuse.
"""

from __future__ import annotations

import puremagic

PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/gzip": "gz",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "text/plain": "txt",
}
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


def sniff(head: bytes) -> str | None:
    """The media type of a file that begins with ``head`` (some thousand bytes), or None if we take no such files."""
    for offset, signature, kind in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            if kind == "image/webp" and head[:4] != b"RIFF":
                continue
            if kind == "image/bmp" and _is_text(head):
                continue
            return kind
    return "text/plain" if _is_text(head) else None


def guess_name(head: bytes) -> str:
    """A word for a file we do not take, for the sentence that says so; empty if even that is unknown."""
    try:
        return puremagic.magic_string(head)[0].name
    except (puremagic.PureError, ValueError, IndexError):
        return ""


def _is_text(head: bytes) -> bool:
    """Words: no NUL, hardly any control characters. HTML, SVG and scripts count as words and are served as such."""
    if not head or b"\x00" in head:
        return False
    odd = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    return odd <= len(head) // 100
