"""Signs of life, as rows: the worker writes them, whoever asks how things are reads them.

Apart from the rounds, so that the web process need not load all that a worker does.
"""

from __future__ import annotations

from datetime import datetime

from makegood.engine.models import Heartbeat

WORKER = "worker"


def beat(name: str, now: datetime) -> None:
    """Say that this process is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def last_beat(name: str = WORKER) -> datetime | None:
    """When that process last said that it is alive."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
