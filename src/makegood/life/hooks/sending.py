"""Sending what is to be told: in order, leased per endpoint, every try a row a person can see.

At least once: a worker killed between the receiver's answer and our note of it leaves a lease that runs out; the
delivery goes again under the id it always had. A receiver that does not answer rests for a while (at most five
minutes, or as long as it asks), so one that hangs costs one try now and then, and everything else goes on.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from makegood.channels.webhook.posting import Answer, Poster
from makegood.channels.webhook.sending import signed_headers
from makegood.engine import switches
from makegood.engine.live import publish
from makegood.engine.secrets import NotOurs, unseal
from makegood.lib.statements import Statement
from makegood.lib.texts import whole_number
from makegood.life.hooks import bodies, endpoints
from makegood.life.hooks.models import Attempt, Delivery, Endpoint

# After the first try at once: growing waits over three days, ten tries in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
OFF_AFTER = timedelta(days=5)
LEASE = timedelta(seconds=90)
BATCH = 50
KEEP = timedelta(days=30)
_LONGEST_REST = timedelta(minutes=5)
_LONGEST_ASKED = timedelta(hours=6)
_SLOW_DOWN = {429, 502, 503, 504}
_GONE = 410
_MANY_FAILURES = 3

GONE_FOR_GOOD = gettext_noop("The receiver answered 410: it is gone for good.")
NOTHING_TAKEN = gettext_noop("It has taken nothing for five days.")

Clock = Callable[[], datetime]


def due(now: datetime) -> list[int]:
    """Keys of endpoints that something may be sent to now; none while a restore holds what goes out."""
    if switches.is_stopped(switches.MAIL):
        return []
    return _DUE(now)


def _due(now: datetime) -> QuerySet[Endpoint, int]:
    waiting = Delivery.objects.filter(endpoint=OuterRef("pk"), state=Delivery.WAITING, next_at__lte=now)
    rested = Q(rests_until=None) | Q(rests_until__lte=now)
    found = Endpoint.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now)).filter(
        (Q(is_active=True) & rested & Exists(waiting)) | Exists(waiting.filter(kind=bodies.TEST))
    )
    return found.order_by("pk").values_list("pk", flat=True)


# A worker asks several times a second.
_DUE = Statement(_due)


def send_some(endpoint_id: int, poster: Poster, *, worker: str, clock: Clock, limit: int = BATCH) -> int:
    """Send what is due to one endpoint, oldest first, until one fails; how many tries were made."""
    if not _lease(endpoint_id, worker, now=clock()):
        return 0
    tries = 0
    try:
        while tries < limit:
            now = clock()
            endpoint = Endpoint.objects.filter(pk=endpoint_id, leased_by=worker).first()
            delivery = _next(endpoint, now=now) if endpoint else None
            if endpoint is None or delivery is None:
                break
            answer = _post(endpoint, delivery, poster, now=now)
            tries += 1
            settle(delivery, answer, now=clock())
            if not answer.is_taken and delivery.kind != bodies.TEST:
                break
            _extend(endpoint_id, worker, now=clock())
    finally:
        Endpoint.objects.filter(pk=endpoint_id, leased_by=worker).update(leased_until=None, leased_by="")
    return tries


def settle(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """Write down what came of one try: the attempt, the delivery's state, how the endpoint fares."""
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().filter(pk=delivery.endpoint_id).first()
        if endpoint is None:
            return  # taken away meanwhile, and its log with it
        Attempt.objects.create(
            delivery=delivery,
            at=now,
            status=answer.status,
            answer=answer.text,
            reason=answer.reason,
            milliseconds=answer.milliseconds,
        )
        delivery.attempts += 1
        delivery.last_status, delivery.last_reason = answer.status, _reason(answer)
        if answer.is_taken:
            _taken(delivery, endpoint, now=now)
        elif delivery.kind == bodies.TEST:
            delivery.state, delivery.done_at = Delivery.FAILED, now
        else:
            _failed(delivery, endpoint, answer, now=now)
        delivery.save(update_fields=["attempts", "last_status", "last_reason", "state", "done_at", "next_at"])
        if delivery.kind == bodies.TEST:  # somebody waits for it before the screen
            publish(f"hook:{endpoint.key}", endpoint.key, at=now)


