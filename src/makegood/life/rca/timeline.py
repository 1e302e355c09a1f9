"""What happened, in order: drafted from the ledger, changed by hand, drafted anew without losing what a hand did.

Of reports only that they came in, what was promised and how it went, escalations, and that we wrote: never whose, never
words. Where many of a kind fall into one hour they are one line, so that three hundred reporters leave room to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.problems.queries import every_member
from makegood.life.rca import writing
from makegood.life.rca.models import Rca, TimelineRow
from makegood.life.reports.access import NotFound, visible_reports
from makegood.life.reports.models import LedgerEntry

# What is told of the reports of a problem, and of the problem itself.
OF_REPORTS = (
    *("report.received", "promise.made", "promise.kept", "promise.broken", "message.said"),
    *("escalation.made", "escalation.accepted", "escalation.answered", "escalation.handed_back"),
    *("report.reopened", "report.solved", "report.confirmed"),
)
OF_PROBLEM = (
    *("problem.opened", "problem.state_changed", "problem.came_back", "problem.published", "problem.handed"),
    *("fix.merged", "fix.released", "fix.deployed", "announcement.started", "announcement.done"),
)
# So many of a kind in one hour are told one by one; more are one line.
ONE_BY_ONE = 3
MOST = 5_000
LONGEST_WORDS, LONGEST_LINK = 2_000, 500


class NeedsWords(Refusal):
    """A line says what happened, and when."""


class NotALink(Refusal):
    """Evidence is an address that begins with http, or a place of the console."""


@dataclass
class Line:
    """A line as it would be drafted now."""

    source: str
    kind: str
    at: datetime
    until: datetime | None = None
    count: int = 1
    report: int | None = None
    entry: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Entry:
    pk: int
    kind: str
    at: datetime
    report: int | None
    data: dict[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """What the words need of it, and nothing else."""
        if self.kind.startswith("promise."):
            told = (self.data.get("promises") or [self.data])[0]
            facts = {"what": str(told.get("kind") or ""), "due_at": told.get("due_at")}
            return facts | {"late": True} if told.get("late") else facts
        names = ("team_name", "version", "reports", "told", "what", "kind")
        facts = {name: self.data[name] for name in names if self.data.get(name)}
        moved = self.data.get("to")
        if isinstance(moved, dict) and "state" in moved:
            facts["state"] = moved["state"]
        return facts

    @property
    def same(self) -> tuple[str, str, str]:
        """What makes entries of one hour one line."""
        facts = self.facts
        detail = f"{facts.get('what', '')}{':late' if facts.get('late') else ''}"
        return self.kind, detail, self.at.strftime("%Y-%m-%dT%H")


def refresh(rca: Rca, *, by: Actor, at: datetime) -> int:
    """Draft it again from what is in the ledger by now; how many lines are new. What somebody wrote, changed or hid
    stays. Raises NotADraft.
    """
    with transaction.atomic():
        fresh = writing.lock_draft(rca)
        wanted = {line.source: line for line in drafted(fresh)}
        there = {row.source: row for row in fresh.rows.exclude(source="")}
        gone = [row.pk for source, row in there.items() if source not in wanted and not row.changed_by]
        TimelineRow.objects.filter(pk__in=gone).delete()
        new = [_row(fresh, line) for source, line in wanted.items() if source not in there]
        TimelineRow.objects.bulk_create(new, batch_size=500)
        grown = [_grown(there[source], line) for source, line in wanted.items() if source in there]
        TimelineRow.objects.bulk_update(grown, ["at", "until", "count", "facts"], batch_size=500)
        writing.put(rca, fresh, at=at, drafted_at=at)
        if new or gone:
            writing.record(rca, "rca.changed", by=by, at=at, data={"fields": ["timeline"], "new": len(new)})
    return len(new)


def add(rca: Rca, moment: datetime | None, words: str, *, by: Actor, at: datetime, evidence: str = "") -> TimelineRow:
    """A line by hand. Raises NotADraft, NeedsWords, NotALink, TooLong."""
    words, evidence = checked_words(words), checked_link(evidence)
    if not words or moment is None:
        raise NeedsWords(_("Say when it was, and what happened."))
    with transaction.atomic():
        writing.lock_draft(rca)
        row = TimelineRow.objects.create(rca=rca, at=moment, words=words, evidence=evidence, changed_by=by.name)
        writing.touch(rca, by=by, at=at, what="timeline")
    return row


def change(row: TimelineRow, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Set ``words``, ``evidence``, ``moment`` (of a line by hand) or ``is_hidden``. Raises as ``add``."""
    fields: dict[str, Any] = {}
    if "words" in facts:
        fields["words"] = checked_words(facts["words"])
        if row.is_by_hand and not fields["words"]:
            raise NeedsWords(_("Say when it was, and what happened."))
    if "evidence" in facts:
        fields["evidence"] = checked_link(facts["evidence"])
    if facts.get("moment") and row.is_by_hand:
        fields["at"] = facts["moment"]
    if "is_hidden" in facts:
        fields["is_hidden"] = bool(facts["is_hidden"])
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    with transaction.atomic():
        writing.lock_draft(row.rca)
        TimelineRow.objects.filter(pk=row.pk).update(**changed, changed_by=by.name)
        for name, value in changed.items():
            setattr(row, name, value)
        writing.touch(row.rca, by=by, at=at, what="timeline")


