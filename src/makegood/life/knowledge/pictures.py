"""Pictures of articles: drawn anew by ``engine.files``, kept as rows, shown with the article they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib.errors import Refusal
from makegood.life.knowledge import access
from makegood.life.knowledge.models import Article, ArticlePicture
from makegood.life.people.models import Agent

MOST = 30


class NotAPicture(Refusal):
    """Only pictures can stand in an article."""


class TooMany(Refusal):
    """An article is a page, not an album."""


def add(article: Article, stream: BinaryIO, *, name: str, by: Agent, at: datetime) -> ArticlePicture:
    """Keep one picture with ``article``. Raises NotAPicture, TooMany, NotAllowed, or what ``files.keep`` raises."""
    access.check(by, "article.publish" if article.is_shown else "article.write")
    if ArticlePicture.objects.filter(article=article).count() >= MOST:
        raise TooMany(_("An article holds %d pictures at most.") % MOST)
    kept = files.keep(stream, name=name, limit=settings.UPLOAD_MAX_BYTES)
    if not kept.is_picture:
        files.forget(kept)
        raise NotAPicture(_("Only pictures can stand in an article: PNG, JPEG, WebP or GIF."))
    with transaction.atomic():
        return ArticlePicture.objects.create(
            article=article,
            name=kept.name[:200],
            media_type=kept.media_type,
            size=kept.size,
            storage_key=kept.key,
            thumbnail_key=kept.thumbnail_key,
            added_by=by.name,
            at=at,
        )


def remove(picture: ArticlePicture, *, by: Agent) -> None:
    """Take it away for good; the text shows its words instead. Raises NotAllowed."""
    access.check(by, "article.publish" if picture.article.is_shown else "article.write")
    keys = (picture.storage_key, picture.thumbnail_key)
    with transaction.atomic():
        ArticlePicture.objects.filter(pk=picture.pk).delete()
        transaction.on_commit(lambda: files.forget_keys(*keys))


def used_keys(keys: list[str]) -> set[str]:
    """Which of these stored files are pictures of articles: what the sweep leaves alone."""
    whole = ArticlePicture.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True)
    small = ArticlePicture.objects.filter(thumbnail_key__in=keys).values_list("thumbnail_key", flat=True)
    return set(whole) | set(small)
