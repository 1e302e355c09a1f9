"""What goes out: one shape a thing. Moments are UTC; names of people and rows are what they are called now."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language
from pydantic import BaseModel, Field

from makegood.lib.texts import in_language
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.escalation.models import Escalation, TechnicalNote
from makegood.life.people.models import Agent, Contact, Organisation
from makegood.life.problems.models import key_of
from makegood.life.problems.queries import numbers_of
from makegood.life.promises.models import Promise
from makegood.life.promises.owed import PARKED
from makegood.life.reports import states
from makegood.life.reports.models import Attachment, LedgerEntry, Message, Report

# What the shape of a report reads from other tables; a list asks for them all in one query.
WITH = ("category", "component", "team", "technical_team", "assignee", "contact", "organisation", "mailbox")


class PersonRef(BaseModel):
    key: str
    name: str


class ContactRef(BaseModel):
    key: str
    name: str
    email: str | None


class Owed(BaseModel):
    """What is owed next."""

    kind: str
    state: Annotated[str, Field(description="running, at_risk, broken or paused")]
    at: Annotated[datetime | None, Field(description="null while the reporter has the ball")]


class ReportRow(BaseModel):
    """A report as lists show it."""

    number: Annotated[str, Field(description="MG-n, the name people say.")]
    title: str
    kind: str
    state: str
    step: Annotated[str, Field(description="The state as the reporter is told it.")]
    severity: str
    hindrance: str
    category: str | None
    component: str | None
    team: str | None
    technical_team: str | None
    assignee: PersonRef | None
    contact: ContactRef
    organisation: PersonRef | None
    channel: str
    mailbox: str | None
    language: str
    labels: list[str]
    completeness: int
    owed: Owed | None
    is_escalated: bool
    is_protected: bool
    waiting_for_reporter: bool
    snoozed_until: datetime | None
    duplicate_of: str | None
    problem: Annotated[str | None, Field(description="The problem it belongs to, if you may see that one.")]
    follows: str | None
    reopened_count: int
    close_reason: str
    received_at: datetime
    updated_at: datetime
    first_answered_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    last_said_at: datetime | None
    last_said_by: str
    version: int
    url: Annotated[str, Field(description="Where people look at it.")]


class Missing(BaseModel):
    fact: str
    name: str


class ReportOut(ReportRow):
    """A report with what is known of the machine and what is still missing."""

    environment: dict[str, str]
    missing: list[Missing]


class MessageOut(BaseModel):
    """One utterance. ``is_internal``: a note, which no reporter ever sees."""

    key: str
    is_internal: bool
    said_by: str
    name: str
    body: str
    channel: str
    script: str
    named_time: Annotated[datetime | None, Field(description="When it says the reporter hears next.")]
    is_final: bool
    at: datetime
    visible_at: Annotated[datetime, Field(description="Until then it can be taken back.")]
    withdrawn_at: datetime | None


class FileOut(BaseModel):
    key: str
    report: str
    name: str
    media_type: str
    size: int
    sha256: str
    is_picture: bool
    is_internal: bool
    added_by: str
    at: datetime
    message: str | None
    url: Annotated[str, Field(description="Where its bytes are, with the same token.")]


class TechnicalNoteOut(BaseModel):
    kind: Annotated[str, Field(description="question, answer_back or answer")]
    body: str
    name: str
    at: datetime


class EscalationRow(BaseModel):
    id: int
    report: str
    team: str
    component: str | None
    severity: str
    state: str
    reason: str
    by: str
    at: datetime
    accepted_by: PersonRef | None
    accepted_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    completeness: int


class EscalationOut(EscalationRow):
    notes: list[TechnicalNoteOut]


class PromiseOut(BaseModel):
    id: int
    report: str | None
    problem: Annotated[str | None, Field(description="Of public news: the problem it is about.")]
    kind: str
    what: Annotated[str, Field(description="In words.")]
    owed_to: str
    state: str
    ring: Annotated[str, Field(description="running, at_risk, broken, paused, kept or withdrawn, as of now.")]
    severity: str
    team: str | None
    agent: PersonRef | None
    made_by: str
    made_at: datetime
    due_at: datetime | None
    at_risk_at: datetime
    broken_at: datetime | None
    kept_at: datetime | None
    withdrawn_at: datetime | None
    reason: str


class ContactOut(BaseModel):
    key: str
    name: str
    email: str | None
    is_verified: Annotated[bool, Field(description="They have proved that the address is theirs.")]
    phone: str
    second_email: str
    preferred_way: str
    member_number: str
    plan: Annotated[str, Field(description="Plan or tier; empty: as the organisation's.")]
    language: str
    time_zone: str
    mail_problem: str
    organisation: PersonRef | None
    created_at: datetime


class OrganisationOut(BaseModel):
    key: str
    name: str
    is_key_account: bool
    plan: str
    note: str
    created_at: datetime


class EntryOut(BaseModel):
    """One thing that happened."""

    id: int
    kind: str
    report: str | None
    problem: Annotated[str | None, Field(description="The problem it tells of.")]
    at: datetime
    by: Annotated[str, Field(description="agent, contact or system")]
    name: str
    reason: str
    data: dict[str, Any]


def words(texts: Mapping[str, str] | None) -> str:
    """A text of the catalogue in the language asked for."""
    return in_language(texts, get_language() or "en")


def _plain(row: Model, shape: type[BaseModel]) -> dict[str, Any]:
    """The columns of ``row`` that ``shape`` shows under the same name. Looks at nothing another table holds."""
    columns = {field.attname for field in row._meta.concrete_fields}
    return {name: getattr(row, name) for name in shape.model_fields if name in columns}


def number_of(report_id: int | None) -> str | None:
    return f"MG-{report_id}" if report_id else None


def slug_of(row: Any) -> str | None:
    """The short name of a row, if there is one."""
    return row.slug if row else None


def person(agent: Agent | None) -> PersonRef | None:
    return PersonRef(key=agent.key, name=agent.name) if agent else None


def _organisation(row: Organisation | None) -> PersonRef | None:
    return PersonRef(key=row.key, name=row.name) if row else None


def _facts(report: Report) -> dict[str, Any]:
    """The columns of a report, and what they point to. ``WITH`` and the labels are best fetched before."""
    plain = _plain(report, ReportRow)
    slugs = ("category", "component", "team", "technical_team", "mailbox")
    contact = report.contact
    return plain | {
        "number": report.number,
        **{name: slug_of(getattr(report, name)) for name in slugs},
        "step": states.reporter_step(report.state, report.kind, close_reason=report.close_reason),
        "assignee": person(report.assignee),
        "contact": ContactRef(key=contact.key, name=contact.name, email=contact.email),
        "organisation": _organisation(report.organisation),
        "labels": sorted(label.name for label in report.labels.all()),
        "owed": _owed(report),
        "duplicate_of": number_of(report.duplicate_of_id),
        "problem": getattr(report, "seen_problem", None),
        "follows": number_of(report.follows_id),
        "url": f"{settings.BASE_URL}/console/reports/{report.pk}/",
    }


def _owed(report: Report) -> Owed | None:
    if report.owed_at is None:
        return None
    at = None if report.owed_at == PARKED else report.owed_at
    return Owed(kind=report.owed_kind, state=report.owed_state, at=at)


def with_problems(seeker: Agent, reports: Iterable[Report]) -> list[Report]:
    """Fetch for all of them which problem they belong to, as far as ``seeker`` may know."""
    found = list(reports)
    numbers = numbers_of(seeker, [report.pk for report in found])
    for report in found:
        report.seen_problem = numbers.get(report.pk)  # type: ignore[attr-defined]
    return found


def report_row(report: Report) -> ReportRow:
    return ReportRow(**_facts(report))


def report_out(report: Report) -> ReportOut:
    missing = [Missing(fact=fact.slug, name=words(fact.names)) for fact in diagnosis.assess(report).missing]
    environment = {str(name): str(value) for name, value in report.environment.items() if value}
    return ReportOut(**_facts(report), environment=environment, missing=missing)


def message_out(message: Message) -> MessageOut:
    return MessageOut(**{name: getattr(message, name) for name in MessageOut.model_fields})


def file_out(file: Attachment) -> FileOut:
    plain = _plain(file, FileOut)
    more = {
        "report": f"MG-{file.report_id}",
        "message": file.message.key if file.message else None,
        "url": f"{settings.BASE_URL}/api/v1/files/{file.key}/content",
    }
    return FileOut(**plain | more)


def _escalation(escalation: Escalation) -> dict[str, Any]:
    plain = _plain(escalation, EscalationRow)
    return plain | {
        "report": f"MG-{escalation.report_id}",
        "team": escalation.team.slug,
        "component": slug_of(escalation.component),
        "by": escalation.by_name,
        "accepted_by": person(escalation.accepted_by),
    }


def escalation_row(escalation: Escalation) -> EscalationRow:
    return EscalationRow(**_escalation(escalation))


def escalation_out(escalation: Escalation) -> EscalationOut:
    notes = [_note(note) for note in escalation.notes.select_related("message")]
    return EscalationOut(**_escalation(escalation), notes=notes)


def _note(note: TechnicalNote) -> TechnicalNoteOut:
    return TechnicalNoteOut(kind=note.kind, body=note.message.body, name=note.message.name, at=note.at)


def promise_out(promise: Promise, what: str, *, now: datetime) -> PromiseOut:
    plain = _plain(promise, PromiseOut)
    return PromiseOut(
        **plain
        | {
            "id": promise.pk,
            "report": number_of(promise.report_id),
            "problem": f"PRB-{key}" if (key := key_of(promise.about)) else None,
            "what": what,
            "ring": promise.ring(now),
            "team": slug_of(promise.team),
            "agent": person(promise.agent),
            "due_at": None if promise.state == Promise.PAUSED else promise.due_at,
        }
    )


def contact_out(contact: Contact) -> ContactOut:
    plain = _plain(contact, ContactOut)
    verified = contact.email_verified_at is not None
    return ContactOut(**plain | {"is_verified": verified, "organisation": _organisation(contact.organisation)})


def organisation_out(row: Organisation) -> OrganisationOut:
    return OrganisationOut(**{name: getattr(row, name) for name in OrganisationOut.model_fields})


def entry_out(entry: LedgerEntry) -> EntryOut:
    return EntryOut(
        id=entry.pk,
        kind=entry.kind,
        report=number_of(entry.report_id),
        problem=f"PRB-{key}" if (key := key_of(entry.about)) else None,
        at=entry.at.astimezone(UTC),
        by=entry.actor_kind,
        name=entry.actor_name,
        reason=entry.reason,
        data=entry.data,
    )
