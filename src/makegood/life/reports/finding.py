"""Finding reports by words: what goes into the index, and what the queue asks it.

Written by a reaction after the change, never in the request. Notes are in it: only staff search, and each page of
hits is held against what the seeker may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from makegood.engine import search
from makegood.lib import signatures
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
    """Put one report's number, title, people, page, labels and everything said into the index."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [report.organisation_id, report.pk, report.pk, SYSTEM.kind])
        words = [text for _order, _id, text in cursor.fetchall()]
    return search.index(KIND, report.pk, title=report.title, body=_body(report, words, ()))


_WORDS = """
    SELECT 0 AS part, 0 AS place, name FROM people_organisation WHERE id = %s
    UNION ALL SELECT 1, l.id, l.name FROM reports_report_labels x JOIN reports_label l ON l.id = x.label_id
        WHERE x.report_id = %s
    UNION ALL SELECT 2, id, body FROM reports_message WHERE report_id = %s AND withdrawn_at IS NULL AND said_by <> %s
    ORDER BY part, place"""


def index_many(reports: Iterable[Report]) -> None:
    """The same for several that are new, in few statements."""
    keys = [report.pk for report in reports]
    for some in _documents(Report.objects.filter(pk__in=keys), batch=1000):
        search.index_many(KIND, some)


def documents(*, batch: int = 5000) -> Iterator[list[tuple[int, str, str]]]:
    """What the index is to hold of every report, oldest first, in few and large steps."""
    return _documents(Report.objects.all(), batch=batch)


def _documents(wanted: QuerySet[Report], *, batch: int) -> Iterator[list[tuple[int, str, str]]]:
    last = 0
    whole = wanted.select_related("contact", "organisation").prefetch_related("labels").order_by("pk")
    while reports := list(whole.filter(pk__gt=last)[:batch]):
        said = _said_between(reports[0].pk - 1, reports[-1].pk)
        last = reports[-1].pk
        yield [(one.pk, one.title, _body(one, _names(one), said.get(one.pk, ()))) for one in reports]


def _names(report: Report) -> list[str]:
    organisation = [report.organisation.name] if report.organisation else []
    return [*organisation, *(label.name for label in report.labels.all())]


def _body(report: Report, names: Iterable[str], said: Iterable[str]) -> str:
    """What can be found. When more was said than the index takes, each word that is new still gets in."""
    contact = report.contact
    page = signatures.without_query(str((report.environment or {}).get("page") or ""))
    words = [report.number, contact.called, contact.email or "", contact.phone, contact.member_number, page, *names]
    return joined([*filter(None, words), *said])


def joined(texts: list[str], most: int = search.MAX_BODY) -> str:
    """One text in which no words of two are in a row. Those that no longer fit whole only give their words."""
    whole: list[str] = []
    rest: list[str] = []
    size = 0
    for text in texts:
        size += len(text) + 3
        (whole if size < most // 2 else rest).append(text)
    if rest:
        known = set(" ".join(whole).lower().split())
        whole.append(" ".join(dict.fromkeys(word for word in " ".join(rest).lower().split() if word not in known)))
    return BETWEEN.join(whole)


# Where one text ends and the next begins stands a letter that hardly any text has, so that no phrase reaches across.
BETWEEN = "\n\ua66e\n"


def _said_between(after: int, last: int) -> dict[int, list[str]]:
    """The words said on the reports numbered above ``after`` up to ``last``, in order."""
    said: dict[int, list[str]] = defaultdict(list)
    rows = Message.objects.filter(report__gt=after, report__lte=last, withdrawn_at=None).exclude(said_by=SYSTEM.kind)
    for report, body in rows.order_by("report", "id").values_list("report", "body"):
        said[report].append(body)
    return said
