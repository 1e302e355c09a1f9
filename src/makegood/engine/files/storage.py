"""Bytes on disk: ``files/<2 characters>/<key>``. Written to a temporary name, checksummed, fsynced, then renamed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.keys import public_key

_KEY = re.compile(r"[0-9a-z]{26}")
_CHUNK = 1 << 16
UNREFERENCED_AFTER = timedelta(hours=24)
# Files never take the room the database needs to go on taking reports.
ROOM_KEPT = 200_000_000


class TooBig(Refusal):
    """More bytes than allowed."""


class NoSpace(Refusal):
    """The disk would not take the bytes; trying again later may help."""

    can_retry = True


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Stored:
    key: str
    size: int
    sha256: str


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(key: str) -> Path:
    """Where the bytes of ``key`` lie. ValueError for anything that is not a key of ours, so no path can be smuggled."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not the key of a file.")
    return root() / key[:2] / key


def store(stream: Readable, *, limit: int) -> Stored:
    """Keep the bytes of ``stream`` and return their new random key. Raises TooBig, NoSpace; leaves nothing behind then.

    The row that refers to the key is written afterwards: a crash in between leaves bytes that ``sweep`` removes.
    """
    key = public_key(26)
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < ROOM_KEPT:
        raise NoSpace(_("The file could not be saved just now. Please try again in a moment."))
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooBig(_("This file is larger than %(mb)d MB.") % {"mb": limit // 1_000_000})
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.rename(temporary, target)
        _sync_folder(target.parent)
    except OSError as trouble:
        Path(temporary).unlink(missing_ok=True)
        raise NoSpace(_("The file could not be saved just now. Please try again in a moment.")) from trouble
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Stored(key, size, digest.hexdigest())


def open_file(key: str) -> BufferedReader:
    """The bytes of ``key`` for reading. FileNotFoundError when they are missing; an empty key has none any more."""
    if not key:
        raise FileNotFoundError("erased")
    return path_of(key).open("rb")


def delete(key: str) -> None:
    """Remove the bytes of ``key``; nothing happens if they are gone already."""
    path_of(key).unlink(missing_ok=True)


def verify(expected: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Compare (key, sha256) pairs with the disk; yield (key, "missing" | "damaged") for each that is not right."""
    for key, sha256 in expected:
        try:
            with open_file(key) as stream:
                actual = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            yield key, "missing"
            continue
        if actual != sha256:
            yield key, "damaged"


def all_keys() -> Iterator[str]:
    """Every key on disk."""
    for path in sorted(root().glob("??/*")):
        if _KEY.fullmatch(path.name):
            yield path.name


def sweep(used: Callable[[list[str]], set[str]], *, now: datetime) -> int:
    """Remove bytes nobody refers to that are older than a day. ``used`` tells which of some keys are referred to."""
    before = (now - UNREFERENCED_AFTER).timestamp()
    old = [path for path in root().glob("??/*") if path.stat().st_mtime < before]
    removed = 0
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        in_use = used([path.name for path in batch])
        for path in batch:
            if path.name not in in_use:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
