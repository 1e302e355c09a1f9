"""What reporters may read: public, validated articles, in their language or the one there is. Nothing else.

The portal may import this module and ``using``, and no other of ``knowledge``. Every function goes through
``_shown_articles``, so a draft, an internal or an archived article is in no search, list, feed, site map or suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from makegood.life.knowledge import finding, rendering, states
from makegood.life.knowledge.models import Article, ArticlePicture, Wording
from makegood.life.knowledge.rendering import Part

MOST_OFFERED = 3
LEAST_WORDS = 2
LISTED = 50
_LOOKED_THROUGH = 2_000


@dataclass(frozen=True)
class Line:
    """An article in a list. ``language`` is the one it is written in, which may not be the reader's."""

    id: int
    key: str
    language: str
    slug: str
    title: str
    summary: str
    changed_at: datetime
    share: float = 0.0


@dataclass(frozen=True)
class PublicArticle:
    """One article to read. ``languages``: language → slug of each there is; ``is_behind``: the original has changed."""

    id: int
    key: str
    language: str
    slug: str
    title: str
    parts: list[Part]
    summary: str
    checked_at: datetime
    changed_at: datetime
    languages: dict[str, str]
    is_behind: bool


def article(language: str, slug: str, *, picture: str) -> PublicArticle | None:
    """The article of an address. ``picture``: the address of its pictures with {key} in it."""
    wording = next(iter(_readable(Wording.objects.filter(language=language, slug=slug))), None)
    if wording is None:
        return None
    keys = set(ArticlePicture.objects.filter(article=wording.article).values_list("key", flat=True))
    others = list(Wording.objects.filter(article=wording.article).order_by("language"))
    original = next((one for one in others if one.language == wording.article.language), wording)
    return PublicArticle(
        id=wording.article_id,
        key=wording.article.key,
        language=wording.language,
        slug=wording.slug,
        title=wording.title,
        parts=rendering.parts(
            rendering.texts_of(wording), picture=lambda key: picture.format(key=key) if key in keys else ""
        ),
        summary=rendering.summary(wording),
        checked_at=wording.article.reviewed_at or wording.changed_at,
        changed_at=wording.changed_at,
        languages={one.language: one.slug for one in others},
        is_behind=wording.pk != original.pk and wording.of_version < original.version,
    )


def search(words: str, language: str, *, most: int = 20) -> list[Line]:
    """What fits ``words``, best first: one line an article, in ``language`` where it speaks it."""
    return _lines_of(finding.find(words, visible=_visible, most=3 * most), language)[:most]


def suggest(words: str, language: str, *, besides: frozenset[str] = frozenset()) -> list[Line]:
    """At most three articles that what somebody is writing may be about, without those that did not help."""
    if len(finding.telling(words)) < LEAST_WORDS:
        return []
    found = finding.find(words, visible=_visible, most=12, least=finding.OFFERED)
    return [one for one in _lines_of(found, language) if one.key not in besides][:MOST_OFFERED]


def listing(language: str, *, category: int | None = None) -> list[Line]:
    """What helps most, first: for a page nobody has searched on yet."""
    best = _shown_articles()
    best = best.filter(category=category) if category else best
    keys = list(best.order_by("-helped", "-reads", "id").values_list("pk", flat=True)[:LISTED])
    lines = {one.id: one for one in _in_language(_readable(_of(keys)), language)}
    return [lines[key] for key in keys if key in lines]


def related(one: PublicArticle, *, most: int = 4) -> list[Line]:
    """Articles about the like, without itself."""
    found = finding.find(f"{one.title} {one.summary}", visible=_visible, most=12, least=0.25)
    return [line for line in _lines_of(found, one.language) if line.id != one.id][:most]


def newest(language: str, *, most: int = 30) -> list[Line]:
    """The articles of a language that changed last: for the feed."""
    rows = Wording.objects.filter(language=language).order_by("-changed_at", "-pk")
    found: list[Wording] = []
    for start in range(0, _LOOKED_THROUGH, 200):
        some = list(rows[start : start + 200])
        found += _readable(some)
        if len(found) >= most or len(some) < 200:
            break
    return [_line(row) for row in found[:most]]


def everything(*, most: int = 50_000) -> list[tuple[int, str, str, datetime]]:
    """(article, language, slug, changed) of all there is: for the site map."""
    shown = Wording.objects.filter(article__audience=states.PUBLIC, article__confidence=states.VALIDATED)
    rows = shown.order_by("article_id", "language").values_list("article_id", "language", "slug", "changed_at")
    return list(rows[:most])


def changed_at() -> datetime | None:
    """When anything of it last changed, articles that left included."""
    return (
        Article.objects.exclude(published_at=None).order_by("-changed_at").values_list("changed_at", flat=True).first()
    )


def by_key(key: str, language: str) -> Line | None:
    """The article called ``key``, if reporters may read it."""
    one = _shown_articles().filter(key=key).first()
    return next(iter(_in_language(_readable(_of([one.pk])), language)), None) if one else None


def picture(key: str) -> ArticlePicture | None:
    """A picture of an article that reporters may read."""
    found = ArticlePicture.objects.filter(key=key).first()
    return found if found and _shown_articles().filter(pk=found.article_id).exists() else None


def _shown_articles() -> QuerySet[Article]:
    return Article.objects.filter(audience=states.PUBLIC, confidence=states.VALIDATED)


def _readable(rows: Iterable[Wording]) -> list[Wording]:
    """Those of ``rows`` that reporters may read. Two questions: in one, SQLite lists every public article there is."""
    rows = list(rows)
    shown = _shown_articles().in_bulk({row.article_id for row in rows})
    kept = [row for row in rows if row.article_id in shown]
    for row in kept:
        row.article = shown[row.article_id]
    return kept


def _of(articles: list[int]) -> QuerySet[Wording]:
    return Wording.objects.filter(article__in=articles)


def _visible(refs: list[int]) -> set[int]:
    return {row.pk for row in _readable(Wording.objects.filter(pk__in=refs).only("article_id"))}


def _lines_of(found: list[finding.Found], language: str) -> list[Line]:
    """Hits as lines: an article once, in the reader's language if it has it, else as it was found."""
    rows = {row.pk: row for row in _readable(Wording.objects.filter(pk__in=[one.wording for one in found]))}
    articles = list(dict.fromkeys(rows[one.wording].article_id for one in found if one.wording in rows))
    share: dict[int, float] = {}
    for one in found:
        if one.wording in rows:
            share.setdefault(rows[one.wording].article_id, one.share)
    there = {row.article_id: row for row in rows.values()}
    there |= {row.article_id: row for row in _readable(_of(articles).filter(language=language))}
    return [_line(there[pk], share[pk]) for pk in articles]


def _in_language(rows: list[Wording], language: str) -> list[Line]:
    """One line an article: in ``language``, else in English, else as it comes."""
    best: dict[int, Wording] = {}
    for row in rows:
        had = best.get(row.article_id)
        if had is None or _rank(row, language) < _rank(had, language):
            best[row.article_id] = row
    return [_line(row) for row in best.values()]


def _rank(row: Wording, language: str) -> int:
    return 0 if row.language == language else 1 if row.language == "en" else 2


def _line(row: Wording, share: float = 0.0) -> Line:
    article = row.article
    return Line(
        id=article.pk,
        key=article.key,
        language=row.language,
        slug=row.slug,
        title=row.title,
        summary=rendering.summary(row),
        changed_at=row.changed_at,
        share=share,
    )
