"""How long each plot of the insights takes on two years of reports, how long counting takes, and whether all is right.

Each plot is asked for 90 and for 365 days, one after the other in one process. Bar: a second. Every figure is then held
against fresh SQL on the rows themselves (bench/fresh.py); a figure that differs stops the run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from bench import desk_years, fresh
from bench.load import Result, repeat
from bench.processes import waited_seconds
from makegood.life.insights import rolling
from makegood.life.insights.days import Period, day_of
from makegood.life.insights.plots import PLOTS, Asked, Plot
from makegood.life.people import roles
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report

EACH = 7
BAR = 1000.0
SPANS = (90, 365)


def measure(count: int) -> list[dict[str, object]]:
    """Fill in ``count`` reports, count them, ask for every plot; one row a plot."""
    now = timezone.now()
    desk_years.fill(count, now=now)
    print(f"  {Report.objects.count():,} reports filled in", flush=True)
    begun = time.process_time()
    days = rolling.rebuild(now)
    print(f"  {days} days counted anew in {time.process_time() - begun:.1f} s of processor time", flush=True)
    begun = time.process_time()
    rolling.count(day_of(now, rolling.zone()) - timedelta(days=1), now=now)
    print(f"  one day counted anew in {(time.process_time() - begun) * 1000:.0f} ms", flush=True)
    lead = Agent.objects.create(email="lead@bench.example", name="Lead", role=roles.LEAD, created_at=now)
    rows = [_row(plot, lead, now) for plot in PLOTS.values()]
    # Of the moment that was counted: a promise may have fallen due since.
    if wrong := fresh.wrong(_asked(lead, SPANS[0], now)):
        raise RuntimeError(f"{len(wrong)} figures are not what the rows say: {wrong[:5]}")
    print(f"  every figure of {SPANS[0]} days equals fresh SQL", flush=True)
    return rows


def _asked(lead: Agent, days: int, now: datetime) -> Asked:
    today = day_of(now, rolling.zone())
    return Asked(Period(today - timedelta(days=days - 1), today), lead, now)


def _row(plot: Plot, lead: Agent, now: datetime) -> dict[str, object]:
    found = {span: _timed(lambda _n, span=span: _work(plot, _asked(lead, span, now))) for span in SPANS}
    worst = max(result.unhindered_at(0.95) for result in found.values())
    return {
        "plot": plot.slug,
        **{f"{span} days p50, p95 ms": _both(result) for span, result in found.items()},
        "bar": f"{BAR:.0f} ms: {'met' if worst <= BAR else 'MISSED'}",
    }


def _work(plot: Plot, asked: Asked) -> str | None:
    plot.work(asked)
    return None


def _timed(work: Callable[[int], str | None]) -> Result:
    repeat(work, times=1, waited=float)
    return repeat(work, times=EACH, waited=lambda: waited_seconds([os.getpid()]))


def _both(result: Result) -> str:
    return f"{result.unhindered_at(0.5):.1f}, {result.unhindered_at(0.95):.1f}"
