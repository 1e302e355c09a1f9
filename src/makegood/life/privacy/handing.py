"""Everything we hold of a person as one archive: their rows as JSON, their files and mails byte for byte."""

from __future__ import annotations

import json
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from makegood.engine import database, files
from makegood.engine.files.keeping import clean_name
from makegood.engine.live import publish
from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent, Contact
from makegood.life.privacy import scope
from makegood.life.privacy.holding import Holding
from makegood.life.privacy.holdings import TABLE
from makegood.life.privacy.models import Archive
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound

JOB = "privacy.hand"
KEEP = timedelta(days=3)
LONGEST = 300


class NeedsReason(Refusal):
    """Why somebody's data are taken out is part of the record."""


def order(contact: Contact, *, by: Agent, at: datetime, reason: str) -> Archive:
    """Have it written. One under way is the same one. Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason(_("Say why, such as the date of their letter."))
    if len(reason.strip()) > LONGEST:
        raise NeedsReason(_("That is too long: at most %d characters fit here.") % LONGEST)
    with transaction.atomic():
        rows.lock(Contact, contact.pk)
        running = Archive.objects.filter(contact=contact, state=Archive.RUNNING).first()
        if running:
            return running
        made = Archive.objects.create(contact=contact, reason=reason.strip(), agent=by, asked_by=by.name, asked_at=at)
        ledger.record(None, "privacy.export_asked", by=by.actor, at=at, data={"archive": made.key})
        enqueue(JOB, str(made.pk), {"archive": made.pk}, run_at=at, priority=6)
    return made


def write(payload: dict[str, Any], now: datetime) -> None:
    """The job: all of it, as of one moment. Killed half-way it begins anew."""
    made = Archive.objects.select_related("contact").get(pk=payload["archive"])
    if made.state != Archive.RUNNING:
        return
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".hand-") as folder:
        path = Path(folder) / "archive.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive, database.snapshot():
            counts = _write(made.contact, archive, at=now)
        with path.open("rb") as stream:
            stored = files.store(stream, limit=path.stat().st_size)
    facts = {"storage_key": stored.key, "size": stored.size, "counts": counts}
    times = {"finished_at": now, "expires_at": now + KEEP}
    kept = Archive.objects.filter(pk=made.pk, state=Archive.RUNNING)
    if not kept.update(state=Archive.DONE, **facts, **times):
        files.delete(stored.key)  # erased meanwhile
    publish("privacy", made.key, at=now)


def fetch(seeker: Agent, key: str, *, at: datetime) -> Archive:
    """An archive that is still kept, for download; written into the audit. Raises NotFound."""
    found = Archive.objects.filter(key=key, state=Archive.DONE, expires_at__gt=at).first()
    if found is None or not seeker.may("privacy.view"):
        raise NotFound(key)
    with transaction.atomic():
        ledger.record(None, "privacy.export_fetched", by=seeker.actor, at=at, data={"archive": found.key})
    return found


def forget_old(now: datetime) -> int:
    """Let go of archives whose time is over. Work of the clock."""
    over = Archive.objects.filter(state=Archive.DONE, expires_at__lte=now)
    files.forget_keys(*over.values_list("storage_key", flat=True))
    return over.update(state=Archive.GONE, storage_key="")


def used_keys(keys: list[str]) -> set[str]:
    """Which of ``keys`` are archives still kept."""
    return set(Archive.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True))


def _write(contact: Contact, archive: zipfile.ZipFile, *, at: datetime) -> dict[str, int]:
    theirs, counts = scope.of_person(contact), dict[str, int]()
    told: dict[str, Any] = {"makegood": 1, "at": _plain(at), "desk": settings.DESK_NAME}
    for one in TABLE:
        if not one.shown:
            continue
        found = [_row(one, row) for row in one.all(theirs).values("pk", *one.shown)]
        if found:
            counts[one.name] = len(found)
            told[one.name] = found
        if "storage_key" in one.shown:
            _bytes(one, found, archive)
    archive.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1))
    return counts


def _row(one: Holding, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in one.shown}


def _bytes(one: Holding, found: list[dict[str, Any]], archive: zipfile.ZipFile) -> None:
    """Each file under a name of its own; where it is stands in its row instead of our key."""
    for row in found:
        key, row["file"] = row.pop("storage_key"), None
        if not key or not files.path_of(key).is_file():
            continue
        tail = clean_name(str(row["name"])) if "name" in row else "mail.eml"
        row["file"] = f"{one.name}/{row['key']}-{tail}"
        archive.write(files.path_of(key), row["file"])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.pk if isinstance(value, Model) else value
