"""How much comes in, how much is done, how old the rest is, and how long it all takes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.insights import reading, sums
from makegood.life.insights.plots.base import (
    BARS,
    COUNT,
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
from makegood.life.insights.scopes import of_reports
from makegood.life.reports.models import Report

AGES = (
    ("4h", gettext_lazy("up to 4 hours"), timedelta(hours=4)),
    ("24h", gettext_lazy("4 to 24 hours"), timedelta(hours=24)),
    ("3d", gettext_lazy("1 to 3 days"), timedelta(days=3)),
    ("7d", gettext_lazy("3 to 7 days"), timedelta(days=7)),
    ("older", gettext_lazy("older than 7 days"), None),
)


def flow(asked: Asked) -> Table:
    slots, scope = asked.period.slots(), asked.scope
    came = reading.fill(slots, reading.days("received", asked.period, scope))
    went = reading.fill(slots, reading.days("closed", asked.period, scope))
    first = asked.period.first
    left = reading.count_until("received", first, scope) - reading.count_until("closed", first, scope)
    rows = []
    for slot, in_, out in zip(slots, came, went, strict=True):
        left += in_.count - out.count
        cells = [
            Cell(in_.count, Behind("received", slot.first, slot.last, scope=scope)),
            Cell(out.count, Behind("closed", slot.first, slot.last, scope=scope)),
            Cell(left),
        ]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("received", _("came in")),
        Column("closed", _("closed")),
        Column("open", _("open at the end")),
    ]
    return Table(_("Day"), columns, rows, sum(one.count for one in [*came, *went]))


def age(asked: Asked) -> Table:
    """Now, whatever the period."""
    edges = [None, *(asked.now - span for _key, _name, span in AGES if span)]
    counts = {}
    for place, (key, _name, span) in enumerate(AGES):
        younger = Q(received_at__gt=asked.now - span) if span else Q()
        edge = edges[place]
        counts[key] = Count("pk", filter=younger & (Q(received_at__lte=edge) if edge else Q()))
    opened = Report.objects.filter(~Q(state="closed"), of_reports(asked.scope)).order_by()
    found = opened.aggregate(**counts)
    rows = [Row(key, str(name), [Cell(found[key], _aged(asked, key))]) for key, name, _span in AGES]
    return Table(_("Age"), [Column("open", _("open now"))], rows, sum(found.values()))


def _aged(asked: Asked, key: str) -> Behind:
    return Behind("open", asked.period.first, asked.period.last, "age", key, asked.scope)


def _durations(asked: Asked, measure: str, head: str) -> Table:
    slots = asked.period.weeks()
    found = reading.fill(slots, reading.days(measure, asked.period, asked.scope))
    rows = []
    for slot, one in zip(slots, found, strict=True):
        spread = one.spread()
        behind = Behind(measure, slot.first, slot.last, scope=asked.scope)
        half, most = (sums.quantile(spread, share) for share in (0.5, 0.9))
        rows.append(slot_row(slot, [Cell(half, behind), Cell(most, behind), Cell(one.count, behind)]))
    columns = [
        Column("p50", _("half within"), MINUTES),
        Column("p90", _("nine in ten within"), MINUTES),
        Column("n", head, COUNT),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in found))


def answer(asked: Asked) -> Table:
    table = _durations(asked, "answered", _("answers"))
    waiting = Report.objects.filter(~Q(state="closed"), of_reports(asked.scope), first_answered_at=None).count()
    table.says.append(
        _("%(n)s open reports have no answer of a person yet and are in no figure here.") % {"n": waiting}
    )
    return table


def solve(asked: Asked) -> Table:
    table = _durations(asked, "solved", _("solutions"))
    unsolved = Report.objects.filter(~Q(state="closed"), of_reports(asked.scope), solved_at=None).count()
    table.says.append(_("%(n)s open reports are not solved yet and are in no figure here.") % {"n": unsolved})
    return table


def waiting(asked: Asked) -> Table:
    slots = asked.period.weeks()
    found = reading.fill(slots, reading.days("solved", asked.period, asked.scope))
    rows = []
    for slot, one in zip(slots, found, strict=True):
        waited, behind = one.part("waited"), Behind("solved", slot.first, slot.last, scope=asked.scope)
        ours, theirs = waited["ours"], waited["theirs"]
        each = [round(part / one.count) if one.count else None for part in (ours, theirs)]
        share = sums.share(theirs, ours + theirs)
        rows.append(slot_row(slot, [Cell(each[0], behind), Cell(each[1], behind), Cell(share), Cell(one.count)]))
    columns = [
        Column("ours", _("with us"), MINUTES),
        Column("theirs", _("with the reporter"), MINUTES),
        Column("share", _("share with the reporter"), SHARE),
        Column("n", _("solutions")),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in found))


PLOTS = (
    Plot(
        "flow",
        "flow",
        LINES,
        gettext_lazy("What came in, what was closed, what is open"),
        gettext_lazy("Do we keep up?"),
        gettext_lazy(
            "Came in: reports by the day they were received. Closed: reports that are closed now, by the day of their"
            " (last) closing; one that was opened again counts as open until it is closed again. Open at the end:"
            " all received until then less all closed until then."
        ),
        flow,
        drawn=("received", "closed", "open"),
    ),
    Plot(
        "age",
        "flow",
        BARS,
        gettext_lazy("How old open reports are"),
        gettext_lazy("Does anything lie around?"),
        gettext_lazy(
            "Reports that are not closed now, by the time since they were received, on the clock on the wall."
        ),
        age,
        is_live=True,
    ),
    Plot(
        "answer",
        "flow",
        LINES,
        gettext_lazy("Time to the first answer"),
        gettext_lazy("How long does a person wait for a person?"),
        gettext_lazy(
            "Minutes from receipt to the first message a person of ours wrote to the reporter, in the week of that"
            " message; automatic acknowledgements do not count. The clock on the wall. Whole minutes; from 1,000 on"
            " three digits. Half within: nearest-rank median; nine in ten: nearest-rank 90th percentile."
        ),
        answer,
        drawn=("p50", "p90"),
        least=5,
    ),
    Plot(
        "solve",
        "flow",
        LINES,
        gettext_lazy("Time to the solution"),
        gettext_lazy("How long until it is solved?"),
        gettext_lazy(
            "Minutes from receipt until we told the reporter the solution that stands now, in the week we told it. A"
            " report that was opened again counts with its new solution only. The clock on the wall; digits and ranks"
            " as for the first answer."
        ),
        solve,
        drawn=("p50", "p90"),
        least=5,
    ),
    Plot(
        "waiting",
        "flow",
        LINES,
        gettext_lazy("Who had the ball until it was solved"),
        gettext_lazy("Do we wait for them, or they for us?"),
        gettext_lazy(
            "For reports solved in a week, the mean minutes from receipt to solution, split: with the reporter while"
            " our promises to them stood still because we had asked them something, with us all the rest."
        ),
        waiting,
        least=5,
        drawn=("ours", "theirs"),
    ),
)
