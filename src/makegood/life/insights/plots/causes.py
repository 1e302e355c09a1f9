"""What kinds of errors, by what door, at what hour; more than usual; one fault behind many reports."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.fixes.models import Release
from makegood.life.insights import reading, scopes, sums
from makegood.life.insights.days import Period, Slot, day_of
from makegood.life.insights.plots.base import (
    BARS,
    COUNT,
    DATE,
    HEAT,
    LINES,
    MATRIX,
    NUMBER,
    PARETO,
    SHARE,
    Asked,
    Behind,
    Cell,
    Column,
    Mark,
    Plot,
    Row,
    Table,
    slot_row,
)
from makegood.life.insights.rolling import zone
from makegood.life.problems import access, spikes
from makegood.life.problems.models import Problem, Surge
from makegood.life.problems.telling_of_surges import name as surge_name

PEOPLE = "people"
MOST = 20
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def _pareto(asked: Asked, group: str, head: str) -> Table:
    """Heaviest first, by reports or by people; the line adds up what is counted."""
    found = reading.by_group("received", asked.period, group)
    if asked.scope.startswith(f"{group}:"):
        found = {key: one for key, one in found.items() if asked.scope == f"{group}:{key}"}
    names = scopes.names(group)
    by_people = asked.by == PEOPLE
    order = sorted(found.items(), key=lambda item: (-_weight(item[1], by_people), -item[1].count, item[0]))
    whole, so_far, rows = sum(_weight(one, by_people) for one in found.values()), 0, []
    for key, one in order:
        so_far += _weight(one, by_people)
        behind = Behind("received", asked.period.first, asked.period.last, scope=f"{group}:{key}")
        cells = [Cell(one.count, behind), Cell(len(one.people), behind), Cell(sums.share(so_far, whole))]
        rows.append(Row(key, names.get(key, key), cells))
    columns = [
        Column("reports", _("reports")),
        Column("people", _("customers")),
        Column("cumulative", _("adds up to"), SHARE),
    ]
    return Table(head, columns, rows, sum(one.count for one in found.values()))


def _weight(one: reading.Added, by_people: bool) -> int:
    return len(one.people) if by_people else one.count


def categories(asked: Asked) -> Table:
    return _pareto(asked, "category", _("Category"))


def components(asked: Asked) -> Table:
    return _pareto(asked, "component", _("Component"))


def channels(asked: Asked) -> Table:
    found = reading.by_group("received", asked.period, "channel", with_parts=False)
    if asked.scope:
        found = _split(asked, "channel")
    whole = sum(one.count for one in found.values())
    rows = []
    for key, word in scopes.names("channel").items():
        count = found[key].count if key in found else 0
        # A second group cannot be named beside the first; the queue can.
        behind = (
            None if asked.scope else Behind("received", asked.period.first, asked.period.last, scope=f"channel:{key}")
        )
        rows.append(Row(key, word, [Cell(count, behind), Cell(sums.share(count, whole))]))
    columns = [Column("reports", _("reports")), Column("share", _("share"), SHARE)]
    return Table(_("Channel"), columns, rows, whole)


def _split(asked: Asked, part: str) -> dict[str, reading.Added]:
    values = reading.days("received", asked.period, asked.scope).whole().part(part)
    return {key: reading.Added(count) for key, count in values.items()}


def _rhythm(asked: Asked, measure: str) -> Table:
    """Weekday by hour, in the desk's zone."""
    days = reading.days(measure, asked.period, asked.scope)
    grid = [[0] * 24 for _day in range(7)]
    for day, (_count, parts) in days.rows.items():
        for hour, count in parts.get("hour", {}).items():
            grid[day.weekday()][int(hour)] += count
    rows = []
    for weekday, counts in enumerate(grid):
        cells = [
            Cell(
                count,
                Behind(measure, asked.period.first, asked.period.last, "hour", str(hour), asked.scope, weekday)
                if count
                else None,
            )
            for hour, count in enumerate(counts)
        ]
        rows.append(Row(str(weekday), str(WEEKDAYS[weekday]), cells))
    columns = [Column(str(hour), f"{hour:02d}") for hour in range(24)]
    return Table(_("Weekday"), columns, rows, sum(map(sum, grid)))


def rhythm_received(asked: Asked) -> Table:
    return _rhythm(asked, "received")


