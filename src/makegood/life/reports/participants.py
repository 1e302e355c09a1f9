"""Who else takes part in a report: proposed by a mail, accepted by a person of the desk, never by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact
from makegood.life.reports import access, actions, ledger, reply_addresses
from makegood.life.reports.models import Participant, Report

PROPOSED, ACCEPTED, DECLINED = "proposed", "accepted", "declined"
# A mail with a thousand copied addresses is no reason for a thousand rows.
MOST = 50


class NotToBeAdded(Refusal):
    """They report it already, or the report has as many people as it can take."""


def of(report: Report | int) -> QuerySet[Participant]:
    """Everybody who takes part or is proposed, with their contacts, first come first."""
    return Participant.objects.filter(report=report).exclude(state=DECLINED).select_related("contact").order_by("id")


everybody = Statement(of)  # the same, by the report's key and at once


def accepted(report: Report) -> QuerySet[Participant]:
    """Those who may follow and speak, and get copies."""
    return of(report).filter(state=ACCEPTED)


def may_speak(report: Report, contact: Contact) -> bool:
    """Whether ``contact``'s words belong to ``report``: its reporter, or somebody accepted."""
    if report.contact_id == contact.pk:
        return True
    return Participant.objects.filter(report=report, contact=contact, state=ACCEPTED).exists()


def propose(report: Report, contact: Contact, *, why: str, by: Actor, at: datetime) -> Participant | None:
    """Propose ``contact`` (``why``: copied, forwarded, wrote, original_sender); None if that was done or decided."""
    if report.contact_id == contact.pk:
        return None
    with transaction.atomic():
        known = Participant.objects.filter(report=report)
        if known.filter(contact=contact).exists() or known.count() >= MOST:
            return None
        row = Participant.objects.create(report=report, contact=contact, why=why, proposed_at=at)
        _record(row, "participant.proposed", by=by, at=at)
    return row


def accept(participant: Participant, *, by: Actor, at: datetime) -> None:
    """Let them follow and speak on the report."""
    _decide(participant, ACCEPTED, "participant.accepted", by=by, at=at)


def decline(participant: Participant, *, by: Actor, at: datetime) -> None:
    """They are not to take part; further mails do not propose them again."""
    _decide(participant, DECLINED, "participant.declined", by=by, at=at)


def remove(participant: Participant, *, by: Actor, at: datetime) -> None:
    """They no longer take part: no more copies, their links and reply address end."""
    with transaction.atomic():
        _decide(participant, DECLINED, "participant.removed", by=by, at=at)
        participant.report.links.filter(contact=participant.contact, revoked_at=None).update(revoked_at=at)
        reply_addresses.revoke(participant.report, participant.contact, at=at)


def invite(report: Report, contact: Contact, *, by: Actor, at: datetime) -> Participant:
    """Let ``contact`` take part at once, because the desk says so. Raises NotToBeAdded."""
    if report.contact_id == contact.pk:
        raise NotToBeAdded(_("They are the reporter already."))
    with transaction.atomic():
        access.lock(report)
        row = Participant.objects.filter(report=report, contact=contact).first()
        if row is None:
            if Participant.objects.filter(report=report).count() >= MOST:
                raise NotToBeAdded(_("A report takes at most %d people.") % MOST)
            row = Participant.objects.create(report=report, contact=contact, why="invited", proposed_at=at)
        accept(row, by=by, at=at)
    return row


def make_reporter(participant: Participant, *, by: Actor, at: datetime) -> None:
    """The report is theirs: they hear from us from now on, and whoever sent it in for them takes part."""
    with transaction.atomic():
        report = access.lock(participant.report)
        before = report.contact
        participant.delete()
        fields = {"contact": participant.contact, "organisation": participant.contact.organisation}
        data = {"name": participant.contact.called, "before": before.called}
        actions.change(report, "report.reporter_changed", by=by, at=at, fields=fields, data=data)
        row, _new = Participant.objects.get_or_create(
            report=report, contact=before, defaults={"why": "forwarded", "proposed_at": at}
        )
        _decide(row, ACCEPTED, "participant.accepted", by=by, at=at)


def _decide(participant: Participant, state: str, kind: str, *, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        access.lock(participant.report)
        fresh = Participant.objects.get(pk=participant.pk)
        if fresh.state != state:
            Participant.objects.filter(pk=fresh.pk).update(state=state, decided_at=at, decided_by=by.name)
            _record(fresh, kind, by=by, at=at)
    participant.state, participant.decided_at, participant.decided_by = state, at, by.name


def _record(participant: Participant, kind: str, *, by: Actor, at: datetime) -> None:
    contact = participant.contact
    data = {"participant": participant.pk, "contact": contact.pk, "name": contact.called, "why": participant.why}
    ledger.record(participant.report, kind, by=by, at=at, data=data)
