"""What the clock does: events counted by day, facts on the articles brought up to date, reviews promised, old events
forgotten. Everything is worked out anew from rows, so it may run late, twice, or be begun again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from makegood.life.fixes.models import Release
from makegood.life.knowledge import reviewing, states
from makegood.life.knowledge.models import Article, ArticleDraft, Day, Use, Visit
from makegood.life.people.actors import SYSTEM
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.reports.models import LedgerEntry

EVERY, PLAN_EVERY, FORGET_EVERY = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6)
KEPT = timedelta(days=90)
A_DAY = timedelta(days=1)
# A visit is judged a day after help was shown, so the days before yesterday are settled.
OPEN_DAYS = 3
# So long before it is due a review is promised; what falls due sooner moves the promise by no less than this.
PROMISED_BEFORE, WORTH_MOVING = timedelta(days=14), timedelta(days=2)
DRAFTS_KEPT = timedelta(days=60)
_SLICE = 500
_MOST_RELEASES = 500
_JUDGED = ("review_at", "review_why", "archive_suggested", "not_helped_since_review")
_COLUMN = {
    Use.SHOWN: "shown",
    Use.READ: "read",
    Use.HELPED: "helped",
    Use.NOT_HELPED: "not_helped",
    Use.LINKED: "linked",
}


@dataclass(frozen=True)
class Releases:
    """The newest release of each repository, and which repository a version is of."""

    newest: dict[int, Release]
    of: dict[str, int]

    @classmethod
    def now(cls) -> Releases:
        rows = Release.objects.filter(is_prerelease=False).order_by("-at")[:_MOST_RELEASES]
        newest: dict[int, Release] = {}
        of: dict[str, int] = {}
        for release in rows:
            newest.setdefault(release.repository_id, release)
            of.setdefault(release.version, release.repository_id)
        return cls(newest, of)

    def after(self, checked: str) -> tuple[str, datetime | None]:
        """The newest release of what ``checked`` is a release of; of the one repository there is, if it is unknown."""
        repository = self.of.get(checked) or (next(iter(self.newest)) if len(self.newest) == 1 else None)
        found = self.newest.get(repository or 0)
        return (found.version, found.at) if found else ("", None)


def roll_up(now: datetime, *, days: int = OPEN_DAYS) -> int:
    """Count the last ``days`` days anew and put the sums on the articles touched; how many articles that were."""
    zone = ZoneInfo(settings.DESK_TIME_ZONE)
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    begins = datetime.combine(first, time(0), zone)
    with transaction.atomic():
        Day.objects.filter(day__gte=first).delete()
        Day.objects.bulk_create(_days(begins, now, zone), batch_size=500)
    touched = Use.objects.filter(at__gte=begins).exclude(article=None).values_list("article_id", flat=True).distinct()
    keys = list(touched)
    for start in range(0, len(keys), _SLICE):
        put_facts(keys[start : start + _SLICE])
    return len(keys)


def rebuild(now: datetime) -> int:
    """Everything the kept events tell, anew; days before the first of them stay as they were counted."""
    first = Use.objects.aggregate(at=Min("at"))["at"]
    return roll_up(now, days=max(OPEN_DAYS, (now - first).days + 2)) if first else 0


def put_facts(keys: Iterable[int]) -> None:
    """Sums of the days on the articles, and when they were last of use."""
    keys = list(keys)
    names = ("read", "helped", "not_helped", "linked")
    summed = Day.objects.filter(article__in=keys).values("article").annotate(*(Sum(name) for name in names)).order_by()
    sums: dict[int, dict[str, Any]] = {row["article"]: dict(row) for row in summed}
    useful = Q(kind__in=[Use.READ, Use.HELPED, Use.LINKED])
    useful_ones = Use.objects.filter(useful, article__in=keys).values("article").annotate(last=Max("at")).order_by()
    last: dict[int, datetime] = {row["article"]: row["last"] for row in useful_ones}
    rows = list(Article.objects.filter(pk__in=keys))
    for article in rows:
        told = sums.get(article.pk, {})
        article.reads, article.links = told.get("read__sum") or 0, told.get("linked__sum") or 0
        article.helped, article.not_helped = told.get("helped__sum") or 0, told.get("not_helped__sum") or 0
        article.last_used_at = last.get(article.pk) or article.last_used_at
    Article.objects.bulk_update(rows, ["reads", "links", "helped", "not_helped", "last_used_at"], batch_size=_SLICE)


def plan_reviews(now: datetime) -> int:
    """Work out for every article when it is due and why, and promise what is near; how many promises were made."""
    releases = Releases.now()
    made, after = 0, 0
    rows = Article.objects.exclude(confidence=states.ARCHIVED).order_by("pk")
    while some := list(rows.filter(pk__gt=after)[:_SLICE]):
        after = some[-1].pk
        judged = _facts(some, releases, now=now)
        verdicts = [(article, facts, reviewing.judge(facts, now=now)) for article, facts in judged]
        _put_verdicts(verdicts)
        made += sum(_promise(article, verdict, at=now) for article, _facts_, verdict in verdicts)
    return made


def forget_old(now: datetime) -> None:
    """Events and visits that are rolled up, and drafts nobody came back to."""
    Use.objects.filter(at__lt=now - KEPT).delete()
    Visit.objects.filter(began_at__lt=now - KEPT).delete()
    ArticleDraft.objects.filter(at__lt=now - DRAFTS_KEPT).delete()


def _days(begins: datetime, now: datetime, zone: ZoneInfo) -> list[Day]:
    made: dict[tuple[date, str, int | None], Day] = {}

    def row(day: date, door: str, article: int | None) -> Day:
        return made.setdefault((day, door, article), Day(day=day, door=door, article_id=article))

    events = Use.objects.filter(at__gte=begins).annotate(day=TruncDate("at", tzinfo=zone))
    of_articles = events.exclude(article=None).values("day", "door", "article", "kind").annotate(n=Count("id"))
    for one in of_articles.order_by():
        setattr(row(one["day"], one["door"], one["article"]), _COLUMN[one["kind"]], one["n"])
    searches = events.filter(kind=Use.SEARCHED).values("day", "door")
    for asked in searches.annotate(n=Count("id"), vain=Count("id", filter=Q(found=0))).order_by():
        day = row(asked["day"], asked["door"], None)
        day.searched, day.in_vain = asked["n"], asked["vain"]
    for visit in _visits(begins, now, zone):
        day = row(visit["day"], visit["door"], None)
        day.visits, day.avoided, day.solved = visit["n"], visit["avoided"], visit["solved"]
    return list(made.values())


def _visits(begins: datetime, now: datetime, zone: ZoneInfo) -> Any:
    """Browsers that were shown help more than a day ago, by the day it was first shown; ``avoided``: no report followed
    within a day."""
    rows = Visit.objects.filter(shown_at__gte=begins, shown_at__lte=now - A_DAY)
    rows = rows.annotate(day=TruncDate("shown_at", tzinfo=zone))
    silent = Q(reported_at=None) | Q(reported_at__gt=F("shown_at") + A_DAY)
    return (
        rows.values("day", "door")
        .annotate(
            n=Count("id"), avoided=Count("id", filter=silent), solved=Count("id", filter=Q(solved_at__isnull=False))
        )
        .order_by()
    )


def _facts(articles: list[Article], releases: Releases, *, now: datetime) -> list[tuple[Article, reviewing.Facts]]:
    """What ``reviewing`` judges by; counts begin with the last review."""
    counts, doubted = _counts(articles, now=now)
    flagged = dict(
        LedgerEntry.objects.filter(kind="article.flagged", about__in=[article.about for article in articles])
        .values("about")
        .annotate(last=Max("at"))
        .values_list("about", "last")
    )
    return [
        (article, _facts_of(article, counts[article.pk], doubted.get(article.pk), flagged.get(article.about), releases))
        for article in articles
    ]


def _facts_of(
    article: Article,
    count: dict[str, int],
    doubted: datetime | None,
    flagged: datetime | None,
    releases: Releases,
) -> reviewing.Facts:
    newest, released_at = releases.after(article.checked_release)
    return reviewing.Facts(
        confidence=article.confidence,
        since=article.reviewed_at or article.made_at,
        uses=count[Use.LINKED] + count[Use.HELPED],
        helped=count[Use.HELPED],
        not_helped=count[Use.NOT_HELPED],
        last_not_helped_at=doubted,
        flagged_at=flagged,
        last_used_at=article.last_used_at,
        checked_release=article.checked_release,
        newest_release=newest,
        released_at=released_at,
    )


def _counts(articles: list[Article], *, now: datetime) -> tuple[dict[int, dict[str, int]], dict[int, datetime]]:
    """Uses and votes since each was last reviewed: from the events as long as they are kept, before that by days."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    doubted: dict[int, datetime] = {}
    keys, kinds_ = [article.pk for article in articles], [Use.HELPED, Use.NOT_HELPED, Use.LINKED]
    begins = now - KEPT + A_DAY
    since = Coalesce(F("article__reviewed_at"), F("article__made_at"))
    events = Use.objects.filter(article__in=keys, kind__in=kinds_, at__gte=since).filter(at__gte=begins)
    for one in events.values("article", "kind").annotate(n=Count("id"), last=Max("at")).order_by():
        counts[one["article"]][one["kind"]] += one["n"]
        if one["kind"] == Use.NOT_HELPED:
            doubted[one["article"]] = one["last"]
    older = Day.objects.filter(article__in=keys, day__lt=begins.date(), day__gt=TruncDate(since))
    names = {Use.LINKED: "linked", Use.HELPED: "helped", Use.NOT_HELPED: "not_helped"}
    for day in older.values("article").annotate(*(Sum(name) for name in names.values())).order_by():
        summed: dict[str, Any] = dict(day)
        for kind, name in names.items():
            counts[summed["article"]][kind] += summed[f"{name}__sum"]
    return counts, doubted