def lease_holders() -> set[str]:
    """The workers that hold endpoints."""
    return set(Endpoint.objects.exclude(leased_by="").values_list("leased_by", flat=True))


def free_leases(worker: str) -> int:
    """Let go of what ``worker``, which is gone, held."""
    return Endpoint.objects.filter(leased_by=worker).update(leased_until=None, leased_by="")


def forget_old(now: datetime) -> int:
    """Remove deliveries a month old, with their tries. Work of the clock."""
    return Delivery.objects.filter(made_at__lt=now - KEEP).delete()[0]


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries, each ±10 %."""
    return WAITS[tries - 1] * random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret


def asked_wait(header: str, *, now: datetime) -> timedelta:
    """What ``Retry-After`` asks for, in seconds or as a date; at most six hours, nothing if it says nothing."""
    seconds = whole_number(header.strip())
    if seconds is not None:
        return min(timedelta(seconds=min(seconds, 10**6)), _LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(header) if header else now
    except ValueError:
        return timedelta(0)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(0), min(moment - now, _LONGEST_ASKED))


# The parts of a try.


def _lease(endpoint_id: int, worker: str, *, now: datetime) -> bool:
    free = Endpoint.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=endpoint_id)
    return free.update(leased_until=now + LEASE, leased_by=worker) == 1


def _extend(endpoint_id: int, worker: str, *, now: datetime) -> None:
    Endpoint.objects.filter(pk=endpoint_id, leased_by=worker).update(leased_until=now + LEASE)


def _next(endpoint: Endpoint, *, now: datetime) -> Delivery | None:
    waiting: QuerySet[Delivery] = endpoint.deliveries.filter(state=Delivery.WAITING, next_at__lte=now)
    if not endpoint.is_active or (endpoint.rests_until and endpoint.rests_until > now):
        waiting = waiting.filter(kind=bodies.TEST)
    return waiting.order_by("next_at", "pk").first()


def _post(endpoint: Endpoint, delivery: Delivery, poster: Poster, *, now: datetime) -> Answer:
    try:
        secrets = [unseal(endpoint.secret)]
        if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > now:
            secrets.append(unseal(endpoint.old_secret))
    except NotOurs as sealed:
        return Answer(reason=str(sealed), is_forbidden=True)
    headers = signed_headers(delivery.key, delivery.body, *secrets, at=now)
    return poster.post(endpoint.url, delivery.body.encode(), headers)


def _taken(delivery: Delivery, endpoint: Endpoint, *, now: datetime) -> None:
    delivery.state, delivery.done_at = Delivery.SENT, now
    was_away = endpoint.failures >= _MANY_FAILURES
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, rests_until=None, taken_at=now)
    if was_away:  # it is back: what waits need not wait out the rest of its schedule
        endpoint.deliveries.filter(state=Delivery.WAITING, next_at__gt=now).exclude(pk=delivery.pk).update(next_at=now)


def _failed(delivery: Delivery, endpoint: Endpoint, answer: Answer, *, now: datetime) -> None:
    failures = endpoint.failures + 1
    since = endpoint.failing_since or now
    rest = min(timedelta(seconds=5) * 2 ** min(failures - 1, 10), _LONGEST_REST)
    if answer.status in _SLOW_DOWN:
        rest = max(rest, asked_wait(answer.retry_after, now=now))
    Endpoint.objects.filter(pk=endpoint.pk).update(
        failures=F("failures") + 1, failing_since=since, rests_until=now + rest
    )
    if delivery.attempts > len(WAITS):
        delivery.state, delivery.done_at = Delivery.FAILED, now
    else:
        delivery.next_at = now + max(wait_after(delivery.attempts), rest)
    if answer.status == _GONE:
        endpoints.switch_off(endpoint, GONE_FOR_GOOD, at=now)
    elif endpoint.is_active and now - since >= OFF_AFTER:
        endpoints.switch_off(endpoint, NOTHING_TAKEN, at=now)


def _reason(answer: Answer) -> str:
    if answer.is_taken:
        return ""
    if 300 <= answer.status < 400:
        return f"The receiver answered {answer.status}, a redirect; redirects are not followed."
    return answer.reason[:500] if not answer.status else f"The receiver answered {answer.status}."
