"""Raw bytes first: on disk and in a row before anybody looks into them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.engine import files
from makegood.lib import rows
from makegood.life.people.actors import SYSTEM
from makegood.life.post.models import IncomingMail
from makegood.life.reports import ledger
from makegood.life.reports.models import Mailbox

MAX_BYTES = 100_000_000


def keep(
    raw: bytes,
    *,
    source: str,
    at: datetime,
    mailbox: Mailbox | None = None,
    envelope_from: str | None = None,
    envelope_to: Iterable[str] = (),
    not_before: datetime | None = None,
) -> IncomingMail:
    """Keep one mail exactly as it came and return its row, committed unless the caller holds a transaction open.

    The same bytes again give the earlier row, so delivering twice is harmless. ``envelope_from``: empty is the null
    sender, None is not known. ``not_before``: until then the worker leaves filing to the caller. Raises TooBig and
    NoSpace (``files``); nothing is left behind then.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if earlier := known(digest):
        return earlier
    stored = files.store(io.BytesIO(raw), limit=MAX_BYTES)
    incoming = IncomingMail(
        mailbox=mailbox,
        source=source,
        storage_key=stored.key,
        sha256=digest,
        size=stored.size,
        envelope_from=None if envelope_from is None else envelope_from[:320],
        envelope_to=list(envelope_to),
        received_at=at,
        try_after=not_before or at,
    )
    try:
        with transaction.atomic():
            rows.insert(incoming)
    except IntegrityError:
        files.delete(stored.key)
        if earlier := known(digest):
            return earlier
        raise
    return incoming


def known(digest: str) -> IncomingMail | None:
    """The mail whose bytes have this SHA-256 in hex, if it came before."""
    return next(iter(rows.read(IncomingMail, "sha256 = %s", [digest])), None)


def park(incoming: IncomingMail, why: str, *, at: datetime) -> None:
    """Put a mail aside that nobody can read or that breaks a limit, with the reason; its bytes stay."""
    with transaction.atomic():
        rows.update(incoming, outcome=IncomingMail.PARKED, reason="unreadable", error=why[:2000], filed_at=at)
        data = {"incoming_mail": incoming.pk, "key": incoming.key}
        ledger.record(None, "mail.parked", by=SYSTEM, at=at, data=data, reason=why[:500])


def used_keys(keys: Iterable[str]) -> set[str]:
    """Which of these stored files are raw mails."""
    found = IncomingMail.objects.filter(storage_key__in=list(keys))
    return set(found.values_list("storage_key", flat=True))
