"""Which of two releases is the later one, by their names alone. Pure.

Numbers are compared part by part (2.10 is later than 2.9); what comes before a release (2.4.0-rc1) is earlier than it.
Names that hold no number can only be the same or not.
"""

import re

_NUMBERS = re.compile(r"(?<![\w.])[a-z._-]{0,20}?(\d{1,9}(?:\.\d{1,9}){0,6})(.*)$", re.IGNORECASE)
_BEFORE = re.compile(r"^[.+_-]?(?:rc|alpha|beta|pre|preview|dev|snapshot|nightly|canary)(\d{0,6})", re.IGNORECASE)

Place = tuple[tuple[int, ...], int, int]


def is_at_least(version: str, other: str) -> bool | None:
    """Whether ``version`` is ``other`` or later; None if their names do not tell."""
    if not version.strip() or not other.strip():
        return None
    if version.strip().lower().removeprefix("v") == other.strip().lower().removeprefix("v"):
        return True
    first, second = _place(version), _place(other)
    return None if first is None or second is None else first >= second


def _place(name: str) -> Place | None:
    found = _NUMBERS.match(name.strip())
    if found is None:
        return None
    parts = [int(part) for part in found[1].split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    early = _BEFORE.match(found[2])
    return tuple(parts), 0 if early else 1, int(early[1] or 0) if early else 0
