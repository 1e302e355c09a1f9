"""Which of two releases is the later one, by their names alone. Pure.

Numbers are compared part by part (2.10 is later than 2.9); what comes before a release (2.4.0-rc.1) is earlier than it.
Names that hold no such number can only be the same or not: that of a commit, a build beside a version, another program.
"""

import re
from dataclasses import dataclass

_NUMBERS = re.compile(
    r"(?:^|(?<=[\s@/_.-]))(?:v|r|ver|version|rel|release|build)?[._-]?(\d{1,18}(?:\.\d{1,18}){0,6})(.*)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"[.~_-]?(?:(dev|snapshot|nightly|canary|next|alpha|beta|preview|pre|rc)[._-]?(\d{0,9})|([abc])(\d{1,9}))(?![a-z\d])",
    re.IGNORECASE,
)
_COMMIT = re.compile(r"(?=.*[a-f])[0-9a-f]{7,64}$", re.IGNORECASE)
# Words before a number that are the name of no program.
_ANY = re.compile(r"(?:^|[\s/_.-])(?:v|r|ver|version|rel|release|build|tags|refs)(?=$|[\s/_.-])", re.IGNORECASE)
_STAGES = {"alpha": 1, "a": 1, "beta": 2, "b": 2, "preview": 2, "pre": 2, "rc": 3, "c": 3}
_OUT = 4
# A single number this large counts builds; a first part this large is a year.
_COUNTED, _DATED = 100, 1000


@dataclass(frozen=True)
class _Name:
    """``of``: the program, where the name says which; ``early``: stage and number of what comes before a release."""

    of: str
    parts: tuple[int, ...]
    early: tuple[int, int]

    @property
    def place(self) -> tuple[tuple[int, ...], tuple[int, int]]:
        return self.parts, self.early


def is_at_least(version: str, other: str) -> bool | None:
    """Whether ``version`` is ``other`` or later; None if their names do not tell."""
    if not version.strip() or not other.strip():
        return None
    if version.strip().lower().removeprefix("v") == other.strip().lower().removeprefix("v"):
        return True
    first, second = _read(version), _read(other)
    if first is None or second is None or not _go_together(first, second):
        return None
    return first.place >= second.place


def spellings(version: str) -> list[str]:
    """How a repository may call what a program calls ``version``: portal@2.4.0 is 2.4.0 or v2.4.0 there."""
    told = version.strip()
    bare = told.rsplit("@", 1)[-1]
    bare = bare[1:] if re.match(r"v\d", bare, re.IGNORECASE) else bare
    return list(dict.fromkeys([told, bare, f"v{bare}", bare.split("+")[0], "v" + bare.split("+")[0]]))


def _read(name: str) -> _Name | None:
    name = name.strip()
    found = _NUMBERS.search(name)
    if found is None or _COMMIT.match(name.rsplit("@", 1)[-1]):
        return None
    early = _BEFORE.match(found[2])
    if early is None and found[2] and found[2][0].isalnum():
        return None
    parts = [int(part) for part in found[1].split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    stage = (_STAGES.get((early[1] or early[3]).lower(), 0), int(early[2] or early[4] or 0)) if early else (_OUT, 0)
    return _Name(_program(name[: found.start()]), tuple(parts), stage)


def _program(before: str) -> str:
    return _ANY.sub("", before.rsplit("/", 1)[-1]).strip(" @/_.-").lower()


def _go_together(first: _Name, second: _Name) -> bool:
    """Whether the numbers count the same: not a build beside a version, a year beside either, another program."""
    if first.of and second.of and first.of != second.of:
        return False
    short, long = sorted((first.parts, second.parts), key=len)
    if len(short) == 1 < len(long):
        # “2” may be any 2.x.
        return short[0] < _COUNTED and long[0] < _DATED and short[0] != long[0]
    return len(short) == 1 or (short[0] >= _DATED) == (long[0] >= _DATED)
