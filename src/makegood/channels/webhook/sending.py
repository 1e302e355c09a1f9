"""POST a page as JSON: signed (Standard Webhooks), no redirects, short timeouts, address checked at connect time."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
from standardwebhooks import Webhook as Signer

from makegood.channels.base import SENT, Outcome, Page, later, never
from makegood.lib.net import ForbiddenAddress, public_address
from makegood.lib.texts import whole_number

TIMEOUT_SECONDS = 15
_LONGEST_WAIT = 3600
_SLOW_DOWN = {429, 502, 503, 504}


class _Guarded(httpcore2.SyncBackend):
    """Looks names up itself and connects to just that address: what was checked is what is called."""

    def __init__(self, allowed: Collection[str]) -> None:
        super().__init__()
        self.allowed = allowed

    def connect_tcp(self, host: str, port: int, *rest: Any, **options: Any) -> httpcore2.NetworkStream:
        try:
            address = public_address(host, port, allowed=self.allowed)
        except ForbiddenAddress:
            raise
        except OSError as unknown:
            raise httpcore2.ConnectError(str(unknown)) from unknown
        return super().connect_tcp(address, port, *rest, **options)


class Webhook:
    """A Pager. ``allowed`` names hosts that may be inside our network."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self.allowed = allowed

    def send(self, page: Page, *, address: str, secret: str = "") -> Outcome:
        """POST once. 2xx is sent; 410 and other 4xx are final; the rest is tried again."""
        if urlsplit(address).scheme not in {"http", "https"}:
            return never(f"{address!r} is not an http(s) address.")
        body = json.dumps({"id": page.id, "title": page.title, "text": page.text, "url": page.url, **page.data})
        try:
            # The answer's body is never read: it could be endless, or a bomb.
            headers = _headers(page.id, body, secret)
            with self._client() as client, client.stream("POST", address, content=body.encode(), headers=headers) as it:
                return _outcome(it)
        except ForbiddenAddress as forbidden:
            return never(str(forbidden))
        except (httpx2.HTTPError, OSError) as trouble:
            return later(f"{type(trouble).__name__}: {trouble}")

    def _client(self) -> httpx2.Client:
        transport = httpx2.HTTPTransport(trust_env=False)
        transport._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(), network_backend=_Guarded(self.allowed)
        )
        return httpx2.Client(transport=transport, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


def _headers(identity: str, body: str, secret: str) -> dict[str, str]:
    moment = datetime.fromtimestamp(int(time.time()), UTC)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Makegood",
        "webhook-id": identity,
        "webhook-timestamp": str(int(moment.timestamp())),
    }
    if secret:
        headers["webhook-signature"] = Signer(secret).sign(identity, moment, body)
    return headers


def _outcome(answer: httpx2.Response) -> Outcome:
    code = answer.status_code
    if 200 <= code < 300:
        return SENT
    if code in _SLOW_DOWN:
        wait = answer.headers.get("retry-after", "")
        return later(f"The receiver answered {code}.", min(whole_number(wait) or 60, _LONGEST_WAIT))
    if 300 <= code < 400:
        return never(f"The receiver answered {code}, a redirect; redirects are not followed.")
    return never(f"The receiver answered {code}.") if code < 500 else later(f"The receiver answered {code}.")
