"""Files of a report: checked and stored by ``engine.files``, kept as rows, never served but through ``access``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Attachment, Report


class NotAPicture(Refusal):
    """Only pictures have areas."""


class ChangedMeanwhile(Refusal):
    """Somebody else has just changed the same file."""

    can_retry = True


def attach(report: Report, stream: BinaryIO, *, name: str, by: Actor, at: datetime, **details: Any) -> Attachment:
    """Keep one upload with ``report``; ``details``: message, is_internal. Raises what ``engine.files.keep`` raises.

    The same file of the same message, sent again by a second click, is the first one.
    """
    kept = files.keep(stream, name=name, limit=settings.UPLOAD_MAX_BYTES)
    with transaction.atomic():
        rows.lock(Report, report.pk)
        if message := details.get("message"):
            there = Attachment.objects.filter(message=message, sha256=kept.sha256, name=kept.name).first()
            if there is not None:
                return there
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


def blank(attachment: Attachment, boxes: Sequence[files.Box], *, by: Actor, at: datetime) -> Attachment:
    """Make areas of a picture black, for good: the bytes that showed them are removed once the change is committed.

    Raises NotAPicture, ChangedMeanwhile, or what ``engine.files.blank`` raises.
    """
    if not attachment.is_picture or attachment.removed_at:
        raise NotAPicture(_("Only a picture can have parts of it blacked out."))
    old = (attachment.storage_key, attachment.thumbnail_key)
    kept = files.blank(attachment.storage_key, boxes, name=attachment.name)
    with transaction.atomic():
        same = Attachment.objects.filter(pk=attachment.pk, storage_key=old[0], removed_at=None)
        changed = same.update(
            storage_key=kept.key, thumbnail_key=kept.thumbnail_key, size=kept.size, sha256=kept.sha256
        )
        if not changed:
            files.forget(kept)
            raise ChangedMeanwhile(_("Somebody has just changed this picture. Look at it again first."))
        data = {"attachment": attachment.pk, "name": attachment.name, "areas": len(boxes)}
        ledger.record(attachment.report, "evidence.blanked", by=by, at=at, data=data)
        transaction.on_commit(lambda: files.forget_keys(*old))
    attachment.refresh_from_db()
    return attachment
