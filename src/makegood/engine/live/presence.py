"""Who is at something right now: looking, replying, noting. A beat lasts 30 seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.engine.live.events import publish
from makegood.engine.models import Presence
from makegood.lib import rows

TTL = timedelta(seconds=30)
STATES = ("viewing", "replying", "noting", "idle")


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    state: str


def beat(who_id: int, name: str, *, ref: str, state: str, now: datetime) -> None:
    """``name`` is at ``ref`` (such as ``report:12``) and does ``state``; others are told only when that is news."""
    if state not in STATES:
        raise ValueError(f"{state!r} is not one of {', '.join(STATES)}.")
    before = Presence.objects.filter(ref=ref, who_id=who_id).first()
    Presence.objects.update_or_create(ref=ref, who_id=who_id, defaults={"name": name, "state": state, "seen_at": now})
    if before is None or before.state != state or before.seen_at < now - TTL:
        publish(f"presence:{ref}", ref, at=now)


def leave(who_id: int, *, ref: str, now: datetime) -> None:
    """They went away from ``ref``."""
    if Presence.objects.filter(ref=ref, who_id=who_id).delete()[0]:
        publish(f"presence:{ref}", ref, at=now)


def who(ref: str, *, now: datetime, besides: int | None = None) -> list[Person]:
    """Everybody who is at ``ref``, without ``besides``, by name."""
    where = "ref = %s AND seen_at > %s AND who_id <> %s ORDER BY name"
    found = rows.read(Presence, where, (ref, rows.moment(now - TTL), besides or 0))
    return [Person(row.who_id, row.name, row.state) for row in found]


def forget_gone(*, now: datetime) -> int:
    return Presence.objects.filter(seen_at__lt=now - 10 * TTL).delete()[0]
