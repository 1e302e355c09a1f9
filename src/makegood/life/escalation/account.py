"""What an agent must know of a customer at first glance (E2): open errors, what was promised, remarks, history.

Read live from the reports, so that it is never out of date; the seeker comes first, and nobody learns here of a report
that is not theirs to see. Remarks are the only thing written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Value
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.statements import Statement
from makegood.life.escalation.models import Escalation
from makegood.life.people.actors import Actor
from makegood.life.people.models import AccountNote, Agent, Contact, Organisation
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import next_news_of
from makegood.life.reports import access, ledger, states
from makegood.life.reports.access import NotFound, SeenBy
from makegood.life.reports.models import Report

SHOWN = 5
HISTORY = 50
_SOONEST = 100


class EmptyNote(Refusal):
    """A remark without words."""


class NeedsReason(Refusal):
    """A remark goes with a reason only."""


@dataclass(frozen=True)
class OpenError:
    """One open report of the customer: what was promised next, and who has it."""

    report: Report
    promise: Promise | None
    escalation: Escalation | None


@dataclass(frozen=True)
class Banner:
    """What stands on top of each of a customer's reports. Empty (falsy) when there is nothing to know."""

    contact: Contact
    organisation: Organisation | None
    others: list[OpenError] = field(default_factory=list)
    others_count: int = 0
    colleagues_count: int = 0
    notes: list[AccountNote] = field(default_factory=list)
    recently_reopened: bool = False

    def __bool__(self) -> bool:
        return bool(self.others_count or self.colleagues_count or self.notes or self.contact.mail_problem)


@dataclass(frozen=True)
class Waiting:
    """Somebody we owe something, and the reports it is about, what is owed next first."""

    contact: Contact
    organisation: Organisation | None
    reports: list[Report] = field(default_factory=list)


@dataclass(frozen=True)
class Account:
    """A contact's or an organisation's page. ``kept`` and ``broken`` count promises to them that ended or are late."""

    contact: Contact | None
    organisation: Organisation | None
    open_errors: list[OpenError]
    notes: list[AccountNote]
    history: list[Report]
    history_count: int
    kept: int
    broken: int


def banner(seeker: Agent, report: Report, *, now: datetime) -> Banner:
    """What ``seeker`` should know of the reporter of ``report`` before answering. A fixed number of queries."""
    contact = report.contact
    counted = _OTHERS_COUNTED(seeker, report.pk, contact.pk, contact.organisation_id or 0)
    mine, everyone, reopened = counted[0] if counted else (0, 0, None)
    return Banner(
        contact=contact,
        organisation=report.organisation,
        others=_with_promises(_OTHERS(seeker, report.pk, contact.pk)) if mine else [],
        others_count=mine,
        colleagues_count=everyone - mine,
        notes=_PINNED(contact.pk, report.organisation_id or 0),
        recently_reopened=bool(reopened) or report.reopened_count > 0,
    )


def access_contact(seeker: Agent, key: str) -> Contact:
    """The contact called ``key``: the desk sees all, engineers those whose reports they see. Raises NotFound."""
    found = (
        Contact.objects.filter(key=key).select_related("organisation").first() if seeker.may("contact.view") else None
    )
    if found is None or not _may_see(seeker, Q(contact=found)):
        raise NotFound(key)
    return found


def access_organisation(seeker: Agent, key: str) -> Organisation:
    """As ``access_contact``, for an organisation."""
    found = Organisation.objects.filter(key=key).first() if seeker.may("contact.view") else None
    if found is None or not _may_see(seeker, Q(organisation=found)):
        raise NotFound(key)
    return found


def visible_contacts(seeker: Agent) -> QuerySet[Contact]:
    """Everybody ``access_contact`` would let ``seeker`` see."""
    if not seeker.may("contact.view"):
        return Contact.objects.none()
    if seeker.may("report.view_all"):
        return Contact.objects.all()
    return Contact.objects.filter(pk__in=access.visible_reports(seeker).order_by().values("contact"))


def visible_organisations(seeker: Agent) -> QuerySet[Organisation]:
    """As ``visible_contacts``, for organisations."""
    if not seeker.may("contact.view"):
        return Organisation.objects.none()
    if seeker.may("report.view_all"):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=access.visible_reports(seeker).order_by().values("organisation"))


