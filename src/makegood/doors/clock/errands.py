"""Work that waits for other people's machines, or takes minutes: done beside the main loop by a few threads.

Webhooks: one thread per receiver that is being told something. Imports, exports, reading files, learning: one of each
at a time. Seven in all, so that there are always some for webhooks. What is leased in the database is nobody else's;
what a killed worker held is free when its lease runs out, or when the next worker starts (but for learning, which may
be what killed it).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import structlog
from django.conf import settings
from django.db import connection

from makegood.channels.webhook.posting import Poster
from makegood.life.diagnosis import schooling
from makegood.life.hooks import sending
from makegood.life.searching import readings
from makegood.life.statuspage import hooking
from makegood.life.transfer import exports, imports
from makegood.life.transfer.exporting import Stopped

log = structlog.get_logger("makegood.clock")

AT_ONCE = 7
_BREATH = 0.001
Clock = Callable[[], datetime]


class Errands:
    """``step`` hands out what is due and does not wait for it; ``close`` lets what runs come to its end."""

    def __init__(self, worker: str, *, clock: Clock) -> None:
        self.worker, self.clock = worker, clock
        self.stopping = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="errand")
        self._busy: set[str] = set()
        self._written: dict[int, int] = {}
        self._lock = threading.Lock()

    def step(self) -> int:
        """Start what is due and not yet under way. Always 0: nothing is gained by asking again at once."""
        for endpoint in sending.due(self.clock()):
            self._start(f"hook:{endpoint}", partial(self._send, endpoint))
        for subscriber in hooking.due(self.clock()):
            self._start(f"status:{subscriber}", partial(hooking.send_some, subscriber, clock=self.clock))
        for run in imports.due(self.clock())[:1]:
            self._start("import", partial(self._import, run))
        for run in exports.due(self.clock())[:1]:
            self._start("export", partial(self._export, run))
        if readings.due(self.clock()):
            self._start("reading", partial(readings.work, clock=self.clock, stopping=self.stopping.is_set))
        for field in schooling.due(self.clock())[:1]:
            self._start("learn", partial(self._learn, field))
        for run, rows in dict(self._written).items():
            exports.beat(run, rows, worker=self.worker, now=self.clock())
        return 0

    def close(self, *, wait: bool = True) -> None:
        self.stopping.set()
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _start(self, name: str, work: Callable[[], object]) -> None:
        with self._lock:
            if name in self._busy or len(self._busy) >= AT_ONCE or self.stopping.is_set():
                return
            self._busy.add(name)
        self._pool.submit(self._do, name, work)

    def _do(self, name: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            log.exception("errand.failed", errand=name)
        finally:
            connection.close()
            with self._lock:
                self._busy.discard(name)

    def _send(self, endpoint: int) -> None:
        poster = Poster(settings.PRIVATE_HOOKS)
        try:
            while not self.stopping.is_set():
                if not sending.send_some(endpoint, poster, worker=self.worker, clock=self.clock):
                    break
        finally:
            poster.close()

    def _import(self, run: int) -> None:
        imports.work(run, worker=self.worker, clock=self.clock, stopping=self.stopping.is_set)

    def _learn(self, field: str) -> None:
        """Arithmetic holds the interpreter: it lets the main loop go first every few lessons."""

        def breathe() -> None:
            if self.stopping.wait(_BREATH):
                raise schooling.Stopped

        schooling.work(field, worker=self.worker, clock=self.clock, breathe=breathe)

    def _export(self, run: int) -> None:
        """The thread that writes only reads the database; this one's loop says that it is still at it."""

        def progress(rows: int) -> None:
            self._written[run] = rows
            if self.stopping.is_set():
                raise Stopped

        progress(0)
        try:
            exports.work(run, worker=self.worker, clock=self.clock, progress=progress)
        finally:
            self._written.pop(run, None)
