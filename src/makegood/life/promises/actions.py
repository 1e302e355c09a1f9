"""The verbs of promises. Each is one transaction: lock the report, change, record, show what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent, Team
from makegood.life.promises import book, kinds, reasons
from makegood.life.promises.book import Book
from makegood.life.promises.clocks import Clock
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.promises.owed import show_owed
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import LedgerEntry, Message, Report


class InThePast(Refusal):
    """A promise cannot fall due before it is made."""


class NeedsReason(Refusal):
    """Pausing, moving and withdrawing must say why."""


class NotPending(Refusal):
    """The promise has been kept or withdrawn already."""


class MustBeTold(Refusal):
    """The reporter was told an earlier time; a later one takes words to them (``updates.moving``)."""


class Details(TypedDict, total=False):
    """What may be said about a promise besides its kind. ``due_at`` is a time named to somebody."""

    due_at: datetime | None
    severity: str | None
    team: Team | None
    agent: Agent | None
    message: Message | None
    reason: str
    kept_at: datetime | None


@dataclass(frozen=True)
class Wish:
    """One promise to make. ``kept_at`` set: it is kept in the very act, as an acknowledgement on screen is."""

    kind: str
    due_at: datetime | None = None
    severity: str | None = None
    team: Team | None = None
    agent: Agent | None = None
    message: Message | None = None
    reason: str = ""
    kept_at: datetime | None = None


def make(report: Report, kind: str, *, by: Actor, at: datetime, **details: Unpack[Details]) -> Promise:
    """Promise ``kind``, due by policy or at the time named. A sooner one of its kind takes the place of later ones.

    Raises InThePast.
    """
    return make_many(report, [Wish(kind, **details)], by=by, at=at)[0]


def make_many(report: Report, wishes: Iterable[Wish], *, by: Actor, at: datetime) -> list[Promise]:
    """Make several promises. Raises InThePast."""
    with transaction.atomic():
        others = _pending(access.lock(report))
        terms = book.current(at)
        promises = [_built(report, wish, terms, by=by, at=at) for wish in wishes]
        if not promises:
            return []
        _replace_later(report, others, promises, by=by, at=at)
        _write(report, promises, by=by, at=at)
        show_owed(report, at=at, promises=[*others, *promises])
    return promises


def plan(report: Report, wishes: Iterable[Wish], *, by: Actor, at: datetime) -> list[Promise]:
    """The promises of a report that is about to be filed, shown on it; ``put_down`` writes them once it is.

    So a new report is written once, with what is owed on it, and not changed at once. Raises InThePast.
    """
    terms = book.current(at)
    promises = [_built(report, wish, terms, by=by, at=at) for wish in wishes]
    show_owed(report, at=at, promises=promises)
    return promises


def put_down(
    report: Report, promises: list[Promise], *, by: Actor, at: datetime, after: LedgerEntry | None = None
) -> None:
    """Write what was planned, in the transaction that files ``report``; ``after``: an entry to be written just before
    that of the promises."""
    for promise in promises:
        promise.report = report
    _write(report, promises, by=by, at=at, after=after)


def keep(report: Report, *which: str, by: Actor, at: datetime, message: Message | None = None) -> list[Promise]:
    """Keep the pending promises of the kinds ``which``; a late one counts as broken. Returns those kept."""
    with transaction.atomic():
        pending = _pending(access.lock(report))
        kept = [promise for promise in pending if promise.kind in which]
        if not kept:
            return []
        for promise in kept:
            note_if_late(promise, at)
            promise.state, promise.kept_at, promise.next_step_at = Promise.KEPT, at, None
            promise.kept_by_message = message
        Promise.objects.bulk_update(kept, ["state", "kept_at", "kept_by_message", "broken_at", "next_step_at"])
        data = {"promises": [{**told(p), "late": p.broken_at is not None} for p in kept]}
        ledger.record(report, "promise.kept", by=by, at=at, data=data)
        show_owed(report, at=at, promises=pending)
    return kept


def pause(report: Report, *which: str, by: Actor, at: datetime, reason: str) -> list[Promise]:
    """Stop the clocks that wait for the reporter, or those of the kinds ``which``. Raises NeedsReason."""
    demand(reason)
    with transaction.atomic():
        pending = _pending(access.lock(report))
        wanted = which or kinds.WAITING
        paused = [p for p in pending if p.state == Promise.OPEN and p.kind in wanted]
        if not paused:
            return []
        for promise in paused:
            promise.state, promise.next_step_at = Promise.PAUSED, None
        Promise.objects.bulk_update(paused, ["state", "next_step_at"])
        _write_steps(paused, PromiseStep.PAUSED, by=by, at=at, reason=reason)
        _record(report, "promise.paused", paused, by=by, at=at, reason=reason)
        show_owed(report, at=at, promises=pending)
    return paused


def resume(report: Report, *which: str, by: Actor, at: datetime) -> list[Promise]:
    """The other side has spoken: clocks go on with the time they had left. Which ones: as for ``pause``."""
    with transaction.atomic():
        pending = _pending(access.lock(report))
        wanted = which or kinds.WAITING
        resumed = [p for p in pending if p.state == Promise.PAUSED and p.kind in wanted]
        if not resumed:
            return []
        _write_steps(resumed, PromiseStep.RESUMED, by=by, at=at)
        _retime(resumed, at=at)
        _record(report, "promise.resumed", resumed, by=by, at=at)
        show_owed(report, at=at, promises=pending)
    return resumed


def withdraw(report: Report, *which: str, by: Actor, at: datetime, reason: str) -> list[Promise]:
    """Take back pending promises of the kinds ``which``, or all. The overdue stay broken. Raises NeedsReason."""
    demand(reason)
    with transaction.atomic():
        pending = _pending(access.lock(report))
        gone = [promise for promise in pending if not which or promise.kind in which]
        if gone:
            _withdraw(report, gone, by=by, at=at, reason=reason)
            show_owed(report, at=at, promises=pending)
    return gone


def move(promise: Promise, *, by: Actor, at: datetime, due_at: datetime, reason: str) -> Promise:
    """Name another time for a pending promise; it runs again from now. Owed to a reporter it only becomes sooner.

    Raises NeedsReason, InThePast, NotPending, MustBeTold.
    """
    demand(reason)
    _check_future(due_at, at)
    with transaction.atomic():
        report = access.lock(promise.report) if promise.report else None
        fresh = _fresh(promise)
        if puts_off(fresh, due_at):
            words = _(
                "They were told an earlier time. A later one is named to them in words, and moves together with it."
            )
            raise MustBeTold(words)
        if fresh.state == Promise.PAUSED:
            _write_steps([fresh], PromiseStep.RESUMED, by=by, at=at)
        note_if_late(fresh, at)
        before, fresh.named_at = fresh.due_at, due_at
        _begin_anew(fresh, before, by=by, at=at, reason=reason)
        _retime([fresh], at=at)
        data = {"promises": [{**told(fresh), "was_due_at": before.isoformat()}]}
        ledger.record(report, "promise.moved", by=by, at=at, data=data, reason=reason, about=fresh.about)
        if report:
            show_owed(report, at=at)
    return fresh


def puts_off(promise: Promise, due_at: datetime) -> bool:
    """Whether ``due_at`` is later than whoever is outside was told."""
    return promise.owed_to == kinds.REPORTER and due_at > promise.due_at


def beside(promise: Promise) -> list[Promise]:
    """What else its reporter was told they hear from us, the soonest first; a later time for one is one for all."""
    rows = Promise.objects.filter(report=promise.report, kind__in=kinds.WAITING, state=Promise.OPEN)
    return list(rows.exclude(pk=promise.pk).select_related("policy", "hours", "report").order_by("due_at", "pk"))


def put_off(report: Report, promise: Promise, *, by: Actor, at: datetime, message: Message, reason: str) -> Promise:
    """``message`` tells the reporter another time: that is promised from now on, and ``promise`` ends; with it whatever
    else they were to hear from us before then.

    Ended before its time it counts as neither kept nor broken; after it, it stays broken. Raises NeedsReason,
    InThePast, NotPending.
    """
    demand(reason)
    with transaction.atomic():
        access.lock(report)
        old, due_at = _fresh(promise), message.named_time or at
        ended = [old, *(other for other in beside(old) if other.due_at < due_at)]
        data = {"due_at": due_at.isoformat(), "message": message.pk}
        _write_steps(ended, PromiseStep.PUT_OFF, by=by, at=at, reason=reason, data=data)
        _withdraw(report, ended, by=by, at=at, reason=reason)
        details: Details = {"due_at": due_at, "message": message, "team": old.team, "agent": old.agent}
        details["reason"] = reason
        return make(report, old.kind, by=by, at=at, **details)


def change_severity(report: Report, *, by: Actor, at: datetime) -> list[Promise]:
    """Time pending promises anew, from now on, after the report's severity was set. Returns those that moved.

    What was told the reporter is never pushed back: theirs, and times named to anybody, only ever become sooner.
    """
    with transaction.atomic():
        fresh, terms = access.lock(report), book.current(at)
        pending, moved = _pending(fresh), []
        for promise in pending:
            raised = states.SEVERITIES.index(fresh.severity) < states.SEVERITIES.index(promise.severity)
            before = promise.due_at
            if promise.severity == fresh.severity or not _adopt(promise, fresh.severity, terms, raised, at):
                continue
            _begin_anew(promise, before, by=by, at=at, reason=reasons.SEVERITY_NOW[fresh.severity])
            moved.append(promise)
        _retime(moved, at=at)
        if moved:
            _record(report, "promise.moved", moved, by=by, at=at, reason="severity")
        show_owed(report, at=at, promises=pending)
    return moved


def ensure_owed(report: Report, *, by: Actor, at: datetime) -> Promise | None:
    """P2, called last in every verb further up: an open report owes its reporter some news; a closed one nothing.

    Returns the promise made, if one was missing.
    """
    with transaction.atomic():
        fresh = access.lock(report)
        pending = _pending(fresh)
        if not fresh.is_open:
            if over := [promise for promise in pending if promise.kind not in kinds.OUTLIVING]:
                _withdraw(report, over, by=by, at=at, reason=reasons.CLOSED)
            show_owed(report, at=at, promises=pending)
            return None
        if any(promise.kind in kinds.NEWS for promise in pending):
            return None
        kind = kinds.FOLLOW_UP if fresh.state == states.SOLVED else kinds.NEXT_UPDATE
        return make(report, kind, by=by, at=at, severity=fresh.severity)


# The parts the verbs are made of.


def _write(
    report: Report, promises: list[Promise], *, by: Actor, at: datetime, after: LedgerEntry | None = None
) -> None:
    rows.insert(*promises)
    data = {"promises": [{**told(p), "kept": p.kept_at is not None} for p in promises]}
    made = ledger.entry(report, "promise.made", by=by, at=at, data=data)
    ledger.write(*([after, made] if after else [made]))


def _pending(report: Report) -> list[Promise]:
    which = f"report_id = %s AND state IN ({rows.marks(len(Promise.PENDING))}) ORDER BY id"
    return rows.read(Promise, which, (report.pk, *Promise.PENDING))


def _fresh(promise: Promise) -> Promise:
    """The promise as it stands, its row locked. Raises NotPending."""
    rows_of = Promise.objects.select_for_update(of=("self",)).select_related("report", "policy", "team", "agent")
    fresh = rows_of.get(pk=promise.pk)
    if not fresh.is_pending:
        raise NotPending(_("This promise is no longer open, so its time cannot be moved."))
    return fresh


def _built(report: Report, wish: Wish, terms: Book, *, by: Actor, at: datetime) -> Promise:
    promise = built(wish, wish.severity or report.severity, terms, by=by, at=at)
    promise.report, promise.cycle = report, report.reopened_count
    return promise


def built(wish: Wish, severity: str, terms: Book, *, by: Actor, at: datetime) -> Promise:
    """The promise of ``wish`` on the terms in force, not written yet and about nothing yet. Raises InThePast."""
    if wish.due_at is not None:
        _check_future(wish.due_at, at)
    policy = terms.policy(wish.kind, severity, at)
    version = terms.version(policy, wish.team.pk if wish.team else None, at)
    promise = rows.new(
        Promise,
        kind=wish.kind,
        owed_to=kinds.KINDS[wish.kind].owed_to,
        severity=severity,
        team=wish.team,
        agent=wish.agent,
        message=wish.message,
        reason=wish.reason,
        made_by=by.name,
        policy=policy,
        hours=version,
        made_at=at,
        counted_from=at,
        named_at=wish.due_at,
    )
    clock = Clock(at, terms.terms(policy, version), (), wish.due_at)
    promise.due_at, promise.at_risk_at = clock.due_at or at, clock.at_risk_at or at
    promise.next_step_at = promise.at_risk_at
    if wish.kept_at is not None:
        promise.state, promise.kept_at, promise.next_step_at = Promise.KEPT, wish.kept_at, None
    return promise


def _replace_later(report: Report, others: list[Promise], made: list[Promise], *, by: Actor, at: datetime) -> None:
    """Withdraw pending promises that a sooner one of the same kind to the same people makes pointless."""
    sooner = {_to_whom(promise): promise for promise in made if promise.is_pending}
    gone = [
        other
        for other in others
        if (new := sooner.get(_to_whom(other))) and at < other.due_at and new.due_at <= other.due_at
    ]
    if gone:
        _withdraw(report, gone, by=by, at=at, reason=reasons.SOONER)


def _to_whom(promise: Promise) -> tuple[str, int | None]:
    return promise.kind, None if promise.owed_to == kinds.REPORTER else promise.team_id


def _adopt(promise: Promise, severity: str, terms: Book, raised: bool, at: datetime) -> bool:
    """Put the terms of ``severity`` on a promise; False if its timing stays as it was."""
    is_late = promise.broken_at is not None or (promise.state == Promise.OPEN and promise.due_at <= at)
    if not raised and (promise.named_at or is_late):
        return False
    policy = terms.policy(promise.kind, severity, at)
    version = terms.version(policy, promise.team_id, at)
    sooner = Clock(at, terms.terms(policy, version)).due_at
    if promise.owed_to == kinds.REPORTER or promise.named_at:
        before = _due_if_resumed(promise, terms, at)
        if before is None or sooner is None or sooner >= before:
            return False
    promise.severity, promise.policy, promise.hours, promise.named_at = severity, policy, version, None
    return True


def _due_if_resumed(promise: Promise, terms: Book, at: datetime) -> datetime | None:
    """When it is due, or would be if the reporter answered now. None for a named time that waits: it stands whenever
    they answer, so nothing counted from then on may take its place.
    """
    if promise.state != Promise.PAUSED:
        return promise.due_at
    if promise.named_at:
        return None
    ended = PromiseStep(promise=promise, kind=PromiseStep.RESUMED, moment=at, at=at, by_name="")
    return terms.clock(promise, sorted([*promise.steps.all(), ended], key=lambda step: step.at)).due_at


def _begin_anew(promise: Promise, before: datetime, *, by: Actor, at: datetime, reason: str) -> None:
    promise.counted_from, promise.timing = at, promise.timing + 1
    data = {"was_due_at": before.isoformat()}
    _write_steps([promise], PromiseStep.MOVED, by=by, at=at, reason=reason, data=data)


def _retime(promises: list[Promise], *, at: datetime) -> None:
    """Work the moments of ``promises`` out again from their steps, and write them."""
    terms = book.current(at)
    steps: dict[int, list[PromiseStep]] = {}
    for step in PromiseStep.objects.filter(promise__in=promises):
        steps.setdefault(step.promise_id, []).append(step)
    for promise in promises:
        own = steps.get(promise.pk, [])
        clock = terms.clock(promise, own)
        promise.state = Promise.PAUSED if clock.is_paused else Promise.OPEN
        promise.due_at = clock.due_at or promise.due_at
        promise.at_risk_at = clock.at_risk_at or promise.at_risk_at
        promise.next_step_at = None if clock.is_paused else next_moment(promise, clock, own)
    Promise.objects.bulk_update(promises, _TIMED)


_TIMED = [
    *("state", "due_at", "at_risk_at", "next_step_at", "named_at", "counted_from", "timing"),
    *("severity", "policy", "hours", "broken_at"),
]


def next_moment(promise: Promise, clock: Clock, steps: Iterable[PromiseStep]) -> datetime | None:
    """When the first step that has not been taken yet falls due; None if the ladder is at its end."""
    done = {(step.kind, step.number) for step in steps if step.timing == promise.timing}
    return next((step.moment for step in clock.steps if (step.kind, step.number) not in done), None)


def _write_steps(promises: list[Promise], kind: str, *, by: Actor, at: datetime, **rest: Any) -> None:
    counts: dict[int, int] = {}
    for promise_id in PromiseStep.objects.filter(promise__in=promises, kind=kind).values_list("promise_id", flat=True):
        counts[promise_id] = counts.get(promise_id, 0) + 1
    PromiseStep.objects.bulk_create(
        PromiseStep(
            promise=promise,
            kind=kind,
            timing=promise.timing,
            number=counts.get(promise.pk, 0) + 1,
            moment=at,
            at=at,
            by_name=by.name,
            **rest,
        )
        for promise in promises
    )


def _withdraw(report: Report, gone: list[Promise], *, by: Actor, at: datetime, reason: str) -> None:
    for promise in gone:
        note_if_late(promise, at)
        promise.state, promise.withdrawn_at, promise.next_step_at = Promise.WITHDRAWN, at, None
    Promise.objects.bulk_update(gone, ["state", "withdrawn_at", "broken_at", "next_step_at"])
    _record(report, "promise.withdrawn", gone, by=by, at=at, reason=reason)


def note_if_late(promise: Promise, at: datetime) -> None:
    """A promise that ends after its time is broken, whether or not the sweep came by in between."""
    if promise.state == Promise.OPEN and promise.due_at < at and promise.broken_at is None:
        promise.broken_at = promise.due_at


def _record(report: Report, kind: str, promises: list[Promise], *, by: Actor, at: datetime, reason: str = "") -> None:
    ledger.record(report, kind, by=by, at=at, data={"promises": [told(p) for p in promises]}, reason=reason)


def told(promise: Promise) -> dict[str, Any]:
    """What the ledger keeps of a promise."""
    return {"promise": promise.pk, "kind": promise.kind, "due_at": promise.due_at.isoformat()}


def demand(reason: str) -> None:
    """Raise NeedsReason unless there is one."""
    if not reason.strip():
        raise NeedsReason(_("Say why, so that the next person understands."))


def _check_future(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise InThePast(_("That time has already passed. Name one that is still to come."))
