"""Things an operator, or a restore, has stopped: a row is a stop, with its reason; no row means it runs."""

from __future__ import annotations

from datetime import datetime

from makegood.engine.models import Stop
from makegood.lib import rows

MAIL = "mail"


def stop(what: str, *, reason: str, now: datetime) -> None:
    Stop.objects.update_or_create(what=what, defaults={"reason": reason, "since": now})


def let_run(what: str) -> bool:
    """End the stop of ``what``; whether there was one."""
    return bool(Stop.objects.filter(what=what).delete()[0])


def is_stopped(what: str) -> str:
    """The reason why ``what`` is stopped, or an empty text."""
    found = rows.read(Stop, "what = %s", [what])
    return (found[0].reason or "stopped") if found else ""
