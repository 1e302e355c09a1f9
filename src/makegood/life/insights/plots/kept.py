"""Promises: kept and broken, by kind, by severity, by week, why, and which will break next."""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from makegood.life.insights import reading, scopes, sums, waits
from makegood.life.insights.plots.base import (
    BARS,
    LINES,
    LIST,
    SHARE,
    WORD,
    Asked,
    Behind,
    Cell,
    Column,
    Plot,
    Row,
    Table,
    slot_row,
)
from makegood.life.problems.queries import promises_seen
from makegood.life.promises import kinds, queries
from makegood.life.promises.names import name

SOON = timedelta(hours=4)
MOST_SOON = 50


def kept(asked: Asked) -> Table:
    """By kind of promise."""
    found = reading.days("due", asked.period, asked.scope).whole()
    order = [kind for kind in kinds.KINDS if found.part("kept")[kind] or found.part("broken")[kind]]
    rows = [_row(asked, kind, name(kind), found, ("kept", "broken", "open")) for kind in order]
    return Table(_("Promise"), _columns(), rows, found.count)


def classes(asked: Asked) -> Table:
    """By severity, as the promise was made on."""
    found = reading.days("due", asked.period, asked.scope).whole()
    words = scopes.names("severity")
    rows = []
    for severity, word in words.items():
        good, bad = found.part("kept_class")[severity], found.part("broken_class")[severity]
        behind = [_behind(asked, part, severity) for part in ("kept_class", "broken_class")]
        cells = [Cell(good, behind[0]), Cell(bad, behind[1]), Cell(sums.share(good, good + bad))]
        rows.append(Row(severity, word, cells))
    columns = [one for one in _columns() if one.key != "open"]
    return Table(_("Severity"), columns, rows, found.count)


def weeks(asked: Asked) -> Table:
    slots = asked.period.weeks()
    found = reading.fill(slots, reading.days("due", asked.period, asked.scope))
    rows = []
    for slot, one in zip(slots, found, strict=True):
        good, bad = (sum(one.part(part).values()) for part in ("kept", "broken"))
        news = [sum(one.part(part)[kind] for kind in kinds.NEWS) for part in ("kept", "broken")]
        behind = Behind("due", slot.first, slot.last, "broken", scope=asked.scope)
        cells = [
            Cell(sums.share(good, good + bad)),
            Cell(sums.share(news[0], sum(news))),
            Cell(bad, behind),
            Cell(good + bad),
        ]
        rows.append(slot_row(slot, cells))
    columns = [
        Column("share", _("kept"), SHARE),
        Column("news", _("news on time"), SHARE),
        Column("broken", _("broken")),
        Column("n", _("fell due")),
    ]
    return Table(_("Week"), columns, rows, sum(one.count for one in found))


def reasons(asked: Asked) -> Table:
    found = reading.days("due", asked.period, asked.scope).whole()
    whole = sum(found.part("why").values())
    rows = [
        Row(why, str(words), [Cell(found.part("why")[why], _behind(asked, "why", why))])
        for why, words in waits.WHY.items()
    ]
    return Table(_("When it fell due"), [Column("broken", _("broken"))], rows, whole)


def soon(asked: Asked) -> Table:
    """Now: what falls due within four hours and is not kept yet, of the reports the seeker may see."""
    owed = queries.at_risk(asked.seeker, now=asked.now, within=SOON, besides=promises_seen(asked.seeker))
    owed = owed.filter(due_at__lte=asked.now + SOON)
    if asked.scope:
        owed = owed.filter(report__in=scopes.reports(asked.scope))
    rows = []
    for promise in owed[:MOST_SOON]:
        at = date_format(localtime(promise.due_at), pgettext("date format", "j M, H:i"))
        team = promise.team.name if promise.team else ""
        rows.append(Row(str(promise.report_id or promise.about), "", [Cell(name(promise.kind)), Cell(at), Cell(team)]))
    columns = [Column("kind", _("Promise"), WORD), Column("due", _("Due"), WORD), Column("team", _("Team"), WORD)]
    return Table(_("Report"), columns, rows, owed.count())


def _row(asked: Asked, key: str, label: str, found: reading.Added, parts: tuple[str, ...]) -> Row:
    good, bad, still = (found.part(part)[key] for part in parts)
    behind = [_behind(asked, part, key) for part in parts]
    cells = [Cell(good, behind[0]), Cell(bad, behind[1]), Cell(still, behind[2]), Cell(sums.share(good, good + bad))]
    return Row(key, label, cells)


def _behind(asked: Asked, part: str, value: str) -> Behind:
    return Behind("due", asked.period.first, asked.period.last, part, value, asked.scope)


def _columns() -> list[Column]:
    return [
        Column("kept", _("kept")),
        Column("broken", _("broken")),
        Column("open", _("still owed")),
        Column("share", _("share kept"), SHARE),
    ]


_DEFINITION = gettext_lazy(
    "Promises whose due moment lies in the period. Kept: done by that moment. Broken: done late, taken back late, or"
    " overdue and still owed. Paused ones, those not due yet and those taken back in time are left out. Share kept:"
    " kept of kept and broken."
)
PLOTS = (
    Plot(
        "kept",
        "promises",
        BARS,
        gettext_lazy("Promises kept and broken, by kind"),
        gettext_lazy("Do we do what we say?"),
        _DEFINITION,
        kept,
        drawn=("kept", "broken"),
    ),
    Plot(
        "classes",
        "promises",
        BARS,
        gettext_lazy("Promises kept and broken, by severity"),
        gettext_lazy("Are we on time where it matters most?"),
        gettext_lazy(
            "As by kind; the severity is the one the promise was made on, which may differ from the report's of today."
        ),
        classes,
        drawn=("kept", "broken"),
    ),
    Plot(
        "on_time",
        "promises",
        LINES,
        gettext_lazy("Promises kept, week by week"),
        gettext_lazy("Are we getting better at it?"),
        gettext_lazy(
            "Share kept, as by kind, by the week of the due moment. News on time: the same of those promises only by"
            " which a reporter hears from us (answer, next news, follow-up, the question whether it is solved)."
        ),
        weeks,
        drawn=("share", "news"),
        least=5,
    ),
    Plot(
        "reasons",
        "promises",
        BARS,
        gettext_lazy("Where it was when a promise broke"),
        gettext_lazy("What do we have to change to keep more of them?"),
        gettext_lazy(
            "Each broken promise counts once, under the first of these that was true at its due moment: its report was"
            " among those of a spike that was running; an escalation of it was open; the desk's usual calendar was"
            " closed; none of these."
        ),
        reasons,
    ),
    Plot(
        "soon",
        "flow",
        LIST,
        gettext_lazy("Will break in the next 4 hours"),
        gettext_lazy("What should somebody pick up now?"),
        gettext_lazy("Promises on reports you may see that fall due within 4 hours and are neither kept nor paused."),
        soon,
        is_live=True,
    ),
)
