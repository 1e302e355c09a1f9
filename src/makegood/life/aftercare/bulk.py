"""A change over many reports as a job: in slices, with progress, failures named one by one, a way to stop and one undo.

Each slice is one transaction with the row that counts it: killed in between, it is done again from where it was. What
whoever asked may not see is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.engine.live import publish
from makegood.engine.queue import enqueue
from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.aftercare import changes, undo
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access, ledger
from makegood.life.reports.models import BulkRun, LedgerEntry
from makegood.life.updates import actions as updates

JOB = "bulk.slice"
SLICE = 20
AT_MOST = 5000
# What a change takes besides the right to make many at once.
TAKES = {"close": "report.close", "follow_up": "report.follow_up"}

QUEUED, RUNNING, DONE, CANCELLED, UNDOING, UNDONE = "queued", "running", "done", "cancelled", "undoing", "undone"


class NotABulk(Refusal):
    """Nothing chosen, too many, or not allowed."""


def start(
    seeker: Agent,
    what: str,
    value: str,
    ids: Iterable[int],
    *,
    at: datetime,
    words: str = "",
    texts: Mapping[str, str] | None = None,
    asks: bool = False,
) -> BulkRun:
    """Put a change over ``ids`` in line; see ``changes.apply`` for ``what`` and ``value``. Raises NotABulk.

    ``texts``: the words per language, where each reporter reads their own. A time in the words that is not the one
    promised raises as ``updates.actions.check_times``, which see for ``asks``.
    """
    wanted = list(dict.fromkeys(ids))
    if not seeker.may("report.bulk") or not seeker.may(TAKES.get(what, "report.bulk")):
        raise NotABulk(_("You may not change many reports at once. Ask a lead."))
    if what not in changes.CHANGES:
        raise NotABulk(_("There is no such change."))
    if not wanted:
        raise NotABulk(_("Select a report first."))
    if len(wanted) > AT_MOST:
        raise NotABulk(_("At most %s reports at once. Narrow the view first.") % AT_MOST)
    if what in TAKES and value != "spam":
        _check_times(seeker, what, wanted, {"": words, **(texts or {})}, at=at, asks=asks)
    with transaction.atomic():
        run = BulkRun.objects.create(
            agent=seeker,
            verb=what,
            arguments={"value": value, "words": words, "texts": dict(texts or {})},
            ids=wanted,
            total=len(wanted),
            made_at=at,
        )
        data = {"run": run.key, "what": what, "value": value, "total": run.total}
        ledger.record(None, "bulk.started", by=seeker.actor, at=at, data=data)
        enqueue(JOB, f"{run.pk}:do:0", {"run": run.pk}, run_at=at, priority=4)
    return run


def _check_times(
    seeker: Agent, what: str, wanted: list[int], texts: Mapping[str, str], *, at: datetime, asks: bool
) -> None:
    """Once for each language, time zone and promise the words go to."""
    given = {language: text for language, text in texts.items() if text.strip()}
    if not given:
        return
    tried = set[tuple[object, ...]]()
    for report in access.visible_reports(seeker).filter(pk__in=wanted).select_related("contact", "team"):
        one = (report.language, report.contact.time_zone, report.severity, report.team_id)
        if one in tried:
            continue
        tried.add(one)
        named = promised_time(kinds.CONFIRM, report.severity, at, report.team) if what == "follow_up" else None
        updates.check_times(report, in_language(given, report.language), named, at=at, asks=asks)


def runs_of(seeker: Agent) -> QuerySet[BulkRun]:
    """The seeker's own runs."""
    return BulkRun.objects.filter(agent=seeker)


def access_run(seeker: Agent, key: str) -> BulkRun:
    """One of the seeker's own runs. Raises NotFound."""
    found = runs_of(seeker).filter(key=key).first()
    if found is None:
        raise access.NotFound(key)
    return found


