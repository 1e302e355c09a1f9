"""A run of an import: uploaded, looked at, started by a person, worked off slice by slice, stopped or done.

Each slice is one transaction with the row that counts it. Killed in between, the next worker goes on from the row that
was counted last; what is here already is known by its foreign id, so nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.engine import files
from makegood.engine.files import path_of
from makegood.engine.files.keeping import clean_name
from makegood.engine.live import publish
from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound
from makegood.life.transfer import actions, looking
from makegood.life.transfer.actions import Outcome
from makegood.life.transfer.foreign import ForeignReport, NotUnderstood, Terms, line
from makegood.life.transfer.formats.records import Mapping, Unreadable
from makegood.life.transfer.models import ImportRun

SLICE = 100
LEASE = timedelta(minutes=2)
Clock = Callable[[], datetime]


class NotReady(Refusal):
    """The run cannot do that in the state it is in."""


def upload(stream: BinaryIO, name: str, *, file_format: str, source: str, by: Agent, at: datetime) -> ImportRun:
    """Keep a file and have it looked at by the worker. Raises NotReady, TooBig, NoSpace."""
    if file_format not in looking.READERS or file_format == "makegood":
        raise NotReady(_("Choose one of the formats."))
    stream.seek(0, 2)
    size = stream.tell()
    if not size:
        raise NotReady(_("The file is empty."))
    stream.seek(0)
    stored = files.store(stream, limit=size)
    return ImportRun.objects.create(
        agent=by,
        file_format=file_format,
        source=line(source, 60) or file_format,
        file_name=clean_name(name),
        storage_key=stored.key,
        size=stored.size,
        made_at=at,
    )


def access_run(seeker: Agent, key: str) -> ImportRun:
    """A run, for whoever may import. Raises NotFound."""
    found = ImportRun.objects.filter(key=key).select_related("agent").first()
    if found is None or not seeker.may("setup.transfer"):
        raise NotFound(key)
    return found


def look_again(run: ImportRun, mapping: Mapping, *, news_by: datetime | None, at: datetime) -> None:
    """Have the file looked at with another mapping. Raises NotReady."""
    with transaction.atomic():
        fresh = _locked(run.pk)
        if fresh.state not in (ImportRun.LOOKED, ImportRun.FAILED) or fresh.started_at:
            raise NotReady(_("It has been started already."))
        if news_by is not None and news_by <= at:
            raise NotReady(_("That time has already passed. Name one that is still to come."))
        fresh.mapping, fresh.news_by = mapping.plain(), news_by
        fresh.state, fresh.error, fresh.looked = ImportRun.LOOKING, "", {}
        fresh.save()


def start(run: ImportRun, *, by: Actor, at: datetime) -> None:
    """Take over what was looked at; or go on where it was stopped. Raises NotReady."""
    with transaction.atomic():
        fresh = _locked(run.pk)
        if fresh.state not in (ImportRun.LOOKED, ImportRun.STOPPED):
            raise NotReady(_("Look at it first, or wait until it is done."))
        if fresh.state == ImportRun.LOOKED and not fresh.looked.get("new"):
            raise NotReady(_("There is nothing new in it."))
        fresh.state, fresh.started_at = ImportRun.RUNNING, fresh.started_at or at
        fresh.save(update_fields=["state", "started_at"])
        _record("import.started", fresh, by=by, at=at)


def stop(run: ImportRun, *, by: Actor, at: datetime) -> None:
    """Stop after the slice in hand. What came over stays; it can go on later."""
    with transaction.atomic():
        fresh = _locked(run.pk)
        if fresh.state == ImportRun.RUNNING:
            fresh.state = ImportRun.STOPPED
            fresh.save(update_fields=["state"])
            _record("import.stopped", fresh, by=by, at=at)


def due(now: datetime) -> list[int]:
    """Keys of runs that wait for a worker."""
    waiting = ImportRun.objects.filter(state__in=ImportRun.WORKED_ON).exclude(leased_until__gte=now)
    return list(waiting.order_by("made_at").values_list("pk", flat=True))


def work(run_id: int, *, worker: str, clock: Clock, stopping: Callable[[], bool] = lambda: False) -> None:
    """Look at the file, or take it over, until it is done, stopped, or the worker ends."""
    now = clock()
    free = ImportRun.objects.filter(pk=run_id, state__in=ImportRun.WORKED_ON).exclude(leased_until__gte=now)
    if not free.update(leased_until=now + LEASE, leased_by=worker):
        return
    try:
        run = ImportRun.objects.select_related("agent").get(pk=run_id)
        with override(run.agent.language if run.agent else "en"):
            (_look if run.state == ImportRun.LOOKING else _take_over)(run, clock, stopping)
    except Unreadable as unreadable:
        _give_up(run_id, str(unreadable), now=clock())
    except OSError as trouble:
        _give_up(run_id, _("The file cannot be read: %(why)s") % {"why": trouble}, now=clock())
    finally:
        ImportRun.objects.filter(pk=run_id, leased_by=worker).update(leased_until=None, leased_by="")


def slices(
    rows: Iterator[ForeignReport | NotUnderstood], *, skip: int = 0, size: int = SLICE
) -> Iterator[list[ForeignReport | NotUnderstood]]:
    """``rows`` in lists, leaving out the first ``skip``."""
    held: list[ForeignReport | NotUnderstood] = []
    for number, row in enumerate(rows):
        if number < skip:
            continue
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def take_slice(
    rows: list[ForeignReport | NotUnderstood], terms: Terms, *, by: Actor, at: datetime
) -> list[tuple[str, Outcome]]:
    """Take one slice over; (where, what came of it) for each row, in no particular order."""
    bad = [(row.where, Outcome("", problem=row.what)) for row in rows if isinstance(row, NotUnderstood)]
    good = [row for row in rows if isinstance(row, ForeignReport)]
    outcomes = actions.take_over(good, by=by, at=at, historic=True, terms=terms)
    return [*bad, *((row.where, outcome) for row, outcome in zip(good, outcomes, strict=True))]


def lease_holders() -> set[str]:
    """The workers that hold a run."""
    return set(ImportRun.objects.exclude(leased_by="").values_list("leased_by", flat=True))


def free_leases(worker: str) -> int:
    """Let go of what ``worker``, which is gone, held."""
    return ImportRun.objects.filter(leased_by=worker).update(leased_until=None, leased_by="")


def used_keys(keys: list[str]) -> set[str]:
    """Which of ``keys`` are files of runs still kept."""
    return set(ImportRun.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True))


def forget_files(now: datetime) -> int:
    """Forget the files of runs that ended a week ago; the sweep then removes the bytes. Work of the clock."""
    old = ImportRun.objects.exclude(storage_key="").exclude(state__in=ImportRun.WORKED_ON)
    return old.filter(made_at__lt=now - timedelta(days=7)).update(storage_key="")


# The parts of the work.


def _look(run: ImportRun, clock: Clock, _stopping: Callable[[], bool]) -> None:
    path, mapping = _path(run), Mapping.from_plain(run.mapping)
    try:
        found = looking.look(run.file_format, path, mapping, _terms(run), at=clock())
    except Unreadable:  # whoever maps the columns must see them
        run.looked = {"columns": looking.columns(run.file_format, path, mapping)}
        run.save(update_fields=["looked"])
        raise
    run.looked, run.total, run.state, run.error = found.plain(), found.rows, ImportRun.LOOKED, ""
    run.save(update_fields=["looked", "total", "state", "error"])
    publish(f"import:{run.key}", run.key, at=clock())


def _take_over(run: ImportRun, clock: Clock, stopping: Callable[[], bool]) -> None:
    by = run.agent.actor if run.agent else SYSTEM
    rows = looking.READERS[run.file_format](_path(run), Mapping.from_plain(run.mapping))
    for some in slices(rows, skip=run.done):
        with transaction.atomic():
            outcomes = take_slice(some, _terms(run), by=by, at=clock())
            state = _locked(run.pk).state
            _count(run, some, outcomes, now=clock())
        if state != ImportRun.RUNNING or stopping():
            return
    with transaction.atomic():
        run.state, run.finished_at = ImportRun.DONE, clock()
        run.save(update_fields=["state", "finished_at"])
        _record("import.done", run, by=by, at=run.finished_at)
        publish(f"import:{run.key}", run.key, at=run.finished_at)


def _count(run: ImportRun, some: list[Any], outcomes: list[tuple[str, Outcome]], *, now: datetime) -> None:
    run.done += len(some)
    for where, outcome in outcomes:
        run.made += outcome.report is not None and not outcome.is_known
        run.known += outcome.is_known
        run.bad += bool(outcome.problem)
        for what in (outcome.problem, *outcome.missed):
            if what and len(run.problems) < looking.MOST_PROBLEMS:
                run.problems.append({"where": where, "what": what[:300]})
    run.leased_until = now + LEASE
    run.save(update_fields=["done", "made", "known", "bad", "problems", "leased_until"])
    publish(f"import:{run.key}", run.key, at=now)


def _give_up(run_id: int, why: str, *, now: datetime) -> None:
    ImportRun.objects.filter(pk=run_id).update(state=ImportRun.FAILED, error=why[:500], finished_at=now)
    for key in ImportRun.objects.filter(pk=run_id).values_list("key", flat=True):
        publish(f"import:{key}", key, at=now)


def _path(run: ImportRun) -> Path:
    if not run.storage_key:
        raise FileNotFoundError("its file is no longer kept")
    return path_of(run.storage_key)


def _terms(run: ImportRun) -> Terms:
    return Terms(source=run.source, news_by=run.news_by)


def _record(kind: str, run: ImportRun, *, by: Actor, at: datetime) -> None:
    data: dict[str, Any] = {"run": run.key, "name": run.file_name, "source": run.source, "format": run.file_format}
    data |= {"made": run.made, "known": run.known, "bad": run.bad} if kind != "import.started" else {}
    ledger.record(None, kind, by=by, at=at, data=data)


def _locked(pk: int) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=pk)
