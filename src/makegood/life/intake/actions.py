"""The way in: what arrived becomes a report, with everything that is owed for it, in one transaction and once only."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.keys import token_hash
from makegood.life.intake import telling
from makegood.life.intake.models import DraftFile, FormDraft, Incoming
from makegood.life.intake.telling import Told
from makegood.life.people import reaching
from makegood.life.people.actors import Actor
from makegood.life.people.directory import find_or_add_contact
from makegood.life.people.models import Contact, Team
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.actions import Wish
from makegood.life.reports import ledger, states
from makegood.life.reports.conversation import checked_body
from makegood.life.reports.models import AccessLink, Attachment, Message, Report

log = logging.getLogger(__name__)
MAX_TRIES = 20
# Where whoever reports is shown number and time at once: the answer is the acknowledgement. Elsewhere it is kept when
# it has been said (``updates.automatic.acknowledge``), so that a worker that is away lets it fall due.
ANSWERED_AT_ONCE = ("web", "widget", "api", "phone")


class Unreachable(Refusal):
    """Neither an address nor a number: nobody could ever be told anything."""


class KeyUsed(Refusal):
    """The idempotency key belongs to another report."""


class KeptUnfiled(Refusal):
    """It is safe with us, but could not be filed just now; ``file_kept`` tries again by itself."""


@dataclass(frozen=True)
class Filed:
    """``token`` opens the status page and is nowhere kept in clear; ``is_repeat``: it had been filed before."""

    report: Report
    token: str
    promised_at: datetime | None
    is_repeat: bool = False
    message: Message | None = None


def file(told: Told, *, at: datetime, by: Actor | None = None, draft: FormDraft | None = None) -> Filed:
    """File one report; the same key again returns the first one. ``by`` is who typed it, if not the reporter.

    Whatever goes wrong, the words are kept: a fault of ours raises KeptUnfiled after putting them aside. Raises
    Unreachable, BadPhone, BadEmail, KeyUsed, EmptyMessage, TooLong.
    """
    checked_body(told.what)
    if not told.email and not told.phone:
        raise Unreachable(_("Tell us an e-mail address or a phone number, so that we can answer you."))
    if not told.follows:  # Whoever writes again may be known by what was taken before these rules.
        reaching.check_phone(told.phone)
        reaching.check_email(told.email)
        reaching.check_email(told.second_email)
    try:
        with transaction.atomic():
            return _file(told, by=by, at=at, draft=draft)
    except Refusal:
        raise
    except Exception as trouble:
        # The unique key finds a repeat; asking first would cost every report a query for the sake of the rare second.
        if isinstance(trouble, IntegrityError) and (first := _repeat(told)):
            return first
        raise _put_aside(told, trouble, at=at) from trouble


def take_by_phone(told: Told, *, by: Actor, at: datetime) -> Filed:
    """File what somebody told an agent on the phone. As ``file``."""
    return file(told, by=by, at=at)


def file_within(told: Told, *, at: datetime, filed_at: datetime, about: dict[str, Any] | None = None) -> Filed:
    """As ``file``, in the transaction of a caller who keeps what cannot be filed. ``about``: more of the message."""
    return _file(told, by=None, at=at, filed_at=filed_at, about=about)


def file_kept(now: datetime) -> int:
    """File what had to be put aside; returns how many went through. Work of the clock."""
    filed = 0
    for incoming in Incoming.objects.filter(report=None, tries__lt=MAX_TRIES).order_by("id")[:50]:
        told = Told.from_raw(incoming.raw)
        try:
            with transaction.atomic():
                _file(told, by=None, at=incoming.received_at, kept=incoming, filed_at=now)
            filed += 1
        except Exception as trouble:  # noqa: BLE001 - one bad row must not keep the others waiting
            Incoming.objects.filter(pk=incoming.pk).update(tries=incoming.tries + 1, error=repr(trouble)[:2000])
    return filed


def status_token(idempotency_key: str) -> str:
    """The secret of the first status link: worked out from the key, so that a repeat can be given the same one."""
    digest = salted_hmac("makegood.status-link", idempotency_key, algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode().lower()


# The parts of filing.


def _file(
    told: Told,
    *,
    by: Actor | None,
    at: datetime,
    draft: FormDraft | None = None,
    kept: Incoming | None = None,
    filed_at: datetime | None = None,
    about: dict[str, Any] | None = None,
) -> Filed:
    contact = _contact(told, at=at)
    by = by or contact.actor
    report = _report(told, contact, at=at)
    is_answered = kept is None and told.channel in ANSWERED_AT_ONCE
    wishes = [Wish(kinds.ACKNOWLEDGE, kept_at=at if is_answered else None), Wish(kinds.HEAR_BACK, team=report.team)]
    owed = promises.plan(report, wishes, by=by, at=at)
    rows.insert(report)
    incoming = _incoming(told, report, kept, at=at, filed_at=filed_at or at)
    message = rows.new(
        Message,
        report=report,
        body=checked_body(told.what),
        said_by="contact",
        contact=contact,
        # As they say themselves: whoever types another's address must not learn the name we know it by.
        name=told.name.strip() or told.email or told.phone,
        channel=told.channel,
        at=at,
        visible_at=at,
        **(about or {}),
    )
    rows.insert(message)
    if draft is not None:
        _adopt(draft, report, message, at=at)
    data = {"incoming": incoming.pk, "channel": told.channel, "message": message.pk, "known": told.known}
    received = ledger.entry(report, "report.received", by=by, at=at, data=data)
    promises.put_down(report, owed, by=by, at=at, after=received)
    token = _link(told, report, contact, at=at)
    return Filed(report, token, owed[1].due_at, message=message)


def _contact(told: Told, *, at: datetime) -> Contact:
    contact = find_or_add_contact(
        email=told.email, at=at, name=told.name.strip(), phone=told.phone.strip(), language=told.language
    )
    more = {"time_zone": told.time_zone}
    if contact.created_at == at:
        more |= {"second_email": told.second_email, "preferred_way": told.preferred_way}
    given = {name: value for name, value in more.items() if value and value != getattr(contact, name)}
    if contact.time_zone:  # known: whoever types into the form may be anybody
        given.pop("time_zone", None)
    if given:
        rows.update(contact, **given)
    return contact


def _report(told: Told, contact: Contact, *, at: datetime) -> Report:
    category_id, default, team = _routed(told.category, told.team)
    how_bad = telling.severity(default, hindrance=told.hindrance, kind=told.kind)
    return rows.new(
        Report,
        title=told.title,
        kind=told.kind,
        severity=how_bad,
        severity_rank=states.SEVERITIES.index(how_bad),
        hindrance=told.hindrance,
        category_id=category_id,
        team=team,
        contact=contact,
        organisation_id=contact.organisation_id,
        channel=told.channel,
        mailbox_id=told.mailbox,
        follows_id=told.follows,
        is_from_machine=told.is_from_machine,
        language=told.language,
        environment=told.environment,
        received_at=at,
        updated_at=at,
        last_said_at=at,
        last_said_by="contact",
    )


def _routed(slug: str, team: int | None) -> tuple[int | None, str, Team | None]:
    """The category's row and severity, and the desk that hears the reporter: ``team``, else the category's, unless that
    is a technical one, which waits for escalation. By cursor: this runs for every report that comes in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, default_severity FROM reports_category WHERE slug = %s", [slug])
        category_id, default = cursor.fetchone() or (None, states.MEDIUM)
    return category_id, default, next(iter(rows.read(Team, _DESK, [team, category_id])), None)


