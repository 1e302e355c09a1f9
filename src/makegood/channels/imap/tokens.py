"""OAuth2 without a person: a refresh token, or the client itself, is exchanged for a token that lasts about an hour.

Only https, only hosts that are known or that the operator has named: what is sent there opens a mailbox.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from makegood.channels.imap.account import TOKEN, Trouble

TIMEOUT_SECONDS = 15
KNOWN_HOSTS = frozenset({"oauth2.googleapis.com", "login.microsoftonline.com", "login.microsoftonline.us"})
_LONGEST_ANSWER = 100_000
# A token is not used in its last minutes: a look may take a while.
_MARGIN_SECONDS = 300


@dataclass(frozen=True)
class Grant:
    """``refresh_token`` empty: the client signs in for itself (client credentials), with ``client_secret``."""

    token_url: str
    client_id: str
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""

    @property
    def form(self) -> dict[str, str]:
        kind = "refresh_token" if self.refresh_token else "client_credentials"
        given = {
            "grant_type": kind,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
        }
        return {name: value for name, value in given.items() if value}


def is_allowed(token_url: str, *, allowed: Collection[str] = ()) -> bool:
    """Whether secrets may be sent there: https, and a host that is known or named in ``allowed``."""
    parts = urlsplit(token_url)
    return parts.scheme == "https" and bool(parts.hostname) and parts.hostname in {*KNOWN_HOSTS, *allowed}


class Tokens:
    """Calls as a function that gives a valid access token, asking only when the last one runs out.

    ``renewed`` is called when the server replaces the refresh token; the old one may not work again.
    """

    def __init__(self, grant: Grant, *, allowed: Collection[str], renewed: Callable[[str], object]) -> None:
        self.grant, self.allowed, self.renewed = grant, allowed, renewed
        self.token, self.good_until = "", 0.0

    def __call__(self) -> str:
        """Raises Trouble (kind ``token``)."""
        if not self.token or time.monotonic() >= self.good_until:
            answer = _ask(self.grant, self.allowed)
            self.token = str(answer["access_token"])
            self.good_until = time.monotonic() + max(60.0, _seconds(answer) - _MARGIN_SECONDS)
            self._keep_renewed(str(answer.get("refresh_token") or ""))
        return self.token

    def forget(self) -> None:
        """The server refused it although it should still be good: ask for another next time."""
        self.token = ""

    def _keep_renewed(self, token: str) -> None:
        if self.grant.refresh_token and token and token != self.grant.refresh_token:
            self.grant = Grant(
                self.grant.token_url, self.grant.client_id, self.grant.client_secret, token, self.grant.scope
            )
            self.renewed(token)


def _ask(grant: Grant, allowed: Collection[str]) -> dict[str, Any]:
    if not is_allowed(grant.token_url, allowed=allowed):
        raise Trouble(TOKEN, f"{grant.token_url} is not an https address that may be asked for tokens.")
    context = ssl.create_default_context()
    try:
        with (
            httpx2.Client(verify=context, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", grant.token_url, data=grant.form) as answer,
        ):
            found = _read(answer)
    except (httpx2.HTTPError, OSError) as trouble:
        raise Trouble(TOKEN, f"{type(trouble).__name__}: {trouble}") from None
    if answer.status_code != 200 or not isinstance(found.get("access_token"), str):
        said = " ".join(str(found[name]) for name in ("error", "error_description") if found.get(name))
        raise Trouble(TOKEN, f"{answer.status_code} {said}".strip())
    return found


def _read(answer: httpx2.Response) -> dict[str, Any]:
    """The answer's JSON, if it is an object of a sane size; else empty."""
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _LONGEST_ANSWER:
            return {}
    try:
        found = httpx2.Response(200, content=body).json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(answer: dict[str, Any]) -> float:
    try:
        return float(answer.get("expires_in") or 3600)
    except (TypeError, ValueError):
        return 3600.0
