"""From the ledger to what follows: each undelivered entry is read against the table, and browsers hear of it.

``follow`` is the ordinary way: a few entries in one transaction, in which their reactions run and they count as
delivered. If one fails they are taken apart: a reaction that fails by itself leaves nothing behind but a job row with
the reason, and is tried again from there. Killed in between, the entries are undelivered as before: at least once, and
reactions are idempotent.

``deliver`` is the careful way, for what a worker finds at its start: it may be what killed the one before. Every
reaction becomes a job first, because a job counts its tries before each try, and is parked after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from makegood.engine.live.events import publish_many
from makegood.engine.models import Job
from makegood.engine.queue import Runner, jobs
from makegood.engine.queue.runner import told
from makegood.lib import rows
from makegood.life import reactions
from makegood.life.hooks import feeding
from makegood.life.people.models import Contact
from makegood.life.problems.models import Problem, key_of
from makegood.life.reports.models import Category, LedgerEntry, Report

log = structlog.get_logger("makegood.clock")

Handler = Callable[[dict[str, Any], datetime], object]
# So many undelivered entries are read at once.
BATCH = 200
# So many entries are read with their reports at once: few enough that what was read is not old when its turn comes.
SLICE = 20
# So many are followed in one transaction: a commit costs as much as a reaction, and others wait for it to write.
TOGETHER = 4
# What changes the list of held mail.
HELD_MAIL = frozenset({"mail.held", "mail.released", "mail.attached", "mail.discarded", "mail.undiscarded"})
_PRIORITY = 3


def follow(runner: Runner, *, limit: int = BATCH) -> int:
    """Do what follows from undelivered entries, oldest first; return how many there were."""
    entries = _undelivered(limit)
    if not entries:
        return 0
    eventful = [entry for entry in entries if reactions.after(entry)]
    with transaction.atomic():
        _tell_others(entries, now=runner.clock())
        _mark([entry.pk for entry in entries if not reactions.after(entry)], now=runner.clock())
    for begin in range(0, len(eventful), SLICE):
        some = list(_with_reports(eventful[begin : begin + SLICE]))
        for few in (some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER)):
            if runner.stopping:
                return len(entries)
            _follow_few(few, runner)
    return len(entries)


def _follow_few(few: list[LedgerEntry], runner: Runner) -> None:
    """All in one go; if that fails, each entry by itself; if one fails again, each of its reactions by itself."""
    with runner.guarded():
        if _follow_together(few, runner.clock()):
            return
    for entry in few:
        with runner.guarded():
            alone = len(few) > 1 and _follow_together([entry], runner.clock())
        if not alone:
            with runner.guarded():
                _follow_apart(entry, runner.clock())


def _follow_together(few: list[LedgerEntry], now: datetime) -> bool:
    """All reactions in one transaction, as nearly always goes well; False, and nothing written, if any failed."""
    try:
        with transaction.atomic():
            for entry in few:
                if _mark([entry.pk], now=now):  # else another worker has it, or it was erased
                    for reaction in reactions.after(entry):
                        reaction(entry, now)
    except Exception as trouble:  # noqa: BLE001 - which of them it was is found out one by one
        log.info("reactions.taken_apart", entries=[entry.pk for entry in few], error=repr(trouble))
        for entry in few:
            _refresh(entry)
        return False
    return True


def _follow_apart(entry: LedgerEntry, now: datetime) -> None:
    """Each reaction by itself, so that one that fails costs no other."""
    with transaction.atomic():
        if not _mark([entry.pk], now=now):
            return
        for reaction in reactions.after(entry):
            try:
                with transaction.atomic():
                    reaction(entry, now)
            except Exception as trouble:  # noqa: BLE001 - the others go on, this one is tried again
                log.warning("reaction.failed", job=job_name(reaction), entry=entry.pk, error=repr(trouble))
                jobs.enqueue_many([_retry(reaction, entry, trouble, now)])
                _refresh(entry)


def _retry(reaction: reactions.Reaction, entry: LedgerEntry, trouble: Exception, now: datetime) -> Job:
    job = _job(reaction, entry.pk, now + jobs.wait_after(1))
    job.attempts, job.last_error = 1, told(trouble)[:4000]
    return job


def newest_undelivered() -> int:
    """The number of the newest entry that nothing has followed from yet; 0 if there is none."""
    newest = LedgerEntry.objects.filter(delivered_at=None).order_by("-id").values_list("pk", flat=True).first()
    return newest or 0


def deliver(now: datetime, *, until: int | None = None, limit: int = BATCH) -> int:
    """Queue the reactions of undelivered entries, oldest first, up to number ``until``; return how many entries were
    delivered.

    Jobs and mark commit together, and a job is unique per (reaction, entry): killed in between or run twice, each
    reaction is queued exactly once.
    """
    waiting = LedgerEntry.objects.filter(delivered_at=None).order_by("id")
    if until is not None:
        waiting = waiting.filter(pk__lte=until)
    if not waiting.exists():
        return 0
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        entries = list(waiting.select_for_update(skip_locked=skip)[:limit])
        jobs.enqueue_many(_job(reaction, entry.pk, now) for entry in entries for reaction in reactions.after(entry))
        _tell_others(entries, now=now)
        _mark([entry.pk for entry in entries], now=now)
    return len(entries)


def job_name(reaction: reactions.Reaction) -> str:
    """``reaction:escalation.pages.page_duty``: where the function stands, without the common beginning."""
    module = reaction.__module__.removeprefix("makegood.life.")
    return f"reaction:{module}.{reaction.__name__}"


def handlers() -> dict[str, Handler]:
    """Every reaction in the table as a job handler, and the jobs that reactions put in line themselves."""
    table = {job_name(reaction): _handler(reaction) for row in reactions.TABLE.values() for reaction in row}
    return {**table, **reactions.JOBS}


def _job(reaction: reactions.Reaction, entry_id: int, run_at: datetime) -> Job:
    return Job(
        name=job_name(reaction), key=str(entry_id), payload={"entry": entry_id}, priority=_PRIORITY, run_at=run_at
    )


def _handler(reaction: reactions.Reaction) -> Handler:
    def run(payload: dict[str, Any], now: datetime) -> None:
        for entry in _with_reports(rows.read(LedgerEntry, "id = %s", [payload["entry"]])):
            reaction(entry, now)  # erased meanwhile: nothing follows

    run.__name__ = reaction.__name__
    return run


def _undelivered(limit: int) -> list[LedgerEntry]:
    return rows.read(LedgerEntry, "delivered_at IS NULL ORDER BY id LIMIT %s", [limit])


def _mark(ids: list[int], *, now: datetime) -> int:
    """Count entries as delivered; how many were not yet."""
    if not ids:
        return 0
    sql = f"UPDATE reports_ledgerentry SET delivered_at = %s WHERE id IN ({rows.marks(len(ids))})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND delivered_at IS NULL", [rows.moment(now), *ids])
        return cursor.rowcount


def _tell_others(entries: list[LedgerEntry], *, now: datetime) -> None:
    """Browsers, and the webhooks that ask for such entries; before the entries count as delivered, or with it."""
    feeding.feed_safely(entries, now=now)
    touched = dict.fromkeys(entry.report_id for entry in entries if entry.report_id)
    happened = [(f"queue report:{pk}", str(pk)) for pk in touched]
    about = {pk for entry in entries if entry.about and (pk := key_of(entry.about)) is not None}
    if about:  # by its key, which only its page shows: who may see it is not known where events are heard
        keys = Problem.objects.filter(pk__in=about).order_by("pk").values_list("key", flat=True)
        happened += [(f"problems problem:{key}", "") for key in keys]
    if any(entry.kind in HELD_MAIL for entry in entries):
        happened.append(("mail", ""))
    publish_many(happened, at=now)


def _with_reports(entries: list[LedgerEntry]) -> Iterable[LedgerEntry]:
    """Each entry with its report, and that with its contact and category: read together, and anew where an earlier
    entry of the same slice may have changed it."""
    reports = rows.by_key(Report, (entry.report_id for entry in entries))
    contacts = rows.by_key(Contact, (report.contact_id for report in reports.values()))
    categories = rows.by_key(Category, (report.category_id for report in reports.values()))
    for report in reports.values():
        report.contact = contacts[report.contact_id]
        report.category = categories.get(report.category_id) if report.category_id else None
    for entry in entries:
        if entry.report_id in reports:
            entry.report = reports.pop(entry.report_id)
        yield entry


def _refresh(entry: LedgerEntry) -> None:
    """Forget what a reaction that failed had already written on the report in memory."""
    if entry.report is not None:
        entry.report.refresh_from_db()
