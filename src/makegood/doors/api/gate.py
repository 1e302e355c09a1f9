"""Who knocks: a bearer token, its owner's rights and the token's scopes, and not too often. Cookies open nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.doors.api.problems import Problem
from makegood.doors.api.shell import is_ours
from makegood.engine import limits
from makegood.lib.net import network_of
from makegood.life.people import roles, tokens
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, ApiToken

PER_MINUTE = 600
WRONG_PER_MINUTE = 30
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """Whose token it is, and the moment they knocked."""

    token: ApiToken
    now: datetime

    @property
    def agent(self) -> Agent:
        return self.token.agent

    @property
    def actor(self) -> Actor:
        return self.agent.actor

    def may(self, action: str) -> bool:
        return self.agent.may(action)

    def demand(self, action: str) -> None:
        """Raise Problem unless the owner may do ``action``, for what an operation needs beyond its usual right."""
        if not self.may(action):
            raise Problem("not-allowed")


@dataclass(frozen=True)
class Standing:
    """What the RateLimit headers say."""

    limit: int
    left: int
    reset: int


class Bearer:
    """Lets a request through to one operation. Raises Problem: 401, 403, 415, 429."""

    openapi_security_schema: dict[str, Any] = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "mg_…",
        "description": "A token of a person or a service, made in the console.",
    }

    def __init__(self, scope: str, action: str, *, takes_files: bool = False) -> None:
        if scope and scope not in tokens.SCOPES:
            raise KeyError(scope)
        roles.may(roles.ADMIN, action)  # An unknown action is a mistake in the code: fail when the module loads.
        self.scope, self.action, self.takes_files = scope, action, takes_files

    def __call__(self, request: HttpRequest) -> Caller:
        caller = caller_of(request)
        _not_too_often(request, caller)
        _from_a_known_place(request, caller)
        if self.scope and self.scope not in caller.token.scopes:
            challenge = f'Bearer realm="Makegood", error="insufficient_scope", scope="{self.scope}"'
            raise Problem("scope-missing", headers={"WWW-Authenticate": challenge}, scope=self.scope)
        caller.demand(self.action)
        self._readable(request)
        tokens.touch(caller.token, now=caller.now)
        return caller

    def _readable(self, request: HttpRequest) -> None:
        """Refuse a body of another kind before anybody tries to read it."""
        given = request.content_type or ""
        wanted = "multipart/form-data" if self.takes_files else "application/json"
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0") or bool(given)
        if request.method != "GET" and has_body and given != wanted:
            raise Problem("media-type", _("Send %(kind)s.") % {"kind": wanted})


def caller_of(request: HttpRequest) -> Caller:
    """Who holds the token shown. Raises Problem with 401, or 429 after too many wrong ones from one network."""
    now = timezone.now()
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.token_of(secret.strip(), now=now) if scheme.lower() == "bearer" else None
    if token is not None:
        return Caller(token, now)
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    if secret and (wait := limits.take("api.wrong", network, rate=WRONG_PER_MINUTE, per=MINUTE, now=now)):
        raise Problem("rate-limited", headers={"Retry-After": str(ceil(wait))})
    error = ', error="invalid_token"' if secret else ""
    raise Problem("unauthenticated", headers={"WWW-Authenticate": f'Bearer realm="Makegood"{error}'})


def _not_too_often(request: HttpRequest, caller: Caller) -> None:
    drawn = limits.draw("api", str(caller.token.pk), rate=PER_MINUTE, per=MINUTE, now=caller.now)
    request.draw = Standing(PER_MINUTE, drawn.left, ceil(drawn.fills))  # type: ignore[attr-defined]
    if drawn.wait:
        raise Problem("rate-limited", headers={"Retry-After": str(ceil(drawn.wait))})


def _from_a_known_place(request: HttpRequest, caller: Caller) -> None:
    """A web page shows where it comes from; a token says which pages may use it."""
    request.auth = caller  # type: ignore[attr-defined]
    origin = request.headers.get("Origin")
    if origin and not is_ours(origin) and origin not in caller.token.origins:
        raise Problem("origin-refused")
