"""A program with a token, as tests use it: JSON in, JSON out, nothing but HTTP."""

import json as plain
from datetime import UTC, datetime

from django.test import Client

from makegood.life.people.tokens import SCOPES
from makegood.life.reports import tokens

BASE = "/api/v1"


class Program:
    """Knocks with one token. ``last`` is the answer as it came."""

    def __init__(self, secret=""):
        self.secret, self.client, self.last = secret, Client(raise_request_exception=False), None

    def ask(self, method, path, body=None, *, status=None, **headers):
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if self.secret:
            named.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.secret}")
        data = plain.dumps(body) if body is not None else ""
        kind = "application/json" if body is not None else ""
        self.last = self.client.generic(method, BASE + path, data, content_type=kind, **named)
        if status is not None:
            assert self.last.status_code == status, self.last.content.decode()
        return self.told()

    def told(self):
        is_json = "json" in self.last.get("Content-Type", "") and not self.last.streaming
        return plain.loads(self.last.content) if is_json and self.last.content else None

    def get(self, path, *, status=200, **headers):
        return self.ask("GET", path, status=status, **headers)

    def post(self, path, body=None, *, status=201, **headers):
        return self.ask("POST", path, body, status=status, **headers)

    def patch(self, path, body, *, status=200, **headers):
        return self.ask("PATCH", path, body, status=status, **headers)

    def delete(self, path, *, status=204, **headers):
        return self.ask("DELETE", path, status=status, **headers)

    def upload(self, path, upload, *, status=201, **fields):
        key = fields.pop("idempotency_key", None)
        named = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}", **({"HTTP_IDEMPOTENCY_KEY": key} if key else {})}
        self.last = self.client.post(BASE + path, {"file": upload, **fields}, **named)
        assert self.last.status_code == status, self.last.content.decode()
        return self.told()


def token_for(agent, *, scopes=tuple(SCOPES), **terms):
    """A secret of ``agent`` with every scope, if not said otherwise."""
    return tokens.make(agent, "test", scopes=scopes, by=agent.actor, at=datetime.now(UTC), **terms)[1]


def program_of(agent, **terms):
    return Program(token_for(agent, **terms))
