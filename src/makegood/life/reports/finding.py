"""Finding reports by words: what goes into the index, and what the queue asks it.

Written by a reaction after the change, never in the request. Notes are in it: only staff search, and each page of
hits is held against what the seeker may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from makegood.engine import search
from makegood.engine.models import SearchDocument
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent
from makegood.life.reports.access import visible_reports
from makegood.life.reports.models import LedgerEntry, Message, Report

KIND = "report"
MOST = 1000


def ids_with_words(text: str | search.Wanted, *, limit: int = MOST) -> list[int]:
    """Primary keys of reports that hold what is wanted, newest first, whoever may see them."""
    return [hit.ref for hit in search.find(text, kinds=(KIND,), limit=limit)]


def visible_ids_with_words(seeker: Agent, text: str | search.Wanted, *, limit: int = 20) -> list[int]:
    """The same for one seeker: only what they may see."""

    def visible(_kind: str, ids: list[int]) -> set[int]:
        return set(visible_reports(seeker).filter(pk__in=ids).values_list("pk", flat=True))

    return [hit.ref for hit in search.find(text, kinds=(KIND,), limit=limit, visible=visible)]


def index_report(entry: LedgerEntry, _now: datetime) -> None:
    """Reaction: put the report's words into the index as they are now. Automatic words are alike everywhere."""
    if entry.report is not None and not is_automatic(entry):
        index(entry.report)


def is_automatic(entry: LedgerEntry) -> bool:
    """Whether ``entry`` tells of words that no person said."""
    return entry.kind == "message.said" and entry.actor_kind == SYSTEM.kind


def index(report: Report) -> bool:
    """Put one report's number, title, people and everything said into the index."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [report.pk, SYSTEM.kind])
        said = [body for (body,) in cursor.fetchall()]
    return search.index(KIND, report.pk, title=report.title, body=_body(report, said))


_SAID = "SELECT body FROM reports_message WHERE report_id = %s AND withdrawn_at IS NULL AND said_by <> %s ORDER BY id"


def index_all(*, batch: int = 5000) -> int:
    """Index every report anew, oldest first, in few and large steps; return how many there are."""
    with search.rebuilding():
        search.forget(KIND)
        last = 0
        while reports := list(Report.objects.filter(pk__gt=last).select_related("contact").order_by("pk")[:batch]):
            said = _said_between(last, reports[-1].pk)
            last = reports[-1].pk
            search.add_many(KIND, [(one.pk, one.title, _body(one, said.get(one.pk, ()))) for one in reports])
    return SearchDocument.objects.filter(kind=KIND).count()


def _body(report: Report, said: Iterable[str]) -> str:
    contact = report.contact
    words = [report.number, str(contact), contact.email or "", contact.phone, contact.member_number]
    return "\n".join([*filter(None, words), *said])


def _said_between(after: int, last: int) -> dict[int, list[str]]:
    """The words said on the reports numbered above ``after`` up to ``last``, in order."""
    said: dict[int, list[str]] = defaultdict(list)
    rows = Message.objects.filter(report__gt=after, report__lte=last, withdrawn_at=None).exclude(said_by=SYSTEM.kind)
    for report, body in rows.order_by("report", "id").values_list("report", "body"):
        said[report].append(body)
    return said
