"""The index in step with what it tells of: reactions to the ledger, and everything made anew.

A reaction writes what is true now, whatever happened, so it may run late, twice, or in another order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model

from makegood.engine import search
from makegood.engine.queue import enqueue
from makegood.lib.statements import Statement
from makegood.lib.texts import whole_number
from makegood.life.knowledge.models import Wording
from makegood.life.people.models import Agent, Contact, Organisation
from makegood.life.problems.models import Problem
from makegood.life.rca.models import Action, Rca
from makegood.life.reports import finding
from makegood.life.reports.models import Attachment, LedgerEntry, Participant, Report
from makegood.life.searching import readings
from makegood.life.searching.kinds import (
    TABLE,
    Document,
    Kind,
    action_says,
    analysis_says,
    article_says,
    colleague_says,
    contact_says,
    organisation_says,
    problem_says,
)

REPORTS_JOB = "searching.index_reports_of"
_SLICE = 100
_NAME_A_PAGE = Report.objects.filter(environment__has_key="page")
_FILES: Statement[Attachment] = Statement(lambda report: Attachment.objects.filter(report=report))
_PARTICIPANTS: Statement[Participant] = Statement(
    lambda report: Participant.objects.filter(report=report).select_related("contact__organisation")
)


def index_people(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: whoever takes part in the report can be found."""
    if entry.report is not None:
        _index_contact(entry.report.contact)
        for one in _PARTICIPANTS(entry.report.pk):
            _index_contact(one.contact)


def index_account(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: facts of a contact are other ones now, also on each of their reports; or those of an organisation."""
    contact = Contact.objects.filter(pk=entry.data.get("contact")).select_related("organisation").first()
    if contact is not None:
        _index_contact(contact)
        enqueue(REPORTS_JOB, f"{entry.pk}:0", {"contact": contact.pk, "entry": entry.pk, "after": 0}, run_at=now)
    elif "organisation" in entry.data:
        _index("organisation", Organisation, entry.data["organisation"], organisation_says)


def index_colleague(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: a colleague came, or has another name."""
    _index("agent", Agent, entry.data.get("agent"), colleague_says)


def index_problem(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: the words of a problem are others now."""
    what, _colon, number = entry.about.partition(":")
    if what == "problem":
        _index("problem", Problem, whole_number(number), problem_says)


def index_analysis(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: the words of an analysis are others now, or those of its problem, which is its title."""
    rows = Rca.objects.select_related("problem")
    what, _colon, number = entry.about.partition(":")
    if "rca" in entry.data:
        rows = rows.filter(pk=entry.data["rca"])
    else:
        rows = rows.filter(problem=whole_number(number) if what == "problem" else None)
    for rca in rows:
        _put("rca", analysis_says(rca))


def index_action(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: what is to be done, or what came of it, is said in other words now."""
    _index("action", Action, entry.data.get("action"), action_says)


def index_article(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: the words of an article are others now, in one language or all."""
    for wording in Wording.objects.filter(article=entry.data.get("article")):
        _put("article", article_says(wording))


def index_files(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: files of the report can be found by name at once, and by their words when these are read; those that
    were taken away no longer."""
    if entry.report is None:
        return
    one = entry.data.get("attachment")
    touched = [file for file in _FILES(entry.report.pk) if not one or file.pk == one]
    for file in touched:
        if file.removed_at:
            search.remove(readings.KIND, file.pk)
        else:
            readings.put_name(file)
    readings.queue([file for file in touched if not file.removed_at], at=now)


def index_reports_of(payload: dict[str, Any], now: datetime) -> None:
    """Job: the reports of a contact anew, some at a time; without one, all that name a page (see 0007)."""
    rows = Report.objects.filter(contact=payload["contact"]) if "contact" in payload else _NAME_A_PAGE
    some = list(rows.filter(pk__gt=payload["after"]).order_by("pk").select_related("contact")[:_SLICE])
    for report in some:
        finding.index(report)
    if len(some) == _SLICE:
        rest = {**payload, "after": some[-1].pk}
        enqueue(REPORTS_JOB, f"{payload['entry']}:{some[-1].pk}", rest, run_at=now)


def index_imported(reports: list[Report], *, at: datetime) -> None:
    """Everything of reports that were brought over, for which nothing follows by itself."""
    finding.index_many(reports)
    people = Contact.objects.filter(pk__in={report.contact_id for report in reports}).select_related("organisation")
    where = Organisation.objects.filter(pk__in={report.organisation_id for report in reports})
    search.index_many("contact", map(contact_says, people))
    search.index_many("organisation", map(organisation_says, where))
    brought = list(Attachment.objects.filter(report__in=reports, removed_at=None))
    if brought:
        search.index_many(readings.KIND, ((file.pk, file.name, "") for file in brought))
        readings.queue(brought, at=at)


def index_all(*, now: datetime) -> dict[str, int]:
    """Make the whole index anew, all or nothing; how many things of each kind can be found then."""
    with search.rebuilding():
        for kind in TABLE:
            if kind.is_kept:
                remove_strays(kind)
            else:
                search.forget(kind.name)
            for some in kind.all():
                search.add_many(kind.name, some)
    readings.queue_unread(at=now)
    return {kind.name: search.count(kind.name) for kind in TABLE}


def sweep(_now: datetime) -> None:
    """Take out what is gone from the database altogether."""
    for kind in TABLE:
        remove_strays(kind)


def remove_strays(kind: Kind) -> None:
    """Remove documents whose thing is no longer there."""
    after = -1
    while after:
        gone, after = search.strays(kind.name, kind.rows().order_by(), after=after)
        for ref in gone:
            search.remove(kind.name, ref)


def _put(kind: str, document: Document) -> None:
    ref, title, body = document
    search.index(kind, ref, title=title, body=body)


def _index_contact(contact: Contact) -> None:
    _put("contact", contact_says(contact))
    if contact.organisation is not None:
        _put("organisation", organisation_says(contact.organisation))


def _index(kind: str, model: type[Model], key: int | None, says: Callable[[Any], Document]) -> None:
    row = model._default_manager.filter(pk=key).first()
    if row is not None:
        _put(kind, says(row))


# Reactions that do nothing but put into the index what is there: whoever makes all anew can leave them out.
REACTIONS = frozenset(
    {
        *(finding.index_report, index_people, index_account, index_article, index_colleague, index_problem),
        *(index_files, index_analysis, index_action),
    }
)
