"""Looking after the desk: the audit, and mail that went out with every try."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Moment
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import number_of
from makegood.doors.ui import changes
from makegood.lib.texts import whole_number
from makegood.life.problems.models import key_of
from makegood.life.reports import mail_log
from makegood.life.reports.access import NotFound
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.models import LedgerEntry, OutgoingMail

area = Area("Looking after it", "The audit: who did what, when and why. And mail that went out, with every try.")


class Which(Paging):
    who: Annotated[str, Field(max_length=100, description="In the name of whoever did it.")] = ""
    kind: Annotated[str, Field(max_length=60, description="A kind, or how it begins: `setup.`")] = ""
    report: Annotated[str, Field(max_length=24, description="What happened to this one.")] = ""
    since: Annotated[Moment | None, Field(description="From this moment on.")] = None
    until: Annotated[Moment | None, Field(description="Before this moment.")] = None


class AuditLine(BaseModel):
    """One thing that happened, anywhere on the desk."""

    id: int
    kind: str
    meaning: Annotated[str, Field(description="What the kind means, in a sentence.")]
    changes: Annotated[str, Field(description="What was set to what, in short words; never a secret.")]
    thing: Annotated[str, Field(description="Of set-up: what it was, and its name.")]
    report: str | None
    problem: str | None
    at: datetime
    by: Annotated[str, Field(description="agent, contact or system")]
    name: str
    reason: str


class Mails(Paging):
    state: Annotated[
        Literal["", "queued", "sending", "sent", "failed", "held", "withdrawn", "suppressed", "bounced"],
        Field(description="`failed`: given up. `bounced`: it came back."),
    ] = ""
    to: Annotated[str, Field(max_length=254, description="How the address begins.")] = ""


class SentRow(BaseModel):
    """A mail of ours, sent or not."""

    id: int
    report: str | None
    purpose: str
    state: str
    to_email: str
    to_name: str
    language: str
    subject: str
    is_automatic: bool
    attempts: int
    last_reason: str
    made_at: datetime
    send_after: datetime
    sent_at: datetime | None
    bounced_at: datetime | None
    bounce_reason: str
    can_retry: bool


class TryOut(BaseModel):
    at: datetime
    outcome: Annotated[str, Field(description="sent, later (not now) or refused (for good)")]
    reason: str


class SentOut(SentRow):
    """With its words, without the secret links in them, and every try."""

    text: str
    tries: list[TryOut]


@area.get("/audit", scope="audit:read", action="audit.view", ok=Listed[AuditLine])
def list_audit(request: HttpRequest, which: Query[Which]) -> Any:
    """List who did what, newest first: everything, set-up and people as well.

    For programs that follow the desk there is `/ledger`; this tells people.
    """
    found = LedgerEntry.objects.all()
    found = found.filter(actor_name__icontains=which.who) if which.who else found
    found = found.filter(kind__startswith=which.kind) if which.kind else found
    found = found.filter(at__gte=which.since) if which.since else found
    found = found.filter(at__lt=which.until) if which.until else found
    if which.report:
        number = whole_number(which.report.strip().upper().removeprefix("MG-"))
        found = found.filter(report=number) if number is not None else found.none()
    shown, after = walk(request, found, which, falling=True)
    return listed(request, shown, after, _line, AuditLine)


@area.get("/sent-mails", scope="mail:read", action="mail.view", ok=Listed[SentRow])
def list_sent_mails(request: HttpRequest, which: Query[Mails]) -> Any:
    """List mails of ours, newest first: what left, what waits, what was given up."""
    found = OutgoingMail.objects.all()
    if which.state == "bounced":
        found = found.exclude(bounced_at=None)
    elif which.state:
        found = found.filter(state=which.state)
    found = found.filter(to_email__istartswith=which.to.strip().lower()) if which.to.strip() else found
    shown, after = walk(request, found, which, falling=True)
    return listed(request, shown, after, lambda mail: SentRow(**_row(mail)), SentRow)


@area.get("/sent-mails/{id}", scope="mail:read", action="mail.view", ok=SentOut)
def read_sent_mail(request: HttpRequest, id: RowId) -> Any:
    """Read a mail of ours as it reads, with every try."""
    return _sent(_mail(id))


@area.post("/sent-mails/{id}/retry", scope="mail:write", action="mail.retry", ok=SentOut)
def retry_sent_mail(request: HttpRequest, id: RowId) -> Any:
    """Put a mail in line again that was given up, held or not sent on purpose; with the Message-ID it always had."""
    who = caller(request)
    mail_log.send_again(_mail(id), by=who.actor, at=who.now)
    return _sent(_mail(id))


def _line(entry: LedgerEntry) -> AuditLine:
    what, name = entry.data.get("what"), entry.data.get("name")
    return AuditLine(
        id=entry.pk,
        kind=entry.kind,
        meaning=_(KINDS.get(entry.kind, entry.kind)),
        changes=changes.in_words(entry),
        thing=f"{what}: {name}" if entry.kind.startswith("setup.") else "",
        report=number_of(entry.report_id),
        problem=f"PRB-{key}" if (key := key_of(entry.about)) else None,
        at=entry.at.astimezone(UTC),
        by=entry.actor_kind,
        name=entry.actor_name,
        reason=entry.reason,
    )


def _mail(key: int) -> OutgoingMail:
    found = OutgoingMail.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(str(key))
    return found


def _row(mail: OutgoingMail) -> dict[str, Any]:
    special = {"id": mail.pk, "report": number_of(mail.report_id), "can_retry": mail.state in mail_log.STUCK}
    return special | {name: getattr(mail, name) for name in SentRow.model_fields if name not in special}


def _sent(mail: OutgoingMail) -> SentOut:
    tries = [TryOut(at=one.at, outcome=one.outcome, reason=one.reason) for one in mail.tries.order_by("pk")]
    return SentOut(**_row(mail), text=mail_log.readable(mail), tries=tries)
