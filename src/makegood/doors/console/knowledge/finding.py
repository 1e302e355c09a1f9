"""What the pages of the knowledge base share: the article of an address, and the words of its states."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from makegood.doors.console.casework import seeker
from makegood.life.knowledge import access, reviewing
from makegood.life.knowledge.models import Article, Wording

WHY: dict[str, Any] = {
    reviewing.AGE: gettext_lazy("Every article is looked at again after a while."),
    reviewing.USED: gettext_lazy("It is used often, so it could wait longer."),
    reviewing.VOTES: gettext_lazy("It did not help several people."),
    reviewing.VOTE: gettext_lazy("It did not help somebody."),
    reviewing.RELEASE: gettext_lazy("The product has a newer release."),
    reviewing.FLAGGED: gettext_lazy("A colleague found something wrong."),
}


def find(request: HttpRequest, key: str) -> Article:
    """The article of the address, for this seeker. Raises NotFound."""
    return access.access_article(seeker(request), key)


def wording(request: HttpRequest, key: str, language: str) -> Wording:
    """The same in one language. Raises NotFound."""
    return access.access_wording(seeker(request), key, language)


def address(article: Article, language: str = "") -> str:
    return reverse("console:article", args=[article.key]) + (f"?in={language}" if language else "")


def reasons(article: Article) -> list[str]:
    """Why it is due when it is."""
    found = [str(WHY[code]) for code in article.review_why if code in WHY]
    if reviewing.VOTES in article.review_why:
        count = article.not_helped_since_review
        votes = ngettext("%d person says that it did not help.", "%d people say that it did not help.", count) % count
        found = [votes if code == str(WHY[reviewing.VOTES]) else code for code in found]
    return found


def picture_address(key: str) -> str:
    return reverse("console:article_picture", args=[key])
