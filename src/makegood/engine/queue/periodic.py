"""Work that comes round: one row per (name, period) decides which process does it."""

from __future__ import annotations

from datetime import datetime, timedelta

from makegood.engine.models import PeriodicRun

_KEEP = timedelta(days=2)


def claim_period(name: str, every: timedelta, *, now: datetime) -> bool:
    """Whether this caller is the first to ask for ``name`` in the present period of length ``every``."""
    period = int(now.timestamp() // every.total_seconds())
    if PeriodicRun.objects.filter(name=name, period=period).exists():
        return False
    _run, is_mine = PeriodicRun.objects.get_or_create(name=name, period=period, defaults={"at": now})
    if is_mine:
        PeriodicRun.objects.filter(name=name, at__lt=now - _KEEP, period__lt=period).delete()
    return is_mine
