"""Mail that came in: what is held for a person, one mail as it is, and what is decided about it."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api.area import Area, caller, tag_of
from makegood.doors.api.fields import Flag, ReportNumber, Slug, Taken
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.shapes import number_of, slug_of
from makegood.engine.files import serving
from makegood.lib import rows
from makegood.lib.mail import Parsed, Poisoned
from makegood.lib.mail.parsed import Address
from makegood.life.post import access, actions, queries
from makegood.life.post.models import IncomingMail
from makegood.life.post.wording import why
from makegood.life.reports.access import NotFound

area = Area("Mail", "Mails that came in: read what is held, make it a report, add it to one, or put it away.")
RFC822 = "message/rfc822"


class Filters(Paging):
    which: Annotated[
        Literal["held", "unreadable", "discarded", "any"],
        Field(description="`discarded`: within the last day, so it can be taken back. `any`: for leads and admins."),
    ] = "held"


class MailRow(BaseModel):
    """A mail as lists show it. Nothing of it is proved unless ``is_verified`` says so."""

    key: str
    outcome: Annotated[str, Field(description="quarantined, parked, new_report, append, … ; empty: not filed yet.")]
    why: Annotated[str, Field(description="The reason for the outcome, in a sentence.")]
    reason: Annotated[str, Field(description="The same for programs.")]
    source: str
    mailbox: str | None
    sender: str
    sender_name: str
    subject: str
    is_verified: Annotated[bool, Field(description="Our own server saw that the From domain stands for it.")]
    size: int
    received_at: datetime
    sent_at: datetime | None
    report: str | None
    decision: Annotated[str, Field(description="released, attached, discarded, or empty")]
    decided_by: str
    decided_at: datetime | None


class Somebody(BaseModel):
    name: str
    email: str


class MailFile(BaseModel):
    name: str
    media_type: str
    size: int


class MailOut(MailRow):
    """One mail, read anew from its bytes. ``trouble`` says why it can't be read; then its words are empty."""

    headers: Annotated[str, Field(description="The head of the mail as it came, at most 20,000 characters.")]
    text: Annotated[str, Field(description="The new words: quotes and signature stripped.")]
    full_text: str
    to: list[Somebody]
    cc: list[Somebody]
    files: list[MailFile]
    trouble: str


class Target(Taken):
    report: ReportNumber
    accept: Annotated[
        Flag, Field(description="A sender who takes no part yet is accepted at once; else only proposed.")
    ] = False


def _tag(request: HttpRequest, key: str, **_more: Any) -> str:
    found = access.access_mail(caller(request).agent, key)
    rows.lock(IncomingMail, found.pk)
    return tag_of(_mail(_fresh(found)))


@area.get("/mails", scope="mail:read", action="mail.handle", ok=Listed[MailRow])
def list_mails(request: HttpRequest, filters: Query[Filters]) -> Any:
    """List mails that came in, newest first; those that are held, if nothing else is asked for."""
    who = caller(request)
    if filters.which == "any":
        who.demand("mail.view")
    found = access.visible_mails(who.agent)
    if filters.which in _WAITING:
        found = found.filter(outcome=_WAITING[filters.which], decided_at=None)
    if filters.which == "discarded":
        found = found.filter(outcome__in=IncomingMail.FOR_A_PERSON, decision="discarded")
        found = found.filter(decided_at__gte=who.now - actions.UNDISCARD_WITHIN - timedelta(seconds=1))
    shown, after = walk(request, found, filters, by=("received_at", "pk"), falling=True)
    return listed(request, shown, after, lambda mail: MailRow(**_row(mail)), MailRow)


@area.get("/mails/{key}", scope="mail:read", action="report.view", ok=MailOut, is_tagged=True)
def read_mail(request: HttpRequest, key: Slug) -> Any:
    """Read a mail.

    One that belongs to a report, by whoever sees the report; one that belongs to none, with the right to handle mail.
    """
    return _mail(access.access_mail(caller(request).agent, key))


