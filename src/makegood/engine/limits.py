"""Token buckets in the database, shared by all processes: so many per so long, with bursts up to the rate.

A bucket is one number: the moment it will be full again. Taking pushes that moment on, unless it would lie further off
than a whole bucket takes to fill. So a take is one conditional statement, and two at once cannot both have the last.
"""

from __future__ import annotations

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


def take(bucket: str, key: str, *, rate: int, per: timedelta, now: datetime, cost: int = 1) -> float:
    """Take ``cost`` tokens from ``bucket`` for ``key``. Returns 0.0 when granted, else the seconds to wait.

    So ``if wait := take(...)`` reads as "if refused". A refused take costs nothing.
    """
    one = per.total_seconds() / rate
    moment, latest = now.timestamp(), now.timestamp() + (rate - cost) * one + _ROUNDING
    if cost > rate:
        return (cost - rate) * one
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        name = _name(bucket, key)
        cursor.execute(_TAKE, [name, moment + cost * one, moment, moment, cost * one, latest])
        if cursor.fetchone():
            return 0.0
        cursor.execute("SELECT full_at FROM engine_bucket WHERE key = %s", [name])
        found = cursor.fetchone()
    return max(found[0] - latest if found else 0.0, _ROUNDING)


def give_back(bucket: str, key: str, *, rate: int, per: timedelta, cost: int = 1) -> None:
    """Undo a take whose purpose came to nothing."""
    back = cost * per.total_seconds() / rate
    Bucket.objects.filter(key=_name(bucket, key)).update(full_at=F("full_at") - back)


def forget_idle(*, now: datetime) -> int:
    """Remove buckets that are full again."""
    return Bucket.objects.filter(full_at__lt=now.timestamp()).delete()[0]


def _name(bucket: str, key: str) -> str:
    return f"{bucket}:{key}"[:200]