def hide_alike(row: TimelineRow, *, by: Actor, at: datetime) -> int:
    """Hide every drafted line that says the same kind of thing; how many were. Raises NotADraft."""
    with transaction.atomic():
        fresh = writing.lock_draft(row.rca)
        alike = fresh.rows.filter(kind=row.kind, is_hidden=False).exclude(source="")
        count = alike.update(is_hidden=True, changed_by=by.name)
        if count:
            writing.touch(row.rca, by=by, at=at, what="timeline")
    return count


def remove(row: TimelineRow, *, by: Actor, at: datetime) -> None:
    """Take a line by hand away; a drafted one is hidden, or the next draft would bring it back."""
    if not row.is_by_hand:
        change(row, by=by, at=at, is_hidden=True)
        return
    with transaction.atomic():
        writing.lock_draft(row.rca)
        TimelineRow.objects.filter(pk=row.pk).delete()
        writing.touch(row.rca, by=by, at=at, what="timeline")


def shown(seeker: Agent, rca: Rca, *, with_hidden: bool = False) -> list[TimelineRow]:
    """The lines in order, as ``seeker`` may read them: of a report they may not see there is no number and no link."""
    rows = rca.rows.select_related("report").order_by("at", "id")
    found = list((rows if with_hidden else rows.filter(is_hidden=False))[:MOST])
    reports = {row.report_id for row in found if row.report_id}
    seen = set(visible_reports(seeker).order_by().filter(pk__in=reports).values_list("pk", flat=True))
    for row in found:
        if row.report_id not in seen:
            row.report, row.report_id = None, None
    return found


def access_row(seeker: Agent, rca: Rca, pk: int) -> TimelineRow:
    """One line of an analysis ``seeker`` sees. Raises NotFound."""
    row = rca.rows.select_related("rca", "rca__problem").filter(pk=pk).first()
    if row is None:
        raise NotFound(str(pk))
    return row


def drafted(rca: Rca) -> list[Line]:
    """The lines as the ledger gives them now, in order."""
    return sorted(_lines(_entries(rca)), key=lambda line: (line.at, line.entry or 0))


def checked_words(words: str) -> str:
    words = " ".join(words.replace("\x00", "").split())
    if len(words) > LONGEST_WORDS:
        raise writing.TooLong(_("That is too long: at most %d characters fit here.") % LONGEST_WORDS)
    return words


def checked_link(link: str) -> str:
    """An address as it may stand in a link. Raises NotALink, TooLong."""
    link = link.strip()
    if len(link) > LONGEST_LINK:
        raise writing.TooLong(_("That is too long: at most %d characters fit here.") % LONGEST_LINK)
    is_ours = link.startswith("/console/")
    if link and not (link.startswith(("https://", "http://")) or is_ours):
        raise NotALink(_("Give an address that begins with https:// or with /console/."))
    return link


def _entries(rca: Rca) -> Iterable[_Entry]:
    problem, since = rca.problem, _since(rca)
    members = every_member(problem).order_by().values("pk")
    of_reports = LedgerEntry.objects.filter(report__in=members, kind__in=OF_REPORTS)
    of_problem = LedgerEntry.objects.filter(about=problem.about, kind__in=OF_PROBLEM)
    for rows in (of_reports, of_problem):
        wanted = rows.filter(at__gte=since) if since else rows
        plain = wanted.order_by("at", "id").values_list("pk", "kind", "at", "report_id", "data", "actor_kind")[:MOST]
        for pk, kind, at, report, data, actor in plain:
            if kind != "message.said" or actor != "contact":
                yield _Entry(pk, kind, _moment(data) or at, report, data or {})


def _moment(data: dict[str, Any]) -> datetime | None:
    """When it was, where the entry was written later: a release is told when it is told."""
    told = (data or {}).get("moment")
    return parse_datetime(told) if isinstance(told, str) else None


def _since(rca: Rca) -> datetime | None:
    """Of a second analysis, what came after the first was published."""
    earlier = Rca.objects.filter(problem=rca.problem, pk__lt=rca.pk).order_by("-id").first()
    return earlier.published_at if earlier else None


def _lines(entries: Iterable[_Entry]) -> Iterable[Line]:
    groups: dict[tuple[str, str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.same].append(entry)
    for (kind, detail, hour), found in groups.items():
        if len(found) <= ONE_BY_ONE or kind not in OF_REPORTS:
            yield from (_single(entry) for entry in found)
        else:
            first, last = found[0], found[-1]
            facts = {name: value for name, value in first.facts.items() if name != "due_at"}
            source = f"{kind}/{detail}/{hour}"
            yield Line(source, kind, first.at, last.at, len(found), None, None, facts)


def _single(entry: _Entry) -> Line:
    return Line(f"entry:{entry.pk}", entry.kind, entry.at, None, 1, entry.report, entry.pk, entry.facts)


def _row(rca: Rca, line: Line) -> TimelineRow:
    return TimelineRow(
        rca=rca,
        source=line.source,
        kind=line.kind,
        at=line.at,
        until=line.until,
        count=line.count,
        report_id=line.report,
        entry_id=line.entry,
        facts=line.facts,
    )


def _grown(row: TimelineRow, line: Line) -> TimelineRow:
    row.at, row.until, row.count, row.facts = line.at, line.until, line.count, line.facts
    return row