def cancel(run: BulkRun, *, at: datetime) -> BulkRun:
    """Stop after the slice in hand; what is done stays done, and can be undone."""
    with transaction.atomic():
        fresh = _locked(run.pk)
        if fresh.state in (QUEUED, RUNNING):
            _finish(fresh, CANCELLED, at=at)
            ledger.record(None, "bulk.cancelled", by=fresh.agent.actor, at=at, data={"run": fresh.key})
    return fresh


def take_back(run: BulkRun, *, at: datetime) -> BulkRun:
    """Undo all that was done, newest first; what has changed since is left and named. Raises NotABulk."""
    with transaction.atomic():
        fresh = _locked(run.pk)
        if fresh.state in (UNDOING, UNDONE):
            return fresh
        if fresh.state not in (DONE, CANCELLED):
            raise NotABulk(_("It is still running. Stop it first."))
        fresh.state, fresh.failures, fresh.finished_at = UNDOING, [], None
        fresh.save(update_fields=["state", "failures", "finished_at"])
        ledger.record(None, "bulk.undo_started", by=fresh.agent.actor, at=at, data={"run": fresh.key})
        enqueue(JOB, f"{fresh.pk}:undo:{len(fresh.entries)}", {"run": fresh.pk}, run_at=at, priority=4)
    return fresh


def run_slice(payload: dict[str, Any], now: datetime) -> None:
    """The job: do, or undo, the next few; then put itself in line again."""
    with transaction.atomic():
        run = _locked(payload["run"])
        with override(run.agent.language):
            if run.state in (QUEUED, RUNNING):
                _do(run, now)
            elif run.state == UNDOING:
                _undo(run, now)
        publish(f"bulk:{run.key}", run.key, at=now)


# The parts of a slice.


def _do(run: BulkRun, now: datetime) -> None:
    wanted, run.ids = run.ids[:SLICE], run.ids[SLICE:]
    found = access.visible_reports(run.agent).select_related("contact", "category", "team").in_bulk(wanted)
    value, words = run.arguments["value"], run.arguments["words"]
    for pk in wanted:
        try:
            if pk not in found or not run.agent.may("report.bulk"):
                raise Refusal(_("It is not there, or not yours to see."))
            own = in_language(run.arguments.get("texts"), found[pk].language) or words
            run.entries += changes.apply(found[pk], run.verb, value, by=run.agent.actor, at=now, words=own)
        except Refusal as refusal:
            run.failures.append({"number": f"MG-{pk}", "why": str(refusal)})
        run.done += 1
    run.state = RUNNING
    if not run.ids:
        _finish(run, DONE, at=now)
        return
    run.save(update_fields=["ids", "entries", "failures", "done", "state"])
    enqueue(JOB, f"{run.pk}:do:{run.done}", {"run": run.pk}, run_at=now, priority=4)


def _undo(run: BulkRun, now: datetime) -> None:
    wanted, run.entries = run.entries[-SLICE:], run.entries[:-SLICE]
    found = LedgerEntry.objects.select_related("report").in_bulk(wanted)
    seen = set(
        access.visible_reports(run.agent)
        .filter(pk__in=[entry.report_id for entry in found.values()])
        .values_list("pk", flat=True)
    )
    for pk in sorted(wanted, reverse=True):
        try:
            if found[pk].report_id not in seen:
                raise Refusal(_("It is not there, or not yours to see."))
            undo.undo(found[pk], by=run.agent.actor, at=now)
        except Refusal as refusal:
            run.failures.append({"number": f"MG-{found[pk].report_id}", "why": str(refusal)})
    if not run.entries:
        _finish(run, UNDONE, at=now)
        return
    run.save(update_fields=["entries", "failures"])
    enqueue(JOB, f"{run.pk}:undo:{len(run.entries)}", {"run": run.pk}, run_at=now, priority=4)


def _finish(run: BulkRun, state: str, *, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save()


def _locked(pk: int) -> BulkRun:
    return BulkRun.objects.select_for_update(of=("self",)).select_related("agent").get(pk=pk)
