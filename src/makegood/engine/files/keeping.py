"""The way in for an uploaded file: what is it, do we take it, clean it, store it."""

from __future__ import annotations

import io
import os
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from makegood.engine.files import kinds, pictures, storage
from makegood.lib.errors import Refusal

UNKNOWN = "application/octet-stream"
_HEAD = 4096


class KindRefused(Refusal):
    """Not one of the kinds of files we take."""


class EmptyFile(Refusal):
    """A file without content."""


@dataclass(frozen=True)
class Kept:
    """A stored upload. ``name`` is cleaned words for people; ``thumbnail_key`` is empty unless ``is_picture``."""

    key: str
    size: int
    sha256: str
    media_type: str
    name: str
    is_picture: bool
    thumbnail_key: str = ""


def keep(stream: BinaryIO, *, name: str, limit: int) -> Kept:
    """Check, clean, store one upload. Raises EmptyFile, KindRefused, BrokenPicture, TooBig or NoSpace (all Refusal)."""
    shown = clean_name(name)
    stream.seek(0, os.SEEK_END)
    if stream.tell() > limit:
        raise storage.TooBig(_("%(name)s is larger than %(mb)d MB.") % {"name": shown, "mb": limit // 1_000_000})
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head:
        raise EmptyFile(_("%(name)s is empty.") % {"name": shown})
    media_type = kinds.sniff(head)
    if media_type is None:
        raise KindRefused(_refusal(shown, kinds.guess_name(head)))
    if media_type not in kinds.PICTURES:
        stored = storage.store(stream, limit=limit)
        return Kept(stored.key, stored.size, stored.sha256, media_type, shown, is_picture=False)
    picture, thumbnail, media_type = pictures.clean(stream)
    stored = storage.store(io.BytesIO(picture), limit=max(limit, len(picture)))
    small = storage.store(io.BytesIO(thumbnail), limit=len(thumbnail))
    shown = _with_extension(shown, kinds.EXTENSIONS[media_type])
    return Kept(stored.key, stored.size, stored.sha256, media_type, shown, is_picture=True, thumbnail_key=small.key)


def keep_whole(data: bytes, *, name: str, limit: int) -> Kept:
    """Store a file whose sender cannot be asked for another one: what ``keep`` refuses for its kind is kept as bytes
    that are only ever downloaded. Raises EmptyFile, TooBig, NoSpace."""
    try:
        return keep(io.BytesIO(data), name=name, limit=limit)
    except (KindRefused, pictures.BrokenPicture):
        stored = storage.store(io.BytesIO(data), limit=limit)
        return Kept(stored.key, stored.size, stored.sha256, UNKNOWN, clean_name(name), is_picture=False)


def forget(kept: Kept) -> None:
    """Remove the bytes of an upload that nothing came of."""
    forget_keys(kept.key, kept.thumbnail_key)


def forget_keys(*keys: str) -> None:
    """Remove the bytes of these keys; empty ones are nothing."""
    for key in filter(None, keys):
        storage.delete(key)


def clean_name(name: str) -> str:
    """The words of a file name without folders, invisible or control characters; never used as a path."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip(" .")
    if len(name) > 120:
        stem, dot, extension = name.rpartition(".")
        name = f"{(stem or extension)[:110]}{dot}{extension[:8]}" if dot else name[:120]
    return name or "file"


def _with_extension(name: str, extension: str) -> str:
    stem = name.rpartition(".")[0] or name
    return name if name.lower().endswith((f".{extension}", ".jpeg")) else f"{stem}.{extension}"


def _refusal(name: str, guess: str) -> str:
    what = f" ({guess})" if guess else ""
    return _("%(name)s%(what)s is of a kind we do not take. Pictures, PDF, text, video and ZIP files are fine.") % {
        "name": name,
        "what": what,
    }