@area.get("/mails/{key}/raw", scope="mail:read", action="report.view", media=(RFC822,))
def download_mail(request: HttpRequest, key: Slug) -> Any:
    """Download a mail byte for byte as it came."""
    found = access.access_mail(caller(request).agent, key)
    return serving.download(found.storage_key, name=f"{found.key}.eml", media_type=RFC822)


@area.post("/mails/{key}/release", scope="mail:write", action="mail.handle", ok=MailOut, guard=_tag)
def release_mail(request: HttpRequest, key: Slug) -> Any:
    """Make a held mail a report of its own.

    As if nothing had spoken against it: its sender gets the acknowledgement. Their address counts as unproved still.
    """
    mail, who = _held(request, key), caller(request)
    actions.release(mail, by=who.actor, at=who.now)
    return _mail(_fresh(mail))


@area.post("/mails/{key}/attach", scope="mail:write", action="mail.handle", ok=MailOut, guard=_tag)
def attach_mail(request: HttpRequest, key: Slug, body: Target) -> Any:
    """Add a held mail to a report as its sender's words; without a sender, as a note."""
    mail, who = _held(request, key), caller(request)
    actions.attach(mail, report_of(request, body.report), by=who.actor, at=who.now, accept=body.accept)
    return _mail(_fresh(mail))


@area.post("/mails/{key}/discard", scope="mail:write", action="mail.handle", ok=MailOut, guard=_tag)
def discard_mail(request: HttpRequest, key: Slug) -> Any:
    """Put a held or unreadable mail away. Its bytes stay, and for a day it can be taken back."""
    mail, who = _held(request, key), caller(request)
    actions.discard(mail, by=who.actor, at=who.now)
    return _mail(_fresh(mail))


@area.post("/mails/{key}/undiscard", scope="mail:write", action="mail.handle", ok=MailOut, guard=_tag)
def undiscard_mail(request: HttpRequest, key: Slug) -> Any:
    """Hold a mail again that was put away."""
    mail, who = _held(request, key), caller(request)
    actions.undiscard(mail, by=who.actor, at=who.now)
    return _mail(_fresh(mail))


# The parts.

_WAITING = {"held": IncomingMail.QUARANTINED, "unreadable": IncomingMail.PARKED}
_PLAIN = (
    *("key", "outcome", "source", "sender", "sender_name", "subject", "is_verified", "size"),
    *("received_at", "sent_at", "decision", "decided_by", "decided_at"),
)


def _held(request: HttpRequest, key: str) -> IncomingMail:
    """The mail of the address, if it waits for a person or did. Raises NotFound."""
    found = access.access_held(caller(request).agent, [key])
    if not found:
        raise NotFound(key)
    return found[0]


def _fresh(mail: IncomingMail) -> IncomingMail:
    return queries.arrived().get(pk=mail.pk)


def _row(mail: IncomingMail) -> dict[str, Any]:
    return {
        **{name: getattr(mail, name) for name in _PLAIN},
        "why": why(mail),
        "reason": mail.reason.partition(":")[0],
        "mailbox": slug_of(mail.mailbox),
        "report": number_of(mail.report_id),
    }


def _mail(mail: IncomingMail) -> MailOut:
    head, parsed, trouble = _read(mail)
    return MailOut(
        **_row(mail),
        headers=head,
        text=parsed.body if parsed else "",
        full_text=parsed.full_text if parsed else "",
        to=_people(parsed.to) if parsed else [],
        cc=_people(parsed.cc) if parsed else [],
        files=_files(parsed) if parsed else [],
        trouble=trouble,
    )


def _read(mail: IncomingMail) -> tuple[str, Parsed | None, str]:
    """The head, what can be read, and why the rest can't."""
    try:
        head = queries.head_of(queries.raw_of(mail))
    except FileNotFoundError:
        return "", None, _("The bytes of this mail are missing. Look into the backup.")
    try:
        return head, queries.parsed_of(mail), ""
    except Poisoned as poison:
        return head, None, str(poison)


def _people(addresses: tuple[Address, ...]) -> list[Somebody]:
    return [Somebody(name=one.name, email=one.email) for one in addresses]


def _files(parsed: Parsed) -> list[MailFile]:
    return [MailFile(name=part.name, media_type=part.media_type, size=len(part.data)) for part in parsed.attachments]
