"""Asking to hear, proving that one wants it, and ending it.

Whoever asks gets the same answer whatever address they type; what follows is a job. A mail with a secret that lasts a
day goes to the address, and nothing else happens until whoever reads it says yes. Of secrets only hashes rest here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.webhook import addresses
from makegood.channels.webhook.sending import new_secret
from makegood.engine import limits
from makegood.engine.queue import enqueue
from makegood.engine.secrets import seal
from makegood.lib.errors import Refusal
from makegood.lib.keys import public_key, secret_token, token_hash
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.reports import ledger
from makegood.life.reports.sending import mailbox_of
from makegood.life.statuspage import mails, standing
from makegood.life.statuspage.models import Asking, Delivery, PublicComponent, Subscriber

JOB = "status.ask"
LASTS = timedelta(hours=24)
KEPT = timedelta(days=30)
# To one address; whoever asks oftener is not written to.
ASKED, PER = 4, timedelta(hours=12)
_READER = Actor("system", None, "Reader")


class BadHook(Refusal):
    """An address we cannot or may not call."""


class LinkUsedUp(Refusal):
    """The link is too old, was used, or never was."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. ``components``: keys, none for all."""

    email: str
    way: str = Subscriber.MAIL
    url: str = ""
    language: str = "en"
    time_zone: str = ""
    components: tuple[str, ...] = ()
    least: str = standing.NONE
    with_maintenance: bool = True


def ask(wish: Wish, *, at: datetime) -> None:
    """Put it in line; nobody learns from the answer or its time who subscribes here. Raises BadHook."""
    if wish.way == Subscriber.HOOK:
        checked_url(wish.url)
    enqueue(JOB, public_key(20), asdict(wish), run_at=at)


def write_to(payload: Mapping[str, Any], now: datetime) -> None:
    """The job: mail the secret, at most so often to one address."""
    wish = Wish(**{**payload, "components": tuple(payload["components"])})
    if limits.take("status.ask", mailbox_of(wish.email), rate=ASKED, per=PER, now=now):
        return
    token = secret_token()
    with transaction.atomic():
        Asking.objects.create(
            hash=token_hash(token),
            way=wish.way,
            email=wish.email.lower(),
            url=wish.url if wish.way == Subscriber.HOOK else "",
            language=wish.language,
            time_zone=wish.time_zone,
            components=_known(wish.components),
            least=wish.least,
            with_maintenance=wish.with_maintenance,
            made_at=now,
            expires_at=now + LASTS,
        )
        mails.queue_confirmation(wish.email.lower(), token, wish.way, language=wish.language, at=now)


def asked(token: str, *, now: datetime) -> Asking:
    """What was asked for with this secret. Raises LinkUsedUp."""
    found = Asking.objects.filter(hash=_hash(token), used_at=None, expires_at__gt=now).first()
    if found is None:
        raise LinkUsedUp(_("This link is too old, or was used already. Ask for a new one."))
    return found


def confirm(token: str, *, at: datetime) -> tuple[Subscriber, str]:
    """Yes. The subscription, and the secret of a webhook, which is shown this once. Raises LinkUsedUp."""
    found = asked(token, now=at)
    with transaction.atomic():
        if not Asking.objects.filter(pk=found.pk, used_at=None).update(used_at=at):
            raise LinkUsedUp(_("This link is too old, or was used already. Ask for a new one."))
        secret = new_secret() if found.way == Subscriber.HOOK else ""
        facts = {
            "language": found.language,
            "time_zone": found.time_zone,
            "components": found.components,
            "least": found.least,
            "with_maintenance": found.with_maintenance,
            "secret": seal(secret) if secret else "",
            "ended_at": None,
            "ended_why": "",
        }
        subscriber, _new = Subscriber.objects.update_or_create(
            way=found.way, email=found.email, url=found.url, defaults=facts, create_defaults={**facts, "since": at}
        )
        _record("status.subscribed", subscriber, by=_READER, at=at)
    return subscriber, secret


def of_link(token: str) -> Subscriber:
    """Whose link to end it this is. Raises LinkUsedUp."""
    found = Delivery.objects.filter(leave_hash=_hash(token)).select_related("subscriber").first()
    if found is None:
        raise LinkUsedUp(_("This link does not end anything. Take the one in the latest mail."))
    return found.subscriber


def leave(token: str, *, at: datetime) -> Subscriber:
    """One POST with the secret of any mail ends it. Twice is once. Raises LinkUsedUp."""
    subscriber = of_link(token)
    end(subscriber, "by link", by=_READER, at=at)
    return subscriber


def end(subscriber: Subscriber, why: str, *, by: Actor, at: datetime) -> bool:
    """Tell them nothing more; False if that was so."""
    with transaction.atomic():
        ended = Subscriber.objects.filter(pk=subscriber.pk, ended_at=None).update(ended_at=at, ended_why=why[:200])
        if not ended:
            return False
        left_out = {"state": Delivery.SKIPPED, "done_at": at, "last_reason": "ended"}
        subscriber.deliveries.filter(state=Delivery.WAITING).update(**left_out)
        mails.withdraw(subscriber.deliveries.all())
        _record("status.unsubscribed", subscriber, by=by, at=at, reason=why)
    return True


def forget_old(now: datetime) -> int:
    """Periodic: what was asked for and never confirmed is forgotten, and who ended it long ago, with their address."""
    gone = Asking.objects.filter(expires_at__lt=now).delete()[0]
    return gone + Subscriber.objects.filter(ended_at__lt=now - KEPT).delete()[0]


def end_unreachable(now: datetime) -> int:
    """Periodic: a mail that came back for good ends the subscription of its address."""
    rows = Subscriber.objects.filter(way=Subscriber.MAIL, ended_at=None, deliveries__mail__bounced_at__isnull=False)
    return sum(end(one, "mail comes back", by=SYSTEM, at=now) for one in rows.distinct().order_by("pk")[:200])


def checked_url(url: str) -> str:
    """The address to call. Raises BadHook. What its name leads to is checked at each connection, not here."""
    try:
        return addresses.checked(url, allowed=settings.PRIVATE_HOOKS)
    except addresses.BadAddress as bad:
        words = _("Give an https:// address on the public internet: others we do not call.")
        raise BadHook(words if bad.is_inside else str(bad)) from None


def _known(keys: Iterable[str]) -> list[str]:
    return sorted(PublicComponent.objects.filter(key__in=list(keys), is_shown=True).values_list("key", flat=True))


def _hash(token: str) -> str:
    return token_hash(token) if token else "-"


def _record(kind: str, subscriber: Subscriber, *, by: Actor, at: datetime, reason: str = "") -> None:
    data = {"subscriber": subscriber.pk, "way": subscriber.way}
    ledger.record(None, kind, by=by, at=at, data=data, reason=reason)
