"""The life of a job row: queued, leased, done; or tried again later; or parked with its reason.

``attempts`` grows when a job is *claimed*, not when it fails: a job that kills its worker is counted too, and is parked
after ``MAX_ATTEMPTS`` like any other instead of killing workers for ever.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from makegood.engine.models import Job
from makegood.lib.statements import Statement

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
KEEP_DONE = timedelta(days=3)
_WAITS = (5, 20, 60, 300, 900, 3600, 10800)


def enqueue(name: str, key: str, payload: dict[str, Any], *, run_at: datetime, priority: int = 5) -> bool:
    """Queue work once per (``name``, ``key``); return whether the row is new. Belongs into the caller's transaction."""
    return enqueue_many([Job(name=name, key=key, payload=payload, run_at=run_at, priority=priority)]) == 1


def enqueue_many(jobs: Iterable[Job]) -> int:
    """Queue several at once, leaving out those that exist; return how many are new."""
    rows = [
        (j.name, j.key, json.dumps(j.payload), j.priority, _moment(j.run_at), j.attempts, "", j.last_error)
        for j in jobs
    ]
    if not rows:
        return 0
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    sql = f"""
        INSERT INTO engine_job (name, key, payload, priority, run_at, attempts, leased_by, last_error)
        VALUES {places} ON CONFLICT (name, key) DO NOTHING"""  # noqa: S608 - placeholders only
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])
        return max(cursor.rowcount, 0)


def claim(worker: str, *, now: datetime, limit: int = 20) -> list[Job]:
    """Lease up to ``limit`` due jobs for ``worker``; jobs whose lease ran out are due again."""
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = f"""
        UPDATE engine_job SET leased_until = %s, leased_by = %s, attempts = attempts + 1
        WHERE id IN (
            SELECT id FROM engine_job
            WHERE done_at IS NULL AND parked_at IS NULL AND run_at <= %s
              AND (leased_until IS NULL OR leased_until < %s)
            ORDER BY priority, run_at, id LIMIT %s {skip})
        RETURNING id"""  # noqa: S608 - no value is spliced in
    if not _DUE(now):  # an idle worker only reads: on SQLite an UPDATE would take the write lock for nothing
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        moment = _moment(now)
        cursor.execute(sql, [_moment(now + LEASE), worker, moment, moment, limit])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Job.objects.filter(pk__in=ids).order_by("priority", "run_at", "id"))


_DUE: Statement[int] = Statement(
    lambda now: Job.objects.filter(done_at=None, parked_at=None, run_at__lte=now).values_list("pk", flat=True)[:1]
)


def extend(ids: list[int], worker: str, *, now: datetime) -> None:
    """Heartbeat: keep the lease of jobs still in hand."""
    Job.objects.filter(pk__in=ids, leased_by=worker, done_at=None).update(leased_until=now + LEASE)


def finish(ids: list[int], *, now: datetime) -> None:
    """Mark jobs done."""
    Job.objects.filter(pk__in=ids).update(done_at=now, leased_until=None, last_error="")


def release(ids: list[int], worker: str, *, now: datetime) -> None:
    """Give jobs back untouched (orderly stop): the claim does not count as a try."""
    for job in Job.objects.filter(pk__in=ids, leased_by=worker, done_at=None):
        Job.objects.filter(pk=job.pk).update(leased_until=None, attempts=max(0, job.attempts - 1), run_at=now)


def fail(job: Job, reason: str, *, now: datetime, retry: bool = True) -> None:
    """Note why a try failed; set the next one with growing, jittered waits, or park the job."""
    changes: dict[str, Any] = {"last_error": reason[:4000], "leased_until": None}
    if retry and job.attempts < MAX_ATTEMPTS:
        changes["run_at"] = now + wait_after(job.attempts)
    else:
        changes["parked_at"] = now
    Job.objects.filter(pk=job.pk).update(**changes)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: 5 s growing to 3 h, each ±20 %."""
    seconds = _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret


def unpark(job_id: int, *, now: datetime) -> bool:
    """Let a parked job try again from the beginning."""
    parked = Job.objects.filter(pk=job_id, parked_at__isnull=False)
    return parked.update(parked_at=None, attempts=0, run_at=now, leased_until=None) == 1


def remove_done(*, now: datetime) -> int:
    """Forget jobs done some days ago."""
    return Job.objects.filter(done_at__lt=now - KEEP_DONE).delete()[0]


def _moment(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
