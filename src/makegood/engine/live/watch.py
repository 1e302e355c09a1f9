"""Notices new live events, whichever process wrote them, and hands them on.

SQLite: ``PRAGMA data_version`` on an own connection changes when anybody else commits; asking costs microseconds.
PostgreSQL: ask for newer ids a few times a second, an index probe. LISTEN/NOTIFY was left out: NOTIFY takes a
cluster-wide lock at each commit of the hot path, to save a fifth of a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import Error, connection

from makegood.engine.live.events import Event, newest_id, since

log = structlog.get_logger("makegood.live")

SQLITE_POLL = 0.1
POSTGRES_POLL = 0.25
# Ids commit out of order on PostgreSQL: look back this far and drop what was seen.
OVERLAP = 200


class Changes:
    """Tells cheaply whether anybody committed since the last question. Belongs to one thread."""

    def __init__(self) -> None:
        self.version = -1

    def happened(self) -> bool:
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            version = cursor.execute("PRAGMA data_version").fetchone()[0]
        changed, self.version = version != self.version, version
        return changed


class Watcher(threading.Thread):
    """Calls ``deliver`` with each batch of new events until ``stop``."""

    def __init__(self, deliver: Callable[[list[Event]], None]) -> None:
        super().__init__(name="live-watcher", daemon=True)
        self.deliver = deliver
        self.ended = threading.Event()

    def run(self) -> None:
        pause = SQLITE_POLL if connection.vendor == "sqlite" else POSTGRES_POLL
        overlap = 0 if connection.vendor == "sqlite" else OVERLAP
        changes, last, seen = Changes(), newest_id(), dict[int, float]()
        while not self.ended.wait(pause):
            try:
                if not changes.happened():
                    continue
                fresh = [event for event in since(max(0, last - overlap)) if event.id > last or overlap]
                fresh = [event for event in fresh if event.id not in seen]
                if fresh:
                    self.deliver(fresh)
            except Error:
                log.warning("live.database_away")
                connection.close()
                continue
            if not fresh:
                continue
            last = max(last, fresh[-1].id)
            if overlap:
                seen = {key: at for key, at in seen.items() if key > last - overlap}
                seen |= {event.id: time.monotonic() for event in fresh}
        connection.close()

    def stop(self) -> None:
        self.ended.set()
