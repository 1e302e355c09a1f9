"""Files of a report: checked and stored by ``engine.files``, kept as rows, never served but through ``access``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from makegood.engine import files
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Attachment, Report


def attach(report: Report, stream: BinaryIO, *, name: str, by: Actor, at: datetime, **details: Any) -> Attachment:
    """Keep one upload with ``report``; ``details``: message, is_internal. Raises what ``engine.files.keep`` raises."""
    kept = files.keep(stream, name=name, limit=settings.UPLOAD_MAX_BYTES)
    with transaction.atomic():
        attachment = Attachment.objects.create(
            report=report,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            storage_key=kept.key,
            thumbnail_key=kept.thumbnail_key,
            is_picture=kept.is_picture,
            added_by=by.name,
            at=at,
            **details,
        )
        data = {"attachment": attachment.pk, "name": kept.name, "size": kept.size}
        ledger.record(report, "attachment.added", by=by, at=at, data=data)
    return attachment


def remove(attachment: Attachment, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take a file out of sight; its row and its bytes stay for the audit until the report itself goes."""
    with transaction.atomic():
        if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
            data = {"attachment": attachment.pk, "name": attachment.name}
            ledger.record(attachment.report, "attachment.removed", by=by, at=at, data=data, reason=reason)
