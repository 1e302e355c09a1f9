"""The application behind /live/: Server-Sent Events straight from ASGI, without Django inside the stream.

A stream that touched the ORM would keep a thread and a database connection for hours. So who is asking is settled
once, in the pool; afterwards the stream lives on a queue filled by one watcher thread per process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from makegood.engine.live.events import Event, oldest_id, since
from makegood.engine.live.watch import Watcher
from makegood.lib.texts import whole_number

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT_SECONDS = 15
# Then the browser comes again and is asked anew who it is: rights and sessions may have ended meanwhile.
LIFETIME_SECONDS = 600
MAX_STREAMS = 2000
MAX_PER_USER = 8
MAX_WAITING = 200
_RESET = b"event: reset\ndata: {}\n\n"


@dataclass(frozen=True)
class Listener:
    """Who listens: ``user`` for the cap, ``may_hear`` decides per topic, in the event loop, so from memory only."""

    user: str
    may_hear: Callable[[str], bool]


@dataclass(eq=False)
class _Stream:
    listener: Listener
    wanted: frozenset[str]
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))

    def line(self, event: Event) -> bytes | None:
        heard = [topic for topic in event.topics if self.listener.may_hear(topic)]
        topics = [topic for topic in heard if not self.wanted or topic in self.wanted]
        if not topics:
            return None
        # Which row it was is for those only who may hear all that was said of it.
        ref = event.ref if len(heard) == len(event.topics) else ""
        data = json.dumps({"topics": sorted(topics), "ref": ref}, separators=(",", ":"))
        return f"id: {event.id}\ndata: {data}\n\n".encode()

    def offer(self, chunk: bytes | None) -> None:
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            chunk = None if chunk is None else _RESET
        self.queue.put_nowait(chunk)


class Hub:
    """``authorise(scope)`` runs in ``pool`` and returns a Listener, or None to refuse.

    ``learn(topics)`` may ask the database; it is called before listeners are asked whether they may hear these topics.
    """

    def __init__(
        self,
        authorise: Callable[[Scope], Listener | None],
        pool: Executor,
        learn: Callable[[set[str]], None] = lambda _topics: None,
    ) -> None:
        self.authorise = authorise
        self.learn = learn
        self.pool = pool
        self.streams: list[_Stream] = []
        self.watcher: Watcher | None = None
        self.closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        listener = None if self.closing else await loop.run_in_executor(self.pool, self.authorise, scope)
        if listener is None:
            await _refuse(send, 503 if self.closing else 403)
            return
        if len(self.streams) >= MAX_STREAMS:
            await _refuse(send, 503)
            return
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        wanted = frozenset(",".join(query.get("topics", [])).replace(",", " ").split())
        stream = _Stream(listener, wanted)
        self._admit(stream, loop)
        try:
            missed = await loop.run_in_executor(self.pool, self._missed, scope)
            await self._serve(stream, missed, receive, send)
        finally:
            if stream in self.streams:
                self.streams.remove(stream)

    def close(self) -> None:
        """End all streams; browsers come back by themselves."""
        self.closing = True
        if self.watcher:
            self.watcher.stop()
        for stream in self.streams:
            stream.offer(None)

    def _admit(self, stream: _Stream, loop: asyncio.AbstractEventLoop) -> None:
        own = [s for s in self.streams if s.listener.user == stream.listener.user]
        for oldest in own[: max(0, len(own) - MAX_PER_USER + 1)]:
            oldest.offer(None)
            self.streams.remove(oldest)
        self.streams.append(stream)
        if self.watcher is None:

            def deliver(events: list[Event]) -> None:
                self.learn(_topics(events))
                loop.call_soon_threadsafe(self._spread, events)

            self.watcher = Watcher(deliver)
            self.watcher.start()

    def _spread(self, events: list[Event]) -> None:
        for stream in self.streams:
            for event in events:
                if line := stream.line(event):
                    stream.offer(line)

    def _missed(self, scope: Scope) -> list[Event] | None:
        """Events since the browser's Last-Event-ID; None when it has been away longer than we remember."""
        given = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
        last = whole_number(given)
        if last is None:
            return []
        if last + 1 < oldest_id():
            return None
        missed = since(last, limit=501)
        self.learn(_topics(missed))
        return None if len(missed) > 500 else missed

    async def _serve(self, stream: _Stream, missed: list[Event] | None, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        first = _RESET if missed is None else b"".join(filter(None, map(stream.line, missed)))
        await send(_part(b"retry: 2000\n: hello\n\n" + first))
        gone = asyncio.create_task(_until_gone(receive))
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + LIFETIME_SECONDS
        try:
            while True:
                if loop.time() > ends_at:
                    stream.offer(None)
                taking = asyncio.create_task(stream.queue.get())
                await asyncio.wait({taking, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    taking.cancel()
                    return
                if not taking.done():
                    taking.cancel()
                    await send(_part(b": beat\n\n"))
                    continue
                chunk = taking.result()
                if chunk is None:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return
                await send(_part(chunk))
        finally:
            gone.cancel()


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def _topics(events: list[Event]) -> set[str]:
    return {topic for event in events for topic in event.topics}


def _part(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"retry-after", b"10")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"Not now." if status == 503 else b"Sign in first."})
