"""The job: an update to each subscriber exactly once, in slices. Killed at any moment, nobody is told twice or not.

First a row for every subscriber it concerns (``gather``), then the mails, few at a time; each slice is one transaction
that ends by putting the next one in line. The words are worded once a language and zone; each mail adds only the link
that ends it, of which the hash rests here. Webhooks take their rows by themselves (``hooking``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from makegood.engine.live import publish
from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.lib.keys import secret_token, token_hash
from makegood.life.reports.models import OutgoingMail
from makegood.life.statuspage import mails, standing
from makegood.life.statuspage.models import Delivery, Notice, Subscriber, Update
from makegood.life.statuspage.updates import JOB

GATHERED = 500
# Few at a time: on SQLite a slice holds the one write lock, and people are waiting to save.
SLICE = 25
# So many of its mails may wait to leave; more, and an acknowledgement would stand behind them.
MOST_WAITING = 100
PAUSE = timedelta(seconds=5)
_PRIORITY = 6


def run_slice(payload: dict[str, Any], now: datetime) -> None:
    """Go on with an update, unless another job has taken over."""
    with transaction.atomic():
        fresh = rows.lock(Update, payload["update"])
        if fresh.turn != payload["turn"] or fresh.sends == Update.DONE:
            return
        if not Notice.objects.filter(pk=fresh.notice_id, is_shown=True).exists():
            _stop(fresh, now)
        elif fresh.sends in (Update.WAITING, Update.GATHERING):
            _gather(fresh, now)
        elif _mails_waiting() >= MOST_WAITING:
            _again(fresh, now + PAUSE)
        else:
            _mail_some(fresh, now)
        publish(f"status:{fresh.key}", fresh.key, at=now)


def concerns(subscriber: Subscriber, update: Update, kind: str) -> bool:
    """Whether a subscriber wants to hear of this: its kind, how bad it is, and what it touches."""
    if kind == Notice.MAINTENANCE:
        if not subscriber.with_maintenance:
            return False
    elif standing.IMPACTS.index(update.impact) < standing.IMPACTS.index(subscriber.least):
        return False
    touched = {one["key"] for one in update.components}
    return not subscriber.components or not touched or bool(touched & set(subscriber.components))


def counts(update: Update) -> dict[str, int]:
    """How far it is, and what became of its mails: each counts once, what came back not as sent."""
    came_back = Q(mail__bounced_at__isnull=False)
    given_up = Q(mail__state__in=["failed", "suppressed", "withdrawn", "held"]) & ~came_back
    return update.deliveries.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(state=Delivery.WAITING)),
        on_its_way=Count("pk", filter=Q(state=Delivery.MAILED, mail__state__in=["queued", "sending"])),
        arrived=Count("pk", filter=Q(state=Delivery.TAKEN) | (Q(mail__state="sent") & ~came_back)),
        came_back=Count("pk", filter=came_back),
        failed=Count("pk", filter=Q(state=Delivery.FAILED) | given_up),
        left_out=Count("pk", filter=Q(state=Delivery.SKIPPED)),
    )


def _stop(fresh: Update, now: datetime) -> None:
    """It is no longer public: whoever has not been told is not."""
    left_out = {"state": Delivery.SKIPPED, "done_at": now, "last_reason": "no longer public"}
    fresh.deliveries.filter(state=Delivery.WAITING).update(**left_out)
    Update.objects.filter(pk=fresh.pk).update(sends=Update.DONE)


def _gather(fresh: Update, now: datetime) -> None:
    """A row for each of the next subscribers it concerns. The unique constraint is what makes it once."""
    found = list(
        Subscriber.objects.filter(pk__gt=fresh.reached, ended_at=None, since__lte=fresh.at).order_by("pk")[:GATHERED]
    )
    kind = Notice.objects.values_list("kind", flat=True).get(pk=fresh.notice_id)
    Delivery.objects.bulk_create(
        [
            Delivery(update=fresh, subscriber=one, way=one.way, next_at=now)
            for one in found
            if concerns(one, fresh, kind)
        ],
        ignore_conflicts=True,
    )
    fresh.reached = found[-1].pk if found else fresh.reached
    fresh.sends = Update.GATHERING if len(found) == GATHERED else Update.SENDING
    fresh.save(update_fields=["reached", "sends"])
    _again(fresh, now)


def _mail_some(fresh: Update, now: datetime) -> None:
    waiting = fresh.deliveries.filter(state=Delivery.WAITING, way=Subscriber.MAIL).order_by("pk")
    due = list(waiting.select_related("subscriber")[:SLICE])
    worded: dict[tuple[str, str], mails.Frozen] = {}
    for one in due:
        manner = (one.subscriber.language, one.subscriber.time_zone)
        if manner not in worded:
            worded[manner] = mails.frozen(fresh, *manner)
        token = secret_token()
        mail = mails.queue_news(
            one.subscriber, worded[manner], token=token, key=f"status:{fresh.pk}:{one.subscriber_id}", at=now
        )
        changed = {"state": Delivery.MAILED, "mail": mail, "leave_hash": token_hash(token), "done_at": now}
        Delivery.objects.filter(pk=one.pk).update(**changed)
    if len(due) < SLICE:
        Update.objects.filter(pk=fresh.pk).update(sends=Update.DONE)
    else:
        _again(fresh, now)


def _again(fresh: Update, run_at: datetime) -> None:
    turn = fresh.turn + 1
    Update.objects.filter(pk=fresh.pk).update(turn=turn)
    enqueue(JOB, f"{fresh.pk}:{turn}", {"update": fresh.pk, "turn": turn}, run_at=run_at, priority=_PRIORITY)


def _mails_waiting() -> int:
    waiting = OutgoingMail.objects.filter(purpose=mails.PURPOSE, state__in=["queued", "sending"], attempts=0)
    return len(waiting.order_by().values_list("pk")[:MOST_WAITING])
