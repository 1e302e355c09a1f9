"""Ninety days of a component: a drawing in which worse is taller, its summary in words, and the days worth telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.doors.ui import words as moments
from makegood.doors.ui.status import words
from makegood.life.statuspage import history, standing
from makegood.life.statuspage.snapshot import Part

# Height by state, so that colour is never alone; days nobody kept are a dot.
_HEIGHTS = {
    standing.OPERATIONAL: 14,
    standing.MAINTENANCE: 18,
    standing.DEGRADED: 24,
    standing.PARTIAL: 30,
    standing.MAJOR: 36,
}
_STEP, _WIDTH, _WHOLE = 7, 5, 36
_QUARTER = 15 * 60


@dataclass(frozen=True)
class Row:
    """A day worth telling: how long it was what."""

    on: date
    lasted: str


def drawing(part: Part) -> SafeString:
    """The bars, oldest at the left, with the summary as their name."""
    days = part.days
    calm = "".join(_bar(place, _HEIGHTS[one.worst]) for place, one in enumerate(days) if one.is_known and _is_calm(one))
    unknown = "".join(_bar(place, 2) for place, one in enumerate(days) if not one.is_known)
    told = [(place, one) for place, one in enumerate(days) if one.is_known and not _is_calm(one)]
    marks = format_html_join(
        "",
        '<rect class="day day--{}" x="{}" y="{}" width="5" height="{}"><title>{}</title></rect>',
        (
            (
                one.worst,
                place * _STEP,
                _WHOLE - _HEIGHTS[one.worst],
                _HEIGHTS[one.worst],
                _told(one, is_today=place == len(days) - 1),
            )
            for place, one in told
        ),
    )
    return format_html(
        '<svg class="days" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="day day--unknown" d="{}"/><path class="day day--operational" d="{}"/>{}</svg>',
        max(1, len(days)) * _STEP - 2,
        _WHOLE,
        summary(days),
        unknown,
        calm,
        marks,
    )


def summary(days: Sequence[history.Day]) -> str:
    """The bars in a sentence."""
    known = [one for one in days if one.is_known]
    counted = Counter(one.worst for one in known)
    calm = counted.pop(standing.OPERATIONAL, 0)
    first = ngettext("%(calm)s of %(n)s day without trouble", "%(calm)s of %(n)s days without trouble", len(known))
    told = [first % {"calm": calm, "n": len(known)}]
    told += [
        f"{words.COMPONENTS[state][0]}: {counted[state]}"
        for state in reversed(standing.COMPONENT_STATES)
        if counted[state]
    ]
    return ". ".join(told) + "."


def rows(days: Sequence[history.Day]) -> list[Row]:
    """The days that were not calm, newest first: what the table below the drawing says."""
    return [
        Row(one.on, lasted(one, is_today=back == 0)) for back, one in enumerate(reversed(days)) if not _is_calm(one)
    ]


def lasted(day: history.Day, *, is_today: bool = False) -> str:
    """How long in which state, the worst first. What still lasts is told in quarters of an hour, not by the minute."""
    told = []
    for state in reversed(standing.COMPONENT_STATES):
        seconds = day.lasted.get(state, timedelta(0)).total_seconds()
        seconds = seconds // _QUARTER * _QUARTER if is_today else seconds
        if seconds:
            said = {"state": words.COMPONENTS[state][0], "span": moments.span(seconds)}
            told.append(_("%(state)s for %(span)s") % said)
    return ", ".join(told) or str(words.COMPONENTS[day.worst][0])


def _told(day: history.Day, *, is_today: bool) -> str:
    return f"{date_format(day.on)}: {lasted(day, is_today=is_today)}"


def _is_calm(day: history.Day) -> bool:
    return day.worst == standing.OPERATIONAL


def _bar(place: int, height: int) -> str:
    return f"M{place * _STEP} {_WHOLE - height}h{_WIDTH}v{height}h-{_WIDTH}z"
