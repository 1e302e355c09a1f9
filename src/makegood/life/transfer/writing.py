"""A slice of foreign reports as rows: few statements for many reports, all in the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib import rows as sql
from makegood.lib.errors import Refusal
from makegood.life.aftercare.models import Resolution
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.directory import canonical_email
from makegood.life.people.models import Contact, Organisation
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.actions import Wish
from makegood.life.reports import attachments, ledger, states
from makegood.life.reports.models import Label, LedgerEntry, Message, Report
from makegood.life.searching import keeping
from makegood.life.transfer.catalogue import Catalogue, folded
from makegood.life.transfer.foreign import LONGEST_TITLE, File, ForeignReport, Person, Said, Terms, line, text
from makegood.life.transfer.models import ImportedRow

_MESSAGES_AT_ONCE = 200
# Columns that only an export of ours knows.
_OWN_FACTS = frozenset(
    {"environment", "hindrance", "reopened_count", "is_protected", "first_answered_at", "completeness", "updated_at"}
)
_OWN_CONTACT_FACTS = frozenset({"key", "second_email", "preferred_way", "time_zone", "created_at"})


Written = tuple[Report, list[str]]


def write(foreign: list[ForeignReport], found: Catalogue, terms: Terms, *, by: Actor, at: datetime) -> list[Written]:
    """Reports with their people, messages, labels, files, and the one promise of those that are open.

    With each, what of it fell away.
    """
    contacts = _contacts(foreign, terms, at=at)
    made = [_report(row, contacts[_identity(row.person)], found, at=at) for row in foreign]
    owed = [_owed(report, terms, by=by, at=at) for report in made]
    _insert(foreign, made)
    messages = _messages(zip(foreign, made, strict=True), found, terms)
    _labels(zip(foreign, made, strict=True))
    for report, promised in zip(made, owed, strict=True):
        if promised:
            promises.put_down(report, promised, by=by, at=at)
    missed = _files(messages, terms, by=by)
    for row, report in zip(foreign, made, strict=True):
        missed[report.pk] = [*row.missed, *missed.get(report.pk, ())]
    _records(zip(foreign, made, strict=True), missed, terms, by=by, at=at)
    _mark_as_followed(made, at=at)
    keeping.index_imported(made, at=at)
    return [(report, missed[report.pk]) for report in made]


def message_key(source: str, foreign_id: str, place: int) -> str:
    """What makes a message of theirs one of ours at most once."""
    return "import:" + hashlib.sha256(f"{source}\0{foreign_id}\0{place}".encode()).hexdigest()[:60]


def open_promise(report: Report) -> str:
    """The kind of promise an open report begins with here."""
    if report.state == states.SOLVED:
        return kinds.FOLLOW_UP
    return kinds.NEXT_UPDATE if report.first_answered_at else kinds.HEAR_BACK


# People.


def _identity(person: Person) -> str:
    """What tells one person from another: the address, else the number, else what the other system calls them."""
    email = _usable(person.email)
    return email or f"phone:{person.phone}" if email or person.phone else f"id:{person.foreign_id or person.name}"


def _usable(email: str) -> str:
    email = canonical_email(email)
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= 254 else ""


def _contacts(foreign: list[ForeignReport], terms: Terms, *, at: datetime) -> dict[str, Contact]:
    people = {_identity(row.person): row.person for row in foreign}
    known = {one.email: one for one in Contact.objects.filter(email__in=[key for key in people if "@" in key])}
    found: dict[str, Contact] = {key: known[key] for key in people if key in known}
    organisations = _organisations((person.organisation for person in people.values()), at=at)
    for key, person in people.items():
        if key not in found:
            found[key] = _unaddressed(key, terms) or _add(key, person, organisations, terms, at=at)
    return found


def _unaddressed(key: str, terms: Terms) -> Contact | None:
    """Somebody without an address who came with an earlier row."""
    if key.startswith("phone:"):
        return Contact.objects.filter(phone=key[6:46], email=None).first()
    if not key.startswith("id:"):
        return None
    row = ImportedRow.objects.filter(source=terms.source, what="person", foreign_id=key[3:123]).first()
    return row.contact if row else None


def _add(key: str, person: Person, organisations: dict[str, Organisation], terms: Terms, *, at: datetime) -> Contact:
    own = {name: value for name, value in person.facts.items() if name in _OWN_CONTACT_FACTS and value}
    if person.facts.get("preferred_way") == "":  # of somebody who was erased: stays so
        own["preferred_way"] = ""
    if "key" in own and Contact.objects.filter(key=own["key"]).exists():
        own.pop("key")
    contact = Contact(
        name=line(person.name),
        email=_usable(person.email) or None,
        email_verified_at=at if person.is_verified else None,
        phone=line(person.phone, 40),
        member_number=line(person.member_number, 40),
        language=(person.language or "en")[:8],
        organisation=organisations.get(folded(person.organisation)),
        **{"created_at": at, **own},
    )
    sql.insert(contact)
    if key.startswith("id:"):
        where = {"source": terms.source, "what": "person", "foreign_id": key[3:123]}
        ImportedRow.objects.get_or_create(**where, defaults={"contact": contact, "at": at})
    return contact


def _organisations(names: Iterable[str], *, at: datetime) -> dict[str, Organisation]:
    wanted = {folded(name): line(name) for name in names if name.strip()}
    found = {folded(one.name): one for one in Organisation.objects.filter(name__in=wanted.values())}
    for key, name in wanted.items():
        if key not in found:
            found[key] = Organisation.objects.create(name=name, created_at=at)
    return found


# Reports and what was said.


def _report(row: ForeignReport, contact: Contact, found: Catalogue, *, at: datetime) -> Report:
    said = [one for one in row.messages if not one.is_internal]
    answers = [one.at for one in said if one.by == "agent"]
    latest = max((one.at for one in row.messages), default=row.received_at)
    is_closed = row.state == states.CLOSED
    own = {name: value for name, value in row.facts.items() if name in _OWN_FACTS}
    facts: dict[str, Any] = {
        "first_answered_at": min(answers, default=None),
        "updated_at": max(latest, row.closed_at or latest),
        **own,
    }
    return Report(
        pk=row.number,
        title=line(row.title, LONGEST_TITLE) or line(said[0].body if said else row.foreign_id, 120),
        kind=row.kind,
        state=row.state,
        severity=row.severity,
        severity_rank=states.SEVERITIES.index(row.severity),
        category_id=found.categories.get(folded(row.category)),
        component_id=found.components.get(folded(row.component)),
        team=found.teams.get(folded(row.team), found.default_team),
        assignee_id=found.agents.get(folded(row.assignee)),
        contact=contact,
        organisation_id=contact.organisation_id,
        channel=row.channel if row.channel in dict(Report.CHANNELS) else "api",
        language=(row.language or contact.language)[:8],
        received_at=row.received_at,
        closed_at=(row.closed_at or latest) if is_closed else None,
        solved_at=row.solved_at or (latest if row.state == states.SOLVED else None),
        close_reason=row.close_reason if is_closed else "",
        last_said_at=said[-1].at if said else row.received_at,
        last_said_by=said[-1].by if said else "contact",
        **facts,
    )


def _owed(report: Report, terms: Terms, *, by: Actor, at: datetime) -> list[Any]:
    if not report.is_open:
        return []
    wish = Wish(open_promise(report), due_at=terms.news_by, team=report.team)
    return promises.plan(report, [wish], by=by, at=at)


def _insert(foreign: list[ForeignReport], made: list[Report]) -> None:
    """With the numbers they had where those are free; the sequence of the database then goes on after them."""
    wanted = {report.pk for report in made if report.pk}
    taken = set(Report.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    numbered = [report for report in made if report.pk and report.pk not in taken]
    for report in made:
        if report.pk in taken:
            report.pk = None
    if numbered:
        Report.objects.bulk_create(numbered)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Report]):
                cursor.execute(statement)
    unnumbered = [report for report in made if report.pk is None]
    if unnumbered:
        sql.insert(*unnumbered)
    solved = [report for report in made if report.state == states.SOLVED]
    Resolution.objects.bulk_create(_resolution(report) for report in solved)


def _resolution(report: Report) -> Resolution:
    """A solved report has something that solved it; what it was stands in the messages that came along."""
    words = _("Solved before it was brought over; see what was said.")
    return Resolution(
        report=report,
        solution=words,
        reporter_words="",
        by_name=SYSTEM.name,
        at=report.solved_at or report.updated_at,
        from_state=states.INVESTIGATING,
    )


def _messages(
    pairs: Iterable[tuple[ForeignReport, Report]], found: Catalogue, terms: Terms
) -> list[tuple[Message, Said]]:
    made = [
        (_message(said, row, report, found, key=message_key(terms.source, row.foreign_id, place)), said)
        for row, report in pairs
        for place, said in enumerate(row.messages, 1)
        if said.body or said.files
    ]
    for begin in range(0, len(made), _MESSAGES_AT_ONCE):
        sql.insert(*(message for message, _said in made[begin : begin + _MESSAGES_AT_ONCE]))
    return made


def _message(said: Said, row: ForeignReport, report: Report, found: Catalogue, *, key: str) -> Message:
    is_reporter = said.by == "contact" and _usable(said.email) in ("", _usable(row.person.email))
    agent = found.agents.get(folded(said.email)) or found.agents.get(folded(said.name)) if said.by == "agent" else None
    name = line(said.name) or (row.person.name if is_reporter else "") or said.email or "–"
    return Message(
        report=report,
        is_internal=said.is_internal,
        said_by=said.by,
        agent_id=agent,
        contact_id=report.contact_id if is_reporter else None,
        name=line(name),
        body=text(said.body) or "–",
        channel=(said.channel or report.channel)[:10],
        at=said.at,
        visible_at=said.at,
        idempotency_key=key,
    )


def _labels(pairs: Iterable[tuple[ForeignReport, Report]]) -> None:
    wanted = {
        (report.pk, label.strip().lower().replace(" ", "-")[:40])
        for row, report in pairs
        for label in row.labels
        if label.strip()
    }
    if not wanted:
        return
    names = {name for _report, name in wanted}
    Label.objects.bulk_create([Label(name=name) for name in sorted(names)], ignore_conflicts=True)
    keys = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    through = Report.labels.through
    through.objects.bulk_create(through(report_id=pk, label_id=keys[name]) for pk, name in sorted(wanted))


def _records(
    pairs: Iterable[tuple[ForeignReport, Report]],
    missed: dict[int, list[str]],
    terms: Terms,
    *,
    by: Actor,
    at: datetime,
) -> None:
    known = []
    for row, report in pairs:
        data: dict[str, Any] = {"source": terms.source, "foreign_id": row.foreign_id, "messages": len(row.messages)}
        if missed[report.pk]:
            data["missed"] = missed[report.pk][:20]
        ledger.record(report, "report.imported", by=by, at=at, data=data)
        foreign_id = row.foreign_id
        known.append(ImportedRow(source=terms.source, what="report", foreign_id=foreign_id, report=report, at=at))
    ImportedRow.objects.bulk_create(known)


def _mark_as_followed(made: list[Report], *, at: datetime) -> None:
    """Nothing follows from the past: no reaction, no webhook."""
    LedgerEntry.objects.filter(report__in=made, delivered_at=None).update(delivered_at=at)


# Files.


def _files(messages: list[tuple[Message, Said]], terms: Terms, *, by: Actor) -> dict[int, list[str]]:
    """Hang local files on their messages; by report, why others were left behind."""
    missed: dict[int, list[str]] = {}
    for message, said in messages:
        for one in said.files:
            why = _keep(one, message, said, terms, by=by)
            if why:
                missed.setdefault(message.report_id, []).append(f"{line(one.name)}: {why}")
    return missed


def _keep(one: File, message: Message, said: Said, terms: Terms, *, by: Actor) -> str:
    path = local_path(terms.files, one.path)
    if path is None:
        return _("the file is not at hand") if one.path else _("only its address is known, which is not called")
    try:
        with path.open("rb") as stream:
            kept = files.keep(stream, name=one.name, limit=settings.UPLOAD_MAX_BYTES)
    except (Refusal, OSError) as trouble:
        return str(trouble)
    details: dict[str, Any] = {"message": message, "is_internal": one.is_internal or said.is_internal}
    attachments.hang(message.report, [kept], by=by, at=said.at, **details)
    return ""


def local_path(folder: Path | None, name: str) -> Path | None:
    """The file called ``name`` below ``folder``; None if there is none, or it would lie outside."""
    if folder is None or not name:
        return None
    root = folder.resolve()
    path = (root / name).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None
