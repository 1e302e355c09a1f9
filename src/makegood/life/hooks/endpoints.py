"""The verbs of endpoints. Secrets are shown once, when made; the ledger never holds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.channels.webhook import addresses
from makegood.channels.webhook.sending import new_secret
from makegood.engine.secrets import seal
from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.hooks import bodies
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.people import roles
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.delivery import queue_mail

WHAT = "hook"
OLD_SECRET_LASTS = timedelta(hours=24)
MOST = 20
_SHOWN = ("name", "url", "kinds", "include_words", "is_active")


class BadEndpoint(Refusal):
    """An address we cannot or may not call, a kind there is not, or one endpoint too many."""


def add(
    name: str, url: str, *, by: Actor, at: datetime, kinds: Iterable[str] = (), include_words: bool = False
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is shown this once. Raises BadEndpoint."""
    if Endpoint.objects.count() >= MOST:
        raise BadEndpoint(_("There are %s endpoints already. Take one away first.") % MOST)
    secret = new_secret()
    endpoint = Endpoint(
        name=name.strip(),
        url=checked_url(url),
        kinds=checked_kinds(kinds),
        include_words=include_words,
        secret=seal(secret),
        created_at=at,
    )
    with transaction.atomic():
        endpoint.save(force_insert=True)
        _record("setup.added", endpoint, by=by, at=at, changes={"to": _facts(endpoint)})
    return endpoint, secret


def change(endpoint: Endpoint, *, by: Actor, at: datetime, **facts: Any) -> bool:
    """Set name, url, kinds, include_words or is_active; True if something changed. Raises BadEndpoint.

    Switching on again forgets what failed before: what waits goes at once.
    """
    facts = {name: _CHECKS[name](value) if name in _CHECKS else value for name, value in facts.items()}
    changed = {name: value for name, value in facts.items() if getattr(endpoint, name) != value}
    if not changed:
        return False
    before = _facts(endpoint)
    with transaction.atomic():
        if changed.get("is_active"):
            _forget_failures(endpoint, at=at)
        for name, value in changed.items():
            setattr(endpoint, name, value)
        endpoint.save(update_fields=list(changed))
        after = _facts(endpoint)
        changes = {"from": {n: before[n] for n in changed}, "to": {n: after[n] for n in changed}}
        _record("setup.changed", endpoint, by=by, at=at, changes=changes)
    return True


def rotate_secret(endpoint: Endpoint, *, by: Actor, at: datetime) -> str:
    """A new secret, shown this once; the old one signs beside it for a day, so that the receiver can change over."""
    secret = new_secret()
    with transaction.atomic():
        endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, at + OLD_SECRET_LASTS
        endpoint.secret = seal(secret)
        endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
        _record("hook.secret_rotated", endpoint, by=by, at=at)
    return secret


def remove(endpoint: Endpoint, *, by: Actor, at: datetime) -> None:
    """Take the endpoint and its log away."""
    with transaction.atomic():
        _record("setup.removed", endpoint, by=by, at=at, changes={"from": _facts(endpoint)})
        endpoint.delete()


def send_test(endpoint: Endpoint, *, at: datetime) -> Delivery:
    """Put a test telling in line, also while the endpoint is paused or rests: it goes at once, in its own try."""
    return Delivery.objects.create(
        endpoint=endpoint,
        kind=bodies.TEST,
        body=bodies.test_body(endpoint.name, at=at),
        next_at=at,
        made_at=at,
    )


def switch_off(endpoint: Endpoint, reason: str, *, at: datetime) -> None:
    """The endpoint has failed for days, or said that it is gone: tell it no more, and tell the admins so.

    Within the caller's transaction.
    """
    endpoint.is_active, endpoint.off_reason, endpoint.off_at = False, reason[:300], at
    Endpoint.objects.filter(pk=endpoint.pk).update(is_active=False, off_reason=endpoint.off_reason, off_at=at)
    _record("hook.switched_off", endpoint, by=SYSTEM, at=at, reason=endpoint.off_reason)
    for admin in Agent.objects.filter(role=roles.ADMIN, is_active=True):
        with override(admin.language):
            _tell(admin, endpoint, at=at)


def switched_off() -> list[Endpoint]:
    """Endpoints that were switched off by themselves and not looked after since."""
    return _SWITCHED_OFF()


_SWITCHED_OFF = Statement(lambda: Endpoint.objects.filter(is_active=False, off_at__isnull=False).order_by("name"))


def checked_url(url: str) -> str:
    """The address to call. Raises BadEndpoint. What its name leads to is checked at each connection, not here."""
    try:
        return addresses.checked(url, allowed=settings.PRIVATE_HOOKS)
    except addresses.BadAddress as bad:
        raise BadEndpoint(str(bad)) from None


def checked_kinds(kinds: Iterable[str]) -> list[str]:
    """Ledger kinds and groups such as ``report.*``, each once. Raises BadEndpoint for what there is not."""
    wanted = list(dict.fromkeys(kind.strip() for kind in kinds if kind.strip()))
    for kind in wanted:
        if kind not in ledger.KINDS and kind not in groups():
            raise BadEndpoint(_("There is no kind “%s”.") % kind[:60])
    return wanted


def groups() -> list[str]:
    """``report.*`` and the like: every group of ledger kinds."""
    return sorted({f"{kind.split('.')[0]}.*" for kind in ledger.KINDS})


_CHECKS = {"url": checked_url, "kinds": checked_kinds}


def _forget_failures(endpoint: Endpoint, *, at: datetime) -> None:
    fresh = {"failures": 0, "failing_since": None, "rests_until": None, "off_reason": "", "off_at": None}
    Endpoint.objects.filter(pk=endpoint.pk).update(**fresh)
    for name, value in fresh.items():
        setattr(endpoint, name, value)
    endpoint.deliveries.filter(state=Delivery.WAITING).update(next_at=at)


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    """As the history keeps them. Of the address only the host: the rest may be a key to the receiver."""
    host = urlsplit(endpoint.url).hostname or ""
    return {name: getattr(endpoint, name) for name in _SHOWN} | {"url": f"{host}/…"}


def _record(
    kind: str, endpoint: Endpoint, *, by: Actor, at: datetime, changes: dict[str, Any] | None = None, reason: str = ""
) -> None:
    data = {"what": WHAT, "id": endpoint.pk, "name": endpoint.name, **(changes or {})}
    ledger.record(None, kind, by=by, at=at, data=data, reason=reason)


def _tell(admin: Agent, endpoint: Endpoint, *, at: datetime) -> None:
    words = {
        "name": endpoint.name,
        "reason": _(endpoint.off_reason),
        "link": f"{settings.BASE_URL}/console/setup/webhooks/{endpoint.key}/",
    }
    queue_mail(
        None,
        to=(admin.email, admin.name),
        subject=_("The webhook “%(name)s” was switched off") % words,
        text=_(
            "Nothing is sent to “%(name)s” any more.\n\n%(reason)s\n\n"
            "Put the receiver right, switch the webhook on again, and have sent what it missed:\n%(link)s"
        )
        % words,
        purpose="notice",
        key=f"hook-off:{endpoint.pk}:{at.isoformat()}:{admin.pk}",
        at=at,
        language=admin.language,
    )
