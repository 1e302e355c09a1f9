"""What a reporter told us, as plain values, and what follows from it. Knows no database and no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from makegood.life.reports import states

BLOCKED, WORKAROUND, COSMETIC = "blocked", "workaround", "cosmetic"
HINDRANCES = (BLOCKED, WORKAROUND, COSMETIC)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")


@dataclass(frozen=True)
class Told:
    """One report as the reporter gave it. ``category`` is a slug; ``answers`` maps question slugs to words, and
    ``facts`` the facts of the error document that the form asks for itself to words. ``subject`` is the title where
    they gave one; ``mailbox`` what it came by, ``follows`` the report it goes on from, ``team`` who hears it (keys);
    ``known`` the key of the known error they say it is.
    """

    what: str
    idempotency_key: str
    channel: str = "web"
    kind: str = states.ERROR
    category: str = ""
    hindrance: str = ""
    language: str = "en"
    name: str = ""
    email: str = ""
    phone: str = ""
    second_email: str = ""
    preferred_way: str = ""
    time_zone: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    mailbox: int | None = None
    team: int | None = None
    follows: int | None = None
    known: str = ""
    is_from_machine: bool = False

    @property
    def title(self) -> str:
        """The subject or the first sentence, cut at a word, for lists and subjects."""
        if self.subject.strip():
            return shortened(self.subject, 120)
        words = self.what.strip()
        first = _SENTENCE_END.split(words, maxsplit=1)[0].strip(" .") or words
        return shortened(first, 120)

    def raw(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Told:
        return cls(**raw)


def shortened(words: str, limit: int) -> str:
    """``words`` on one line, cut at a space before ``limit`` characters."""
    words = " ".join(words.split())
    if len(words) <= limit:
        return words
    return words[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:-") + "…"


def severity(default: str, *, hindrance: str, kind: str) -> str:
    """How bad it is: the category's word, moved by what it stops the reporter from doing. Questions are low.

    Blocked makes low and medium one step worse; a blemish makes it one step milder. Above that a person decides.
    """
    if kind == states.QUESTION:
        return states.LOW
    if hindrance == BLOCKED and default in (states.MEDIUM, states.LOW):
        return states.one_up(default)
    if hindrance == COSMETIC:
        return states.SEVERITIES[min(len(states.SEVERITIES) - 1, states.SEVERITIES.index(default) + 1)]
    return default
