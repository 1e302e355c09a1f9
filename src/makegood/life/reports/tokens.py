"""The verbs of API tokens and of services, the programs that work in their own name. They write the ledger.

A secret is shown once, to whoever makes or rotates the token. A token dies with its owner's account.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.keys import public_key, token_hash
from makegood.life.people import roles, tokens
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, ApiToken, Membership, Team
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound

MOST = 50
LONGEST_GRACE = timedelta(days=7)
SERVICE_ROLES = (roles.AGENT, roles.ENGINEER, roles.LEAD)


class UnusableToken(Refusal):
    """The token could open nothing, or could never be used; the sentence says why."""


class TokenOver(Refusal):
    """The token has ended already."""


class Terms(TypedDict, total=False):
    """What a token may do (``scopes``), until when (None: no end), and from pages of which exact origins."""

    scopes: Iterable[str]
    expires_at: datetime | None
    origins: Iterable[str]


def make(agent: Agent, name: str, *, by: Actor, at: datetime, **terms: Unpack[Terms]) -> tuple[ApiToken, str]:
    """A new token for ``agent`` and its secret, which is nowhere kept. Raises UnusableToken."""
    name, scopes = " ".join(name.split())[:100], _scopes(terms.get("scopes", ()))
    origins, expires_at = _origins(terms.get("origins", ())), terms.get("expires_at")
    if not name:
        raise UnusableToken(_("Give the token a name, so that it can be told from others."))
    if expires_at is not None and expires_at <= at:
        raise UnusableToken(_("It would have ended before it began. Choose a later end."))
    if not agent.is_active or agent.tokens.filter(revoked_at=None).count() >= MOST:
        raise UnusableToken(_("There are 50 tokens already, or the account is switched off. Revoke one first."))
    secret = tokens.mint()
    with transaction.atomic():
        token = ApiToken.objects.create(
            agent=agent,
            name=name,
            hint=secret[: tokens.HINT_LENGTH],
            token_hash=token_hash(secret),
            scopes=scopes,
            origins=origins,
            expires_at=expires_at,
            made_at=at,
            made_by=by.name,
        )
        _record("token.made", token, by=by, at=at, scopes=scopes, origins=origins)
    return token, secret


def rotate(token: ApiToken, *, by: Actor, at: datetime, grace: timedelta = timedelta(days=1)) -> str:
    """A new secret; the present one stays good for ``grace``, at most a week. Raises TokenOver."""
    secret = tokens.mint()
    with transaction.atomic():
        fresh = ApiToken.objects.select_for_update().get(pk=token.pk)
        if fresh.revoked_at or (fresh.expires_at and fresh.expires_at <= at):
            raise TokenOver(_("This token has ended. Make a new one."))
        until = at + min(max(grace, timedelta(0)), LONGEST_GRACE)
        fresh.previous_hash, fresh.previous_until = fresh.token_hash, until
        fresh.token_hash, fresh.hint, fresh.rotated_at = token_hash(secret), secret[: tokens.HINT_LENGTH], at
        fresh.save(update_fields=["previous_hash", "previous_until", "token_hash", "hint", "rotated_at"])
        _record("token.rotated", fresh, by=by, at=at, old_until=until.isoformat())
    return secret


def revoke(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """Make it useless from now on; twice is once."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            _record("token.revoked", token, by=by, at=at)


def access_token(seeker: Agent, key: str) -> ApiToken:
    """One's own token, or for admins anybody's. Raises NotFound."""
    found = visible_tokens(seeker).filter(key=key).first()
    if found is None:
        raise NotFound(key)
    return found


def visible_tokens(seeker: Agent) -> QuerySet[ApiToken]:
    """Tokens ``seeker`` may see, living ones first, newest first."""
    mine = ApiToken.objects.select_related("agent").order_by(F("revoked_at").asc(nulls_first=True), "-pk")
    return mine if seeker.may("setup.tokens") else mine.filter(agent=seeker)


def add_service(name: str, *, role: str, teams: Iterable[Team], by: Actor, at: datetime) -> Agent:
    """An account for a program: it has a role and teams like a person, and can never sign in. Raises UnusableToken."""
    name = " ".join(name.split())[:200]
    if not name:
        raise UnusableToken(_("Give the service a name; it stands in the history of all it does."))
    if role not in SERVICE_ROLES:
        raise UnusableToken(_("A service works as agent, engineer or lead."))
    key = public_key()
    # No mail ever leaves for this address: the domain is reserved for names that do not exist.
    service = Agent(key=key, email=f"{key}@service.invalid", name=name, role=role, is_service=True, created_at=at)
    service.set_unusable_password()
    with transaction.atomic():
        service.save()
        Membership.objects.bulk_create(Membership(agent=service, team=team) for team in teams)
        data = {"agent": service.pk, "name": name, "role": role}
        ledger.record(None, "service.added", by=by, at=at, data=data)
    return service


def access_service(key: str) -> Agent:
    """The service called ``key``; for who may set up tokens. Raises NotFound."""
    found = Agent.objects.filter(key=key, is_service=True).first()
    if found is None:
        raise NotFound(key)
    return found


def _scopes(given: Iterable[str]) -> list[str]:
    wanted = set(given)
    if not wanted or not wanted <= set(tokens.SCOPES):
        raise UnusableToken(_("Choose at least one thing the token may do."))
    return [scope for scope in tokens.SCOPES if scope in wanted]


def _origins(given: Iterable[str]) -> list[str]:
    found = []
    for text in given:
        origin = tokens.canonical_origin(text)
        if not origin:
            raise UnusableToken(
                _("“%(text)s” is not an origin. Write it as https://app.example.org, without a path.") % {"text": text}
            )
        found.append(origin)
    return sorted(set(found))


def _record(kind: str, token: ApiToken, *, by: Actor, at: datetime, **data: object) -> None:
    told = {"token": token.pk, "name": token.name, "agent": token.agent_id, "hint": token.hint, **data}
    ledger.record(None, kind, by=by, at=at, data=told)
