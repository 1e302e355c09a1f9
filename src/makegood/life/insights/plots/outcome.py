"""What became of reports: how far they got, what came back, how severity was judged, how people felt served."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.aftercare.intervals import LEAST, wilson
from makegood.life.aftercare.models import Csat
from makegood.life.insights import reading, scopes, sums
from makegood.life.insights.days import Slot, day_of
from makegood.life.insights.plots.base import (
    BARS,
    LINES,
    MATRIX,
    SHARE,
    Asked,
    Behind,
    Cell,
    Column,
    Plot,
    Row,
    Table,
    slot_row,
)
from makegood.life.insights.rolling import zone
from makegood.life.insights.snapshots import KNOWN
from makegood.life.learning.models import Recurrence
from makegood.life.problems.models import Problem
from makegood.life.reports.access import visible_reports

STAGES = {
    "received": gettext_lazy("received"),
    "acknowledged": gettext_lazy("acknowledged"),
    "complete": gettext_lazy("document half complete"),
    "escalated": gettext_lazy("escalated"),
    "fixed": gettext_lazy("solution told"),
    "confirmed": gettext_lazy("confirmed by the reporter"),
    "surveyed": gettext_lazy("rated"),
}
# Days since the fix: up to and including.
AGES = (7, 30, 60, 90)
_BACK = (Recurrence.CAME_BACK, Recurrence.CONFIRMED)


def funnel(asked: Asked) -> Table:
    reached = reading.days("received", asked.period, asked.scope).whole().part("stage")
    whole = reached["received"]
    rows = [
        Row(
            stage,
            str(words),
            [Cell(reached[stage], _behind(asked, "received", "stage", stage)), Cell(sums.share(reached[stage], whole))],
        )
        for stage, words in STAGES.items()
    ]
    columns = [Column("reports", _("reports")), Column("share", _("of received"), SHARE)]
    # A reproduction that a CI server told of tests a fix, long after; it says nothing of when we could make it happen.
    says = [_("There is no stage “reproduced”: nowhere is it recorded that an error was made to happen again here.")]
    return Table(_("Stage"), columns, rows, whole, says)


def severity(asked: Asked) -> Table:
    """Rows: as first judged; columns: as it is now."""
    found = reading.days("received", asked.period, asked.scope).whole().part("severity")
    names = scopes.names("severity")
    rows = []
    for first, word in names.items():
        cells = [
            Cell(found[f"{first}>{last}"], _behind(asked, "received", "severity", f"{first}>{last}")) for last in names
        ]
        rows.append(Row(first, word, cells))
    whole = sum(found.values())
    same = sum(found[f"{name}>{name}"] for name in names)
    says = (
        [_("%(share)s %% kept the severity they were first given.") % {"share": round(100 * same / whole)}]
        if whole
        else []
    )
    columns = [Column(key, word) for key, word in names.items()]
    return Table(_("First judged"), columns, rows, whole, says)


def reopened(asked: Asked) -> Table:
    slots = asked.period.weeks()
    found = reading.fill(slots, reading.days("resolved", asked.period, asked.scope))
    rows = []
    for slot, one in zip(slots, found, strict=True):
        back = one.part("reopened")["yes"]
        behind = Behind("resolved", slot.first, slot.last, "reopened", "yes", asked.scope)
        cells = [Cell(sums.share(back, one.count)), Cell(back, behind), Cell(one.count)]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("share", _("opened again"), SHARE),
        Column("reopened", _("reports opened again")),
        Column("n", _("solutions")),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in found))


def satisfaction(asked: Asked) -> Table:
    slots = asked.period.weeks()
    rated = reading.fill(slots, reading.days("rated", asked.period, asked.scope))
    asked_for = reading.fill(slots, reading.days("asked", asked.period, asked.scope))
    rows = []
    for slot, one, told in zip(slots, rated, asked_for, strict=True):
        good = one.part("score")["4"] + one.part("score")["5"]
        is_enough = one.count >= LEAST
        ends = wilson(good, one.count) if is_enough else None
        cells = [
            Cell(sums.share(good, one.count) if is_enough else None, _rated(slot, asked)),
            Cell(ends[0] if ends else None),
            Cell(ends[1] if ends else None),
            Cell(
                sums.share(told.part("rated")["yes"], told.count),
                Behind("asked", slot.first, slot.last, scope=asked.scope),
            ),
            Cell(one.count, _rated(slot, asked)),
        ]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("good", _("content (4 or 5 of 5)"), SHARE),
        Column("low", _("at least"), SHARE),
        Column("high", _("at most"), SHARE),
        Column("answered", _("answered us"), SHARE),
        Column("n", _("ratings")),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in rated), _overall(rated))


def _overall(rated: list[reading.Added]) -> list[str]:
    scores: Counter[str] = Counter()
    for one in rated:
        scores.update(one.part("score"))
    n = sum(scores.values())
    ends = wilson(scores["4"] + scores["5"], n)
    if n < LEAST or ends is None:
        return []
    told = {"share": round(100 * (scores["4"] + scores["5"]) / n), "n": n}
    told |= {"low": round(100 * ends[0]), "high": round(100 * ends[1])}
    return [_("Over the whole period %(share)s %% of %(n)s were content (%(low)s to %(high)s %%).") % told]


def _rated(slot: Slot, asked: Asked) -> Behind:
    return Behind("rated", slot.first, slot.last, scope=asked.scope)


def verbatims(asked: Asked, *, most: int = 30) -> list[Csat]:
    """What people wrote beside their rating in the period, newest first; of reports the seeker may see."""
    begin, end = asked.period.moments(zone())
    seen = Exists(visible_reports(asked.seeker).filter(scopes.of_reports(asked.scope), pk=OuterRef("report")))
    rows = Csat.objects.filter(seen, at__gte=begin, at__lt=end).exclude(words="")
    return list(rows.select_related("report").order_by("-at")[:most])


def cohort(asked: Asked) -> Table:
    """Rows: the month of the fix; columns: days since; cells: the share of its problems that had come back by then."""
    begin, end = asked.period.moments(zone())
    fixed = Problem.objects.filter(released_at__gte=begin, released_at__lt=end, merged_into=None)
    months: dict[date, dict[int, datetime]] = defaultdict(dict)
    for pk, at in fixed.values_list("pk", "released_at"):
        if at:
            months[day_of(at, zone()).replace(day=1)][pk] = at
    back = _first_back([pk for problems in months.values() for pk in problems])
    rows = []
    for month in sorted(months):
        problems = months[month]
        after = [(back[pk] - at).days if pk in back else None for pk, at in problems.items()]
        cells: list[Cell] = [Cell(len(problems))]
        for days in AGES:
            # A month whose youngest fix is not so old yet has nothing to say about it.
            is_old = all(asked.now - at >= timedelta(days=days) for at in problems.values())
            hits = sum(1 for one in after if one is not None and one < days)
            cells.append(Cell(sums.share(hits, len(problems)) if is_old else None))
        rows.append(slot_row(Slot(month, month, "month"), cells))
    columns = [Column("fixed", _("fixed"))]
    columns += [Column(f"d{days}", _("back within %(days)s days") % {"days": days}, SHARE) for days in AGES]
    return Table(_("Fixed in"), columns, rows, sum(len(problems) for problems in months.values()))


def _first_back(problems: list[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    rows = Recurrence.objects.filter(problem__in=problems, state__in=_BACK).order_by("-at")
    moments = list(rows.values_list("problem_id", "at", "problem__released_at"))
    came_back = Problem.objects.filter(pk__in=problems, came_back_at__isnull=False)
    for problem, at, released in [*moments, *came_back.values_list("pk", "came_back_at", "released_at")]:
        if at and released and at >= released:
            found[problem] = min(at, found.get(problem, at))
    return found


def known(asked: Asked) -> Table:
    rows, n = [], 0
    found = reading.days(KNOWN, asked.period)
    for slot in asked.period.days()[-120:]:
        if slot.first > day_of(asked.now, zone()):
            continue
        one = found.over(slot)
        n = max(n, one.count)
        cells = [Cell(one.part("hit")["people"]), Cell(one.part("hit")["reports"]), Cell(one.count)]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("people", _("customers hit")),
        Column("reports", _("reports")),
        Column("problems", _("known errors")),
    ]
    return Table(_("Day"), columns, rows, n)


def _behind(asked: Asked, measure: str, part: str, value: str) -> Behind:
    return Behind(measure, asked.period.first, asked.period.last, part, value, asked.scope)


PLOTS = (
    Plot(
        "funnel",
        "outcome",
        BARS,
        gettext_lazy("How far reports have come"),
        gettext_lazy("Where do we lose them?"),
        gettext_lazy(
            "Of the reports received in the period, how many have by now: an acknowledgement that was kept; an error"
            " document of at least 50 %; ever been escalated; been told a solution that was not taken back;"
            " been confirmed by their reporter; been rated. A stage may be skipped, so that a later bar can be longer."
            " Whether an error was reproduced is recorded nowhere, so it is no stage."
        ),
        funnel,
    ),
    Plot(
        "reopened",
        "outcome",
        LINES,
        gettext_lazy("Opened again"),
        gettext_lazy("Was solved really solved?"),
        gettext_lazy(
            "Solutions told in a week, and how many of these reports were opened again within 14 days. The newest weeks"
            " may still grow."
        ),
        reopened,
        drawn=("share",),
        least=5,
    ),
    Plot(
        "cohort",
        "outcome",
        MATRIX,
        gettext_lazy("What came back after the fix"),
        gettext_lazy("Do our fixes last?"),
        gettext_lazy(
            "Problems whose fix was released in the period, by month of release, and the share that came back within so"
            " many days: by a recurrence that a rule or a colleague settled as such. A month is shown only when its"
            " youngest fix is old enough."
        ),
        cohort,
    ),
    Plot(
        "satisfaction",
        "outcome",
        LINES,
        gettext_lazy("How people felt served"),
        gettext_lazy("Would they come to us again?"),
        gettext_lazy(
            "Ratings given in a week: the share of 4 and 5 of 5, with the interval that holds the true share in 19 of"
            " 20 cases (Wilson); of fewer than 5 ratings no share is shown. Answered us: of the solutions told in the"
            " week, how many were rated. One rating a report."
        ),
        satisfaction,
        drawn=("good", "low", "high", "answered"),
        least=LEAST,
    ),
    Plot(
        "severity",
        "outcome",
        MATRIX,
        gettext_lazy("Severity: first judged and now"),
        gettext_lazy("Do we judge rightly at first sight?"),
        gettext_lazy(
            "Reports received in the period: rows by the severity they had before it was first changed (a report that"
            " is opened again after “not solved” goes up one), columns by the severity they have now."
        ),
        severity,
        least=5,
    ),
    Plot(
        "known",
        "outcome",
        LINES,
        gettext_lazy("Known errors and whom they hit"),
        gettext_lazy("How many people live with what we know?"),
        gettext_lazy(
            "At the end of each day: problems whose cause was known and whose fix was not released, and the reports and"
            " customers (once each) that belonged to them. Not narrowed by group."
        ),
        known,
        drawn=("people", "reports", "problems"),
    ),
)
