"""The analysis as a document: sections of labelled lines, and its way out as Markdown, PDF and SVG.

Laid out for one reader: of reports they may not see there is no number. The drawing goes out as a list of paths, in
the PDF drawn as well, and as a picture of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from makegood.lib import times
from makegood.life.diagnosis import exports
from makegood.life.diagnosis.sheet import Line, Section, Sheet
from makegood.life.people.models import Agent
from makegood.life.rca import causes, drawing, impact, queries, timeline
from makegood.life.rca.models import Action, Rca
from makegood.life.rca.wording import FIELDS, row_words


def lay_out(rca: Rca, seeker: Agent, *, language: str, zone: ZoneInfo, now: datetime) -> Sheet:
    """The document as ``seeker`` reads it in ``language`` and ``zone``."""

    def when(moment: datetime) -> str:
        return times.in_words(moment, language=language, zone=zone, now=now)

    with override(language):
        graph = causes.whole(rca)
        sections = (
            Section("glance", _("At a glance"), tuple(_glance(rca, when))),
            Section("impact", _("Impact"), tuple(impact_lines(impact.of(rca, at=now)))),
            Section("words", _("What went wrong, and why"), tuple(_words(rca)), _("Nothing written yet.")),
            Section(
                "causes",
                _("Ways to ask why"),
                tuple(_paths(graph)),
                _("No causes drawn yet."),
                drawing.picture(graph),
            ),
            Section("timeline", _("Timeline"), tuple(_rows(rca, seeker, when)), _("No timeline yet.")),
            Section("actions", _("Actions"), tuple(_actions(rca, seeker, when)), _("No actions yet.")),
            Section("public", _("Words for the public"), tuple(_public(rca)), _("None.")),
        )
        title = f"{rca.problem.number} {rca.problem.title}"
        standing = f"{rca.get_state_display()} · {times.in_words(now, language=language, zone=zone, with_year=True)}"
        heading = _("Root cause analysis")
        as_of = when(now)
        return Sheet(rca.number, title, None, (), as_of, sections, language, heading, standing)


def to_markdown(sheet: Sheet) -> str:
    return exports.written(sheet)


def to_pdf(sheet: Sheet) -> bytes:
    return exports.printed(sheet)


def to_svg(rca: Rca) -> str:
    """The causes as a picture that needs nothing else."""
    return str(drawing.svg(causes.whole(rca), title=f"{rca.problem.number} {rca.problem.title}", is_file=True))


def impact_lines(numbers: dict[str, Any]) -> Iterable[Line]:
    """The numbers in words; what is not known is left out."""
    for key, label in (
        ("minutes", _("It hurt for")),
        ("minutes_until_known", _("Until we knew")),
    ):
        if numbers.get(key) is not None:
            yield Line(label, length(int(numbers[key])))
    yield Line(_("Reports"), str(numbers.get("reports", 0)))
    yield Line(_("People"), str(numbers.get("people", 0)))
    if numbers.get("organisations"):
        yield Line(_("Organisations"), str(numbers["organisations"]))
    told = {"broken": numbers.get("promises_broken", 0), "due": numbers.get("promises_due", 0)}
    yield Line(_("Promises not kept in time"), _("%(broken)s of %(due)s") % told)


def length(minutes: int) -> str:
    """Minutes as people say them: "2 hours 5 minutes", "3 days 4 hours"."""
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [
        (days, ngettext("%d day", "%d days", days)),
        (hours, ngettext("%d hour", "%d hours", hours)),
        (left if not days else 0, ngettext("%d minute", "%d minutes", left)),
    ]
    said = [words % count for count, words in parts if count]
    return " ".join(said) or ngettext("%d minute", "%d minutes", 0) % 0


def _glance(rca: Rca, when: Callable[[datetime], str]) -> Iterable[Line]:
    rows = (
        (_("State"), str(rca.get_state_display())),
        (_("Severity"), str(rca.problem.get_severity_display())),
        (_("Owner"), rca.owner.name if rca.owner else ""),
        (_("Due"), when(rca.promise.due_at) if rca.promise else ""),
        (_("Approved by"), f"{rca.reviewer.name}, {when(rca.approved_at)}" if rca.reviewer and rca.approved_at else ""),
        (_("Published"), when(rca.published_at) if rca.published_at else ""),
        (_("Trigger"), str(rca.get_trigger_kind_display())),
        (_("Kind of cause"), str(rca.get_cause_kind_display())),
        (_("Noticed because"), str(rca.get_detected_by_display())),
        (_("Began"), when(rca.began_at) if rca.began_at else ""),
        (_("Noticed"), when(rca.detected_at) if rca.detected_at else ""),
        (_("Ended"), when(rca.ended_at) if rca.ended_at else ""),
        (_("Signed for weak actions"), f"{rca.waived_by}: {rca.waiver}" if rca.waived_by else ""),
    )
    return (Line(label, words) for label, words in rows if words)


def _words(rca: Rca) -> Iterable[Line]:
    return (Line(str(label), getattr(rca, name)) for name, (label, _hint, _n) in FIELDS.items() if getattr(rca, name))


def _paths(graph: causes.Graph) -> Iterable[Line]:
    for number, path in enumerate(graph.paths, 1):
        steps = [f"{cause.words} ({cause.get_confidence_display()})" for cause in path]
        road = str(path[-1].get_road_display())
        yield Line(_("Path %(n)s, %(road)s") % {"n": number, "road": road}, "\n← ".join(steps))


def _rows(rca: Rca, seeker: Agent, when: Callable[[datetime], str]) -> Iterable[Line]:
    for row in timeline.shown(seeker, rca):
        evidence = f"{settings.BASE_URL}{row.evidence}" if row.evidence.startswith("/") else row.evidence
        yield Line(when(row.at), row_words(row, when=when), evidence)


def _actions(rca: Rca, seeker: Agent, when: Callable[[datetime], str]) -> Iterable[Line]:
    for action in queries.of_problem(seeker, rca.problem):
        yield Line(f"{action.number} {action.title}", _action(action, when), str(action.get_state_display()))


def _action(action: Action, when: Callable[[datetime], str]) -> str:
    parts = [str(action.get_kind_display()), str(action.get_strength_display())]
    parts += [action.owner.name] if action.owner else []
    parts += [_("due %s") % when(action.promise.due_at)] if action.promise and action.promise.is_pending else []
    told = " · ".join(parts)
    measure = _("Measure:")
    return f"{told}\n{measure} {action.measure}" if action.measure else told


def _public(rca: Rca) -> Iterable[Line]:
    return (Line(code, words) for code, words in rca.public_texts.items())
