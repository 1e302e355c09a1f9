"""The secret address under which one person answers on one report: it finds the report, it is no permission to speak.

The secret is worked out from the key of the installation, so that every mail of a report carries the same one although
only its hash rests in the table. Who may speak under it is judged where mail comes in.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from makegood.lib import rows
from makegood.lib.keys import token_hash
from makegood.life.people.models import Contact
from makegood.life.reports.models import Mailbox, ReplyAddress, Report

_TOKEN = re.compile(r"[^@]*\+r([a-z2-7]{32})@[^@]+")
# What may stand before the @ is 64 characters, and the secret with its mark takes 34 of them.
LONGEST_LOCAL = 64 - 34
# More addresses than this on one mail are noise, each costs a hash.
_MOST = 100


def desk_address(report: Report | None) -> tuple[str, str]:
    """The one stable address the desk writes from on ``report``, and the desk's name there."""
    if report is None or report.mailbox_id is None:
        return settings.DESK_EMAIL, settings.DESK_NAME
    box = _mailbox(report, report.mailbox_id)
    return box.address, box.name or settings.DESK_NAME


def _mailbox(report: Report, key: int) -> Mailbox:
    if not Report.mailbox.is_cached(report):  # type: ignore[attr-defined]
        report.mailbox = rows.by_key(Mailbox, [key])[key]
    return cast(Mailbox, report.mailbox)


def address_for(report: Report, contact: Contact, *, at: datetime) -> str:
    """Where ``contact`` answers on ``report``: the same address each time, another one after it was revoked."""
    known = rows.read(ReplyAddress, "report_id = %s AND contact_id = %s", [report.pk, contact.pk])
    token = _token(report, contact, generation=sum(row.revoked_at is not None for row in known))
    digest = token_hash(token)
    if not any(row.token_hash == digest for row in known):
        _keep(report, contact, digest, at=at)
    return next(
        (f"{local}+r{token}@{domain}" for local, domain in _desks(report) if len(local) <= LONGEST_LOCAL),
        settings.DESK_EMAIL,
    )


def find(addresses: Iterable[str]) -> ReplyAddress | None:
    """The reply address among ``addresses`` that is still good, with its report and contact; None if there is none.

    The secret alone counts: the name before it and the domain are the mail server's business.
    """
    matches = (_TOKEN.fullmatch(address.strip().lower()) for address in list(addresses)[:_MOST])
    hashes = [token_hash(match[1]) for match in matches if match]
    if not hashes:
        return None
    good = ReplyAddress.objects.filter(token_hash__in=hashes, revoked_at=None)
    return good.select_related("report", "report__contact", "contact").order_by("id").first()


def revoke(report: Report, contact: Contact, *, at: datetime) -> int:
    """Make the addresses ``contact`` had for ``report`` useless; the next mail carries another one."""
    return ReplyAddress.objects.filter(report=report, contact=contact, revoked_at=None).update(revoked_at=at)


def _keep(report: Report, contact: Contact, digest: str, *, at: datetime) -> None:
    """Two mails decided at the same moment keep the same hash: the second is no mistake."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_replyaddress (report_id, contact_id, token_hash, made_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (token_hash) DO NOTHING",
            [report.pk, contact.pk, digest, rows.moment(at)],
        )


def _desks(report: Report) -> Iterator[tuple[str, str]]:
    for address in (desk_address(report)[0], settings.DESK_EMAIL):
        local, _at, domain = address.partition("@")
        yield local, domain


def _token(report: Report, contact: Contact, *, generation: int) -> str:
    """160 bits nobody can guess without the key of the installation."""
    words = f"{report.key}:{contact.key}:{generation}"
    digest = salted_hmac("makegood.reply-address", words, algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode().lower()
