"""An article answers a report: linked with one act, counted as reuse, and nothing is said to the reporter by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from makegood.life.knowledge import access, finding, using
from makegood.life.knowledge.actions import record
from makegood.life.knowledge.models import Article, ArticleLink, Wording
from makegood.life.people.models import Agent
from makegood.life.problems import queries as problems
from makegood.life.reports.access import lock, on_visible
from makegood.life.reports.models import Report

OFFERED = 3


def link(article: Article, report: Report, *, by: Agent, at: datetime, door: str = using.CONSOLE) -> ArticleLink:
    """Say that ``article`` answers ``report``. Twice is once. Closed reports too: what is learnt late counts."""
    access.check(by, "article.link")
    with transaction.atomic():
        lock(report)
        made, is_new = ArticleLink.objects.get_or_create(
            article=article,
            report=report,
            defaults={"was_new": article.report_id == report.pk, "by_name": by.name, "at": at},
        )
        if is_new:
            data = {"title": title_of(article, report.language)}
            record(article, "article.linked", by=by.actor, at=at, data=data, report=report)
            using.linked(article, door=door, at=at)
    return made


def unlink(article: Article, report: Report, *, by: Agent, at: datetime) -> bool:
    """It does not answer it after all."""
    access.check(by, "article.link")
    with transaction.atomic():
        lock(report)
        gone, _rows = ArticleLink.objects.filter(article=article, report=report).delete()
        if gone:
            data = {"title": title_of(article, report.language)}
            record(article, "article.unlinked", by=by.actor, at=at, data=data, report=report)
    return bool(gone)


def linked_to(seeker: Agent, report: Report) -> list[Wording]:
    """The articles that answer ``report``, each in its language or the one there is."""
    keys = ArticleLink.objects.filter(report=report).order_by("id").values_list("article_id", flat=True)
    return wordings(access.visible_articles(seeker).filter(pk__in=list(keys)), report.language)


def reports_of(seeker: Agent, article: Article) -> QuerySet[ArticleLink]:
    """The reports an article answers, as far as ``seeker`` may see them, newest first."""
    return ArticleLink.objects.filter(on_visible(seeker), article=article).select_related("report").order_by("-id")


def suggested(seeker: Agent, report: Report, *, most: int = OFFERED) -> list[Wording]:
    """Articles that may answer ``report``: those of its problem first, then what fits what its reporter said."""
    own = problems.seen_on(seeker, report)
    first = access.visible_articles(seeker).filter(problem=own).exclude(confidence="archived") if own else []
    said = " ".join(body for _pk, body in problems.first_words([report.pk], longest=1_000))
    found = [*wordings(first, report.language), *like(seeker, f"{report.title} {said}", report.language, most=2 * most)]
    there = set(ArticleLink.objects.filter(report=report).values_list("article_id", flat=True))
    best = {one.article_id: one for one in reversed(found) if one.article_id not in there}
    return list(reversed(best.values()))[:most]


def like(
    seeker: Agent, words: str, language: str, *, most: int = OFFERED, least: float = finding.FOUND
) -> list[Wording]:
    """Articles that fit ``words``, best first, one row an article; the archive is left alone."""
    if not seeker.may("article.view"):
        return []
    hits = finding.find(words, visible=_unarchived, most=3 * most, least=least)
    of = dict(Wording.objects.filter(pk__in=[one.wording for one in hits]).values_list("pk", "article_id"))
    keys = list(dict.fromkeys(of[one.wording] for one in hits if one.wording in of))[:most]
    rows = {one.article_id: one for one in wordings(access.visible_articles(seeker).filter(pk__in=keys), language)}
    return [rows[key] for key in keys if key in rows]


def wordings(articles: Iterable[Article], language: str) -> list[Wording]:
    """One wording an article: in ``language``, else in the one it was written in."""
    short = language.split("-")[0]
    by_article: dict[int, Wording] = {}
    keys = [article.pk for article in articles]
    for row in Wording.objects.filter(article__in=keys).select_related("article"):
        had = by_article.get(row.article_id)
        if had is None or row.language == short or (had.language != short and row.language == row.article.language):
            by_article[row.article_id] = row
    return [by_article[key] for key in keys if key in by_article]


def title_of(article: Article, language: str) -> str:
    found = wordings([article], language)
    return found[0].title if found else article.number


def address(wording: Wording) -> str:
    """Where reporters read it; empty for what is not public."""
    return f"{settings.BASE_URL}/help/{wording.language}/{wording.slug}/" if wording.article.is_shown else ""


def _unarchived(refs: list[int]) -> set[int]:
    """Two questions: in one, SQLite would list the articles first."""
    of = dict(Wording.objects.filter(pk__in=refs).values_list("pk", "article_id"))
    archived = Article.objects.filter(pk__in=set(of.values()), confidence="archived")
    rested = set(archived.values_list("pk", flat=True))
    return {pk for pk, article in of.items() if article not in rested}
