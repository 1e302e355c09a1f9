"""Contacts and organisations: who reports, what is known of them, remarks for whoever answers next."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from makegood.doors.api import finding
from makegood.doors.api.area import Answer, Area, caller, tag_of
from makegood.doors.api.fields import Email, Flag, Line, Phone, Reason, Slug, Taken, Words, text, without_defaults
from makegood.doors.api.paging import Listed, Paging, RowId, listed, walk
from makegood.doors.api.shapes import WITH as REPORT_WITH
from makegood.doors.api.shapes import (
    ContactOut,
    OrganisationOut,
    ReportRow,
    contact_out,
    organisation_out,
    report_row,
    with_problems,
)
from makegood.life.escalation import account
from makegood.life.people.directory import canonical_email
from makegood.life.people.models import AccountNote, Contact, Organisation
from makegood.life.reports import access, accounts

area = Area("Accounts", "Contacts, organisations, and remarks on them.")


class People(Paging):
    email: Annotated[str, Field(max_length=254, description="Exactly this address.")] = ""
    q: Annotated[str, Field(max_length=100, description="In name or address, or how a member number begins.")] = ""


class Named(Paging):
    q: Annotated[str, Field(max_length=100, description="In the name.")] = ""


class ContactPatch(Taken):
    """What is given is changed. The address itself cannot be: it decides who gets what we say."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    name: Line = ""
    phone: Phone = ""
    second_email: Email = ""
    preferred_way: Literal["email", "phone"] = "email"
    member_number: text(40) = ""  # type: ignore[valid-type]
    plan: text(40) = ""  # type: ignore[valid-type]
    language: Literal["en", "de"] = "en"
    time_zone: text(64) = ""  # type: ignore[valid-type]
    organisation: Slug | None = None


class OrganisationNew(Taken):
    name: Line
    plan: text(40) = ""  # type: ignore[valid-type]
    note: text(10_000) = ""  # type: ignore[valid-type]


class OrganisationPatch(Taken):
    """What is given is changed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    name: Line = ""
    plan: text(40) = ""  # type: ignore[valid-type]
    note: text(10_000) = ""  # type: ignore[valid-type]


class KeyAccount(Taken):
    is_key_account: Flag
    reason: Reason


class Remark(Taken):
    text: Words
    is_pinned: Annotated[Flag, Field(description="Shown on each of their reports.")] = True


class Why(Taken):
    reason: Reason = ""


class Removal(Taken):
    reason: Words


class Revoked(BaseModel):
    links: Annotated[int, Field(description="How many were still good.")]


class RemarkOut(BaseModel):
    id: int
    text: str
    by: str
    at: datetime
    is_pinned: bool


@area.get("/contacts", scope="accounts:read", action="contact.view", ok=Listed[ContactOut])
def list_contacts(request: HttpRequest, which: Query[People]) -> Any:
    """List contacts, in the order they came."""
    rows = account.visible_contacts(caller(request).agent).select_related("organisation")
    if which.email:
        rows = rows.filter(email=canonical_email(which.email))
    if which.q:
        named = Q(name__icontains=which.q) | Q(email__icontains=which.q) | Q(member_number__istartswith=which.q)
        rows = rows.filter(named)
    shown, after = walk(request, rows, which)
    return listed(request, shown, after, contact_out, ContactOut)


@area.get("/contacts/{key}", scope="accounts:read", action="contact.view", ok=ContactOut, is_tagged=True)
def read_contact(request: HttpRequest, key: Slug) -> Any:
    """Read a contact."""
    return contact_out(account.access_contact(caller(request).agent, key))


def _tag(request: HttpRequest, key: str, **_more: Any) -> str:
    found = account.access_contact(caller(request).agent, key)
    Contact.objects.select_for_update().get(pk=found.pk)
    return tag_of(contact_out(account.access_contact(caller(request).agent, key)))


@area.patch("/contacts/{key}", scope="accounts:write", action="contact.edit", ok=ContactOut, is_tagged=True, guard=_tag)
def change_contact(request: HttpRequest, key: Slug, body: ContactPatch) -> Any:
    """Put facts of a contact right."""
    who = caller(request)
    found = account.access_contact(who.agent, key)
    given = body.model_dump(include=body.model_fields_set)
    if "organisation" in given:
        given["organisation"] = finding.organisation(body.organisation)
    accounts.change_contact(found, given, by=who.actor, at=who.now)
    return contact_out(account.access_contact(who.agent, key))


@area.get("/contacts/{key}/reports", scope="reports:read", action="report.view", ok=Listed[ReportRow])
def list_contact_reports(request: HttpRequest, key: Slug, paging: Query[Paging]) -> Any:
    """List a contact's reports, newest first."""
    agent = caller(request).agent
    mine = access.visible_reports(agent).filter(contact=account.access_contact(agent, key))
    rows, after = walk(request, mine.select_related(*REPORT_WITH).prefetch_related("labels"), paging, falling=True)
    return listed(request, with_problems(caller(request).agent, rows), after, report_row, ReportRow)


@area.post("/contacts/{key}/remarks", scope="accounts:write", action="contact.note", ok=RemarkOut, status=201)
def remark_on_contact(request: HttpRequest, key: Slug, body: Remark) -> Any:
    """Put a lasting remark on a contact; every colleague sees it first."""
    who = caller(request)
    whose = account.access_contact(who.agent, key)
    return _remark(account.write_note(whose, body.text, by=who.actor, at=who.now, is_pinned=body.is_pinned))


