"""What comes round: promises that fall due, and upkeep. Each claimed per (name, period), so two workers share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.contrib.sessions.models import Session

from makegood.doors.ui.status import copy
from makegood.engine import database, files, idempotency, limits
from makegood.engine.live import events, presence
from makegood.engine.queue import claim_period, jobs
from makegood.life import reactions
from makegood.life.intake import drafts
from makegood.life.knowledge import pictures
from makegood.life.people.models import OneTimeLink
from makegood.life.post import keeping as post
from makegood.life.privacy import handing
from makegood.life.promises.sweep import sweep
from makegood.life.reports.models import Attachment
from makegood.life.transfer import exports, imports

log = structlog.get_logger("makegood.clock")


def sweep_promises(now: datetime) -> int:
    """Climb what is at risk or broken. Safe to run from several workers."""
    return sweep(now)


def go(now: datetime) -> list[str]:
    """Do all periodic work whose period has begun; return the names of what was done."""
    done = []
    for name, (every, work) in {**UPKEEP, **reactions.PERIODIC}.items():
        if not claim_period(name, every, now=now):
            continue
        try:
            work(now)
        except Exception:
            log.exception("round.failed", round=name)
        else:
            done.append(name)
    return done


def _remove_done_jobs(now: datetime) -> None:
    jobs.remove_done(now=now)


def _forget_live(now: datetime) -> None:
    events.forget_old(now=now)
    presence.forget_gone(now=now)


def _forget_limits(now: datetime) -> None:
    limits.forget_idle(now=now)


def _remove_expired(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=7)).delete()


def _sweep_files(now: datetime) -> None:
    files.sweep(_referenced, now=now)


def _referenced(keys: list[str]) -> set[str]:
    rows = Attachment.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True)
    small = Attachment.objects.filter(thumbnail_key__in=keys).values_list("thumbnail_key", flat=True)
    others = (floor.used_keys(keys) for floor in (drafts, post, imports, exports, pictures, handing))
    return set(rows).union(small, *others)


def _tend_database(_now: datetime) -> None:
    database.tend()


def _copy_status_page(now: datetime) -> None:
    copy.write(now)


UPKEEP: dict[str, tuple[timedelta, Callable[[datetime], object]]] = {
    "upkeep.live": (timedelta(minutes=5), _forget_live),
    "upkeep.jobs": (timedelta(hours=1), _remove_done_jobs),
    "upkeep.limits": (timedelta(hours=6), _forget_limits),
    "upkeep.expired": (timedelta(hours=6), _remove_expired),
    "upkeep.files": (timedelta(hours=6), _sweep_files),
    "upkeep.idempotency": (timedelta(hours=1), idempotency.forget_old),
    "upkeep.status_page": (timedelta(minutes=1), _copy_status_page),
    "upkeep.database": (timedelta(hours=12), _tend_database),
}
