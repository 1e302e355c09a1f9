"""What was taken out leaves the files of the index as well, a step a job: on a large desk that is minutes of work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from makegood.engine import database, search
from makegood.engine.queue import enqueue

JOB = "privacy.shed"
_PAUSE = timedelta(milliseconds=200)


def later(*, at: datetime) -> None:
    """Have it done; asked twice in one second, once. Belongs into the caller's transaction."""
    enqueue(JOB, f"{at:%Y%m%d%H%M%S}:0", {"began": f"{at:%Y%m%d%H%M%S}", "step": 0}, run_at=at, priority=7)


def work(payload: dict[str, Any], now: datetime) -> None:
    """The job: one step, and the next in line if there is more to do."""
    with database.leaving_no_trace():
        more = search.shed()
    if more:
        step = payload["step"] + 1
        rest = {**payload, "step": step}
        enqueue(JOB, f"{payload['began']}:{step}", rest, run_at=now + _PAUSE, priority=7)
    else:
        database.tend()
