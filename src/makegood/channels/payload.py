"""Reading values out of what a host sent: by their path, of the kind they must be, or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from makegood.channels.code import PushTold, Unreadable

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def found(values: Any, *path: str) -> Any:
    """What stands at ``path``; None where a part of it is missing or of another kind."""
    for part in path:
        values = values.get(part) if isinstance(values, dict) else None
    return values


def text(values: Any, *path: str) -> str:
    """The text at ``path``; empty if there is none."""
    value = found(values, *path)
    return value if isinstance(value, str) else ""


def rows(values: Any, *path: str) -> list[Any]:
    value = found(values, *path)
    return value if isinstance(value, list) else []


def number(values: Any, *path: str) -> int:
    """The whole number at ``path``. Raises Unreadable."""
    value = found(values, *path)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**18:
        raise Unreadable(f"{'.'.join(path)} is no number.")
    return value


def sha(values: Any, *path: str) -> str:
    """The name of a commit at ``path``. Raises Unreadable."""
    value = text(values, *path).lower()
    if not _SHA.fullmatch(value):
        raise Unreadable(f"{'.'.join(path)} is not the whole name of a commit.")
    return value


def maybe_sha(values: Any, *path: str) -> str:
    """The same; empty where there is none."""
    value = text(values, *path).lower()
    return value if _SHA.fullmatch(value) else ""


def words(values: Any, *path: str) -> str:
    """The text at ``path``. Raises Unreadable if it is missing or empty."""
    value = text(values, *path).strip()
    if not value:
        raise Unreadable(f"{'.'.join(path)} is missing.")
    return value


def moment(values: Any, *path: str, default: datetime | None = None) -> datetime:
    """The moment at ``path``, however a host writes it: ISO 8601, with a space and "UTC", or seconds since 1970.

    Raises Unreadable if there is none and no ``default``.
    """
    value = found(values, *path)
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and value:
            written = value.strip().removesuffix(" UTC").replace(" +", "+").replace(" -", "-")
            read = datetime.fromisoformat(written)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    if default is None:
        raise Unreadable(f"{'.'.join(path)} is no moment.")
    return default


def counted(push: PushTold, total: Any) -> PushTold:
    """The push with the number of commits that its host names beside those it lists: all, or fewer."""
    if not isinstance(total, int) or isinstance(total, bool) or total <= len(push.commits):
        return push
    return replace(push, is_cut=True, total=total)


def branch_of(ref: str) -> str:
    """The branch that ``refs/heads/x`` names; empty for anything else."""
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""


def tag_of(ref: str) -> str:
    """The tag that ``refs/tags/x`` names; empty for anything else."""
    return ref.removeprefix("refs/tags/") if ref.startswith("refs/tags/") else ""