def rhythm_escalated(asked: Asked) -> Table:
    return _rhythm(asked, "escalated")


def rhythm_broken(asked: Asked) -> Table:
    return _rhythm(asked, "due")


def spike(asked: Asked) -> Table:
    """One kind, day by day, against what is usual for that weekday; the kind with most reports unless one is named."""
    scope = asked.scope or _loudest(asked)
    long = Period(asked.period.first - spikes.WEEKS * timedelta(days=7), asked.period.last)
    counts = {day: count for day, (count, _parts) in reading.days("received", long, scope).rows.items()}
    rows, over = [], 0
    for slot in _last_days(asked.period):
        earlier = [counts.get(slot.first - week * timedelta(days=7), 0) for week in range(1, spikes.WEEKS + 1)]
        usual = max(float(median(earlier)), spikes.FLOOR)
        most, count = _highest(usual), counts.get(slot.first, 0)
        over += count > most
        behind = Behind("received", slot.first, slot.last, scope=scope)
        rows.append(slot_row(slot, [Cell(count, behind), Cell(round(usual, 2)), Cell(most)]))
    columns = [
        Column("reports", _("came in")),
        Column("usual", _("usual"), NUMBER),
        Column("most", _("still usual at most"), COUNT),
    ]
    says = [_("Shown: %(name)s.") % {"name": _scope_name(scope)}] if scope else []
    says.append(_("Days above what is usual: %(n)s.") % {"n": over})
    return Table(_("Day"), columns, rows, sum(row.cells[0].value or 0 for row in rows), says, _marks(asked.period))  # type: ignore[misc]


def surges(asked: Asked) -> Table:
    """Every spike that was noticed in the period, with how soon, and who came."""
    begin, end = asked.period.moments(zone())
    found = Surge.objects.filter(began_at__gte=begin, began_at__lt=end)
    rows = []
    for surge in found.select_related("category", "component").order_by("-began_at")[:MOST]:
        day = day_of(surge.began_at, zone())
        group = f"category:{surge.category_id}" if surge.category_id else f"component:{surge.component_id}"
        behind = Behind("surge", day, day, "surge", str(surge.pk), group)
        cells = [
            Cell(day.isoformat()),
            Cell(len(surge.reports), behind),
            Cell(surge.people),
            Cell(round(surge.expected, 2)),
            Cell(_("over") if surge.ended_at else _("running")),
        ]
        rows.append(Row(str(surge.pk), surge_name(surge, asked.seeker.language), cells, day))
    columns = [
        Column("day", _("began"), DATE),
        Column("reports", _("reports")),
        Column("people", _("customers")),
        Column("usual", _("usual in that hour"), NUMBER),
        Column("state", _("state"), "word"),
    ]
    return Table(_("Kind"), columns, rows, len(rows))


def duplicates(asked: Asked) -> Table:
    """Reports a problem: what one cause would have cost as single cases."""
    found = reading.days("received", asked.period, asked.scope).whole().part("problem")
    seen = Problem.objects.filter(pk__in=[int(key) for key in found])
    seen = seen.filter(pk__in=access.visible_problems(asked.seeker).order_by().values("pk"))
    titles = {str(one.pk): f"{one.number} {one.title}" for one in seen}
    rows = []
    for key, count in found.most_common(MOST):
        behind = Behind("received", asked.period.first, asked.period.last, "problem", key, asked.scope)
        rows.append(Row(key, titles.get(key, _("a problem you may not see")), [Cell(count, behind), Cell(count - 1)]))
    joined, problems = sum(found.values()), len(found)
    told = {"reports": joined, "problems": problems, "saved": joined - problems}
    says = [_("%(reports)s reports had %(problems)s causes: %(saved)s did not have to be solved one by one.") % told]
    columns = [Column("reports", _("reports")), Column("saved", _("saved"))]
    return Table(_("Problem"), columns, rows, joined, says)


def _loudest(asked: Asked) -> str:
    """The category that surged last in the period, else the one with most reports."""
    begin, end = asked.period.moments(zone())
    surges_then = Surge.objects.filter(category__isnull=False, began_at__gte=begin, began_at__lt=end)
    last = surges_then.order_by("-began_at").first()
    if last is not None:
        return f"category:{last.category_id}"
    found = reading.by_group("received", asked.period, "category", with_parts=False)
    key = max(found, key=lambda one: (found[one].count, one), default="")
    return f"category:{key}" if key else ""


