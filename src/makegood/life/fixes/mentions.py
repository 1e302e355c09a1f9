"""Which of our numbers a text of version control names, and whether it says that it fixes them. Pure.

``Fixes MG-12, PRB-3 and MG-9`` claims all three; ``see MG-12``, ``MG-12: white page`` or a branch ``fix/mg-12-white``
only name one. ``#12`` is a number of the host, not ours. What is taken back (``Revert "Fixes MG-12"``) claims nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REPORT, PROBLEM = "MG", "PRB"
MOST = 50
LONGEST = 20_000

# No letter, digit, hyphen or underscore before it: IMG-12 and X-MG-12 are other people's names.
_NUMBER = re.compile(r"(?<![\w-])(MG|PRB)-([1-9]\d{0,11})(?!\w)", re.IGNORECASE | re.ASCII)
_VERB = re.compile(
    r"(?<![\w-])(?:fix(?:e[sd]|ing)?|close[sd]?|closing|resolve[sd]?|resolving)\s*:?\s*[(\[]?$", re.IGNORECASE
)
_NOT = re.compile(r"(?:\bnot|n't|\bnever|\bwithout|\bnon)[\s-]+$", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;&+()\[\]]*(?:and|or|und)?[\s,;&+()\[\]]*", re.IGNORECASE)
_REVERT = re.compile(r"^\s*revert\b", re.IGNORECASE)
_REVERTED = re.compile(r"\bthis reverts commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\b", re.IGNORECASE)
# GitLab says it of a merge request, GitHub of a pull request that was squashed.
_REVERTED_PULL = re.compile(
    r"\bthis reverts merge request (?:[\w./-]{1,200})?!([1-9]\d{0,11})\b"
    r"|^reverts (?:[\w./-]{1,200})?#([1-9]\d{0,11})\b",
    re.IGNORECASE | re.MULTILINE,
)
_FRAME = re.compile(
    r"^\s*\[[^\]]{1,40}\]|^\s*backport(?:ed)?\b(?:\s+of)?:?|\(\s*(?:backport|cherry)[^)]*\)|\(\s*[#!]\d+\s*\)",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"(?:^|[\d._+-])(?:rc|alpha|beta|pre|preview|dev|snapshot|nightly|canary|next)(?=[\d._+-]|$)"
    r"|\.\d+(?:a|b|c)\d+(?=[._+-]|$)",
    re.IGNORECASE,
)
_REACH = 24


@dataclass(frozen=True)
class Mention:
    """``kind`` is MG (a report) or PRB (a problem). ``claims``: the text says that the change fixes it."""

    kind: str
    number: int
    claims: bool

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"


def find(text: str) -> list[Mention]:
    """Every number ``text`` names, each once, in order; a claim anywhere counts."""
    text = text[:LONGEST]
    is_revert = is_a_revert(text)
    found: dict[tuple[str, int], bool] = {}
    ended, was_claimed = 0, False
    for number in _NUMBER.finditer(text):
        follows_on = was_claimed and _BETWEEN.fullmatch(text, ended, number.start()) is not None
        was_claimed = follows_on or _is_claim(text[max(0, number.start() - _REACH) : number.start()])
        ended = number.end()
        name = (number[1].upper(), int(number[2]))
        found[name] = found.get(name, False) or (was_claimed and not is_revert)
        if len(found) >= MOST:
            break
    return [Mention(kind, number, claims) for (kind, number), claims in found.items()]


def in_branch(name: str) -> list[Mention]:
    """Numbers in the name of a branch. They never claim: a branch is only the beginning."""
    words = name[:300].replace("/", " ").replace("_", " ").replace(".", " ")
    return [Mention(one.kind, one.number, False) for one in find(words)]


def is_a_revert(text: str) -> bool:
    """Whether the change takes another one back, as git and the hosts word it."""
    return _REVERT.match(text) is not None


def reverted(text: str) -> str:
    """What a change takes back: a commit, or a pull request as ``!12``; empty if it takes back none."""
    text = text[:LONGEST]
    if found := _REVERTED.search(text):
        return found[1].lower()
    pull = _REVERTED_PULL.search(text) if is_a_revert(text) else None
    return f"!{pull[1] or pull[2]}" if pull else ""


def without_frame(subject: str) -> str:
    """What a change is called on whichever branch: without what hosts and backports put around it."""
    return " ".join(_FRAME.sub(" ", subject).casefold().split())


def is_before_a_release(version: str) -> bool:
    """Whether the name of a version says so: 2.0-rc1, 3.1.0beta2, 3.1.0b2, nightly."""
    return _EARLY.search(version) is not None


def _is_claim(before: str) -> bool:
    verb = _VERB.search(before)
    return verb is not None and not _NOT.search(before[: verb.start()])