def _put_verdicts(verdicts: list[tuple[Article, reviewing.Facts, reviewing.Verdict]]) -> None:
    changed = []
    for article, facts, verdict in verdicts:
        fields = (verdict.at, list(verdict.why), verdict.may_rest, facts.not_helped)
        if tuple(getattr(article, name) for name in _JUDGED) != fields:
            for name, value in zip(_JUDGED, fields, strict=True):
                setattr(article, name, value)
            changed.append(article)
    Article.objects.bulk_update(changed, _JUDGED, batch_size=_SLICE)


def _promise(article: Article, verdict: reviewing.Verdict, *, at: datetime) -> bool:
    """Promise the review when it comes near; one that has become due much sooner is promised anew."""
    if verdict.at is None or verdict.at > at + PROMISED_BEFORE:
        return False
    due_at = max(verdict.at, at + A_DAY)
    with transaction.atomic():
        pending = promises.pending(article.about, kinds.ARTICLE_REVIEW)
        if any(one.due_at <= due_at + WORTH_MOVING for one in pending):
            return False
        if pending:
            promises.withdraw(article.about, kinds.ARTICLE_REVIEW, by=SYSTEM, at=at, reason="It is due sooner.")
        promises.make(article.about, kinds.ARTICLE_REVIEW, by=SYSTEM, at=at, due_at=due_at, agent=article.owner)
    return True