def _scope_name(scope: str) -> str:
    group, _colon, key = scope.partition(":")
    return scopes.names(group).get(key, key)


def _last_days(period: Period) -> list[Slot]:
    days = period.days()
    return days[-120:]


def _highest(usual: float) -> int:
    """The highest count that chance still explains: one more would be a spike."""
    count = int(usual)
    while spikes.tail(count + 1, usual) >= spikes.LIMIT:
        count += 1
    return max(count, spikes.LEAST - 1)


def _marks(period: Period) -> list[Mark]:
    """Releases whose day lies in the period."""
    begin, end = period.moments(zone())
    found = Release.objects.filter(at__gte=begin, at__lt=end).order_by("at")[:40]
    return [Mark(day_of(one.at, zone()), one.version) for one in found]


_USUAL = gettext_lazy(
    "Usual: the median of the same weekday in the eight weeks before, at least one in sixteen. Still usual at most: the"
    " highest count that chance explains (Poisson, one in a thousand), at least 2. Marked: releases told by your"
    " repositories. Alarms do not wait for the day: see “Spikes that were noticed”."
)
PLOTS = (
    Plot(
        "spike",
        "causes",
        LINES,
        gettext_lazy("More than usual?"),
        gettext_lazy("Is something breaking, and since which release?"),
        _USUAL,
        spike,
        drawn=("reports", "usual", "most"),
        least=3,
    ),
    Plot(
        "surges",
        "causes",
        MATRIX,
        gettext_lazy("Spikes that were noticed"),
        gettext_lazy("What came in waves, and who was told?"),
        gettext_lazy(
            "Looked for every minute: reports of one category or component in the last hour against the same hour of"
            " the week in the eight weeks before. A spike has at least 3 reports of 3 customers and a chance below one"
            " in a thousand (Poisson). Whoever leads its team, else every lead, is mailed at once with the reports."
        ),
        surges,
    ),
    Plot(
        "categories",
        "causes",
        PARETO,
        gettext_lazy("Which kinds of errors hit most"),
        gettext_lazy("Where would one fix help most people?"),
        gettext_lazy(
            "Reports received in the period by the category they have now; customers are counted once a category,"
            " however often they wrote. The line adds up whichever of the two is chosen, heaviest first."
        ),
        categories,
    ),
    Plot(
        "components",
        "causes",
        PARETO,
        gettext_lazy("Which parts of the product hit most"),
        gettext_lazy("Which team should stop and repair?"),
        gettext_lazy("As by category, for the component the report has now."),
        components,
    ),
    Plot(
        "channels",
        "causes",
        BARS,
        gettext_lazy("How reports reach us"),
        gettext_lazy("Which doors do people use?"),
        gettext_lazy("Reports received in the period by the channel they came by."),
        channels,
    ),
    Plot(
        "duplicates",
        "causes",
        BARS,
        gettext_lazy("Reports with one cause"),
        gettext_lazy("How much work did joining save?"),
        gettext_lazy(
            "Reports received in the period that belong to a problem now, by problem. Saved: reports less one for each"
            " problem. The twenty largest are shown; the sentence counts all."
        ),
        duplicates,
    ),
    Plot(
        "rhythm_received",
        "load",
        HEAT,
        gettext_lazy("When reports come in"),
        gettext_lazy("When do we need to be there?"),
        gettext_lazy("Reports received in the period by weekday and hour of receipt, in the desk's zone."),
        rhythm_received,
        least=10,
    ),
    Plot(
        "rhythm_escalated",
        "load",
        HEAT,
        gettext_lazy("When we escalate"),
        gettext_lazy("When does the technical side need to be there?"),
        gettext_lazy("Escalations made in the period by weekday and hour, in the desk's zone."),
        rhythm_escalated,
        least=10,
    ),
    Plot(
        "rhythm_broken",
        "load",
        HEAT,
        gettext_lazy("When promises break"),
        gettext_lazy("At which hours are we too few?"),
        gettext_lazy("Promises that broke, by weekday and hour of their due moment, in the desk's zone."),
        rhythm_broken,
        least=10,
    ),
)
