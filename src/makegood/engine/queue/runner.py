"""Runs claimed jobs in the worker's main thread, each under a time limit.

No transaction is opened around a handler: on SQLite it would hold the one write lock while a webhook waits for an
answer. Handlers call verbs, which open their own, and may be run again after any of them.

Two nets: an alarm raises ``OutOfTime`` inside Python code that runs too long; code that even the alarm cannot reach
(stuck in C) is the watchdog's business, see ``doors/clock``: it ends the process, and the next claim counts the try.
"""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog

from makegood.engine.models import Job
from makegood.engine.queue import jobs

log = structlog.get_logger("makegood.queue")

Handler = Callable[[dict[str, Any], datetime], object]
Clock = Callable[[], datetime]


class OutOfTime(Exception):
    """A job ran longer than its limit."""


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help: the job is parked at once with this reason."""


class Runner:
    """Claims due jobs and runs them. ``handlers``: name → function of (payload, now). ``clock`` gives the moment."""

    def __init__(
        self, handlers: dict[str, Handler], *, worker: str, clock: Clock, limit_seconds: float = 60, batch: int = 20
    ) -> None:
        self.handlers = handlers
        self.worker = worker
        self.clock = clock
        self.limit_seconds = limit_seconds
        self.batch = batch
        self.busy_since: float | None = None
        self.stopping = False

    def run_due(self) -> int:
        """Run one batch; return how many jobs were claimed. Zero means there is nothing to do now."""
        claimed = jobs.claim(self.worker, now=self.clock(), limit=self.batch)
        done: list[int] = []
        flushed = time.monotonic()
        for position, job in enumerate(claimed):
            if self.stopping:
                jobs.release([j.pk for j in claimed[position:]], self.worker, now=self.clock())
                break
            if self._run(job):
                done.append(job.pk)
            if time.monotonic() - flushed > 2:
                jobs.finish(done, now=self.clock())
                jobs.extend([j.pk for j in claimed[position + 1 :]], self.worker, now=self.clock())
                done, flushed = [], time.monotonic()
        if done:
            jobs.finish(done, now=self.clock())
        return len(claimed)

    def _run(self, job: Job) -> bool:
        handler = self.handlers.get(job.name)
        now = self.clock()
        if handler is None:
            jobs.fail(job, f"Nobody here knows how to do {job.name!r}.", now=now)
            return False
        if job.attempts > jobs.MAX_ATTEMPTS:
            jobs.fail(job, job.last_error or "The worker died each time it did this.", now=now, retry=False)
            return False
        try:
            with self.guarded():
                handler(job.payload, now)
        except GiveUp as refusal:
            jobs.fail(job, str(refusal), now=self.clock(), retry=False)
            return False
        except Exception as trouble:  # noqa: BLE001 - one bad job must not stop the others
            jobs.fail(job, told(trouble), now=self.clock())
            log.warning("job.failed", job=job.name, key=job.key, attempt=job.attempts, error=repr(trouble))
            return False
        return True

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """A piece of work under the time limit and the eyes of the watchdog."""
        self.busy_since = time.monotonic()
        try:
            with time_limit(self.limit_seconds):
                yield
        finally:
            self.busy_since = None


def told(trouble: Exception) -> str:
    """What went wrong and where, in a line."""
    where = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__}: {trouble} ({where.name}, line {where.lineno})"


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after ``seconds``. Outside the main thread there is no alarm: no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: object) -> None:
        raise OutOfTime(f"It ran longer than {seconds:g} seconds.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