def of_contact(seeker: Agent, contact: Contact, *, now: datetime) -> Account:
    """The account page of one person."""
    return _account_page(seeker, Q(contact=contact), contact=contact, organisation=contact.organisation, now=now)


def of_organisation(seeker: Agent, organisation: Organisation, *, now: datetime) -> Account:
    """The account page of everybody in one organisation."""
    return _account_page(seeker, Q(organisation=organisation), contact=None, organisation=organisation, now=now)


def contacts_of(seeker: Agent, organisation: Organisation) -> QuerySet[Contact]:
    """The people of an organisation, with ``open_count`` reports each that ``seeker`` may see."""
    seen = access.visible_reports(seeker).filter(state__in=states.OPEN).order_by().values("pk")
    counted = Count("reports", filter=Q(reports__in=seen), distinct=True)
    people = organisation.contacts.annotate(open_count=counted).order_by("name", "email")
    if seeker.may("report.view_all"):
        return people
    return people.filter(pk__in=access.visible_reports(seeker).order_by().values("contact"))


def find_contacts(seeker: Agent, words: str, *, limit: int = 8) -> list[Contact]:
    """Contacts ``seeker`` may see whose name, address, phone or member number holds ``words``."""
    words = words.strip()
    if len(words) < 2:
        return []
    where = Q(name__icontains=words) | Q(email__icontains=words) | Q(member_number__istartswith=words)
    # 030 … is stored as +49 30 …: the leading zero is what people say, not what is kept.
    digits = "".join(char for char in words if char.isdigit()).lstrip("0")
    if len(digits) >= 3:
        where |= Q(phone__contains=digits) | Q(phone__contains=words)
    return list(visible_contacts(seeker).filter(where).select_related("organisation").order_by("name", "pk")[:limit])


def find_organisations(seeker: Agent, words: str, *, limit: int = 8) -> list[Organisation]:
    """Organisations ``seeker`` may see whose name holds ``words``."""
    words = words.strip()
    found = visible_organisations(seeker).filter(name__icontains=words).order_by("name", "pk")[:limit]
    return list(found) if len(words) >= 2 else []


def owed_next(seeker: Agent, *, limit: int = 20) -> list[Waiting]:
    """Who is owed something soonest, each person once with their open reports among the next hundred of all."""
    waiting: dict[int, Waiting] = {}
    soonest = _open(seeker).exclude(owed_at=None).order_by("owed_at", "id")
    for report in soonest.select_related("contact", "organisation")[:_SOONEST]:
        waiting.setdefault(report.contact_id, Waiting(report.contact, report.organisation)).reports.append(report)
    return list(waiting.values())[:limit]


def write_note(
    whose: Contact | Organisation, text: str, *, by: Actor, at: datetime, is_pinned: bool = True
) -> AccountNote:
    """Put a lasting remark on an account. Raises EmptyNote."""
    text = text.replace("\x00", "").strip()[:4000]
    if not text:
        raise EmptyNote(_("Write the remark first."))
    target = {"contact": whose} if isinstance(whose, Contact) else {"organisation": whose}
    with transaction.atomic():
        note = AccountNote.objects.create(text=text, by_name=by.name, at=at, is_pinned=is_pinned, **target)
        ledger.record(None, "account.noted", by=by, at=at, data={"note": note.pk, **_whose(note)})
    return note


def notes_of(whose: Contact | Organisation) -> QuerySet[AccountNote]:
    """All remarks on an account, in the order they came."""
    return whose.notes.order_by("id")


def access_note(seeker: Agent, pk: int) -> AccountNote:
    """The remark, if ``seeker`` may see the account it is on. Raises NotFound."""
    note = AccountNote.objects.select_related("contact", "organisation").filter(pk=pk).first()
    if note is None:
        raise access.NotFound(str(pk))
    if note.contact:
        access_contact(seeker, note.contact.key)
    elif note.organisation:
        access_organisation(seeker, note.organisation.key)
    return note


