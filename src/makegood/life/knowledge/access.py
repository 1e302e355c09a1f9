"""Articles as a seeker may see them, and who may do what with them. Missing and forbidden answer alike."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number
from makegood.life.knowledge.models import Article, ArticlePicture, Wording
from makegood.life.people.models import Agent
from makegood.life.reports.access import NotFound


class NotAllowed(Refusal):
    """The role of whoever asks does not let them."""


def visible_articles(seeker: Agent) -> QuerySet[Article]:
    """All articles, for whoever works at the desk."""
    articles = Article.objects.all()
    return articles if seeker.is_active and seeker.may("article.view") else articles.none()


def access_article(seeker: Agent, key: str) -> Article:
    """The article called ``key``, or KB-n. Raises NotFound."""
    number = whole_number(key.upper().removeprefix("KB-")) if key.upper().startswith("KB-") else None
    which = {"pk": number} if number is not None else {"key": key}
    rows_ = visible_articles(seeker).filter(**which)
    article = rows_.select_related("category", "owner", "problem", "report").first()
    if article is None:
        raise NotFound(key)
    return article


def access_wording(seeker: Agent, key: str, language: str) -> Wording:
    """An article in one language. Raises NotFound."""
    article = access_article(seeker, key)
    wording = Wording.objects.filter(article=article, language=language).first()
    if wording is None:
        raise NotFound(f"{key}/{language}")
    wording.article = article
    return wording


def access_picture(seeker: Agent, key: str) -> ArticlePicture:
    """A picture of an article. Raises NotFound."""
    found = ArticlePicture.objects.filter(key=key, article__in=visible_articles(seeker).order_by().values("pk")).first()
    if found is None:
        raise NotFound(key)
    return found


def check(seeker: Agent, action: str) -> None:
    """Raise NotAllowed unless ``seeker`` may."""
    if not seeker.may(action):
        words = {
            "article.publish": _("Showing an article to reporters, and changing one they see, is for leads."),
            "article.validate": _("Engineers and leads vouch for an article."),
        }
        raise NotAllowed(words.get(action, _("You may not do this.")))


def lock(article_id: int) -> Article:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Article, article_id)
