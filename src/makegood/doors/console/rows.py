"""What a row of the queue shows beyond the report itself, read for a whole page in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.doors.console import priority_words
from makegood.doors.ui.templatetags import ui
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.reports.models import Draft, ReadMark, Report

STATE_ICONS = {
    "received": "inbox",
    "investigating": "search",
    "cause_found": "bolt",
    "fixing": "settings",
    "solved": "check",
    "closed": "lock",
}
SPEAKERS = {
    "contact": gettext_lazy("the reporter"),
    "agent": gettext_lazy("us"),
    "system": gettext_lazy("Makegood"),
}


@dataclass
class Row:
    """One report as the list shows it to one agent."""

    report: Report
    is_unread: bool = False
    duplicates: int = 0
    labels: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    problem: str = ""
    drawn: Drawn | None = None


@dataclass(frozen=True)
class Drawn:
    """The parts of a row that take work, drawn once: fifty rows of template tags would cost more than the queries."""

    select: str
    due: SafeString
    severity: SafeString
    marks: SafeString
    contact: str
    last_word: str
    last_said: SafeString
    state_icon: SafeString
    state_word: str
    age: SafeString
    who: SafeString


def rows_for(agent: Agent, reports: Iterable[Report], *, order: str, now: datetime) -> list[Row]:
    """Rows for ``reports`` in their order: five queries, however many there are. ``order``: what the list goes by."""
    rows = {report.pk: Row(report) for report in reports}
    if not rows:
        return []
    read = dict(ReadMark.objects.filter(agent=agent, report__in=rows).values_list("report_id", "at"))
    for pk, row in rows.items():
        said = row.report.last_said_at
        seen = read.get(pk)
        row.is_unread = row.report.last_said_by == "contact" and said is not None and (seen is None or seen < said)
    twins = Report.objects.filter(duplicate_of__in=rows).values("duplicate_of").annotate(times=Count("pk"))
    for original, times in twins.order_by().values_list("duplicate_of", "times"):
        if original is not None:
            rows[original].duplicates = times
    for pk, names in _labels(rows).items():
        rows[pk].labels = names
    drafts = Draft.objects.filter(report__in=rows).exclude(body="").values_list("report_id", "agent__name", "agent_id")
    for pk, name, who in drafts:
        rows[pk].drafts.append("" if who == agent.pk else name)
    for pk, number in problems.numbers_of(agent, rows).items():
        rows[pk].problem = number
    words = _Words(order, now)
    for row in rows.values():
        row.drawn = _draw(row, words)
    return list(rows.values())


def _labels(rows: dict[int, Row]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    carried = Report.labels.through.objects.filter(report__in=rows).order_by("label__name")
    for pk, name in carried.values_list("report_id", "label__name"):
        found[pk].append(name)
    return found


class _Words:
    """What is the same in every row, translated once a page."""

    def __init__(self, order: str, now: datetime) -> None:
        self.now = now
        self.by_closing = order == "closed"
        self.select = _("Select %(number)s")
        self.last_word = _("last word by %(who)s")
        self.nobody = format_html('<span class="faint">{}</span>', _("nobody"))
        self.speakers = {name: str(word) for name, word in SPEAKERS.items()}
        self.to_confirm = _("to confirm")


def _draw(row: Row, words: _Words) -> Drawn:
    report = row.report
    speaker = words.speakers.get(report.last_said_by, "")
    contact = str(report.contact)
    return Drawn(
        select=words.select % {"number": report.number},
        due=ui.ring("kept", label=report.get_state_display())
        if report.closed_at and not report.owed_state
        else ui.due(report.owed_at, report.owed_state),
        severity=ui.severity(report.severity),
        marks=_marks(row, words.now),
        contact=contact,
        last_word=words.last_word % {"who": speaker} if speaker else "",
        last_said=ui.moment(report.last_said_at) if speaker else SafeString(""),
        state_icon=ui.icon(STATE_ICONS[report.state]),
        state_word=words.to_confirm if report.state == "solved" else report.get_state_display(),
        age=ui.moment(report.closed_at if words.by_closing else report.received_at),
        who=ui.person(report.assignee, ours=True) if report.assignee else words.nobody,
    )


def _marks(row: Row, now: datetime) -> SafeString:
    """The badges of a row; most have none."""
    report = row.report
    badges: list[tuple[str, str, object]] = []
    if report.priority <= 2 and report.state != "closed":
        badges.append(("badge--risk" if report.priority == 1 else "", "", _priority(report)))
    if report.kind == "question":
        badges.append(("badge--brief", "question", _("question")))
    if report.is_escalated:
        badges.append(("badge--accent badge--brief", "escalate", _("escalated")))
    if report.reopened_count:
        badges.append(("badge--risk badge--brief", "refresh", _("reopened")))
    if report.is_protected:
        badges.append(("badge--brief", "lock", _("protected")))
    if report.snoozed_until and report.snoozed_until > now:
        badges.append(("badge--paused", "snooze", ui.moment(report.snoozed_until)))
    if row.problem:
        badges.append(("badge--accent", "bolt", row.problem))
    if row.duplicates:
        words = ngettext("%(n)s duplicate", "%(n)s duplicates", row.duplicates) % {"n": row.duplicates}
        badges.append(("", "duplicate", words))
    badges += [("", "", label) for label in row.labels]
    for name in row.drafts:
        badges.append(("badge--note", "edit", _("draft by %(name)s") % {"name": name} if name else _("your draft")))
    return format_html_join("", "{}", ((_badge(*badge),) for badge in badges)) if badges else SafeString("")


def _priority(report: Report) -> SafeString:
    """The priority, and why: where there is little room the reason is left to screen readers."""
    value, dot, why = priority_words.short(report).partition(" · ")
    return format_html('{}<span class="why">{}{}</span>', value, dot, why) if why else format_html("{}", value)


def _badge(css: str, icon: str, words: object) -> SafeString:
    drawn = ui.icon(icon, css="icon--small") if icon else ""
    return format_html('<span class="badge{}">{}<span>{}</span></span>', f" {css}" if css else "", drawn, words)
