"""Subscribers' webhooks: signed (Standard Webhooks), never to addresses inside, tried for a day, each result kept.

At least once: a worker killed between the receiver's answer and our note of it leaves a lease that runs out; the call
goes again under the id it always had, so that the receiver can drop it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from makegood.channels.webhook.posting import Answer, Poster
from makegood.channels.webhook.sending import signed_headers
from makegood.engine import switches
from makegood.engine.secrets import NotOurs, unseal
from makegood.life.people.actors import SYSTEM
from makegood.life.statuspage import addresses, subscribing
from makegood.life.statuspage.models import Delivery, Subscriber

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
LEASE = timedelta(seconds=90)
# A stranger's receiver that hangs may hold up so many threads, not all.
AT_ONCE = 2
_GONE = 410
Clock = Callable[[], datetime]


def due(now: datetime) -> list[int]:
    """Subscribers whose webhooks are due, those waiting longest first; none while a restore holds what goes out."""
    if switches.is_stopped(switches.MAIL):
        return []
    found = _due(now).order_by("next_at").values_list("subscriber", flat=True)[:50]
    return list(dict.fromkeys(found))[:AT_ONCE]


def send_some(subscriber: int, *, clock: Clock, limit: int = 10) -> int:
    """Send what is due to one subscriber, oldest first, until one fails; how many tries were made."""
    poster, tries = Poster(settings.PRIVATE_HOOKS), 0
    try:
        while tries < limit:
            delivery = _lease(subscriber, now=clock())
            if delivery is None:
                break
            answer = _post(delivery, poster, now=clock())
            tries += 1
            if not settle(delivery, answer, now=clock()):
                break
    finally:
        poster.close()
    return tries


def settle(delivery: Delivery, answer: Answer, *, now: datetime) -> bool:
    """Write down what came of a try; whether it was taken."""
    fields: dict[str, Any] = {
        "attempts": delivery.attempts + 1,
        "last_status": answer.status,
        "last_reason": "" if answer.is_taken else (answer.reason or f"The receiver answered {answer.status}.")[:500],
        "leased_until": None,
    }
    if answer.is_taken:
        fields |= {"state": Delivery.TAKEN, "done_at": now}
    elif answer.is_forbidden or answer.status == _GONE or delivery.attempts >= len(WAITS):
        fields |= {"state": Delivery.FAILED, "done_at": now}
    else:
        wait = WAITS[delivery.attempts] * random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret
        fields["next_at"] = now + wait
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    if answer.status == _GONE:
        subscribing.end(delivery.subscriber, "the receiver is gone", by=SYSTEM, at=now)
    return answer.is_taken


def body_of(delivery: Delivery) -> str:
    """What is told: public words and states only, the same at every try."""
    update, notice = delivery.update, delivery.update.notice
    told = {
        "type": "status.updated",
        "timestamp": update.at.isoformat(),
        "data": {
            "id": update.key,
            "kind": notice.kind,
            "notice": notice.key,
            "status": update.state,
            "impact": update.impact,
            "titles": update.titles,
            "texts": update.texts,
            "components": update.components,
            "next_news_at": update.next_news_at.isoformat() if update.next_news_at else None,
            "starts_at": update.begins_at.isoformat() if update.begins_at else None,
            "ends_at": update.ends_at.isoformat() if update.ends_at else None,
            "url": addresses.link_of(notice.key, notice.kind),
        },
    }
    return json.dumps(told, ensure_ascii=False)


def _due(now: datetime) -> Any:
    waiting = Q(state=Delivery.WAITING, way=Subscriber.HOOK, next_at__lte=now, subscriber__ended_at=None)
    shown = Q(update__notice__is_shown=True)
    return Delivery.objects.filter(waiting, shown, Q(leased_until=None) | Q(leased_until__lt=now))


def _lease(subscriber: int, *, now: datetime) -> Delivery | None:
    """The next one due, taken into our hands."""
    found = _due(now).filter(subscriber=subscriber).order_by("update", "pk")
    delivery: Delivery | None = found.select_related("subscriber", "update", "update__notice").first()
    if delivery is None:
        return None
    free = Delivery.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=delivery.pk, state="waiting")
    return delivery if free.update(leased_until=now + LEASE) else None


def _post(delivery: Delivery, poster: Poster, *, now: datetime) -> Answer:
    try:
        secret = unseal(delivery.subscriber.secret)
    except NotOurs as sealed:
        return Answer(reason=str(sealed), is_forbidden=True)
    body = body_of(delivery)
    headers = signed_headers(delivery.key, body, secret, at=now)
    return poster.post(delivery.subscriber.url, body.encode(), headers)
