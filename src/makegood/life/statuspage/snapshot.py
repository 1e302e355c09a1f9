"""All that the public may read at one moment: names, states, public words, moments; in a fixed number of queries.

Whatever shows the page (HTML, JSON, feeds, badge, the copy on disk) is made of this and nothing else, so that live page
and copy are one, and nothing internal can get there: there is no row of ours in it, only plain values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from makegood.life.problems.models import about
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.rca import states as rca_states
from makegood.life.rca.models import Rca
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import history, standing, steps
from makegood.life.statuspage.models import Affected, Notice, PublicComponent, StateChange, Update

# So long what is over is on the first page.
RECENT = timedelta(days=14)
MOST = 100
MOST_NAMED = 3


@dataclass(frozen=True)
class Told:
    """One update. ``step``: its state as it is said (``standing.STEPS``). ``components``: key, state now, before."""

    key: str
    kind: str
    state: str
    step: str
    texts: dict[str, str]
    at: datetime
    components: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Promised:
    """The next news: by when, how its ring is drawn, and the part of the time left, in eighths."""

    at: datetime
    ring: str
    share: float


@dataclass(frozen=True)
class Shown:
    """One notice. ``updates``: newest first. ``components``: key → what it says of it. ``learnt``: the outward part of
    its published analysis."""

    key: str
    kind: str
    titles: dict[str, str]
    state: str
    step: str
    impact: str
    began_at: datetime
    until: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    made_at: datetime
    updated_at: datetime
    components: dict[str, str]
    updates: tuple[Told, ...]
    promised: Promised | None = None
    learnt: dict[str, str] = field(default_factory=dict)

    @property
    def is_trouble(self) -> bool:
        return self.kind == Notice.TROUBLE

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


@dataclass(frozen=True)
class Part:
    """One component: names and heading per language, its state and since when, its last ninety days."""

    key: str
    names: dict[str, str]
    groups: dict[str, str]
    position: int
    state: str
    since: datetime
    made_at: datetime
    days: tuple[history.Day, ...] = ()
    free_of_outages: float | None = None


@dataclass(frozen=True)
class Snapshot:
    """The page at ``at``. ``recent``: what is over, of the last two weeks."""

    at: datetime
    indicator: str
    parts: tuple[Part, ...]
    troubles: tuple[Shown, ...]
    under_way: tuple[Shown, ...]
    planned: tuple[Shown, ...]
    recent: tuple[Shown, ...]
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def updated_at(self) -> datetime:
        """When anything last changed."""
        notices = (*self.troubles, *self.under_way, *self.planned, *self.recent)
        moments = [*(one.updated_at for one in notices), *(part.since for part in self.parts)]
        return max(moments, default=datetime(2000, 1, 1, tzinfo=UTC))


def take(now: datetime, *, with_days: bool = True) -> Snapshot:
    """The page as it is at ``now``."""
    parts = _parts(now, with_days=with_days)
    still = Q(ended_at=None) | Q(ended_at__gte=now - RECENT)
    shown = read(visible().filter(still).order_by("-began_at", "-pk")[:MOST], now)
    troubles = tuple(one for one in shown if one.is_trouble and not one.is_over)
    work = [one for one in shown if not one.is_trouble and not one.is_over]
    return Snapshot(
        at=now,
        indicator=standing.indicator([part.state for part in parts], [one.impact for one in troubles]),
        parts=parts,
        troubles=troubles,
        under_way=tuple(one for one in work if one.state in standing.UNDER_WAY),
        planned=tuple(sorted((one for one in work if one.state == standing.SCHEDULED), key=lambda one: one.began_at)),
        recent=tuple(one for one in shown if one.is_over),
        names={part.key: part.names for part in parts},
    )


def visible() -> QuerySet[Notice]:
    """Notices the public may see now. Whether a problem still is public is asked of the problem itself: what was taken
    back, or is protected, is gone at once, before anything has followed from it.
    """
    public = Q(problem__is_public=True, problem__merged_into=None) | Q(ended_at__isnull=False)
    return Notice.objects.filter(Q(problem=None) | (public & Q(problem__is_protected=False)), is_shown=True)


def one(key: str, kind: str, now: datetime) -> Shown | None:
    """The notice at that permanent address."""
    found = read(visible().filter(key=key, kind=kind), now)
    return found[0] if found else None


def moved(key: str = "") -> dict[str, str]:
    """Troubles that went on as another, because their problem was public when it was merged into one that is: old key →
    the key that goes on. ``key``: look for this one alone. Three queries, and one where nothing was merged."""
    merged = Notice.objects.filter(problem__merged_into__isnull=False, problem__is_protected=False)
    rows = merged.filter(key=key) if key else merged.order_by("-pk")[: 5 * MOST]
    gone = {old: (about(one), into) for old, one, into in rows.values_list("key", "problem", "problem__merged_into")}
    if not gone:
        return {}
    there = visible().filter(kind=Notice.TROUBLE, problem__in={into for _one, into in gone.values()})
    goes_on = dict(there.values_list("problem", "key"))
    told = LedgerEntry.objects.filter(kind="problem.merged", about__in=[one for one, _into in gone.values()])
    was_public = {one: data.get("was_public") for one, data in told.order_by("pk").values_list("about", "data")}
    return {old: goes_on[into] for old, (one, into) in gone.items() if was_public.get(one) and into in goes_on}


def month(first: date, now: datetime) -> list[Shown]:
    """What began in the month that ``first`` begins, newest first, in the desk's zone."""
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    begins, ends = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, next_month(first)))
    rows = visible().filter(began_at__gte=begins, began_at__lt=ends, began_at__lte=now).order_by("-began_at", "-pk")
    return read(rows[:MOST], now)


