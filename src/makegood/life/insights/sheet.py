"""A review in words, section by section: the one source of page and paper. In the language in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from makegood.lib.texts import in_language
from makegood.life.aftercare.intervals import LEAST, wilson
from makegood.life.aftercare.models import Csat
from makegood.life.insights import sums, waits
from makegood.life.insights.models import Improvement, Review
from makegood.life.insights.rolling import zone
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.promises.names import name
from makegood.life.reports.access import on_visible
from makegood.life.reports.models import Report

REPORT, PROBLEM = "report", "problem"


@dataclass(frozen=True)
class Cell:
    """``link``: (report or problem, its number), if it leads there."""

    words: str
    link: tuple[str, int] | None = None
    is_number: bool = False


@dataclass
class Section:
    slug: str
    title: str
    head: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    empty: str = ""

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """The heads of the columns, and whether numbers stand below them."""
        below = self.rows[0] if self.rows else []
        return [(words, n < len(below) and below[n].is_number) for n, words in enumerate(self.head)]


Plain = dict[str, Any]


def sections(review: Review, found: Plain, seeker: Agent) -> list[Section]:
    """Everything a review shows, in the order it is talked through."""
    return [
        _changes(found),
        _came(found),
        _kinds(found),
        _kept(review, found),
        _broken(found),
        _back(found, seeker),
        _served(found, seeker),
        _late(found),
    ]


def title(review: Review) -> str:
    form = pgettext("date format", "j M Y")
    told = {"first": date_format(review.first, form), "last": date_format(review.last, form)}
    if review.kind == Review.WEEK:
        return _("Weekly review, %(first)s to %(last)s") % told
    return _("Monthly review, %(first)s to %(last)s") % told


def signature(review: Review) -> str:
    if review.signed_at is None:
        return _("Not signed yet.")
    told = {"name": review.signed_name, "at": moment(review.signed_at)}
    return _("Signed by %(name)s on %(at)s. The figures are those of that moment.") % told


def moment(at: datetime) -> str:
    local = at.astimezone(zone())
    shown = date_format(local, pgettext("date format", "j M Y, H:i"))
    return f"{shown} {local.tzname()}"


def span(minutes: int | None) -> str:
    """A duration in two units at most."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 1440:
        return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}
    return _("%(d)s d %(h)s h") % {"d": minutes // 1440, "h": minutes % 1440 // 60}


def _changes(found: Plain) -> Section:
    every = found["changes"]
    told: list[dict[str, str]] = every.get(get_language() or "en") or every.get("en") or next(iter(every.values()), [])
    return Section("changed", _("What changed against the period before"), says=[one["words"] for one in told])


def _came(found: Plain) -> Section:
    rows = [
        [Cell(words), _count(now), _count(before)]
        for words, (now, before) in (
            (_("came in"), found["came"]),
            (_("closed"), found["closed"]),
            (_("open at the end"), found["open"]),
        )
    ]
    for measure, words in (("answered", _("first answer, half within")), ("solved", _("solution, half within"))):
        one = found["durations"][measure]
        rows.append([Cell(words), Cell(span(one["p50"]), is_number=True), Cell(span(one["before"]), is_number=True)])
    head = ["", _("this period"), _("the one before")]
    says = [
        _("%(name)s: %(count)s reports in a wave (%(numbers)s).")
        % {
            "name": in_language(one["names"], get_language() or "en"),
            "count": one["count"],
            "numbers": ", ".join(f"MG-{pk}" for pk in one["reports"]),
        }
        for one in found["surges"]
    ]
    return Section("came", _("What came in and what was done"), head, rows, says)


def _kinds(found: Plain) -> Section:
    language = get_language() or "en"
    rows = [
        [Cell(in_language(one["names"], language) or _("none")), _count(one["now"]), _count(one["before"])]
        for one in found["kinds"]
    ]
    head = [_("Category"), _("this period"), _("the one before")]
    return Section("kinds", _("The kinds of errors that hit most"), head, rows, empty=_("Nothing came in."))


def _kept(review: Review, found: Plain) -> Section:
    rows = []
    for one in found["kept"]:
        good, bad = one["kept"], one["broken"]
        why = review.reasons.get(one["kind"], "")
        cells = [
            Cell(name(one["kind"])),
            _count(good),
            _count(bad),
            _share(good, bad),
            _share(*one["before"]),
            Cell(why),
        ]
        rows.append(cells)
    head = [_("Promise"), _("kept"), _("broken"), _("share kept"), _("before"), _("why, in our words")]
    whole = sum(found["reasons"].values())
    says = [
        _("%(n)s of %(whole)s broken: %(why)s.") % {"n": found["reasons"][why], "whole": whole, "why": words}
        for why, words in waits.WHY.items()
        if found["reasons"].get(why)
    ]
    return Section("kept", _("Promises kept and broken"), head, rows, says, _("No promise fell due."))


def _broken(found: Plain) -> Section:
    words = dict(Report.SEVERITIES)
    rows = [
        [
            Cell(f"MG-{one['report']}", (REPORT, one["report"])),
            Cell(name(one["kind"])),
            Cell(str(words.get(one["severity"], one["severity"]))),
            Cell(moment(datetime.fromisoformat(one["due"]))),
            Cell(_("%(span)s, still owed") % {"span": span(one["late"])} if one["open"] else span(one["late"])),
            Cell(str(waits.WHY.get(one["why"], ""))),
        ]
        for one in found["broken"]
    ]
    head = [_("Report"), _("Promise"), _("Severity"), _("was due"), _("late by"), _("when it fell due")]
    return Section("broken", _("The worst broken promises"), head, rows, empty=_("No promise was broken."))


def _back(found: Plain, seeker: Agent) -> Section:
    seen = dict(
        visible_problems(seeker).filter(pk__in=[o["problem"] for o in found["came_back"]]).values_list("pk", "title")
    )
    rows = [
        [
            Cell(f"PRB-{one['problem']} {seen.get(one['problem'], '')}".strip(), (PROBLEM, one["problem"])),
            Cell(f"MG-{one['report']}", (REPORT, one["report"])),
            Cell(moment(datetime.fromisoformat(one["at"]))),
        ]
        for one in found["came_back"]
    ]
    (back, of), (back_before, of_before) = found["reopened"]
    told = {"back": back, "of": of, "back_before": back_before, "of_before": of_before}
    says = [
        _("Opened again within 14 days: %(back)s of %(of)s solutions told; before %(back_before)s of %(of_before)s.")
        % told
    ]
    head = [_("Problem"), _("told by"), _("when")]
    return Section("back", _("What came back"), head, rows, says, _("No fixed problem came back."))


def _served(found: Plain, seeker: Agent) -> Section:
    says = [_rated(found["rated"][0], _("This period")), _rated(found["rated"][1], _("The one before"))]
    rows = [
        [
            Cell(f"MG-{one.report_id}", (REPORT, one.report_id)),
            Cell(_("%(score)s of 5") % {"score": one.score}),
            Cell(one.words[:400]),
        ]
        for one in Csat.objects.filter(on_visible(seeker), pk__in=found["verbatims"]).exclude(words="").order_by("-at")
    ]
    head = [_("Report"), _("Rating"), _("In their own words")]
    return Section("served", _("How people felt served"), head, rows, says, _("Nobody wrote anything beside a rating."))


def _rated(one: Plain, when: str) -> str:
    asked = {"when": when, "n": one["n"], "asked": one["asked"], "answered": one["answered"]}
    ends = wilson(one["good"], one["n"])
    if one["n"] < LEAST or ends is None:
        return _("%(when)s: %(n)s ratings, too few to say; %(answered)s of %(asked)s asked have answered.") % asked
    told = {**asked, "share": round(100 * one["good"] / one["n"])}
    told |= {"low": round(100 * ends[0]), "high": round(100 * ends[1])}
    words = _(
        "%(when)s: %(share)s %% of %(n)s were content (%(low)s to %(high)s %%); %(answered)s of %(asked)s asked have"
        " answered."
    )
    return words % told


def _late(found: Plain) -> Section:
    rows = [[Cell(one["words"]), Cell(one["owner"]), Cell(day(one["due_on"]))] for one in found["late"]]
    head = [_("What was to be better"), _("Owner"), _("was due")]
    return Section("late", _("Late actions and improvements"), head, rows, empty=_("Nothing decided earlier is late."))


def decided(review: Review, found: Plain) -> Section:
    """What this review decided, with how far each is; on the page they stand with their buttons instead."""
    states = dict(Improvement.STATES)
    now = {one.pk: one.state for one in review.improvements.all()}
    rows = [
        [
            Cell(one["words"]),
            Cell(one["owner"]),
            Cell(day(one["due_on"])),
            Cell(str(states[now.get(one["id"], one["state"])])),
        ]
        for one in found["decided"]
    ]
    head = [_("What"), _("Owner"), _("by"), _("state")]
    return Section("decided", _("What to improve next"), head, rows, empty=_("Nothing was decided."))


def day(text: str) -> str:
    return date_format(date.fromisoformat(text), pgettext("date format", "j M Y"))


def _count(n: int) -> Cell:
    return Cell(str(n), is_number=True)


def _share(good: int, bad: int) -> Cell:
    share = sums.share(good, good + bad)
    return Cell("–" if share is None else _("%(n)s %%") % {"n": round(100 * share)}, is_number=True)
