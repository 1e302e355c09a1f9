"""What a review is about, as plain data: figures of its days and of the days before, kept whole when it is signed.

Words of people are not copied: reports, ratings and problems are named by number and looked up when they are shown, so
that what is redacted or erased later is gone from signed reviews too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import override

from makegood.life.aftercare.models import Csat
from makegood.life.insights import changes, reading, sums, waits
from makegood.life.insights.days import ONE, Period, day_of
from makegood.life.insights.models import Improvement, Review
from makegood.life.insights.plots import outcome
from makegood.life.insights.plots.base import Asked
from makegood.life.insights.rolling import zone
from makegood.life.learning.models import Recurrence
from makegood.life.people.models import Agent
from makegood.life.problems.models import Surge
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.rca import queries as burning
from makegood.life.rca.access import visible_actions
from makegood.life.reports.models import Category

MOST = 10
Plain = dict[str, Any]


def of(review: Review, seeker: Agent, *, now: datetime) -> Plain:
    """The figures as signed, else as they are now."""
    return review.figures if review.figures is not None else figures(review, seeker, now=now)


def figures(review: Review, seeker: Agent, *, now: datetime) -> Plain:
    """Everything a review shows, from the tallies and the rows."""
    period = Period(review.first, review.last)
    before = period.before()
    return {
        "as_of": now.isoformat(),
        "before": {"first": str(before.first), "last": str(before.last)},
        "came": _pair("received", period),
        "closed": _pair("closed", period),
        "open": _open_at_end(period),
        "kinds": _kinds(period),
        "surges": _surges(period),
        "kept": _kept(period),
        "reasons": dict(reading.days("due", period).whole().part("why")),
        "broken": _broken(period, now),
        "durations": {measure: _duration(measure, period) for measure in ("answered", "solved")},
        "reopened": [_reopened(period), _reopened(before)],
        "came_back": _came_back(period),
        "rated": [_rated(period), _rated(before)],
        "verbatims": [one.pk for one in outcome.verbatims(Asked(period, seeker, now), most=MOST)],
        "late": [_improvement(one) for one in late_improvements(now)] + _late_actions(seeker, now),
        "decided": [_improvement(one) for one in review.improvements.order_by("due_on", "id")],
        "changes": _changes(Asked(period, seeker, now)),
    }


def late_improvements(now: datetime) -> list[Improvement]:
    """What was decided in any review, is overdue and neither done nor dropped; the longest overdue first."""
    rows = Improvement.objects.filter(state=Improvement.OPEN, due_on__lt=day_of(now, zone()))
    return list(rows.select_related("review").order_by("due_on", "id")[:50])


def _pair(measure: str, period: Period) -> list[int]:
    """[of the period, of the one before]."""
    return [reading.days(measure, one).whole().count for one in (period, period.before())]


def _open_at_end(period: Period) -> list[int]:
    ends = [one.last + ONE for one in (period, period.before())]
    return [reading.count_until("received", end) - reading.count_until("closed", end) for end in ends]


def _kinds(period: Period) -> list[Plain]:
    """The categories with most reports, with their names as they are now."""
    now, before = (reading.by_group("received", one, "category", with_parts=False) for one in (period, period.before()))
    order = sorted(now, key=lambda key: (-now[key].count, key))[:MOST]
    names = dict(Category.objects.filter(pk__in=[int(key) for key in order]).values_list("pk", "names"))
    return [
        {
            "names": names.get(int(key), {}),
            "now": now[key].count,
            "before": before[key].count if key in before else 0,
        }
        for key in order
    ]


def _surges(period: Period) -> list[Plain]:
    begin, end = period.moments(zone())
    found = Surge.objects.filter(began_at__gte=begin, began_at__lt=end).select_related("category", "component")
    return [
        {
            "names": one.category.names if one.category else {"en": one.component.name if one.component else ""},
            "at": one.began_at.isoformat(),
            "reports": one.reports[:MOST],
            "count": len(one.reports),
        }
        for one in found.order_by("began_at")[:MOST]
    ]


def _kept(period: Period) -> list[Plain]:
    now, before = (reading.days("due", one).whole() for one in (period, period.before()))
    rows = [
        {
            "kind": kind,
            "kept": now.part("kept")[kind],
            "broken": now.part("broken")[kind],
            "before": [before.part("kept")[kind], before.part("broken")[kind]],
        }
        for kind in kinds.KINDS
    ]
    return [row for row in rows if row["kept"] or row["broken"] or row["before"] != [0, 0]]


def _broken(period: Period, now: datetime) -> list[Plain]:
    """Broken promises that were worst: severity first, then how late."""
    begin, end = period.moments(zone())
    late = Q(broken_at__isnull=False) | Q(state=Promise.OPEN, due_at__lte=now)
    rows = Promise.objects.filter(late, due_at__gte=begin, due_at__lt=end, report__isnull=False)
    ranked = rows.order_by(F("report__severity_rank"), "due_at", "pk").values_list(
        "pk", "report_id", "kind", "due_at", "kept_at", "withdrawn_at", "severity"
    )[: 3 * MOST]
    found = list(ranked)
    why = waits.who_had_it({row[0]: row[3] for row in found}, {row[0]: row[1] for row in found})
    return [
        {
            "report": report,
            "kind": kind,
            "due": due.isoformat(),
            "late": int(((kept or gone or now) - due).total_seconds() // 60),
            "open": kept is None and gone is None,
            "severity": severity,
            "why": why[pk],
        }
        for pk, report, kind, due, kept, gone, severity in found[:MOST]
    ]


def _duration(measure: str, period: Period) -> Plain:
    now, before = (reading.days(measure, one).whole().spread() for one in (period, period.before()))
    return {
        "p50": sums.quantile(now, 0.5),
        "p90": sums.quantile(now, 0.9),
        "n": sum(now.values()),
        "before": sums.quantile(before, 0.5),
    }


def _reopened(period: Period) -> list[int]:
    found = reading.days("resolved", period).whole()
    return [found.part("reopened")["yes"], found.count]


def _came_back(period: Period) -> list[Plain]:
    """Problems that came back, with the report that told us."""
    begin, end = period.moments(zone())
    states = (Recurrence.CAME_BACK, Recurrence.CONFIRMED)
    rows = Recurrence.objects.filter(at__gte=begin, at__lt=end, state__in=states).order_by("at")
    found: dict[int, Plain] = {}
    for problem, report, at in rows.values_list("problem_id", "report_id", "at"):
        found.setdefault(problem, {"problem": problem, "report": report, "at": at.isoformat()})
    return list(found.values())[:MOST]


def _rated(period: Period) -> Plain:
    rated, asked = (reading.days(measure, period).whole() for measure in ("rated", "asked"))
    good = sum(rated.part("score")[str(score)] for score in Csat.TOP)
    return {"good": good, "n": rated.count, "asked": asked.count, "answered": asked.part("rated")["yes"]}


def _late_actions(seeker: Agent, now: datetime) -> list[Plain]:
    """Actions past their day, as improvements are told; the longest overdue first."""
    rows = (
        visible_actions(seeker).filter(burning.late(now)).select_related("owner", "promise").order_by("promise__due_at")
    )
    return [
        {
            "id": 0,
            "action": one.pk,
            "words": f"{one.number} {one.title}",
            "owner": one.owner.name if one.owner else "",
            "due_on": str(day_of(one.promise.due_at if one.promise else now, zone())),
            "state": one.state,
        }
        for one in rows[:50]
    ]


def _improvement(one: Improvement) -> Plain:
    return {"id": one.pk, "words": one.words, "owner": one.owner_name, "due_on": str(one.due_on), "state": one.state}


def _changes(asked: Asked) -> Plain:
    """What changed, in every language we speak: the sentences are part of what is signed."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = [{"words": one.words, "tone": one.tone} for one in changes.sentences(asked)]
    return found
