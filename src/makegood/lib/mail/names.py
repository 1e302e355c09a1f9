"""Names of files, fit to be shown and stored: never a path, never a trick, never empty."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

LONGEST = 120
_PATH = re.compile(r"[/\\]")
_SPACE = re.compile(r"\s+")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_KNOWN = {
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "text/calendar": "invite.ics",
    "text/plain": "text.txt",
    "text/html": "page.html",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
    "image/jpeg": "picture.jpg",
    "image/png": "picture.png",
    "image/gif": "picture.gif",
    "application/pdf": "document.pdf",
    "application/ms-tnef": "winmail.dat",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "encrypted.txt",
    "application/pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
}


def file_name(claimed: str, media_type: str) -> str:
    """``claimed`` without its path and whatever cannot be seen; a name by type where nothing is left."""
    name = unicodedata.normalize("NFC", _SPACE.sub(" ", claimed))
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = _PATH.split(name.rstrip("/\\ "))[-1].strip(" .\u3000") if name.strip("/\\. ") else ""
    name = re.sub(r'[<>:"|?*]', "_", name)
    if not name.strip("_ "):
        return name_by_type(media_type)
    return _shorten(f"_{name}" if _DEVICE.match(name) else name)


def name_by_type(media_type: str) -> str:
    if media_type in _KNOWN:
        return _KNOWN[media_type]
    kind = media_type.partition("/")[0]
    first = {"image": "picture", "audio": "sound", "video": "film", "text": "text"}.get(kind, "file")
    return first + (mimetypes.guess_extension(media_type, strict=False) or ".bin")


def _shorten(name: str) -> str:
    """Cut in the middle, so that the ending stays."""
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