def first_month(now: datetime) -> date:
    """The month in which anything was told first, at most five years ago."""
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    found = visible().order_by("began_at").values_list("began_at", flat=True).first()
    local = (min(found, now) if found else now).astimezone(zone).date()
    return max(local.replace(day=1), now.astimezone(zone).date().replace(day=1) - timedelta(days=5 * 365))


def next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def every(now: datetime) -> list[Shown]:
    """Every notice with a page of its own, newest first, as many as a copy holds."""
    return read(visible().order_by("-began_at", "-pk")[: 5 * MOST], now)


def trouble_titles() -> list[dict[str, str]]:
    """The titles of what is open now, newest first: what the report form says we know of."""
    rows = visible().filter(kind=Notice.TROUBLE, ended_at=None).order_by("-began_at", "-pk")
    return [dict(titles) for titles in rows.values_list("titles", flat=True)[:MOST_NAMED]]


def names() -> dict[str, dict[str, str]]:
    """Component key → its public names, also of those no longer shown, which old notices still name."""
    rows = PublicComponent.objects.all().values_list("key", "names")
    return {key: found for key, found in rows if found}


def read(rows: QuerySet[Notice], now: datetime) -> list[Shown]:
    """Notices as plain values, with their updates and what they say of components: six queries."""
    told = Update.objects.order_by("-at", "-pk")
    hit = Affected.objects.select_related("component").order_by("component__position", "component__pk")
    found = list(rows.select_related("problem").prefetch_related(Prefetch("updates", told), Prefetch("affected", hit)))
    owed = _owed([one for one in found if one.is_trouble and not one.is_over])
    learnt = _learnt([one.problem_id for one in found if one.problem_id and one.is_over])
    said = steps.of([update for one in found for update in one.updates.all()])
    return [_shown(one, owed.get(one.problem_id or 0), learnt.get(one.problem_id or 0, {}), said, now) for one in found]


def _learnt(keys: list[int]) -> dict[int, dict[str, str]]:
    """Problem → what its latest published analysis says to the public."""
    rows = Rca.objects.filter(problem__in=keys, state=rca_states.PUBLISHED).order_by("published_at", "id")
    return {problem: dict(texts) for problem, texts in rows.values_list("problem_id", "public_texts")} if keys else {}


def _owed(troubles: Iterable[Notice]) -> dict[int, Promise]:
    by_about = {about(one.problem_id or 0): one.problem_id or 0 for one in troubles}
    if not by_about:
        return {}
    rows = Promise.objects.filter(about__in=list(by_about), kind=kinds.PUBLIC_NEWS, state__in=Promise.PENDING)
    return {by_about[promise.about]: promise for promise in rows.order_by("-due_at", "-pk")}


def _shown(
    notice: Notice, promise: Promise | None, learnt: dict[str, str], said: dict[int, str], now: datetime
) -> Shown:
    return Shown(
        key=notice.key,
        kind=notice.kind,
        titles=dict(notice.titles),
        state=notice.state,
        step=steps.now(notice),
        impact=notice.impact,
        began_at=notice.began_at,
        until=notice.until,
        started_at=notice.started_at,
        ended_at=notice.ended_at,
        made_at=notice.made_at,
        updated_at=notice.updated_at,
        components={one.component.key: one.state for one in notice.affected.all() if one.component.is_shown},
        updates=tuple(_told(update, said[update.pk]) for update in notice.updates.all()),
        promised=_promised(promise, now) if promise else None,
        learnt=learnt,
    )


def _told(update: Update, step: str) -> Told:
    said = tuple((one["key"], one["state"], one["before"]) for one in update.components)
    return Told(update.key, update.kind, update.state, step, dict(update.texts), update.at, said)


def _promised(promise: Promise, now: datetime) -> Promised:
    """In eighths, so that a copy does not change with every minute."""
    return Promised(promise.due_at, promise.ring(now), round(8 * (1 - promise.share_used(now))) / 8)


def _parts(now: datetime, *, with_days: bool) -> tuple[Part, ...]:
    shown = list(PublicComponent.objects.filter(is_shown=True, component__is_active=True))
    changes = _changes([one.pk for one in shown], now) if with_days else {}
    return tuple(_part(one, changes.get(one.pk, []), now) for one in shown)


def _part(component: PublicComponent, changes: list[history.Change], now: datetime) -> Part:
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    days = history.days(changes, now=now, zone=zone) if changes else []
    return Part(
        key=component.key,
        names=dict(component.names),
        groups=dict(component.groups),
        position=component.position,
        state=component.state,
        since=component.since,
        made_at=component.made_at,
        days=tuple(days),
        free_of_outages=history.free_of_outages(days, changes, now=now, zone=zone),
    )


def _changes(keys: list[int], now: datetime) -> dict[int, list[history.Change]]:
    """Changes of the window, and for each component the last one before it: two queries."""
    begins = now - timedelta(days=history.DAYS + 1)
    found: dict[int, list[history.Change]] = {}
    rows = StateChange.objects.filter(component__in=keys)
    earlier = StateChange.objects.filter(component=OuterRef("pk"), at__lt=begins).order_by("-at", "-pk")
    before = PublicComponent.objects.filter(pk__in=keys).annotate(
        last_at=Subquery(earlier.values("at")[:1]), last_state=Subquery(earlier.values("state")[:1])
    )
    for component, at, state in before.values_list("pk", "last_at", "last_state"):
        if at is not None:
            found[component] = [(at, state)]
    within = rows.filter(at__gte=begins, at__lte=now).order_by("at", "pk")
    for component, at, state in within.values_list("component_id", "at", "state"):
        found.setdefault(component, []).append((at, state))
    return found
