"""A thread for each active mailbox. It holds the mailbox's lease, looks, listens for news, and looks again.

Whatever goes wrong ends the connection, is written down, and is tried again after a wait that grows. ``Fetchers``
starts and stops the threads as mailboxes are added, changed and paused, and cuts the line of one that hangs.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import Error, connection
from django.utils import timezone

from makegood.channels.imap.account import Trouble
from makegood.channels.imap.session import IDLE_SECONDS, Session
from makegood.doors.mailbox.looking import look
from makegood.engine.secrets import NotOurs
from makegood.lib.errors import Refusal
from makegood.life.reports import fetching, mailboxes
from makegood.life.reports.models import Mailbox

log = structlog.get_logger("makegood.mailbox")


@dataclass(frozen=True)
class Patience:
    """All the waits, in seconds."""

    idle: float = IDLE_SECONDS
    glance: float = 1
    poll: float = 60
    renew: float = 30
    supervise: float = 5
    hangs: float = 900
    first_wait: float = 5
    longest_wait: float = 300
    sign_in_wait: float = 60
    longest_sign_in_wait: float = 1800

    def after(self, falls: int, *, is_about_signing_in: bool) -> float:
        """How long to wait after the given number of failures in a row, ±20 %."""
        first, longest = self.first_wait, self.longest_wait
        if is_about_signing_in:  # servers lock accounts that knock too often
            first, longest = self.sign_in_wait, self.longest_sign_in_wait
        return min(longest, first * 2 ** min(falls - 1, 20)) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter


class Fetcher(threading.Thread):
    """Fetches one mailbox until ``stop``."""

    def __init__(self, pk: int, *, holder: str, clock: Callable[[], datetime], patience: Patience) -> None:
        super().__init__(name=f"mailbox-{pk}", daemon=True)
        self.pk, self.holder, self.clock, self.patience = pk, holder, clock, patience
        self.ended = threading.Event()
        self.session: Session | None = None
        self.busy_since: float | None = None
        self.renewed = 0.0

    def run(self) -> None:
        falls = 0
        while not self.ended.is_set():
            wait = self.patience.renew
            try:
                if self._has_lease():
                    self._stay()
                    falls, wait = 0, 0.0
            except Exception as trouble:  # noqa: BLE001 - written down, and the others go on
                falls += 1
                wait = self._note(trouble, falls)
            self.busy_since = self.session = None
            self.ended.wait(wait)
        self._leave()

    def stop(self) -> None:
        self.ended.set()

    def cut_if_hanging(self) -> None:
        """Called by others: a server that sends a byte now and then never runs into a time-out."""
        session, since = self.session, self.busy_since
        if session is not None and since is not None and time.monotonic() - since > self.patience.hangs:
            session.abort()

    def _stay(self) -> None:
        """Sign in, then look and listen for as long as the lease is ours. Raises whatever goes wrong."""
        mailbox = Mailbox.objects.get(pk=self.pk)
        with Session(mailboxes.account_of(mailbox)) as self.session:
            log.info("mailbox.opened", mailbox=mailbox.slug)
            while self._may_go_on():
                self.busy_since = time.monotonic()
                count = look(mailbox, self.session, clock=self.clock, go_on=self._may_go_on)
                self.busy_since = None
                if count:
                    log.info("mailbox.kept", mailbox=mailbox.slug, mails=count)
                pause = self.patience.idle if self.session.can_idle else self.patience.poll
                self.session.wait(pause, go_on=self._may_go_on, slice_seconds=self.patience.glance)

    def _may_go_on(self) -> bool:
        if self.busy_since is not None:
            self.busy_since = time.monotonic()
        return not self.ended.is_set() and self._has_lease()

    def _has_lease(self) -> bool:
        """Take it or keep it, asking the database only now and then."""
        if self.renewed and time.monotonic() - self.renewed < self.patience.renew:
            return True
        is_mine = fetching.lease(self.pk, by=self.holder, now=self.clock())
        self.renewed = time.monotonic() if is_mine else 0.0
        return is_mine

    def _note(self, trouble: Exception, falls: int) -> float:
        """Write down what went wrong; return how long to wait."""
        log.warning("mailbox.trouble", mailbox=self.pk, error=repr(trouble)[:300], falls=falls)
        self.renewed = 0.0
        if isinstance(trouble, Error):
            connection.close()
        else:
            self._tell(_words(trouble))
        is_about_signing_in = isinstance(trouble, Trouble) and trouble.is_about_signing_in
        return self.patience.after(falls, is_about_signing_in=is_about_signing_in)

    def _tell(self, words: str) -> None:
        try:
            fetching.failed(self.pk, words)
        except Error as away:
            log.warning("mailbox.database_away", error=str(away))
            connection.close()

    def _leave(self) -> None:
        try:
            fetching.release(self.pk, by=self.holder)
        except Error as away:  # the lease runs out by itself
            log.warning("mailbox.database_away", error=str(away))
        connection.close()


class Fetchers(threading.Thread):
    """Keeps one Fetcher running for each mailbox that is to be fetched."""

    def __init__(self, *, clock: Callable[[], datetime] = timezone.now, patience: Patience | None = None) -> None:
        super().__init__(name="mailboxes", daemon=True)
        self.clock, self.patience = clock, patience or Patience()
        self.holder = f"{socket.gethostname()}:{os.getpid()}"
        self.ended = threading.Event()
        self.running: dict[int, tuple[datetime | None, Fetcher]] = {}

    def run(self) -> None:
        self._try(self._free_leases_of_the_dead)
        while not self.ended.is_set():
            self._try(self.supervise)
            self.ended.wait(self.patience.supervise)
        for _changed_at, fetcher in self.running.values():
            fetcher.stop()
        deadline = time.monotonic() + 5
        for _changed_at, fetcher in self.running.values():
            fetcher.join(max(0.0, deadline - time.monotonic()))
        connection.close()

    def stop(self) -> None:
        """Ask all to end; whoever does not within seconds is left behind, which loses nothing."""
        self.ended.set()
        self.join(8)

    def supervise(self) -> None:
        """Start what is missing, stop what is no longer wanted or was changed, cut what hangs."""
        wanted = fetching.to_fetch()
        for pk, (changed_at, fetcher) in list(self.running.items()):
            if wanted.get(pk, changed_at) != changed_at or pk not in wanted:
                fetcher.stop()
            if not fetcher.is_alive():
                del self.running[pk]
            fetcher.cut_if_hanging()
        for pk, changed_at in wanted.items():
            if pk not in self.running:
                fetcher = Fetcher(pk, holder=self.holder, clock=self.clock, patience=self.patience)
                self.running[pk] = changed_at, fetcher
                fetcher.start()

    def _free_leases_of_the_dead(self) -> None:
        """Fetchers of this machine that were killed would otherwise keep a mailbox to themselves for a while."""
        host = socket.gethostname()
        for holder in fetching.lease_holders():
            name, _colon, pid = holder.rpartition(":")
            if name == host and (pid == str(os.getpid()) or not os.path.exists(f"/proc/{pid}")):
                fetching.free_leases(holder)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Error as away:
            log.warning("mailbox.database_away", error=str(away))
            connection.close()


def _words(trouble: Exception) -> str:
    if isinstance(trouble, Trouble):
        return mailboxes.in_words(trouble)
    if isinstance(trouble, (Refusal, NotOurs)):
        return str(trouble)
    return f"{type(trouble).__name__}: {trouble}"