_DESK = """id = COALESCE(
    (SELECT id FROM people_team WHERE id = %s AND is_active AND NOT is_technical),
    (SELECT t.id FROM reports_category c JOIN people_team t ON t.id = c.default_team_id AND NOT t.is_technical
     WHERE c.id = %s),
    (SELECT min(id) FROM people_team WHERE is_active AND NOT is_technical))"""


def _incoming(told: Told, report: Report, kept: Incoming | None, *, at: datetime, filed_at: datetime) -> Incoming:
    if kept is not None:
        Incoming.objects.filter(pk=kept.pk).update(report=report, filed_at=filed_at, error="")
        return kept
    incoming = rows.new(
        Incoming,
        channel=told.channel,
        idempotency_key=told.idempotency_key,
        raw=told.raw(),
        report=report,
        received_at=at,
        filed_at=filed_at,
    )
    rows.insert(incoming)
    return incoming


def _adopt(draft: FormDraft, report: Report, message: Message, *, at: datetime) -> None:
    """Hang the draft's files on the report; forget its words, which are kept verbatim in ``Incoming``."""
    files: Iterable[DraftFile] = draft.files.all()
    rows = [
        Attachment(
            report=report,
            message=message,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            storage_key=file.storage_key,
            thumbnail_key=file.thumbnail_key,
            is_picture=file.is_picture,
            added_by=message.name,
            at=at,
        )
        for file in files
    ]
    if rows:
        Attachment.objects.bulk_create(rows)
        draft.files.all().delete()
    FormDraft.objects.filter(pk=draft.pk).update(report=report, data={}, updated_at=at)


def _link(told: Told, report: Report, contact: Contact, *, at: datetime) -> str:
    token = status_token(told.idempotency_key)
    link = rows.new(
        AccessLink,
        report=report,
        contact=contact,
        token_hash=token_hash(token),
        made_at=at,
        expires_at=at + timedelta(days=settings.LINK_DAYS),
    )
    rows.insert(link)
    return token


def _repeat(told: Told) -> Filed | None:
    """What was filed under this key before. Raises KeyUsed if other words came under it: a key opens nothing."""
    first = Incoming.objects.filter(idempotency_key=told.idempotency_key).select_related("report").first()
    if first is None:
        return None
    if (first.raw.get("what"), first.raw.get("email")) != (told.what, told.email):
        raise KeyUsed(_("This form was sent before with other words. Start a new report for them."))
    if first.report is None:
        raise KeptUnfiled(_kept_words())
    promised = first.report.promises.filter(kind=kinds.HEAR_BACK).order_by("id").values_list("due_at", flat=True)
    return Filed(first.report, status_token(told.idempotency_key), promised.first(), is_repeat=True)


def _put_aside(told: Told, trouble: Exception, *, at: datetime) -> KeptUnfiled:
    log.error("A report could not be filed and was put aside: %r", trouble, exc_info=trouble)
    Incoming.objects.get_or_create(
        idempotency_key=told.idempotency_key,
        defaults={
            "channel": told.channel,
            "raw": told.raw(),
            "received_at": at,
            "error": repr(trouble)[:2000],
        },
    )
    return KeptUnfiled(_kept_words())


def _kept_words() -> str:
    return _("We have your report, but could not number it just now. We try again by ourselves and write to you.")
