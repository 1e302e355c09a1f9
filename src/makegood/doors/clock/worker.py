"""The worker process: four loops, each with its own database connection.

main   ledger entries → what follows, and jobs; woken by any commit (SQLite) or five looks a second (PostgreSQL)
mail   carries due mail, so that a hanging mail server delays mail only
errand hands out webhooks and other long work to threads of their own
rounds promises that fall due, upkeep, heartbeat, and the watchdog over the main loop
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from makegood.channels.registry import mail_carrier
from makegood.doors.clock import heart, relay, rounds
from makegood.doors.clock.errands import Errands
from makegood.engine import database
from makegood.engine.live.watch import Changes
from makegood.engine.models import Job
from makegood.engine.queue import Runner
from makegood.life import reactions
from makegood.life.hooks import sending as hooks
from makegood.life.post import filing as post
from makegood.life.reports import sending
from makegood.life.transfer import exports, imports

log = structlog.get_logger("makegood.clock")

JOB_SECONDS = 60.0
_GRACE_SECONDS = 30.0
_SQLITE_PAUSE, _POSTGRES_PAUSE = 0.05, 0.2
# Nobody minds a fifth of a second with mail, and mails that go together cost half.
_MAIL_PAUSE = 0.2
# Work can fall due without any commit: look at least this often.
_LOOK_SECONDS = 1.0
ERRANDS = (hooks, imports, exports)


class Worker:
    """Runs until SIGTERM or SIGINT; then finishes the job in hand and gives the others back."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.ended = threading.Event()
        self.runner = Runner(relay.handlers(), worker=self.name, clock=timezone.now, limit_seconds=JOB_SECONDS)
        self.errands = Errands(self.name, clock=timezone.now)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        free_leases_of_the_dead()
        self._take_over()
        threads = [
            threading.Thread(target=self._loop, args=(self._mail_step(), _MAIL_PAUSE), name="mail", daemon=True),
            threading.Thread(target=self._rounds, name="rounds", daemon=True),
            threading.Thread(target=self._loop, args=(self.errands.step, _MAIL_PAUSE), name="errands", daemon=True),
        ]
        for thread in threads:
            thread.start()
        gc.collect()
        gc.freeze()
        log.info("worker.started", worker=self.name)
        self._loop(self._work_step, _SQLITE_PAUSE if database.is_embedded() else _POSTGRES_PAUSE)
        self.errands.close()
        for thread in threads:
            thread.join(15)
        log.info("worker.stopped", worker=self.name)
        return 0

    def _take_over(self) -> None:
        """What lies undelivered now may have killed the worker before: let its tries be counted. What comes meanwhile
        has not, and goes the ordinary way."""
        try:
            newest = relay.newest_undelivered()
            while relay.deliver(timezone.now(), until=newest) and not self.ended.is_set():
                pass
        except Error as away:
            log.warning("worker.database_away", error=str(away))
            connection.close()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.runner.stopping = True
        self.ended.set()

    def _work_step(self) -> bool:
        """Whether more may be waiting. Fewer entries than a whole batch were all there were: the few that came
        meanwhile wait for the next look, together with those that come until then, and cost half."""
        woken = sum(work(timezone.now(), self.runner.guarded) for work in reactions.WOKEN)
        followed = relay.follow(self.runner)
        return bool(self.runner.run_due() + woken) or followed >= relay.BATCH

    def _mail_step(self) -> Callable[[], int]:
        carrier = mail_carrier(settings.SMTP_URL, settings.DKIM)
        # Fewer than a whole batch: that was all. What is put in line meanwhile wakes the loop again.
        return lambda: sending.send_due(carrier, clock=timezone.now, stopping=self.ended.is_set) >= sending.BATCH

    def _loop(self, step: Callable[[], object], pause: float) -> None:
        """Call ``step`` until it finds nothing, then wait for a commit or the next second."""
        changes, looked = Changes(), 0.0
        while not self.ended.is_set():
            try:
                if changes.happened() or time.monotonic() - looked > _LOOK_SECONDS:
                    looked = time.monotonic()
                    while step() and not self.ended.is_set():
                        pass
            except Error as away:
                log.warning("worker.database_away", error=str(away))
                connection.close()
                self.ended.wait(1)
            self.ended.wait(pause)
        connection.close()

    def _rounds(self) -> None:
        beaten = 0.0
        while not self.ended.wait(1):
            self._watch_over_jobs()
            try:
                now = timezone.now()
                rounds.sweep_promises(now)
                if time.monotonic() - beaten > 10:
                    beaten = time.monotonic()
                    heart.beat(heart.WORKER, now)
                    rounds.go(now)
            except Error as away:
                log.warning("worker.database_away", error=str(away))
                connection.close()
            except Exception:
                log.exception("rounds.failed")
        connection.close()

    def _watch_over_jobs(self) -> None:
        """A job stuck where no alarm reaches it: end the process. The supervisor starts another; the try is counted."""
        since = self.runner.busy_since
        if since is not None and time.monotonic() - since > JOB_SECONDS + _GRACE_SECONDS:
            log.error("worker.stuck", seconds=round(time.monotonic() - since))
            os._exit(70)


def free_leases_of_the_dead() -> int:
    """Jobs leased by processes of this machine that are gone are due at once, not when the lease runs out."""
    host = socket.gethostname()
    held = Job.objects.filter(
        done_at=None, parked_at=None, leased_by__startswith=f"{host}:", leased_until__isnull=False
    )
    dead = [name for name in set(held.values_list("leased_by", flat=True)) if not _is_alive(name.rpartition(":")[2])]
    freed = held.filter(leased_by__in=dead).update(leased_until=None) + _free_errands(f"{host}:")
    if database.is_embedded():  # one worker at a time: whatever is still "sending" was in the hands of the last
        freed += sending.free_leases()
    freed += post.free_tries(timezone.now())
    return freed


def _free_errands(begins: str) -> int:
    holders = {name for part in ERRANDS for name in part.lease_holders() if name.startswith(begins)}
    dead = [name for name in holders if not _is_alive(name.rpartition(":")[2])]
    return sum(part.free_leases(name) for part in ERRANDS for name in dead)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return int(pid) != os.getpid()
