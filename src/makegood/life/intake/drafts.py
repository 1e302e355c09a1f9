"""The half-written form on our side. Whoever holds the secret in the cookie goes on where they stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.engine.files import Box, Kept
from makegood.lib.errors import Refusal
from makegood.lib.keys import public_key, secret_token, token_hash
from makegood.life.intake.models import DraftFile, FormDraft
from makegood.life.reports.attachments import ChangedMeanwhile

LIFE = timedelta(days=7)
MAX_FILES = 10
# More fields than all pages of the form and two questions of every category together.
MAX_FIELDS = 150
MAX_CHARACTERS = 400_000
MAX_BYTES = 60_000_000


class TooManyFiles(Refusal):
    """A report takes ten files and 60 MB."""


def begin(*, at: datetime) -> tuple[FormDraft, str]:
    """A new draft and the secret that opens it."""
    secret = secret_token()
    draft = FormDraft.objects.create(
        token_hash=token_hash(secret),
        idempotency_key=public_key(32),
        made_at=at,
        updated_at=at,
        expires_at=at + LIFE,
    )
    return draft, secret


def find(secret: str, *, now: datetime) -> FormDraft | None:
    """The draft behind ``secret``, filed or not; None if there is none any more."""
    if not secret:
        return None
    return FormDraft.objects.filter(token_hash=token_hash(secret), expires_at__gt=now).first()


def save(draft: FormDraft, values: Mapping[str, str], *, at: datetime) -> FormDraft:
    """Keep ``values`` on top of what the draft holds, as much as a form ever could. A filed draft stays as it is."""
    with transaction.atomic():
        fresh = FormDraft.objects.select_for_update().get(pk=draft.pk)
        if fresh.report_id is None:
            fresh.data = _merged(fresh.data, values)
            fresh.updated_at, fresh.expires_at = at, at + LIFE
            fresh.save(update_fields=["data", "updated_at", "expires_at"])
    return fresh


def _merged(held: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Both, the newer on top; what passes the limits is left out, the pages of the form first of all kept."""
    merged = dict(held)
    for name in sorted(values, key=lambda name: name.startswith("answer_")):
        room = MAX_CHARACTERS - sum(map(len, merged.values())) + len(merged.get(name, ""))
        if len(values[name]) <= room and (name in merged or len(merged) < MAX_FIELDS):
            merged[name] = values[name]
    return merged


def check_room(draft: FormDraft) -> None:
    """Raise TooManyFiles if the draft holds no further file."""
    sizes = list(draft.files.values_list("size", flat=True))
    if len(sizes) >= MAX_FILES or sum(sizes) >= MAX_BYTES:
        raise TooManyFiles(_("A report takes ten files and 60 MB. Remove one first, or send more later."))


def add_file(draft: FormDraft, kept: Kept, *, at: datetime) -> DraftFile:
    """Note a stored file on the draft. Raises TooManyFiles."""
    check_room(draft)
    return DraftFile.objects.create(
        draft=draft,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
        thumbnail_key=kept.thumbnail_key,
        is_picture=kept.is_picture,
        at=at,
    )


def remove_file(draft: FormDraft, key: str) -> bool:
    """Take a file off the draft; its bytes go with the next sweep."""
    return draft.files.filter(key=key).delete()[0] > 0


def blank_file(file: DraftFile, boxes: Sequence[Box], *, at: datetime) -> None:
    """Make areas of a picture on a draft black, for good. Raises ChangedMeanwhile, or what ``files.blank`` raises."""
    kept = files.blank(file.storage_key, boxes, name=file.name)
    facts = {"storage_key": kept.key, "thumbnail_key": kept.thumbnail_key, "size": kept.size, "sha256": kept.sha256}
    with transaction.atomic():
        FormDraft.objects.select_for_update().get(pk=file.draft_id)  # It may be filed at this very moment.
        if not DraftFile.objects.filter(pk=file.pk, storage_key=file.storage_key).update(**facts, at=at):
            files.forget(kept)
            raise ChangedMeanwhile(_("This picture has just been changed or sent. Look at it again first."))
        old = (file.storage_key, file.thumbnail_key)
        transaction.on_commit(lambda: files.forget_keys(*old))


def forget(draft: FormDraft) -> None:
    """The person does not want to send it."""
    if draft.report_id is None:
        draft.delete()


def forget_expired(now: datetime) -> int:
    """Remove drafts nobody came back to. Work of the clock."""
    return FormDraft.objects.filter(expires_at__lte=now).delete()[0]


def used_keys(keys: Iterable[str]) -> set[str]:
    """Which of these stored files a draft refers to: the sweep leaves them alone."""
    wanted = list(keys)
    rows = DraftFile.objects.filter(Q(storage_key__in=wanted) | Q(thumbnail_key__in=wanted))
    return {key for pair in rows.values_list("storage_key", "thumbnail_key") for key in pair if key}
