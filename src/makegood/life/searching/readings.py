"""The words inside files: read once, by a child process with limits, and kept in the index alone.

A file that takes a child's memory or time costs its words, nothing else: its name stays findable.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from makegood.engine import files, search
from makegood.life.reports.models import Attachment
from makegood.life.searching.models import Reading

log = structlog.get_logger("makegood.searching")

KIND = "file"
MOST_BYTES = 40_000_000
MAX_TRIES = 3
_SECONDS = 30
# Longer than a child may take; who claimed the row and died is followed by another.
_LEASE = timedelta(seconds=3 * _SECONDS)
_OFFICE = (".docx", ".odt", ".ods", ".odp", ".xlsx")

Clock = Callable[[], datetime]


def there() -> QuerySet[Attachment]:
    """Files that can be found."""
    return Attachment.objects.filter(removed_at=None, report__isnull=False)


def can_read(file: Attachment) -> bool:
    """Whether there may be words in it that we can have."""
    if not 0 < file.size <= MOST_BYTES:
        return False
    office = file.media_type == "application/zip" and file.name.lower().endswith(_OFFICE)
    return office or file.media_type in {"text/plain", "application/pdf"}


def queue(wanted: list[Attachment], *, at: datetime) -> None:
    """Have the words of these files read, those in which there may be any."""
    rows = [Reading(attachment=file, due_at=at) for file in wanted if can_read(file)]
    if rows:
        Reading.objects.bulk_create(rows, ignore_conflicts=True)


def due(now: datetime) -> bool:
    """Whether a file waits to be read."""
    return Reading.objects.filter(due_at__lte=now).exists()


def work(*, clock: Clock, stopping: Callable[[], bool]) -> None:
    """Read one waiting file after the other."""
    while not stopping() and (reading := _claim(clock())):
        words = _words(reading.attachment)
        if words is None and reading.tries < MAX_TRIES:
            continue
        with transaction.atomic():
            _put(reading.attachment, words or "")
            Reading.objects.filter(pk=reading.pk).delete()


def put_name(file: Attachment) -> None:
    """Make a file findable by its name; words that were read before stay."""
    with transaction.atomic():
        if not search.has(KIND, file.pk):
            _put(file, "")


def missing(*, batch: int = 500) -> Iterator[list[tuple[int, str, str]]]:
    """Every file that is not in the index, by its name."""
    for some in _batches(there(), batch):
        known = search.bodies(KIND, [file.pk for file in some])
        yield [(file.pk, file.name, "") for file in some if file.pk not in known]


def queue_unread(*, at: datetime, batch: int = 500) -> None:
    """Have files read whose words are not in the index."""
    for some in _batches(there(), batch):
        words = search.bodies(KIND, [file.pk for file in some])
        queue([file for file in some if not words.get(file.pk)], at=at)


def _batches(wanted: QuerySet[Attachment], size: int) -> Iterator[list[Attachment]]:
    last = 0
    while some := list(wanted.filter(pk__gt=last).order_by("pk")[:size]):
        last = some[-1].pk
        yield some


def _claim(now: datetime) -> Reading | None:
    """The next file in line; nobody else takes it until the lease is over."""
    for waiting in Reading.objects.filter(due_at__lte=now).order_by("due_at", "pk").select_related("attachment")[:5]:
        claimed = Reading.objects.filter(pk=waiting.pk, due_at=waiting.due_at)
        if claimed.update(due_at=now + _LEASE, tries=waiting.tries + 1):
            waiting.tries += 1
            return waiting
    return None


def _put(file: Attachment, words: str) -> None:
    """Into the index, unless the file was taken away meanwhile: the row is held until it is in."""
    held = there().select_for_update().filter(pk=file.pk).first()
    if held is not None:
        search.index(KIND, held.pk, title=held.name, body=words)


def _words(file: Attachment) -> str | None:
    """What the file says; None when trying again may help."""
    try:
        with files.open_file(file.storage_key) as stream:
            child = subprocess.run(  # noqa: S603 - our own interpreter and module, a media type from our own list
                [sys.executable, "-m", "makegood.lib.reading", file.media_type],
                stdin=stream,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
    except (FileNotFoundError, ValueError):
        return ""
    except (subprocess.TimeoutExpired, OSError) as trouble:
        log.warning("file.unread", file=file.key, why=repr(trouble))
        return "" if isinstance(trouble, subprocess.TimeoutExpired) else None
    if child.returncode:
        log.info("file.unread", file=file.key, why=child.stderr.decode("utf-8", "replace")[-300:])
        return "" if child.returncode > 0 else None
    return child.stdout.decode("utf-8", "replace")
