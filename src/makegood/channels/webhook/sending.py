"""POST a page as JSON, signed (Standard Webhooks)."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Collection
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from makegood.channels.base import SENT, Outcome, Page, later, never
from makegood.channels.webhook.posting import Answer, Poster
from makegood.lib.texts import whole_number

_LONGEST_WAIT = 3600
_SLOW_DOWN = {429, 502, 503, 504}


class Webhook:
    """A Pager. ``allowed`` names hosts that may be inside our network."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self.allowed = allowed

    def send(self, page: Page, *, address: str, secret: str = "") -> Outcome:
        """POST once. 2xx is sent; 410 and other 4xx are final; the rest is tried again."""
        body = json.dumps({"id": page.id, "title": page.title, "text": page.text, "url": page.url, **page.data})
        poster = Poster(self.allowed)
        try:
            moment = datetime.fromtimestamp(int(time.time()), UTC)
            headers = signed_headers(page.id, body, *([secret] if secret else []), at=moment)
            return _outcome(poster.post(address, body.encode(), headers))
        finally:
            poster.close()


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(identity: str, body: str, *keys: str, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; one signature for each of ``keys``, so that a receiver can change over."""
    headers = {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
    }
    if keys:
        moment = at.replace(microsecond=0)
        headers["webhook-signature"] = " ".join(Signer(key).sign(identity, moment, body) for key in keys)
    return headers


def _outcome(answer: Answer) -> Outcome:
    code = answer.status
    if answer.is_taken:
        return SENT
    if not code:
        return never(answer.reason) if answer.is_forbidden else later(answer.reason)
    if code in _SLOW_DOWN:
        wait = min(whole_number(answer.retry_after) or 60, _LONGEST_WAIT)
        return later(f"The receiver answered {code}.", wait)
    if 300 <= code < 400:
        return never(f"The receiver answered {code}, a redirect; redirects are not followed.")
    return never(f"The receiver answered {code}.") if code < 500 else later(f"The receiver answered {code}.")
