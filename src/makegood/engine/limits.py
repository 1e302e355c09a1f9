"""Token buckets in the database, shared by all processes: so many per so long, with bursts up to the rate.

A bucket is one number: the moment it will be full again. Taking pushes that moment on, unless it would lie further off
than a whole bucket takes to fill. So a take is one conditional statement, and two at once cannot both have the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from makegood.engine.models import Bucket

_TAKE = """
    INSERT INTO engine_bucket (key, full_at) VALUES (%s, %s)
    ON CONFLICT (key) DO UPDATE SET full_at =
        CASE WHEN engine_bucket.full_at < %s THEN %s ELSE engine_bucket.full_at END + %s
    WHERE engine_bucket.full_at <= %s RETURNING full_at"""
_ROUNDING = 0.001


@dataclass(frozen=True)
class Draw:
    """What came of asking: ``wait`` seconds (0.0: granted), how many are ``left``, when the bucket ``fills`` again."""

    wait: float
    left: int
    fills: float


def take(bucket: str, key: str, *, rate: int, per: timedelta, now: datetime, cost: int = 1) -> float:
    """Take ``cost`` tokens from ``bucket`` for ``key``. Returns 0.0 when granted, else the seconds to wait.

    So ``if wait := take(...)`` reads as "if refused". A refused take costs nothing.
    """
    return draw(bucket, key, rate=rate, per=per, now=now, cost=cost).wait


def draw(bucket: str, key: str, *, rate: int, per: timedelta, now: datetime, cost: int = 1) -> Draw:
    """As ``take``, and says how the bucket stands afterwards."""
    one = per.total_seconds() / rate
    moment, latest = now.timestamp(), now.timestamp() + (rate - cost) * one + _ROUNDING
    if cost > rate:
        return Draw((cost - rate) * one, 0, 0.0)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        name = _name(bucket, key)
        cursor.execute(_TAKE, [name, moment + cost * one, moment, moment, cost * one, latest])
        if taken := cursor.fetchone():
            fills = max(taken[0] - moment, 0.0)
            return Draw(0.0, int((rate * one - fills + _ROUNDING) / one), fills)
        cursor.execute("SELECT full_at FROM engine_bucket WHERE key = %s", [name])
        found = cursor.fetchone()
    if not found:
        return Draw(_ROUNDING, 0, 0.0)
    fills = max(found[0] - moment, 0.0)
    return Draw(max(found[0] - latest, _ROUNDING), max(int((rate * one - fills) / one), 0), fills)


def give_back(bucket: str, key: str, *, rate: int, per: timedelta, cost: int = 1) -> None:
    """Undo a take whose purpose came to nothing."""
    back = cost * per.total_seconds() / rate
    Bucket.objects.filter(key=_name(bucket, key)).update(full_at=F("full_at") - back)


def forget_idle(*, now: datetime) -> int:
    """Remove buckets that are full again."""
    return Bucket.objects.filter(full_at__lt=now.timestamp()).delete()[0]


def _name(bucket: str, key: str) -> str:
    return f"{bucket}:{key}"[:200]
