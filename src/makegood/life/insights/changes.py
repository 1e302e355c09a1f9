"""What changed against the period before, in plain sentences. Deterministic: a change is told only past a threshold.

A figure is told as changed when chance alone does not explain the step (19 in 20) and it is a step worth a sentence:
a fifth of a count or a duration, five points of a share. That nothing changed is a sentence too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.life.insights import reading, scopes, sums
from makegood.life.insights.days import ONE, Period
from makegood.life.insights.models import Tally
from makegood.life.insights.plots.base import Asked
from makegood.life.insights.rolling import zone
from makegood.life.learning.models import Recurrence
from makegood.life.problems.models import Surge

BETTER, WORSE, OTHER, SAME = "better", "worse", "other", "same"
MOST_GROUPS = 3
LEAST_DURATIONS = 10


@dataclass(frozen=True)
class Change:
    """``tone``: better, worse, other (neither), same (nothing changed). ``page``: where its plot is."""

    words: str
    tone: str
    page: str = "flow"


def of_the_week(asked: Asked) -> list[Change]:
    """The last seven days of the period against the seven before them."""
    last = asked.period.last
    return sentences(replace(asked, period=Period(last - 6 * ONE, last)))


def sentences(asked: Asked) -> list[Change]:
    """What changed against the period before, worst first; one sentence at least."""
    first = Tally.objects.filter(measure="received", group="").aggregate(first=Min("day"))["first"]
    if first is None or first > asked.period.before().first:
        return [Change(_("There is nothing to compare with yet: we have not been counting for so long."), SAME)]
    found = [
        *_counts(asked),
        *_kept(asked),
        *_durations(asked),
        *_kinds(asked),
        *_reopened(asked),
        *_content(asked),
        *_came_back(asked),
        *_surges(asked),
    ]
    order = (WORSE, OTHER, BETTER)
    told = sorted((one for one in found if one.tone != SAME), key=lambda one: order.index(one.tone))
    return told or [Change(_("Nothing changed that chance does not explain."), SAME)]


def _both(asked: Asked, measure: str) -> tuple[reading.Added, reading.Added]:
    now, before = asked.period, asked.period.before()
    return (
        reading.days(measure, now, asked.scope).whole(),
        reading.days(measure, before, asked.scope).whole(),
    )


def _counts(asked: Asked) -> Iterator[Change]:
    now, before = _both(asked, "received")
    if sums.counts_differ(now.count, before.count):
        told = {"now": now.count, "before": before.count}
        if now.count > before.count:
            yield Change(_("More reports came in: %(now)s, after %(before)s in the period before.") % told, WORSE)
        else:
            yield Change(_("Fewer reports came in: %(now)s, after %(before)s in the period before.") % told, BETTER)
    out, out_before = _both(asked, "closed")
    if _outgrew(now.count, out.count) and not _outgrew(before.count, out_before.count):
        told = {"came": now.count, "closed": out.count}
        yield Change(_("More came in than was closed: %(came)s against %(closed)s.") % told, WORSE)


def _outgrew(came: int, closed: int) -> bool:
    return came > closed and sums.counts_differ(came, closed)


def _kept(asked: Asked) -> Iterator[Change]:
    now, before = (_share(one, "kept", "broken") for one in _both(asked, "due"))
    if not sums.shares_differ(now, before):
        return
    told = {"now": _percent(now), "before": _percent(before)}
    if now[0] / now[1] > before[0] / before[1]:
        yield Change(_("We kept more of our promises: %(now)s, after %(before)s.") % told, BETTER, "promises")
    else:
        yield Change(_("We kept fewer of our promises: %(now)s, after %(before)s.") % told, WORSE, "promises")


def _durations(asked: Asked) -> Iterator[Change]:
    yield from _duration(asked, "answered", _("The first answer took longer"), _("The first answer came sooner"))
    yield from _duration(asked, "solved", _("The solution took longer"), _("The solution came sooner"))


def _duration(asked: Asked, measure: str, longer: str, sooner: str) -> Iterator[Change]:
    now, before = (one.spread() for one in _both(asked, measure))
    if min(sum(now.values()), sum(before.values())) < LEAST_DURATIONS:
        return
    half, half_before = sums.quantile(now, 0.5) or 0, sums.quantile(before, 0.5) or 0
    if not sums.medians_differ(now, before):
        return
    told = {"now": hours(half), "before": hours(half_before)}
    words = _(": half within %(now)s, before it was %(before)s.") % told
    yield Change(longer + words, WORSE) if half > half_before else Change(sooner + words, BETTER)


def _kinds(asked: Asked) -> Iterator[Change]:
    """The categories that grew or shrank most."""
    now = reading.by_group("received", asked.period, "category", with_parts=False)
    before = reading.by_group("received", asked.period.before(), "category", with_parts=False)
    if asked.scope:
        return
    moved = []
    for key in {*now, *before}:
        counts = tuple(found[key].count if key in found else 0 for found in (now, before))
        if sums.counts_differ(*counts):
            moved.append((abs(counts[0] - counts[1]), key, counts))
    names = scopes.names("category")
    for _by, key, (count, count_before) in sorted(moved, reverse=True)[:MOST_GROUPS]:
        told = {"name": names.get(key, key), "now": count, "before": count_before}
        words = _("“%(name)s”: %(now)s reports, after %(before)s.") % told
        yield Change(words, WORSE if count > count_before else BETTER, "causes")


def _reopened(asked: Asked) -> Iterator[Change]:
    pairs = [(one.part("reopened")["yes"], one.count) for one in _both(asked, "resolved")]
    now, before = pairs
    if not sums.shares_differ(now, before):
        return
    told = {"now": _percent(now), "before": _percent(before)}
    if now[0] / now[1] > before[0] / before[1]:
        yield Change(_("More solved reports were opened again: %(now)s, after %(before)s.") % told, WORSE, "outcome")
    else:
        yield Change(_("Fewer solved reports were opened again: %(now)s, after %(before)s.") % told, BETTER, "outcome")


def _content(asked: Asked) -> Iterator[Change]:
    now, before = ((one.part("score")["4"] + one.part("score")["5"], one.count) for one in _both(asked, "rated"))
    if not sums.shares_differ(now, before):
        return
    told = {"now": _percent(now), "before": _percent(before)}
    if now[0] / now[1] > before[0] / before[1]:
        yield Change(_("More people were content with us: %(now)s, after %(before)s.") % told, BETTER, "outcome")
    else:
        yield Change(_("Fewer people were content with us: %(now)s, after %(before)s.") % told, WORSE, "outcome")


def _came_back(asked: Asked) -> Iterator[Change]:
    """Facts of their own weight: told whenever there are any."""
    begin, end = asked.period.moments(zone())
    states = (Recurrence.CAME_BACK, Recurrence.CONFIRMED)
    rows = Recurrence.objects.filter(at__gte=begin, at__lt=end, state__in=states)
    if count := rows.values("problem").distinct().count():
        words = ngettext(
            "%(n)s problem came back after its fix.", "%(n)s problems came back after their fix.", count
        ) % {"n": count}
        yield Change(words, WORSE, "outcome")


def _surges(asked: Asked) -> Iterator[Change]:
    begin, end = asked.period.moments(zone())
    if count := Surge.objects.filter(began_at__gte=begin, began_at__lt=end).count():
        words = ngettext(
            "One kind of error came in a wave.", "%(n)s times one kind of error came in a wave.", count
        ) % {"n": count}
        yield Change(words, OTHER, "causes")


def _share(one: reading.Added, good: str, bad: str) -> tuple[int, int]:
    hits = sum(one.part(good).values())
    return hits, hits + sum(one.part(bad).values())


def _percent(pair: tuple[int, int]) -> str:
    return _("%(n)s %%") % {"n": round(100 * pair[0] / pair[1])}


def hours(minutes: int) -> str:
    """A duration in the largest unit that keeps it readable."""
    if minutes < 120:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 2880:
        return _("%(n)s h") % {"n": round(minutes / 60)}
    return _("%(d)s d") % {"d": round(minutes / 1440)}