def remove_note(note: AccountNote, *, by: Actor, at: datetime, reason: str) -> None:
    """Take a remark away for good. The ledger says whose it was, who took it away and why, and nothing of its words:
    what should not be kept about a person is not kept there either. Raises NeedsReason."""
    reason = reason.replace("\x00", "").strip()[:2000]
    if not reason:
        raise NeedsReason(_("Say why it goes."))
    with transaction.atomic():
        if AccountNote.objects.filter(pk=note.pk).delete()[0]:
            data = {"note": note.pk, "written_by": note.by_name, **_whose(note)}
            ledger.record(None, "account.note_removed", by=by, at=at, data=data, reason=reason)


# The parts of an account.


def _open(seeker: Agent) -> QuerySet[Report]:
    return access.visible_reports(seeker).filter(state__in=states.OPEN).exclude(state=states.CLOSED)  # for its index


# Of everybody in the account, besides the report itself.
_OTHERS_COUNTED: SeenBy[tuple[int, int, int | None]] = SeenBy(
    lambda seeker, report, contact, organisation: (
        _open(seeker)
        .exclude(pk=report)
        .filter(Q(contact=contact) | Q(organisation=organisation))
        .order_by()
        .values(all_of_them=Value(1))
        .annotate(mine=Count("pk", filter=Q(contact=contact)), everyone=Count("pk"), reopened=Max("reopened_count"))
        .values_list("mine", "everyone", "reopened")
    )
)
_SHOWN_WITH = ("category", "assignee", "contact")
_OTHERS: SeenBy[Report] = SeenBy(
    lambda seeker, report, contact: (
        _open(seeker)
        .exclude(pk=report)
        .filter(contact=contact)
        .select_related(*_SHOWN_WITH)
        .order_by("owed_at", "id")[:SHOWN]
    )
)


def _may_see(seeker: Agent, whose: Q) -> bool:
    return seeker.may("report.view_all") or access.visible_reports(seeker).filter(whose).exists()


def _account_page(
    seeker: Agent, whose: Q, *, contact: Contact | None, organisation: Organisation | None, now: datetime
) -> Account:
    seen = access.visible_reports(seeker).filter(whose)
    open_ones = seen.filter(state__in=states.OPEN).order_by("owed_at", "id")[:HISTORY]
    closed = seen.filter(state=states.CLOSED)
    promises = Promise.objects.filter(report__in=seen.order_by().values("pk"), owed_to="reporter").aggregate(
        kept=Count("pk", filter=Q(state=Promise.KEPT, broken_at=None)),
        broken=Count("pk", filter=Q(broken_at__isnull=False) | Q(state=Promise.OPEN, due_at__lte=now)),
    )
    return Account(
        contact=contact,
        organisation=organisation,
        open_errors=_with_promises(open_ones.select_related(*_SHOWN_WITH)),
        notes=_notes(contact, organisation),
        history=list(closed.select_related("category", "contact").order_by("-closed_at", "-id")[:HISTORY]),
        history_count=closed.count(),
        kept=promises["kept"],
        broken=promises["broken"],
    )


def _with_promises(rows: Iterable[Report]) -> list[OpenError]:
    reports = list(rows)
    news = next_news_of(reports)
    waiting = Escalation.objects.filter(report__in=[r.pk for r in reports], ended_at=None)
    escalations = {e.report_id: e for e in waiting.select_related("team", "accepted_by")}
    return [OpenError(report, news.get(report.pk), escalations.get(report.pk)) for report in reports]


def _notes(contact: Contact | None, organisation: Organisation | None) -> list[AccountNote]:
    return list(_written_on(contact.pk if contact else 0, organisation.pk if organisation else 0)[:HISTORY])


def _written_on(contact: int, organisation: int) -> QuerySet[AccountNote]:
    notes = AccountNote.objects.filter(Q(contact=contact) | Q(organisation=organisation))
    return notes.select_related("contact", "organisation").order_by("-at", "-id")


_PINNED = Statement(lambda contact, organisation: _written_on(contact, organisation).filter(is_pinned=True)[:HISTORY])


def _whose(note: AccountNote) -> dict[str, int | None]:
    return {"contact": note.contact_id, "organisation": note.organisation_id}