@area.get("/contacts/{key}/remarks", scope="accounts:read", action="contact.view", ok=Listed[RemarkOut])
def list_remarks_on_contact(request: HttpRequest, key: Slug, paging: Query[Paging]) -> Any:
    """List the lasting remarks on a contact, in the order they came."""
    whose = account.access_contact(caller(request).agent, key)
    rows, after = walk(request, account.notes_of(whose), paging)
    return listed(request, rows, after, _remark, RemarkOut)


@area.post("/remarks/{id}/remove", scope="accounts:write", action="contact.note")
def remove_remark(request: HttpRequest, id: RowId, body: Removal) -> Any:
    """Take a lasting remark away for good.

    The audit keeps whose it was, who removed it and why, not its words: do not repeat them in the reason.
    """
    who = caller(request)
    account.remove_note(account.access_note(who.agent, id), by=who.actor, at=who.now, reason=body.reason)
    return Answer(None, 204)


@area.post("/contacts/{key}/revoke-links", scope="accounts:write", action="contact.revoke_links", ok=Revoked)
def revoke_contact_links(request: HttpRequest, key: Slug, body: Why) -> Any:
    """Make every secret link of a person useless."""
    who = caller(request)
    found = account.access_contact(who.agent, key)
    return Revoked(links=accounts.revoke_links_of(found, by=who.actor, at=who.now, reason=body.reason))


@area.post("/contacts/{key}/mail-works", scope="accounts:write", action="contact.edit", ok=ContactOut)
def contact_mail_works(request: HttpRequest, key: Slug) -> Any:
    """Mail reaches them again: `mail_problem` goes."""
    who = caller(request)
    accounts.mail_arrives_again(account.access_contact(who.agent, key), by=who.actor, at=who.now)
    return contact_out(account.access_contact(who.agent, key))


@area.get("/organisations", scope="accounts:read", action="contact.view", ok=Listed[OrganisationOut])
def list_organisations(request: HttpRequest, which: Query[Named]) -> Any:
    """List organisations, in the order they came."""
    rows = account.visible_organisations(caller(request).agent)
    rows = rows.filter(name__icontains=which.q) if which.q else rows
    shown, after = walk(request, rows, which)
    return listed(request, shown, after, organisation_out, OrganisationOut)


@area.post("/organisations", scope="accounts:write", action="contact.edit", ok=OrganisationOut, status=201)
def add_organisation(request: HttpRequest, body: OrganisationNew) -> Any:
    """Add an organisation."""
    who = caller(request)
    made = accounts.add_organisation(body.name, note=body.note, plan=body.plan, by=who.actor, at=who.now)
    return organisation_out(made)


@area.get("/organisations/{key}", scope="accounts:read", action="contact.view", ok=OrganisationOut, is_tagged=True)
def read_organisation(request: HttpRequest, key: Slug) -> Any:
    """Read an organisation."""
    return organisation_out(account.access_organisation(caller(request).agent, key))


def _organisation_tag(request: HttpRequest, key: str, **_more: Any) -> str:
    found = account.access_organisation(caller(request).agent, key)
    return tag_of(organisation_out(Organisation.objects.select_for_update().get(pk=found.pk)))


@area.patch(
    "/organisations/{key}",
    scope="accounts:write",
    action="contact.edit",
    ok=OrganisationOut,
    is_tagged=True,
    guard=_organisation_tag,
)
def change_organisation(request: HttpRequest, key: Slug, body: OrganisationPatch) -> Any:
    """Put name, plan or note of an organisation right."""
    who = caller(request)
    found = account.access_organisation(who.agent, key)
    given = body.model_dump(include=body.model_fields_set)
    accounts.change_organisation(found, given, by=who.actor, at=who.now)
    return organisation_out(account.access_organisation(who.agent, key))


@area.post("/organisations/{key}/key-account", scope="accounts:write", action="contact.mark_key", ok=OrganisationOut)
def mark_key_account(request: HttpRequest, key: Slug, body: KeyAccount) -> Any:
    """Make an organisation a key account, or no longer; what it has open is ranked anew."""
    who = caller(request)
    found = account.access_organisation(who.agent, key)
    accounts.mark_key_account(found, body.is_key_account, by=who.actor, at=who.now, reason=body.reason)
    return organisation_out(account.access_organisation(who.agent, key))


@area.get("/organisations/{key}/contacts", scope="accounts:read", action="contact.view", ok=Listed[ContactOut])
def list_organisation_contacts(request: HttpRequest, key: Slug, paging: Query[Paging]) -> Any:
    """List the people of an organisation."""
    agent = caller(request).agent
    inside = account.access_organisation(agent, key)
    mine = account.visible_contacts(agent).filter(organisation=inside).select_related("organisation")
    rows, after = walk(request, mine, paging)
    return listed(request, rows, after, contact_out, ContactOut)


@area.post("/organisations/{key}/remarks", scope="accounts:write", action="contact.note", ok=RemarkOut, status=201)
def remark_on_organisation(request: HttpRequest, key: Slug, body: Remark) -> Any:
    """Put a lasting remark on an organisation."""
    who = caller(request)
    whose = account.access_organisation(who.agent, key)
    return _remark(account.write_note(whose, body.text, by=who.actor, at=who.now, is_pinned=body.is_pinned))


@area.get("/organisations/{key}/remarks", scope="accounts:read", action="contact.view", ok=Listed[RemarkOut])
def list_remarks_on_organisation(request: HttpRequest, key: Slug, paging: Query[Paging]) -> Any:
    """List the lasting remarks on an organisation, in the order they came."""
    whose = account.access_organisation(caller(request).agent, key)
    rows, after = walk(request, account.notes_of(whose), paging)
    return listed(request, rows, after, _remark, RemarkOut)


def _remark(note: AccountNote) -> RemarkOut:
    return RemarkOut(id=note.pk, text=note.text, by=note.by_name, at=note.at, is_pinned=note.is_pinned)
