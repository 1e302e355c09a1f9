"""One POST to an address somebody else chose: guarded, timed, never redirected.

Guarded: the name is looked up here, every address it has must be public, and just the checked ones are called, so that
a name which answers differently a moment later (DNS rebinding) gains nothing. Timed: the whole exchange ends by one
deadline, however slowly the other side drips. The answer's body is read up to a kilobyte and not unpacked.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from makegood.lib.net import ForbiddenAddress, public_addresses

TIMEOUT_SECONDS = 20
KEPT_OF_ANSWER = 1024


@dataclass(frozen=True)
class Answer:
    """What came of a POST. ``status`` 0: no answer, for ``reason``; ``is_forbidden``: we would not even call."""

    status: int = 0
    text: str = ""
    reason: str = ""
    milliseconds: int = 0
    retry_after: str = ""
    is_forbidden: bool = False

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


class Poster:
    """Posts to one or more addresses over its own connections; close it. ``allowed`` names hosts that may be inside."""

    def __init__(self, allowed: Collection[str] = (), *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.timeout_seconds = timeout_seconds
        self._network = _Guarded({host.lower() for host in allowed})
        transport = httpx2.HTTPTransport(verify=_trusted(), trust_env=False)
        transport._pool = httpcore2.ConnectionPool(
            ssl_context=_trusted(), network_backend=self._network, max_keepalive_connections=2
        )
        self._client = httpx2.Client(
            transport=transport, timeout=timeout_seconds, follow_redirects=False, trust_env=False
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST once. Never raises for trouble outside."""
        return self.send("POST", url, body, headers)

    def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], *, keep: int = KEPT_OF_ANSWER
    ) -> Answer:
        """Ask once, by any method, and keep so much of the answer. Never raises for trouble outside."""
        if urlsplit(url).scheme not in {"http", "https"}:
            return Answer(reason=f"{url!r} is not an http(s) address.", is_forbidden=True)
        began = time.monotonic()
        self._network.deadline = began + self.timeout_seconds
        given = {"User-Agent": "Makegood", "Accept-Encoding": "identity", **headers}
        try:
            with self._client.stream(method, url, content=body, headers=given) as answer:
                text = _first_words(answer, keep)
                after = answer.headers.get("retry-after", "")
                return Answer(answer.status_code, text, "", _since(began), after)
        except ForbiddenAddress as forbidden:
            return Answer(reason=str(forbidden), milliseconds=_since(began), is_forbidden=True)
        except httpx2.TimeoutException:
            words = f"There was no answer within {self.timeout_seconds:g} seconds."
            return Answer(reason=words, milliseconds=_since(began))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as trouble:
            return Answer(reason=f"{type(trouble).__name__}: {trouble}"[:500], milliseconds=_since(began))

    def close(self) -> None:
        self._client.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: read once, because reading takes a tenth of a second and each poster would."""
    return httpx2.create_ssl_context()


def _first_words(answer: httpx2.Response, keep: int) -> str:
    """The first ``keep`` bytes as text. Even if it breaks off, an answer has been given: its head is here."""
    kept = b""
    try:
        for part in answer.iter_raw():
            kept += part
            if len(kept) >= keep:
                break
    except httpx2.HTTPError:
        kept += b" [broken off]"
    return kept[:keep].decode(errors="replace").replace("\x00", "")


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


class _Guarded(httpcore2.SyncBackend):
    """Looks names up itself and connects to just those addresses, all within the deadline."""

    def __init__(self, allowed: Collection[str]) -> None:
        super().__init__()
        self.allowed = allowed
        self.deadline = 0.0

    def connect_tcp(self, host: str, port: int, *_rest: Any, **options: Any) -> httpcore2.NetworkStream:
        try:
            addresses = public_addresses(host, port, allowed=self.allowed)
        except ForbiddenAddress:
            raise
        except (OSError, UnicodeError) as unknown:
            raise httpcore2.ConnectError(f"{host}: {unknown}") from unknown
        for place, address in enumerate(addresses, 1):
            try:
                return _Timed(super().connect_tcp(address, port, **{**options, "timeout": self.left()}), self)
            except httpcore2.ConnectError:
                if place == len(addresses):
                    raise
        raise httpcore2.ConnectError(f"{host} has no address.")

    def left(self) -> float:
        """The seconds that are left. Raises ConnectTimeout when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ConnectTimeout("Out of time.")
        return left


class _Timed(httpcore2.NetworkStream):
    """A stream each of whose waits ends by the deadline of the exchange."""

    def __init__(self, stream: httpcore2.NetworkStream, network: _Guarded) -> None:
        self.stream, self.network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.network.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.network.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        # A handshake is many waits of which each begins anew: only closing the line ends one that drips.
        left, line = self.network.left(), self.stream.get_extra_info("socket")
        guard = threading.Timer(left, _hang_up, (line,))
        guard.start()
        try:
            inner = self.stream.start_tls(ssl_context, server_hostname=server_hostname, timeout=left)
        finally:
            guard.cancel()
        return _Timed(inner, self.network)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
