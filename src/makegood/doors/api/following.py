"""Following what happens: the ledger as a feed; search; who takes part; and the token itself."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.channels.mail.composing import is_address
from makegood.doors.api import problems
from makegood.doors.api.area import Area, caller
from makegood.doors.api.fields import Email, Moment, ReportNumber, Taken
from makegood.doors.api.finding import report_of
from makegood.doors.api.paging import Listed, Number, Paging, RowId, listed, walk
from makegood.doors.api.shapes import WITH as REPORT_WITH
from makegood.doors.api.shapes import ContactRef, EntryOut, ReportRow, entry_out, report_row, with_problems
from makegood.engine import database
from makegood.life.people.directory import canonical_email, find_or_add_contact
from makegood.life.people.models import Agent
from makegood.life.problems.queries import about_seen
from makegood.life.reports import access, finding, participants
from makegood.life.reports.access import NotFound
from makegood.life.reports.ledger import KINDS
from makegood.life.reports.models import LedgerEntry, Participant, Report

area = Area("Following", "Everything that happens, search, who takes part, and the token in hand.")


class Since(BaseModel):
    after: Annotated[
        Number, Field(ge=0, le=10**18 - 1, description="`last` of the answer before; 0: from the start.")
    ] = 0
    limit: Annotated[Number, Field(ge=1, le=200)] = 100
    since: Annotated[Moment | None, Field(description="Nothing that happened before.")] = None
    kinds: Annotated[str, Field(max_length=400, description="Separated by commas; `report.*` stands for a group.")] = ""


class Feed(BaseModel):
    """Entries in order. Ask again with `after=last`; when `more` is false, a little later."""

    items: list[EntryOut]
    last: int
    more: bool


class Words(BaseModel):
    q: Annotated[str, Field(min_length=1, max_length=200)]
    limit: Annotated[Number, Field(ge=1, le=50)] = 20


class ParticipantOut(BaseModel):
    id: int
    contact: ContactRef
    state: str
    why: str
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: str


class PersonDecision(Taken):
    decision: Annotated[
        Literal["accept", "decline", "remove", "make_reporter"],
        Field(description="`make_reporter`: it is theirs; whoever sent it in for them takes part."),
    ]


class Invited(Taken):
    email: Annotated[Email, Field(min_length=3)]


class TokenOut(BaseModel):
    """The token in hand, and as whom it acts."""

    name: str
    hint: str
    scopes: list[str]
    origins: list[str]
    expires_at: datetime | None
    made_at: datetime
    last_used_at: datetime | None
    acts_as: str
    key: str
    role: str
    teams: list[str]
    is_service: bool


@area.get("/me", scope="", action="token.own", ok=TokenOut)
def read_token(request: HttpRequest) -> Any:
    """Read what this token is: as whom it acts, what it may do, when it ends."""
    token, agent = caller(request).token, caller(request).agent
    plain = ("name", "hint", "scopes", "origins", "expires_at", "made_at", "last_used_at")
    return TokenOut(
        **{name: getattr(token, name) for name in plain},
        **{name: getattr(agent, name) for name in ("key", "role", "is_service")},
        acts_as=agent.name,
        teams=sorted(agent.teams.values_list("slug", flat=True)),
    )


@area.get("/ledger", scope="ledger:read", action="report.view", ok=Feed)
def follow_ledger(request: HttpRequest, which: Query[Since]) -> Any:
    """Follow everything that happens.

    In order, from `after` on; nothing ever slips in before what you have read. What happened on reports you may see;
    leads also see set-up and people.
    """
    agent = caller(request).agent
    rows = LedgerEntry.objects.filter(_visible(agent), pk__gt=which.after).order_by("pk")
    if which.since:
        rows = rows.filter(at__gte=which.since)
    if which.kinds:
        rows = rows.filter(kind__in=_kinds(which.kinds))
    since = database.horizon()
    found = list(rows[: which.limit + 1])
    settled = database.settled(LedgerEntry._meta.db_table, [row.pk for row in found], since)
    sure = next((place for place, row in enumerate(found) if row.pk not in settled), len(found))
    shown = found[: min(sure, which.limit)]
    last = shown[-1].pk if shown else which.after
    return Feed(items=[entry_out(row) for row in shown], last=last, more=len(shown) < sure)


@area.get("/reports/{number}/ledger", scope="reports:read", action="report.view", ok=Listed[EntryOut])
def list_report_ledger(request: HttpRequest, number: ReportNumber, paging: Query[Paging]) -> Any:
    """List what happened on a report, oldest first."""
    rows, after = walk(request, LedgerEntry.objects.filter(report=report_of(request, number)), paging)
    return listed(request, rows, after, entry_out, EntryOut)


@area.get("/search", scope="reports:read", action="report.view", ok=Listed[ReportRow])
def search(request: HttpRequest, wanted: Query[Words]) -> Any:
    """Find reports by words, newest first.

    In titles, names and everything said; the last word may go on. For more at once, and with filters, list reports with
    `q`.
    """
    ids = finding.visible_ids_with_words(caller(request).agent, wanted.q, limit=wanted.limit)
    found = Report.objects.select_related(*REPORT_WITH).prefetch_related("labels").in_bulk(ids)
    rows = with_problems(caller(request).agent, (found[pk] for pk in ids if pk in found))
    return Listed[ReportRow](items=[report_row(row) for row in rows], next=None)


@area.get("/reports/{number}/participants", scope="reports:read", action="report.view", ok=Listed[ParticipantOut])
def list_participants(request: HttpRequest, number: ReportNumber) -> Any:
    """List who takes part besides the reporter, or is proposed to."""
    return _participants(report_of(request, number))


@area.post("/reports/{number}/participants", scope="reports:write", action="report.people", ok=Listed[ParticipantOut])
def invite_participant(request: HttpRequest, number: ReportNumber, body: Invited) -> Any:
    """Let the person with this address take part at once; returns everybody who does."""
    report, who = report_of(request, number), caller(request)
    email = canonical_email(body.email)
    if not is_address(email):
        raise problems.invalid("#/email", "This is not an address mail can be sent to.")
    contact = find_or_add_contact(email=email, at=who.now, language=report.language)
    participants.invite(report, contact, by=who.actor, at=who.now)
    return _participants(report)


@area.post(
    "/reports/{number}/participants/{id}", scope="reports:write", action="report.people", ok=Listed[ParticipantOut]
)
def decide_participant(request: HttpRequest, number: ReportNumber, id: RowId, body: PersonDecision) -> Any:
    """Accept or decline somebody who was proposed, take them out again, or make the report theirs."""
    report, who = report_of(request, number), caller(request)
    row = Participant.objects.filter(report=report, pk=id).select_related("contact", "report").first()
    if row is None:
        raise NotFound(str(id))
    _DECIDE[body.decision](row, by=who.actor, at=who.now)
    return _participants(report)


def _visible(agent: Agent) -> Q:
    if agent.may("audit.view"):
        return Q()
    # What tells of a problem and of no report: only problems they may see. Of both: only if both are.
    reports = access.on_visible(agent)
    problems_seen = about_seen(agent)
    return (reports & (~Q(about__startswith="problem:") | problems_seen)) | (Q(report=None) & problems_seen)


def _kinds(wanted: str) -> list[str]:
    found: list[str] = []
    for name in filter(None, (part.strip() for part in wanted.split(","))):
        group = [kind for kind in KINDS if kind == name or (name.endswith(".*") and kind.startswith(name[:-1]))]
        if not group:
            raise problems.invalid("query/kinds", f"There is no kind {name!r}.")
        found += group
    return found


_DECIDE = {
    "accept": participants.accept,
    "decline": participants.decline,
    "remove": participants.remove,
    "make_reporter": participants.make_reporter,
}


def _participants(report: Report) -> Listed[ParticipantOut]:
    rows = participants.of(report)
    return Listed[ParticipantOut](items=[_participant(row) for row in rows], next=None)


def _participant(row: Participant) -> ParticipantOut:
    plain = ("state", "why", "proposed_at", "decided_at", "decided_by")
    contact = ContactRef(key=row.contact.key, name=row.contact.name, email=row.contact.email)
    return ParticipantOut(id=row.pk, contact=contact, **{name: getattr(row, name) for name in plain})
