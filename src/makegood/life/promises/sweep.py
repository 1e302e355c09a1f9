"""Time passing: warnings, breaks and rungs of the ladder, each exactly once, however often and by whomever it is swept.

One step is one transaction: the report is locked, the promise read again, the step written (unique), the ledger entry
with it (unique too), the next moment stored. Killed between two steps, the next sweep goes on with the second. Whoever
was away catches up: the steps are taken in order, and each says how late it was noticed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.life.people.actors import SYSTEM
from makegood.life.promises import book
from makegood.life.promises.actions import next_moment
from makegood.life.promises.clocks import Step
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.promises.owed import show_owed
from makegood.life.reports import access, ledger

_LEDGER_KIND = {
    PromiseStep.AT_RISK: "promise.at_risk",
    PromiseStep.BROKEN: "promise.broken",
    PromiseStep.RUNG: "promise.rung_climbed",
}


def sweep(now: datetime, limit: int = 500) -> int:
    """Take at most ``limit`` steps that are due at ``now``; return how many were taken."""
    taken = 0
    while taken < limit:
        due = list(
            Promise.objects.filter(state=Promise.OPEN, next_step_at__lte=now)
            .order_by("next_step_at")
            .values_list("pk", flat=True)[: limit - taken]
        )
        progress = sum(take_step(promise, now) for promise in due)
        taken += progress
        if not progress:
            break
    return taken


def take_step(promise_id: int, now: datetime) -> bool:
    """Take the next step of one promise if it is due; False if there is none, or somebody else was quicker."""
    with transaction.atomic():
        promise = _locked(promise_id)
        if promise is None or promise.state != Promise.OPEN:
            return False
        terms, steps = book.current(now), list(promise.steps.all())
        clock = terms.clock(promise, steps)
        done = {(step.kind, step.number) for step in steps if step.timing == promise.timing}
        step = next((s for s in clock.steps if (s.kind, s.number) not in done), None)
        if step is None or step.moment > now:
            _put_off(promise, step.moment if step else None)
            return False
        whom = clock.terms.rungs[step.number - 1].whom if step.kind == PromiseStep.RUNG else ""
        written = _write(promise, step, whom, now)
        if step.kind == PromiseStep.BROKEN and promise.broken_at is None:
            promise.broken_at = step.moment
        promise.next_step_at = next_moment(promise, clock, [*steps, written])
        promise.save(update_fields=["next_step_at", "broken_at"])
        if promise.report:
            show_owed(promise.report, at=now)
    return True


def _locked(promise_id: int) -> Promise | None:
    promise = Promise.objects.select_related("report").filter(pk=promise_id).first()
    if promise is not None and promise.report is not None:
        promise.report = access.lock(promise.report)
    fresh = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if fresh is not None and promise is not None and promise.report is not None:
        fresh.report = promise.report
    return fresh


def _put_off(promise: Promise, moment: datetime | None) -> None:
    Promise.objects.filter(pk=promise.pk).update(next_step_at=moment)


def _write(promise: Promise, step: Step, whom: str, now: datetime) -> PromiseStep:
    data = {
        "promise": promise.pk,
        "kind": promise.kind,
        "owed_to": promise.owed_to,
        "severity": promise.severity,
        "due_at": promise.due_at.isoformat(),
        "moment": step.moment.isoformat(),
        "delay_seconds": int((now - step.moment).total_seconds()),
        "rung": step.number,
        "whom": whom,
        "team": promise.team_id,
        "agent": promise.agent_id,
    }
    ledger.record(
        promise.report,
        _LEDGER_KIND[step.kind],
        by=SYSTEM,
        at=now,
        data=data,
        key=f"promise-{promise.pk}-{promise.timing}-{step.kind}-{step.number}",
        about=promise.about,
    )
    return PromiseStep.objects.create(
        promise=promise,
        kind=step.kind,
        timing=promise.timing,
        number=step.number,
        moment=step.moment,
        at=now,
        by_name=SYSTEM.name,
        data={"whom": whom} if whom else {},
    )
