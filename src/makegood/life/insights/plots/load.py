"""What duty costs: calls by week, and how many of them outside the desk's hours. Never by person."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.insights import reading, sums
from makegood.life.insights.plots.base import (
    BARS,
    LINES,
    MINUTES,
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
from makegood.life.promises import kinds
from makegood.life.promises.names import whom


def calls(asked: Asked) -> Table:
    slots = asked.period.weeks()
    found = reading.fill(slots, reading.days("paged", asked.period, asked.scope))
    taken = reading.fill(slots, reading.days("escalated", asked.period, asked.scope))
    rows = []
    for slot, one, made in zip(slots, found, taken, strict=True):
        when = one.part("when")
        behind = [Behind("paged", slot.first, slot.last, "when", key, asked.scope) for key in ("in_hours", "off_hours")]
        cells = [
            Cell(when["in_hours"], behind[0]),
            Cell(when["off_hours"], behind[1]),
            Cell(sums.share(when["off_hours"], one.count)),
            Cell(sums.quantile(made.spread("accepted"), 0.5)),
            Cell(made.count, Behind("escalated", slot.first, slot.last, scope=asked.scope)),
        ]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("in_hours", _("in the desk's hours")),
        Column("off_hours", _("outside them")),
        Column("share", _("outside"), SHARE),
        Column("accepted", _("half were taken within"), MINUTES),
        Column("escalations", _("escalations")),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in found))


def depth(asked: Asked) -> Table:
    """How high up the ladder calls went."""
    found = reading.days("paged", asked.period, asked.scope).whole()
    rows = []
    for rung in kinds.WHOM:
        count = found.part("whom")[rung]
        behind = Behind("paged", asked.period.first, asked.period.last, "whom", rung, asked.scope)
        rows.append(Row(rung, whom(rung), [Cell(count, behind), Cell(sums.share(count, found.count))]))
    return Table(_("Called"), [Column("calls", _("calls")), Column("share", _("share"), SHARE)], rows, found.count)


PLOTS = (
    Plot(
        "calls",
        "load",
        LINES,
        gettext_lazy("Calls to people on duty"),
        gettext_lazy("What does being on duty cost?"),
        gettext_lazy(
            "One call is one rung of one promise that made us call, however many channels carried it, by the week it"
            " was made. Desk's hours: the usual calendar. Half were taken within: median from escalation to acceptance,"
            " of those made in the week and accepted so far."
        ),
        calls,
        drawn=("in_hours", "off_hours"),
    ),
    Plot(
        "depth",
        "load",
        BARS,
        gettext_lazy("How far up the ladder calls went"),
        gettext_lazy("Does the first one called take it?"),
        gettext_lazy("Calls in the period by the rung of the ladder they were made for."),
        depth,
    ),
)
