"""One report's story for people: messages, notes and ledger entries interleaved, in plain words.

``story(report, now=…)`` gives items oldest first; the number of queries does not depend on how long the story is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from makegood.doors.console import happenings
from makegood.doors.console.mail.trail import trail_of
from makegood.doors.ui import words
from makegood.lib.statements import Statement
from makegood.life.people.models import ERASED, UNNAMED, Agent
from makegood.life.post.models import IncomingMail
from makegood.life.privacy.holding import ERASED as BLANK
from makegood.life.reports.models import Attachment, LedgerEntry, Message, OutgoingMail, Report

# What a message already shows, or what only machines care for.
UNSHOWN = frozenset(
    {
        "message.said",
        "note.written",
        "message.withdrawn",
        "link.made",
        "mail.sent",
        "attachment.added",
        "promise.made",
    }
)
SHOWN_AT_ONCE = 150
TOLD_ONE_BY_ONE = 3
_WORST_FIRST = ("broken", "at_risk", "paused", "running", "kept", "withdrawn")
_MESSAGES = Statement(lambda report: Message.objects.filter(report=report).order_by("-id")[: SHOWN_AT_ONCE + 1])
_ENTRIES = Statement(
    lambda report: (
        LedgerEntry.objects.filter(report=report).exclude(kind__in=sorted(UNSHOWN)).order_by("-id")[: SHOWN_AT_ONCE + 1]
    )
)
_FILES = Statement(
    lambda report: Attachment.objects.filter(report=report, removed_at=None, message__isnull=False).order_by("id")
)


@dataclass
class Item:
    """One line or card of the timeline. ``kind``: message, note, withdrawn or thing."""

    at: datetime
    kind: str
    who: str
    who_kind: str
    order: tuple[datetime, int, int]
    message: Message | None = None
    entry: LedgerEntry | None = None
    words: str = ""
    reason: str = ""
    ring: str = ""
    icon: str = "point"
    is_clock: bool = False
    can_undo: bool = False
    is_first_unread: bool = False
    files: list[Attachment] = field(default_factory=list)
    came_as: IncomingMail | None = None
    stuck: list[OutgoingMail] = field(default_factory=list)

    @property
    def is_by_itself(self) -> bool:
        """A step of the clock or of Makegood that asks nobody for anything; what failed does."""
        return self.kind == "thing" and (self.is_clock or self.who_kind == "system") and self.icon != "alert"

    @property
    def is_waiting_to_leave(self) -> bool:
        """Still inside its undo window when it was read."""
        return self.kind == "message" and self.ring == "leaving"


def story(report: Report, *, now: datetime, everything: bool = False) -> tuple[list[Item], int]:
    """The items of ``report`` oldest first, and how many earlier ones were left out."""
    files = _files(report)
    messages = [_said(message, now, files.get(message.pk, [])) for message in _messages(report, everything)]
    _add_mail(messages, report)
    entries = _entries(report, everything)
    names = happenings.Names.for_entries(entries)
    taken_back = {entry.data.get("undone") for entry in entries if entry.kind == "report.change_undone"}
    items = sorted(
        [*messages, *(_happened(entry, names, now, taken_back) for entry in entries)], key=lambda item: item.order
    )
    cut = 0 if everything else max(0, len(items) - SHOWN_AT_ONCE)
    return items[cut:], cut


@dataclass(frozen=True)
class Run:
    """Steps Makegood took by itself with nothing between them: one line, that opens. ``ring`` is the worst of them."""

    run: list[Item]
    ring: str
    when: str

    @property
    def key(self) -> int:
        """Stays the same while the run grows."""
        entry = self.run[0].entry
        return entry.pk if entry else 0


def folded(items: list[Item], *, now: datetime) -> list[Item | Run]:
    """``items`` with every longer run of steps nobody took put behind one line, so that what people said stays in
    sight: a promise that breaks at night brings a dozen of them."""
    lines: list[Item | Run] = []
    for is_by_itself, group in groupby(items, key=lambda item: item.is_by_itself):
        together = list(group)
        if is_by_itself and len(together) > TOLD_ONE_BY_ONE:
            rings = [item.ring for item in together]
            worst = next((ring for ring in _WORST_FIRST if ring in rings), "")
            lines.append(Run(together, worst, words.between(together[0].at, together[-1].at, now)))
        else:
            lines += together
    return lines


def mark_first_unread(items: list[Item], agent: Agent, read_to: int | None) -> None:
    """Mark what ``agent`` has not read yet begins with. ``read_to``: the last message they saw, None if they never
    looked, for then the story begins at its beginning."""
    if read_to is None:
        return
    for item in items:
        said = item.message
        if said is None or said.pk <= read_to or item.kind == "withdrawn":
            continue
        if said.said_by != "system" and said.agent_id != agent.pk:
            item.is_first_unread = True
            return


def _messages(report: Report, everything: bool) -> Iterable[Message]:
    return report.messages.order_by("-id") if everything else _MESSAGES(report.pk)


def _entries(report: Report, everything: bool) -> list[LedgerEntry]:
    if everything:
        return list(report.ledger.exclude(kind__in=UNSHOWN).order_by("-id"))
    return _ENTRIES(report.pk)


def _files(report: Report) -> dict[int, list[Attachment]]:
    """What lies beside the messages, by message."""
    found: dict[int, list[Attachment]] = {}
    for file in _FILES(report.pk):
        found.setdefault(file.message_id or 0, []).append(file)
    return found


def _said(message: Message, now: datetime, files: list[Attachment]) -> Item:
    kind = "note" if message.is_internal else "message"
    leaving = not message.is_internal and message.visible_at > now and message.withdrawn_at is None
    return Item(
        at=message.at,
        kind="withdrawn" if message.withdrawn_at else kind,
        who=message.name or str(ERASED if message.body == BLANK else UNNAMED),
        who_kind=message.said_by,
        order=(message.at, 1, message.pk),
        message=message,
        ring="leaving" if leaving else "",
        files=files,
    )


def _add_mail(items: list[Item], report: Report) -> None:
    has_mail = any(item.message.channel == "mail" for item in items if item.message)
    trail = trail_of(report, has_mail=has_mail)
    for item in items:
        if item.message:
            item.came_as = trail.came.get(item.message.pk)
            item.stuck = trail.stuck.get(item.message.pk, [])


def _happened(entry: LedgerEntry, names: happenings.Names, now: datetime, taken_back: set[Any]) -> Item:
    told: dict[str, Any] = happenings.tell(entry, names)
    return Item(
        at=entry.at,
        kind="thing",
        who=entry.who,
        who_kind=entry.actor_kind,
        order=(entry.at, 0 if entry.kind == "report.received" else 2, entry.pk),
        entry=entry,
        reason=gettext(entry.reason) if entry.reason else "",  # our own reasons are texts of the catalogue
        can_undo=entry.pk not in taken_back and happenings.is_undoable(entry, now),
        **told,
    )
