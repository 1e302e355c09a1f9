"""What it cost and what it taught: made good in money, actions done, articles that answer."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib.money import Money
from makegood.life.compensation import figures
from makegood.life.insights import reading, sums
from makegood.life.insights.days import Slot, day_of
from makegood.life.insights.plots.base import (
    BARS,
    LINES,
    MONEY,
    SHARE,
    WORD,
    Asked,
    Cell,
    Column,
    Plot,
    Row,
    Table,
    slot_row,
)
from makegood.life.insights.rolling import zone
from makegood.life.knowledge import queries as articles
from makegood.life.knowledge.models import Day
from makegood.life.problems.access import visible_problems
from makegood.life.problems.models import key_of
from makegood.life.rca import queries as burning

MOST = 20


def paid(asked: Asked) -> Table:
    """By month; the currency most was given in. A month the period cuts off is whole."""
    since, until = (f"{day:%Y-%m}" for day in (asked.period.first, asked.period.last))
    currency, rows_of = _money(since, until)
    months = {row.month: row for row in figures.totals(rows_of)}
    came = reading.days("received", asked.period)
    rows, n = [], 0
    for slot in asked.period.months():
        row = months.get(f"{slot.first:%Y-%m}")
        value, count = (_major(row.amount), row.count) if row else (0.0, 0)
        received = came.over(slot).count
        n += count
        cells = [Cell(value), Cell(count), Cell(round(100 * value / received, 2) if received else None)]
        rows.append(slot_row(Slot(slot.first, slot.last, "month"), cells))
    columns = [
        Column("amount", _("given, in %(currency)s") % {"currency": currency} if currency else _("given"), MONEY),
        Column("count", _("times")),
        Column("each", _("for 100 reports"), MONEY),
    ]
    return Table(_("Month"), columns, rows, n)


def paid_causes(asked: Asked) -> Table:
    since, until = (f"{day:%Y-%m}" for day in (asked.period.first, asked.period.last))
    currency, rows_of = _money(since, until)
    whole: dict[str, Money] = {}
    times: dict[str, int] = defaultdict(int)
    for row in rows_of:
        whole[row.name] = whole[row.name] + row.amount if row.name in whole else row.amount
        times[row.name] += row.count
    names = _causes(asked, whole)
    order = sorted(whole, key=lambda cause: (-whole[cause].minor, cause))[:MOST]
    rows = [Row(cause, names[cause], [Cell(_major(whole[cause])), Cell(times[cause])]) for cause in order]
    columns = [
        Column("amount", _("given, in %(currency)s") % {"currency": currency} if currency else _("given"), MONEY),
        Column("count", _("times")),
    ]
    return Table(_("Cause"), columns, rows, sum(times.values()))


def _money(since: str, until: str) -> tuple[str, list[figures.Row]]:
    """The currency most was given in, with its rows by cause."""
    every = {
        currency: figures.by(figures.CAUSE, since=since, until=until, currency=currency)
        for currency in figures.currencies(since, until)
    }
    if not every:
        return "", []
    currency = max(every, key=lambda one: (sum(row.count for row in every[one]), one))
    return currency, every[currency]


def _major(amount: Money) -> float:
    return float(amount.value)


def _causes(asked: Asked, causes: dict[str, Money]) -> dict[str, str]:
    """``problem:12`` and ``report:7`` as people call them."""
    keys = [key for cause in causes if (key := key_of(cause)) is not None]
    seen = {one.about: f"{one.number} {one.title}" for one in visible_problems(asked.seeker).filter(pk__in=keys)}
    found = {}
    for cause in causes:
        kind, _colon, number = cause.partition(":")
        plain = f"PRB-{number}" if kind == "problem" else f"MG-{number}"
        found[cause] = seen.get(cause, plain)
    return found


def knowledge(asked: Asked) -> Table:
    slots = asked.period.weeks()
    closed = reading.fill(slots, reading.days("closed", asked.period, asked.scope))
    period = asked.period
    days = Day.objects.filter(day__gte=period.first, day__lte=period.last, article=None)
    columns_of = ("visits", "avoided", "searched", "in_vain")
    doors = list(days.values_list("day", *columns_of))
    rows = []
    for slot, one in zip(slots, closed, strict=True):
        linked, of = one.part("linked")["yes"], one.part("answered")["yes"]
        visits, avoided, searched, in_vain = (
            sum(row[place] for row in doors if slot.first <= row[0] <= slot.last) for place in (1, 2, 3, 4)
        )
        cells = [
            Cell(sums.share(linked, of)),
            Cell(sums.share(one.part("known")["yes"], linked)),
            Cell(sums.share(avoided, visits)),
            Cell(sums.share(in_vain, searched)),
            Cell(of),
        ]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("linked", _("closed with an article"), SHARE),
        Column("known", _("of these, one there before"), SHARE),
        Column("avoided", _("helped, no report sent"), SHARE),
        Column("in_vain", _("searches that found nothing"), SHARE),
        Column("n", _("closed with an answer")),
    ]
    n = sum(one.part("answered")["yes"] for one in closed)
    return Table(_("Week"), columns, rows, n)


def vain(asked: Asked) -> Table:
    """Now, of the last ninety days; for whoever may read articles."""
    found = articles.in_vain(now=asked.now, most=MOST) if asked.seeker.may("article.view") else []
    rows = [Row(f"{one.language}:{one.words}", one.words, [Cell(one.times), Cell(one.language)]) for one in found]
    columns = [Column("times", _("times")), Column("language", _("language"), WORD)]
    return Table(_("Searched for"), columns, rows, len(rows))


def actions(asked: Asked) -> Table:
    """Corrective and preventive actions of root cause analyses, week by week."""
    last = min(asked.now, asked.period.moments(zone())[1])
    weeks = max(2, min(53, asked.period.length // 7 + 1))
    found = burning.burn_down(asked.seeker, whose=burning.ALL, now=last, weeks=weeks)
    rows = []
    for one in found:
        day = day_of(one.at, zone())
        cells = [Cell(one.to_do), Cell(one.late), Cell(one.done), Cell(one.effective)]
        rows.append(slot_row(Slot(day, day, "day"), cells))
    columns = [
        Column("to_do", _("to be done")),
        Column("late", _("of these late")),
        Column("done", _("done, not checked")),
        Column("effective", _("found effective")),
    ]
    n = max((one.to_do + one.done + one.effective for one in found), default=0)
    return Table(_("As of"), columns, rows, n)


def ageing(asked: Asked) -> Table:
    rows = []
    for one in burning.ageing(asked.seeker, whose=burning.ALL, now=asked.now):
        label = _("%(since)s days and older") if one.until is None else _("%(since)s to %(until)s days")
        told = {"since": one.since, "until": one.until}
        rows.append(Row(str(one.since), label % told, [Cell(one.count), Cell(one.late)]))
    columns = [Column("to_do", _("to be done")), Column("late", _("of these late"))]
    return Table(_("Since accepted"), columns, rows, sum(int(row.cells[0].value or 0) for row in rows))


PLOTS = (
    Plot(
        "knowledge",
        "learning",
        LINES,
        gettext_lazy("What the knowledge base answers"),
        gettext_lazy("Do we write down what helps, and is it found?"),
        gettext_lazy(
            "Closed with an article: of reports closed in the week with an answer (not spam, duplicate or withdrawn)"
            " those an article is linked to by now; of these, those whose article was there before. Helped, no report"
            " sent: browsers that were shown help and sent no report within a day. Searches that found nothing: of all"
            " searches. The last two are not narrowed by group."
        ),
        knowledge,
        drawn=("linked", "known", "avoided", "in_vain"),
        least=5,
    ),
    Plot(
        "vain",
        "learning",
        BARS,
        gettext_lazy("What people searched for and did not find"),
        gettext_lazy("Which article is missing?"),
        gettext_lazy("Searches of the last 90 days that found nothing and that nobody has looked after since."),
        vain,
        is_live=True,
    ),
    Plot(
        "paid",
        "learning",
        BARS,
        gettext_lazy("Made good in money, by month"),
        gettext_lazy("What do our errors cost us?"),
        gettext_lazy(
            "What was approved in a month and not let go since, from the ledger of compensations, in the currency most"
            " was given in; whole months. For 100 reports: by the reports received in those days of the period."
        ),
        paid,
    ),
    Plot(
        "paid_causes",
        "learning",
        BARS,
        gettext_lazy("Made good in money, by cause"),
        gettext_lazy("Which fault costs most?"),
        gettext_lazy("As by month, for the problem (or the single report) it was given for. The twenty largest."),
        paid_causes,
    ),
    Plot(
        "actions",
        "learning",
        LINES,
        gettext_lazy("Actions: how they burn down"),
        gettext_lazy("Do we do what we learnt?"),
        gettext_lazy(
            "Corrective and preventive actions of problems you may see, at the end of each week: accepted and not done;"
            " of these past their day; done and not checked yet; found effective. Not narrowed by group."
        ),
        actions,
        drawn=("to_do", "late", "done", "effective"),
    ),
    Plot(
        "ageing",
        "learning",
        BARS,
        gettext_lazy("Actions: how old they are"),
        gettext_lazy("Does anything we decided lie around?"),
        gettext_lazy("Actions that are accepted and not done now, by days since they were accepted. Not narrowed."),
        ageing,
        is_live=True,
    ),
)
