"""The bridge: an ASGI application that runs a WSGI one in a fixed pool of threads.

Why not Django's own ASGI mode: with synchronous code it starts a thread and a database connection per request and
answers a fifth as fast. Here each thread keeps its connection. The event loop reads the body (large ones to disk) and
sends the answer, so that a slow client never holds a thread.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import IO, Any

import structlog

from makegood.config import logs

log = structlog.get_logger("makegood.web")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Say = Callable[[int, str, str], tuple[bytes, bytes] | None]

# Most answers take less. Whoever would wait longer for the first thread is answered by another.
FIRST_SECONDS = 0.02
_SPOOL_AFTER = 1_000_000
_BUFFER = 1_000_000
_SINGLE = {"host", "content-length", "content-type", "authorization", "cookie", "user-agent", "referer"}


class _BodyTooBig(Exception):
    pass


class _ClientGone(Exception):
    pass


class _TooSlow(Exception):
    pass


@dataclass
class _Answer:
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        if exc_info and self.body:
            raise exc_info[1]
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._no_write

    @staticmethod
    def _no_write(_data: bytes) -> None:
        raise NotImplementedError("write() is a relic of CGI; return an iterable.")


@dataclass(frozen=True)
class Limits:
    """What one request may cost: bytes of body, seconds between two pieces of it, seconds in all, requests waiting.

    ``say``: media type and body of a refusal at an address, where plain words would not do.
    ``plain_body``: bytes where ``takes_files`` says no of the path. ``slowest``: bytes a second a body must come at
    once ``idle_seconds`` are over. ``reading``: bodies on their way at once; they keep no other request waiting.
    """

    body: int
    idle_seconds: float = 15
    request_seconds: float = 30
    waiting: int = 200
    reading: int = 300
    slowest: int = 10_000
    plain_body: int = 0
    takes_files: Callable[[str], bool] = lambda _path: True
    say: Say = lambda _status, _words, _path: None

    def body_at(self, path: str) -> int:
        return self.body if not self.plain_body or self.takes_files(path) else self.plain_body


class Bridge:
    """Runs ``application`` (WSGI) in ``pool``. Refuses with 413 (too big), 408 (too slow), 503 (too busy, too long).

    ``first``: a pool of one thread for whatever it can begin within ``FIRST_SECONDS``; the rest goes to ``pool``. An
    embedded database reads anew what another connection has written: as long as requests are quick, one thread with a
    connection that stays warm answers a fifth more of them than four that take turns.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        pool: Executor,
        limits: Limits,
        first: Executor | None = None,
    ) -> None:
        self.application = application
        self.pool = pool
        self.first = first
        self.limits = limits
        self.waiting = 0
        self.reading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        scope["request_id"] = os.urandom(6).hex()
        status = 0
        try:
            status = await self._handle(scope, receive, send)
        except _ClientGone:
            status = 499
        except _BodyTooBig:
            status = await self._refuse(
                scope, send, 413, "This is more than can be sent at once. Please attach fewer or smaller files."
            )
        except _TooSlow:
            words = "The connection was too slow to receive this. Please try again."
            status = await self._refuse(scope, send, 408, words)
        finally:
            logs.tell_request(log, scope, status, time.perf_counter() - began)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> int:
        if self.waiting >= self.limits.waiting or self.reading >= self.limits.reading:
            return await self._refuse(
                scope, send, 503, "Many people are writing to us at this moment. Please try again in a few seconds."
            )
        self.reading += 1
        try:
            received = await self._read(scope, receive)
        finally:
            self.reading -= 1
        self.waiting += 1
        try:
            with received as body:
                work = await self._begin(_environ(scope, body))
                done, _ = await asyncio.wait({work}, timeout=self.limits.request_seconds)
                if not done:
                    work.add_done_callback(lambda late: late.exception())
                    log.error("request.out_of_time", path=logs.redact(scope["path"]))
                    return await self._refuse(
                        scope,
                        send,
                        503,
                        "This took too long. What you sent may still arrive; please look before you send it again.",
                    )
                answer = work.result()
        finally:
            self.waiting -= 1
        await self._send(answer, send)
        return answer.status

    async def _begin(self, environ: dict[str, Any]) -> asyncio.Future[_Answer]:
        """The answer to come, of a thread that has begun with it or will soon."""
        if self.first is not None:
            asked = self.first.submit(self._run, environ)
            work = asyncio.wrap_future(asked)
            done, _ = await asyncio.wait({work}, timeout=FIRST_SECONDS)
            if done or not asked.cancel():
                return work
        return asyncio.get_running_loop().run_in_executor(self.pool, self._run, environ)

    async def _refuse(self, scope: Scope, send: Send, status: int, words: str) -> int:
        return await refuse(send, status, words, self.limits.say(status, words, scope["path"]))

    async def _read(self, scope: Scope, receive: Receive) -> IO[bytes]:
        """The whole body, read by the loop: in memory while small, on disk beyond."""
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        most = self.limits.body_at(scope["path"])
        if not declared.isdigit() or len(declared) > 18 or int(declared) > most:
            raise _BodyTooBig
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + self.limits.idle_seconds
        body: IO[bytes] | None = None
        size = 0
        more = True
        while more:
            left = patient_until + size / self.limits.slowest - loop.time()
            try:
                async with asyncio.timeout(min(max(left, 0.001), self.limits.idle_seconds)):
                    message = await receive()
            except TimeoutError:
                _drop(body)
                raise _TooSlow from None
            if message["type"] == "http.disconnect":
                _drop(body)
                raise _ClientGone
            chunk, more = message.get("body", b""), message.get("more_body", False)
            if body is None:
                if not more and len(chunk) <= most:
                    return io.BytesIO(chunk)
                body = tempfile.SpooledTemporaryFile(_SPOOL_AFTER)  # noqa: SIM115 - the caller closes it
            size += len(chunk)
            if size > most:
                _drop(body)
                raise _BodyTooBig
            body.write(chunk)
        assert body is not None
        body.seek(0)
        return body

    def _run(self, environ: dict[str, Any]) -> _Answer:
        """In a thread of the pool: run the application, gather the answer while it is small."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=environ["makegood.request_id"])
        answer = _Answer()
        result = self.application(environ, answer.start)
        pieces = iter(result)
        close = getattr(result, "close", None)
        gathered: list[bytes] = []
        size = 0
        try:
            for piece in pieces:
                gathered.append(piece)
                size += len(piece)
                if size >= _BUFFER:
                    answer.rest, answer.close, close = pieces, close, None
                    break
        finally:
            if close:
                close()
        answer.body = b"".join(gathered)
        return answer

    async def _send(self, answer: _Answer, send: Send) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": answer.rest is not None})
        if answer.rest is None:
            return
        loop = asyncio.get_running_loop()
        try:
            while True:
                piece = await loop.run_in_executor(self.pool, next, answer.rest, None)
                if piece is None:
                    break
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if answer.close:
                await loop.run_in_executor(self.pool, answer.close)


def _drop(body: IO[bytes] | None) -> None:
    if body is not None:
        body.close()


def _environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """A WSGI environment for an ASGI scope. Of headers that may come once, the first counts."""
    host, port = scope.get("server") or ("127.0.0.1", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "makegood.request_id": scope["request_id"],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue  # "X_Forwarded_For" must not pass for "X-Forwarded-For"
        key = name.upper().replace("-", "_")
        if name not in {"content-type", "content-length"}:
            key = f"HTTP_{key}"
        if key not in environ:
            environ[key] = value
        elif name not in _SINGLE:
            environ[key] += f",{value}"
        elif name == "cookie":
            environ[key] += f"; {value}"
    if "CONTENT_LENGTH" not in environ:
        environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
        body.seek(0)
    return environ


async def refuse(send: Send, status: int, words: str, told: tuple[bytes, bytes] | None = None) -> int:
    """Answer without Django: in plain words, or as ``told`` (media type and body)."""
    media_type, body = told or (b"text/plain; charset=utf-8", f"{words}\n".encode())
    headers = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"5"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return status
