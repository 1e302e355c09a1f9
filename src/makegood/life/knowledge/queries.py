"""Lists of articles for the console: what is there, what waits for a look, what nobody found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from makegood.lib.texts import whole_number
from makegood.life.knowledge import access, linking, states
from makegood.life.knowledge.models import Article, Settled, Use, Version, Wording
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports.models import LedgerEntry

PAGE = 50
MOST_IN_VAIN = 100
VAIN_FOR = timedelta(days=90)
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """An article in a list: its words in the reader's language or the first, and the languages it has."""

    article: Article
    wording: Wording | None
    languages: list[str]


@dataclass(frozen=True)
class Shown:
    """One page of rows. ``after``: the cursor of the next page, empty at the end."""

    rows: list[Row]
    after: str


@dataclass(frozen=True)
class InVain:
    """Words that found nothing: how often, when last, in which language."""

    words: str
    language: str
    times: int
    last_at: datetime


def views(seeker: Agent, *, now: datetime) -> dict[str, QuerySet[Article]]:
    """The lists there are, by name."""
    every = access.visible_articles(seeker)
    live = every.exclude(confidence=states.ARCHIVED)
    return {
        "all": live,
        "due": live.filter(review_at__lte=now + SOON),
        "unsure": every.filter(confidence__in=[states.WIP, states.NOT_VALIDATED]),
        "public": every.filter(audience=states.PUBLIC, confidence=states.VALIDATED),
        "internal": live.filter(audience=states.INTERNAL),
        "mine": live.filter(owner=seeker),
        "rest": live.filter(archive_suggested=True),
        "archived": every.filter(confidence=states.ARCHIVED),
    }


def page(rows: QuerySet[Article], language: str, *, after: str = "") -> Shown:
    """One page, lately changed first."""
    ordered = rows.select_related("category", "owner").order_by("-changed_at", "-pk")
    if (place := whole_number(after)) is not None and (last := Article.objects.filter(pk=place).first()):
        ordered = ordered.filter(Q(changed_at__lt=last.changed_at) | Q(changed_at=last.changed_at, pk__lt=last.pk))
    found = list(ordered[: PAGE + 1])
    return Shown(in_rows(found[:PAGE], language), str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def in_rows(articles: list[Article], language: str) -> list[Row]:
    """Articles with their words, in two queries."""
    there: dict[int, list[Wording]] = {}
    for one in Wording.objects.filter(article__in=[article.pk for article in articles]).order_by("language"):
        there.setdefault(one.article_id, []).append(one)
    return [_row(article, there.get(article.pk, []), language) for article in articles]


def found(seeker: Agent, words: str, language: str) -> list[Row]:
    """What fits ``words``, best first, the archive too."""
    hits = linking.like(seeker, words, language, most=PAGE)
    return in_rows([one.article for one in hits], language)


def wordings_of(article: Article) -> list[Wording]:
    """The languages of an article, the one it was written in first."""
    rows = list(Wording.objects.filter(article=article).order_by("language"))
    for one in rows:
        one.article = article
    return sorted(rows, key=lambda one: one.language != article.language)


def versions_of(wording: Wording) -> list[Version]:
    """Every version, newest first."""
    return list(Version.objects.filter(wording=wording).order_by("-number"))


def history(article: Article, *, most: int = 50) -> list[LedgerEntry]:
    """What happened to it, newest first; what it was linked to stands in a list of its own."""
    rows = LedgerEntry.objects.filter(about=article.about).exclude(kind__in=["article.linked", "article.unlinked"])
    return list(rows.order_by("-id")[:most])


def promised_review(article: Article) -> Promise | None:
    """The review we owe ourselves, if it is promised."""
    return next(iter(promises.pending(article.about, kinds.ARTICLE_REVIEW)), None)


def in_vain(*, now: datetime, most: int = MOST_IN_VAIN) -> list[InVain]:
    """What was searched and not found in ninety days and nobody has looked after since, the most wanted first."""
    settled = Settled.objects.filter(language=OuterRef("language"), words=OuterRef("words"), at__gte=OuterRef("at"))
    rows = (
        Use.objects.filter(kind=Use.SEARCHED, found=0, at__gt=now - VAIN_FOR)
        .exclude(words="")
        .filter(~Exists(settled))
        .values("words", "language")
        .annotate(times=Count("id"), last_at=Max("at"))
        .order_by("-times", "-last_at")
    )
    return [InVain(**row) for row in rows[:most]]


def by_about(seeker: Agent, promised: list[Promise]) -> dict[str, Article]:
    """The articles that ``promised`` are about, by how they are named there; one query."""
    keys = [key for one in promised if (key := key_of(one.about)) is not None]
    return {one.about: one for one in access.visible_articles(seeker).filter(pk__in=keys)} if keys else {}


def promises_seen(seeker: Agent) -> Q:
    """Which promises about articles ``seeker`` may see, for ``promises.queries``: all of them, who may see articles."""
    return Q(about__startswith="article:") if seeker.may("article.view") else Q(pk__in=[])


def key_of(about: str) -> int | None:
    """The primary key in ``article:12``; None for anything else."""
    kind, _colon, key = about.partition(":")
    return whole_number(key) if kind == "article" else None


def _row(article: Article, wordings: list[Wording], language: str) -> Row:
    short = language.split("-")[0]
    ranked = sorted(wordings, key=lambda one: (one.language != short, one.language != article.language))
    return Row(article, ranked[0] if ranked else None, [one.language for one in wordings])
