"""How people felt served, in figures: of everybody asked in a period, how many answered and what they said.

One cohort for everything: whoever was asked in the period, by the facts of that moment. Whoever was asked lately may
still answer. Shares come with Wilson's interval; of fewer than five answers nothing is told, and nothing is told of
persons at all: one answer says more about the day than about whoever picked up the telephone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncMonth, TruncWeek

from makegood.life.aftercare.intervals import Share
from makegood.life.aftercare.models import Csat, Recovery, Survey
from makegood.life.people.models import Agent
from makegood.life.reports import access

CATEGORY, COMPONENT, TEAM, RELEASE, MONTH, WEEK = "category", "component", "team", "release", "month", "week"
BY = (CATEGORY, COMPONENT, TEAM, RELEASE, WEEK, MONTH)
PERIODS = {WEEK: TruncWeek, MONTH: TruncMonth}
SCORE = "report__csat__score"
MOST_ROWS = 200


@dataclass(frozen=True)
class Wanted:
    """Whose answers: asked in [start, end), and of one category, component, team or release where one is named."""

    start: datetime
    end: datetime
    category: int | None = None
    component: int | None = None
    team: int | None = None
    release: str = ""

    def survey_filter(self, prefix: str = "") -> Q:
        """The same as a condition on surveys, or on what they hang on."""
        named = {
            name: value
            for name in (CATEGORY, COMPONENT, TEAM, RELEASE)
            if (value := getattr(self, name)) not in (None, "")
        }
        terms = {"asked_at__gte": self.start, "asked_at__lt": self.end, **named}
        return Q(**{f"{prefix}{name}": value for name, value in terms.items()})


@dataclass(frozen=True)
class Line:
    """Figures of one cell. ``key``: what it is of (an id, a release, a day); None of all, or of none."""

    key: Any
    asked: int
    answered: int
    top: int
    low: int
    effort: float | None = None
    effort_n: int = 0

    @property
    def response(self) -> Share:
        return Share(self.answered, self.asked)

    @property
    def satisfied(self) -> Share:
        """The share of those who gave 4 or 5."""
        return Share(self.top, self.answered)

    @property
    def is_shown(self) -> bool:
        return self.satisfied.is_shown

    @property
    def is_effort_shown(self) -> bool:
        return Share(0, self.effort_n).is_shown


@dataclass(frozen=True)
class Recovered:
    """What became of low scores: called in time, called at all, still owed; and how they feel since."""

    low: int
    opened: int
    in_time: int
    reached: int
    waiting: int
    after: float | None
    after_n: int

    @property
    def share(self) -> Share:
        """Reached within the time promised, of all low scores."""
        return Share(self.in_time, self.low)


def whole(wanted: Wanted) -> Line:
    """All of it in one line."""
    row = Survey.objects.filter(wanted.survey_filter()).aggregate(**_counts())
    return Line(None, **row)


def scores(wanted: Wanted) -> dict[int, int]:
    """Score → how many gave it, 5 first."""
    rows = Csat.objects.filter(wanted.survey_filter("report__survey__")).order_by().values("score")
    found = {row["score"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    return {score: found.get(score, 0) for score in (5, 4, 3, 2, 1)}


def reasons(wanted: Wanted) -> dict[str, tuple[int, int]]:
    """Reason → how often it was named, with a good score and with a low one."""
    rows = Csat.objects.filter(wanted.survey_filter("report__survey__")).exclude(reasons=[])
    found = {name: (0, 0) for name, _words in Csat.REASONS}
    for named, score in rows.values_list("reasons", "score").order_by("-at")[:20_000]:
        for name in named:
            good, bad = found.get(name, (0, 0))
            found[name] = (good + (score in Csat.TOP), bad + (score in Csat.LOW))
    return found


def lines(wanted: Wanted, by: str, *, zone: tzinfo) -> list[Line]:
    """A line a category, component, team, release, week or month; the most answered first, or in the order of time."""
    key: Any = PERIODS[by]("asked_at", tzinfo=zone) if by in PERIODS else F(by)
    rows = Survey.objects.filter(wanted.survey_filter()).order_by().annotate(key=key)
    counted: Any = rows.values("key").annotate(**_counts())
    ordered = counted.order_by("key") if by in PERIODS else counted.order_by("-answered", "-asked", "key")
    return [Line(**row) for row in ordered[:MOST_ROWS]]


def recovered(wanted: Wanted, *, low: int) -> Recovered:
    """What became of the low scores of the cohort."""
    rows = Recovery.objects.filter(wanted.survey_filter("report__survey__"), csat__score__in=Csat.LOW)
    row = rows.aggregate(
        opened=Count("pk"),
        in_time=Count("pk", filter=Q(reached_at__lte=F("due_at"))),
        reached=Count("pk", filter=Q(reached_at__isnull=False)),
        waiting=Count("pk", filter=Q(closed_at=None)),
        after=Avg("score_after"),
        after_n=Count("score_after"),
    )
    return Recovered(low=low, **row)


def answers(seeker: Agent, wanted: Wanted, *, said: bool = False, find: str = "", reason: str = "") -> QuerySet[Csat]:
    """Single answers of reports ``seeker`` may see, newest first.

    ``said``: only those with words. ``reason``: only those about it; the quoted name is looked for in the list as it
    is kept, which both databases can.
    """
    rows = Csat.objects.filter(wanted.survey_filter("report__survey__"), access.on_visible(seeker))
    if said or find:
        rows = rows.exclude(words="")
    if find:
        rows = rows.filter(words__icontains=find)
    if reason:
        rows = rows.annotate(about=Cast("reasons", TextField())).filter(about__contains=f'"{reason}"')
    joined = rows.select_related("report__survey__category", "report__survey__component", "report__survey__team")
    return joined.order_by("-at", "-id")


def releases(wanted: Wanted) -> list[str]:
    """Releases people reported from in the period, for the filter."""
    rows = Survey.objects.filter(asked_at__gte=wanted.start, asked_at__lt=wanted.end).exclude(release="")
    return list(rows.order_by("release").values_list("release", flat=True).distinct()[:MOST_ROWS])


def recoveries_of(rows: Iterable[Csat]) -> dict[int, Recovery]:
    """Csat id → the recovery it asked for."""
    return {row.csat_id: row for row in Recovery.objects.filter(csat__in=[one.pk for one in rows]) if row.csat_id}


def _counts() -> dict[str, Any]:
    return {
        "asked": Count("pk"),
        "answered": Count("report__csat"),
        "top": Count("pk", filter=Q(**{f"{SCORE}__in": Csat.TOP})),
        "low": Count("pk", filter=Q(**{f"{SCORE}__in": Csat.LOW})),
        "effort": Avg("report__csat__effort"),
        "effort_n": Count("report__csat__effort"),
    }
