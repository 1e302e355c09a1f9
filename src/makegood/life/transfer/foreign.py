"""A report of another system as plain values: what every format is read into, and what ``take_over`` takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

LONGEST_TITLE, LONGEST_NAME, LONGEST_ID, LONGEST_BODY = 200, 200, 120, 100_000
MOST_MESSAGES = 5000
CUT = "\n[…]"


@dataclass(frozen=True)
class Person:
    """Whoever reported or spoke. ``foreign_id`` tells people without an address apart."""

    name: str = ""
    email: str = ""
    phone: str = ""
    foreign_id: str = ""
    organisation: str = ""
    member_number: str = ""
    language: str = ""
    is_verified: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file of theirs: ``path`` below the folder of files given along, or only a ``url``, which is never called."""

    name: str
    path: str = ""
    url: str = ""
    is_internal: bool = False


@dataclass(frozen=True)
class Said:
    """One utterance. ``by``: contact, agent or system."""

    by: str
    body: str
    at: datetime
    name: str = ""
    email: str = ""
    is_internal: bool = False
    channel: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class ForeignReport:
    """``state``, ``severity`` and ``kind`` in our words; the names of category, team and assignee as they were given.

    ``number`` is set where the report had one of ours and keeps it if it is free. ``missed`` says in words what of the
    row was not understood and fell away.
    """

    foreign_id: str
    title: str
    person: Person
    received_at: datetime
    messages: tuple[Said, ...] = ()
    state: str = "received"
    severity: str = "medium"
    kind: str = "error"
    category: str = ""
    component: str = ""
    team: str = ""
    assignee: str = ""
    channel: str = "api"
    language: str = ""
    labels: tuple[str, ...] = ()
    closed_at: datetime | None = None
    solved_at: datetime | None = None
    close_reason: str = ""
    number: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True)
class NotUnderstood:
    """A row that gives no report, and why."""

    where: str
    what: str


@dataclass(frozen=True)
class Terms:
    """How to take over: under which ``source`` foreign ids count, local ``files``, and a ``news_by`` named by a person
    for open reports (None: by policy)."""

    source: str = "api"
    files: Path | None = None
    news_by: datetime | None = None


def text(value: Any, limit: int = LONGEST_BODY) -> str:
    """A value of theirs as clean text: no NUL, one kind of line end, no longer than a message holds."""
    words = "" if value is None else str(value)
    words = words.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return words if len(words) <= limit else words[: limit - len(CUT)] + CUT


def line(value: Any, limit: int = LONGEST_NAME) -> str:
    """The same on one line."""
    return " ".join(text(value, 5000).split())[:limit]
