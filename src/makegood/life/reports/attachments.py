"""Files of a report: checked and stored by ``engine.files``, kept as rows, never served but through ``access``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from makegood.engine import files
from makegood.lib import rows
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Attachment, Report


def attach(report: Report, stream: BinaryIO, *, name: str, by: Actor, at: datetime, **details: Any) -> Attachment:
    """Keep one upload with ``report``; ``details``: message, is_internal. Raises what ``engine.files.keep`` raises."""
    kept = files.keep(stream, name=name, limit=settings.UPLOAD_MAX_BYTES)
    return hang(report, [kept], by=by, at=at, **details)[0]


def hang(report: Report, kept: Iterable[files.Kept], *, by: Actor, at: datetime, **details: Any) -> list[Attachment]:
    """Make files that are stored already files of ``report``; ``details`` as ``attach``."""
    made = [
        Attachment(
            report=report,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            storage_key=one.key,
            thumbnail_key=one.thumbnail_key,
            is_picture=one.is_picture,
            added_by=by.name,
            at=at,
            **details,
        )
        for one in kept
    ]
    if not made:
        return made
    with transaction.atomic():
        rows.insert(*made)
        for row in made:
            data = {"attachment": row.pk, "name": row.name, "size": row.size}
            ledger.record(report, "attachment.added", by=by, at=at, data=data)
    return made


def remove(attachment: Attachment, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take a file out of sight; its row and its bytes stay for the audit until the report itself goes."""
    with transaction.atomic():
        if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
            data = {"attachment": attachment.pk, "name": attachment.name}
            ledger.record(attachment.report, "attachment.removed", by=by, at=at, data=data, reason=reason)
