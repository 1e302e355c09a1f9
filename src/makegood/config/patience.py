"""How long, and how much, a browser may take to say what it wants.

uvicorn waits for ever for the rest of a request's head, and reads heads of any size: three hundred silent connections
cost nothing and keep as many sockets. Here a head comes whole within seconds and kilobytes, or the line is cut.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
HEAD_BYTES = 64_000


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.head_timer: asyncio.TimerHandle | None = None
        self.head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._begin_head()
        self.head_bytes += len(data)
        super().data_received(data)
        # Still no end of the head: what came so far is all head.
        if self.head_timer is not None and self.head_bytes > HEAD_BYTES:
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._end_head()
        super().on_headers_complete()

    def _begin_head(self) -> None:
        self.head_bytes = 0
        self.head_timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _end_head(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None
