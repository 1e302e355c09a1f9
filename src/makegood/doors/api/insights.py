"""Insights: every plot's figures with its definition, as the console shows them. Figures only, never by person."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import problems
from makegood.doors.api.area import Area, caller
from makegood.doors.api.paging import Listed
from makegood.life.insights import scopes
from makegood.life.insights.days import Period
from makegood.life.insights.plots import PLOTS, Asked, Plot
from makegood.life.insights.rolling import zone
from makegood.life.reports.access import NotFound

area = Area("Insights", "Figures of the desk by day and week, with what exactly is counted.")
LONGEST = 3 * 366


class PlotOut(BaseModel):
    """A plot: its question and what exactly is counted, as ``version`` of the definition."""

    slug: str
    title: str
    question: str
    definition: str
    version: int
    is_live: Annotated[bool, Field(description="As it is now, whatever days are asked for.")]


class ColumnOut(BaseModel):
    key: str
    title: str
    kind: Annotated[
        Literal["count", "minutes", "share", "number", "money", "word", "date"],
        Field(description="`share` is 0 to 1, `minutes` are on the clock on the wall, `money` is in whole units."),
    ]


class FigureRow(BaseModel):
    """``values`` stand in the order of the columns; null where there is nothing to say."""

    key: str
    label: str
    values: list[int | float | str | None]


class FiguresOut(PlotOut):
    first: date
    last: date
    zone: Annotated[str, Field(description="The zone in which days begin.")]
    only: str
    n: Annotated[int, Field(description="How many facts the figures rest on.")]
    is_thin: Annotated[bool, Field(description="Too few to say anything; the console shows no drawing.")]
    columns: list[ColumnOut]
    rows: list[FigureRow]
    says: list[str]


class Days(BaseModel):
    first: Annotated[date, Field(alias="from", description="The first day, in the desk's zone.")]
    last: Annotated[date, Field(alias="to", description="The last day, included.")]
    only: Annotated[
        str, Field(max_length=100, description="One group, such as `category:server-error` or `severity:high`.")
    ] = ""
    by: Annotated[Literal["reports", "people"], Field(description="What a Pareto adds up.")] = "reports"


@area.get("/insights", scope="insights:read", action="insights.view", ok=Listed[PlotOut])
def list_plots(request: HttpRequest) -> Any:
    """List every plot there is, with its definition."""
    return Listed[PlotOut](items=[PlotOut(**_of(plot)) for plot in PLOTS.values()], next=None)


@area.get("/insights/{slug}", scope="insights:read", action="insights.view", ok=FiguresOut)
def read_plot(request: HttpRequest, slug: str, days: Query[Days]) -> Any:
    """Read the figures of a plot for some days."""
    who, plot = caller(request), PLOTS.get(slug)
    if plot is None:
        raise NotFound(slug)
    period = Period(days.first, days.last)
    if not 0 < period.length <= LONGEST or not 2000 <= period.first.year <= period.last.year <= 2200:
        raise problems.invalid("query/to", "Not before `from`, and at most three years.")
    scope = _scope(days.only)
    by = "people" if days.by == "people" else ""
    table = plot.work(Asked(period, who.agent, who.now, scope, by))
    return FiguresOut(
        **_of(plot),
        first=period.first,
        last=period.last,
        zone=str(zone()),
        only=days.only,
        n=table.n,
        is_thin=table.n < plot.least,
        columns=[ColumnOut(key=one.key, title=str(one.title), kind=one.kind) for one in table.columns],  # type: ignore[arg-type]
        rows=[FigureRow(key=row.key, label=row.label, values=[c.value for c in row.cells]) for row in table.rows],
        says=table.says,
    )


def _of(plot: Plot) -> dict[str, Any]:
    words = {name: str(getattr(plot, name)) for name in ("title", "question", "definition")}
    return {"slug": plot.slug, "version": plot.version, "is_live": plot.is_live, **words}


def _scope(only: str) -> str:
    """``category:server-error`` as ``category:3``. Raises Problem."""
    if not only:
        return ""
    group, _colon, slug = only.partition(":")
    keys = scopes.slugs(group) if group in scopes.NAMES else {}
    key = next((key for key, known in keys.items() if known == slug), "")
    if not key:
        raise problems.invalid("query/only", "There is no such group.")
    return f"{group}:{key}"
