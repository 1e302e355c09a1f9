"""Writing and reading live events. Topics are words like ``queue``, ``report:12``, ``agent:3``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.engine.models import LiveEvent
from makegood.lib import rows
from makegood.lib.statements import Statement

KEEP = timedelta(hours=1)
_NEWEST: Statement[int] = Statement(lambda: LiveEvent.objects.order_by("-pk").values_list("pk", flat=True)[:1])


@dataclass(frozen=True)
class Event:
    id: int
    topics: frozenset[str]
    ref: str


def publish(topics: str | Iterable[str], ref: str = "", *, at: datetime) -> None:
    """Say that what ``topics`` name has changed; ``ref`` tells which row. Commits with the caller's transaction."""
    names = [topics] if isinstance(topics, str) else list(topics)
    LiveEvent.objects.create(topics=" ".join(names)[:200], ref=ref[:80], at=at)


def publish_many(happened: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Several at once: (topics separated by spaces, ref) each."""
    if events := [rows.new(LiveEvent, topics=topics[:200], ref=ref[:80], at=at) for topics, ref in happened]:
        rows.insert(*events)


def since(last_id: int, *, limit: int = 500) -> list[Event]:
    """Events after ``last_id``, oldest first."""
    rows = LiveEvent.objects.filter(pk__gt=last_id).order_by("pk").values_list("pk", "topics", "ref")[:limit]
    return [Event(pk, frozenset(topics.split()), ref) for pk, topics, ref in rows]


def newest_id() -> int:
    return _NEWEST.first() or 0


def oldest_id() -> int:
    return LiveEvent.objects.order_by("pk").values_list("pk", flat=True).first() or 0


def forget_old(*, now: datetime) -> int:
    """Remove events nobody can still miss. The newest row always stays: it anchors the ids."""
    return LiveEvent.objects.filter(at__lt=now - KEEP, pk__lt=newest_id()).delete()[0]
