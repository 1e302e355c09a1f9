"""Exports for the console: written by a job, downloaded by whoever may, kept for a day, and in the audit twice."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.engine.files.storage import NoSpace
from makegood.engine.live import publish
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound
from makegood.life.transfer import exporting
from makegood.life.transfer.models import ExportRun

KEEP = timedelta(hours=24)
LEASE = timedelta(minutes=2)


class NotReady(Refusal):
    """There is one under way already, or the format is not one of ours."""


def order(
    *, file_format: str, by: Agent, at: datetime, since: datetime | None = None, with_files: bool = False
) -> ExportRun:
    """Have everything written. Raises NotReady."""
    if file_format not in exporting.FORMATS:
        raise NotReady(_("Choose one of the formats."))
    with transaction.atomic():
        if ExportRun.objects.filter(state=ExportRun.RUNNING).exists():
            raise NotReady(_("An export is being written already. Wait until it is ready."))
        run = ExportRun.objects.create(
            agent=by, file_format=file_format, since=since, with_files=with_files, made_at=at
        )
        data = {"run": run.key, "name": file_format, "files": with_files, "since": exporting.plain(since)}
        ledger.record(None, "export.made", by=by.actor, at=at, data=data)
    return run


def fetch(seeker: Agent, key: str, *, at: datetime) -> ExportRun:
    """A finished export that is still kept, for download; written into the audit. Raises NotFound."""
    run = ExportRun.objects.filter(key=key, state=ExportRun.DONE, expires_at__gt=at).first()
    if run is None or not seeker.may("transfer.export"):
        raise NotFound(key)
    with transaction.atomic():
        ledger.record(None, "export.fetched", by=seeker.actor, at=at, data={"run": run.key, "name": run.file_format})
    return run


def record_view(query: str, count: int, *, by: Actor, at: datetime) -> None:
    """Somebody takes the reports of a view out as a table."""
    with transaction.atomic():
        data = {"name": "view", "query": query[:400], "count": count}
        ledger.record(None, "export.made", by=by, at=at, data=data)


def due(now: datetime) -> list[int]:
    """Keys of exports that wait for a worker."""
    waiting = ExportRun.objects.filter(state=ExportRun.RUNNING).exclude(leased_until__gte=now)
    return list(waiting.order_by("made_at").values_list("pk", flat=True))


def beat(run_id: int, rows: int, *, worker: str, now: datetime) -> None:
    """Still at it, so many rows in. From another thread than the one that writes: that one only reads."""
    ExportRun.objects.filter(pk=run_id, leased_by=worker).update(rows=rows, leased_until=now + LEASE)


def work(run_id: int, *, worker: str, clock: Callable[[], datetime], progress: exporting.Progress) -> None:
    """Write the archive and keep it for a day. ``progress`` may raise Stopped: another worker begins anew."""
    now = clock()
    free = ExportRun.objects.filter(pk=run_id, state=ExportRun.RUNNING).exclude(leased_until__gte=now)
    if not free.update(leased_until=now + LEASE, leased_by=worker):
        return
    run = ExportRun.objects.get(pk=run_id)
    held = Path(tempfile.mkstemp(dir=settings.DATA_DIR, prefix=".export-")[1])
    try:
        _write(run, held, clock=clock, progress=progress)
    except exporting.Stopped:
        pass
    except (OSError, NoSpace) as trouble:
        run.state, run.error = ExportRun.FAILED, f"It could not be written: {trouble}"[:500]
    finally:
        held.unlink(missing_ok=True)
    run.leased_until, run.leased_by = None, ""
    run.save()
    publish("exports", run.key, at=clock())


def _write(run: ExportRun, held: Path, *, clock: Callable[[], datetime], progress: exporting.Progress) -> None:
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        counts = exporting.write(
            exporting.Archive(archive),
            file_format=run.file_format,
            at=run.made_at,
            since=run.since,
            with_files=run.with_files,
            progress=progress,
        )
    with held.open("rb") as stream:
        stored = files.store(stream, limit=held.stat().st_size)
    run.state, run.rows, run.storage_key, run.size = ExportRun.DONE, sum(counts.values()), stored.key, stored.size
    run.finished_at = clock()
    run.expires_at = run.finished_at + KEEP


def forget_old(now: datetime) -> int:
    """Let go of what has been kept long enough; the sweep removes the bytes. Work of the clock."""
    over = ExportRun.objects.filter(state=ExportRun.DONE, expires_at__lte=now)
    for key in over.values_list("storage_key", flat=True):
        files.delete(key)
    return over.update(state=ExportRun.GONE, storage_key="")


def lease_holders() -> set[str]:
    """The workers that hold a run."""
    return set(ExportRun.objects.exclude(leased_by="").values_list("leased_by", flat=True))


def free_leases(worker: str) -> int:
    """Let go of what ``worker``, which is gone, held."""
    return ExportRun.objects.filter(leased_by=worker).update(leased_until=None, leased_by="")


def used_keys(keys: list[str]) -> set[str]:
    """Which of ``keys`` are archives still kept."""
    return set(ExportRun.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True))
