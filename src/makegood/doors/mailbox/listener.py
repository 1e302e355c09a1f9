"""The SMTP listener: a mail server of ours hands mail over, and hears "250" only after it is kept and committed.

Never a relay: a recipient that is not one of our mailboxes' addresses is refused (550). Speaks neither TLS nor AUTH:
its place is behind a mail server that has checked what came, on the same machine.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, connection
from django.utils import timezone

from makegood import __version__
from makegood.doors.mailbox.looking import MAX_BYTES
from makegood.lib.errors import Refusal
from makegood.life.post import actions
from makegood.life.reports import fetching, mailboxes
from makegood.life.reports.models import Mailbox

log = structlog.get_logger("makegood.mailbox")
# It would write every address down.
logging.getLogger("mail.log").setLevel(logging.ERROR)

CONNECTIONS, RECIPIENTS, COMMANDS = 50, 100, 2000
TIMEOUT_SECONDS, RETRY_SECONDS = 300, 5
LATER = "451 4.3.0 We cannot keep it now, please try again later"


class Taking:
    """What the server does with each part of a conversation; aiosmtpd calls these by name."""

    def __init__(self, pool: ThreadPoolExecutor, clock: Callable[[], datetime]) -> None:
        self.pool, self.clock = pool, clock

    async def handle_RCPT(self, *said: Any) -> str:  # noqa: N802
        """Only for us."""
        _server, _session, envelope, address, _options = said
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if address != _plain(address):
            return "553 5.1.3 That is not an address"
        try:
            is_ours = bool(await self._in_thread(_mailboxes, [address]))
        except Error as away:
            return _later(away)
        if not is_ours:
            return "550 5.1.1 Nobody here has that address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it, then say so."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            sender = _plain(envelope.mail_from or "").replace("<>", "")
            key = await self._in_thread(_keep, raw, sender, envelope.rcpt_tos, self.clock())
        except (Error, Refusal, OSError) as trouble:
            return _later(trouble)
        return f"250 2.0.0 Kept as {key}"

    async def handle_exception(self, trouble: Exception) -> str:
        """Whatever we did not think of: the mail stays with the sender, who tries again."""
        log.error("listener.failed", error=repr(trouble)[:300], exc_info=trouble)
        return LATER

    async def _in_thread(self, work: Callable[..., Any], *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, _connected, work, words)


class _Conversation(SMTP):
    """One connection; there are at most so many at a time. Lines may be longer than the RFC's 998: mail of sloppy
    senders comes through mail servers that do not fold it."""

    line_length_limit = 65_536

    def __init__(self, taking: Taking, *, open_ones: set[_Conversation], **options: Any) -> None:
        super().__init__(taking, **options)
        self.open_ones = open_ones

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.open_ones.add(self)
        if len(self.open_ones) > CONNECTIONS:
            transport.write(b"421 4.7.0 Too many connections, please try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.open_ones.discard(self)
        super().connection_lost(error)


class Listener(threading.Thread):
    """Listens on ``host``:``port`` until ``stop``. ``port`` 0 is any free one; it then stands in ``port``."""

    def __init__(self, host: str, port: int, *, name: str, clock: Callable[[], datetime] = timezone.now) -> None:
        super().__init__(name="smtp-listener", daemon=True)
        self.host, self.port, self.host_name, self.clock = host, port, name, clock
        self.loop = asyncio.new_event_loop()
        self.open_ones: set[_Conversation] = set()
        self.is_open, self.ended = threading.Event(), threading.Event()
        # One thread, one database connection: mails come one after another, which a mail server does not mind.
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="smtp-keeper")

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self._opened()
        if server is None:
            return
        self.port = server.sockets[0].getsockname()[1]
        log.info("listener.open", host=self.host, port=self.port)
        self.is_open.set()
        if not self.ended.is_set():
            self.loop.run_forever()
        server.close()
        self._end_conversations()
        self.pool.submit(connection.close)
        self.pool.shutdown(wait=True)
        self.loop.close()

    def stop(self) -> None:
        self.ended.set()
        if self.is_open.is_set():
            self.loop.call_soon_threadsafe(self.loop.stop)
        self.join(8)

    def _opened(self) -> asyncio.Server | None:
        """Whoever has the port may be the worker before us, on its way out: try until it is free."""
        while not self.ended.is_set():
            try:
                coming = self.loop.create_server(self._conversation, self.host, self.port)
                return self.loop.run_until_complete(coming)
            except OSError as trouble:
                log.error("listener.failed", host=self.host, port=self.port, error=str(trouble))
                self.ended.wait(RETRY_SECONDS)
        return None

    def _end_conversations(self) -> None:
        """Whoever has not heard a "250" by now sends again."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    def _conversation(self) -> SMTP:
        return _Conversation(
            Taking(self.pool, self.clock),
            open_ones=self.open_ones,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=self.host_name,
            ident=f"Makegood {__version__}",
            timeout=TIMEOUT_SECONDS,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit=COMMANDS,
            loop=self.loop,
        )


def _keep(raw: bytes, sender: str, recipients: list[str], at: datetime) -> str:
    found = _mailboxes(recipients)
    mailbox = next((found[address] for address in recipients if address in found), None)
    incoming = actions.keep(raw, source="smtp", mailbox=mailbox, envelope_from=sender, envelope_to=recipients, at=at)
    if mailbox is not None:
        fetching.looked(mailbox.pk, at=at)
    return incoming.key


def _plain(address: str) -> str:
    """Without what no database takes: bytes that are no text, and NUL."""
    return address.encode("utf-8", "replace").decode().replace("\0", "?")


def _mailboxes(addresses: list[str]) -> dict[str, Mailbox]:
    return mailboxes.taking(addresses)


def _connected(work: Callable[..., Any], words: tuple[Any, ...]) -> Any:
    """``work`` on the keeper's database connection, which is made anew after trouble."""
    try:
        return work(*words)
    except Error:
        connection.close()
        raise


def _later(trouble: Exception) -> str:
    log.warning("listener.trouble", error=repr(trouble)[:300])
    return LATER
