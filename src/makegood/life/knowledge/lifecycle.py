"""How sure we are of an article, who may read it, and that somebody looks at it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.knowledge import access, states
from makegood.life.knowledge.actions import LONGEST_NOTE, NeedsWords, TooLong, record
from makegood.life.knowledge.models import Article, Wording
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds


class NotAMove(Refusal):
    """Confidence cannot go that way."""


class NeedsConfidence(Refusal):
    """Only what is validated may be shown to reporters."""


class NeedsReading(Refusal):
    """Words of customers are in it: somebody must say that nothing in them points to a person."""


def settle(article: Article, confidence: str, *, by: Agent, at: datetime, reason: str = "") -> bool:
    """Say how sure we are; False if that is said already. What is validated no longer is shown to colleagues only.

    Raises NotAMove, NeedsWords, NotAllowed.
    """
    with transaction.atomic():
        fresh = access.lock(article.pk)
        if fresh.confidence == confidence:
            return False
        access.check(by, _takes(fresh, confidence))
        if confidence not in states.MOVES or not states.may_move(fresh.confidence, confidence):
            names = {"old": fresh.get_confidence_display(), "new": dict(Article.CONFIDENCE).get(confidence, confidence)}
            raise NotAMove(_("An article cannot go from “%(old)s” to “%(new)s”.") % names)
        if confidence in (states.NOT_VALIDATED, states.VALIDATED):
            _check_complete(fresh)
        fields: dict[str, Any] = {"confidence": confidence, "changed_at": at}
        if confidence == states.ARCHIVED:
            fields |= {"archived_at": at, "archive_suggested": False, "review_at": None, "review_why": []}
            _end_promise(fresh, by=by, at=at)
        if confidence == states.VALIDATED:
            fields |= {"reviewed_at": at, "reviewed_by": by.name, "review_at": None, "not_helped_since_review": 0}
        if fresh.audience == states.PUBLIC and not states.may_be_public(confidence):
            fields["audience"] = states.INTERNAL
        data: dict[str, Any] = {"from": {"confidence": fresh.confidence}, "to": {"confidence": confidence}}
        data |= {"no_longer_public": "audience" in fields}
        _put(article, fields)
        record(article, "article.settled", by=by.actor, at=at, data=data, reason=reason.strip()[:1000])
    return True


def publish(article: Article, *, by: Agent, at: datetime, has_read: bool = False) -> None:
    """Show it to reporters, in every language it has. Raises NeedsConfidence, NeedsReading, NotAllowed."""
    access.check(by, "article.publish")
    with transaction.atomic():
        fresh = access.lock(article.pk)
        if fresh.audience == states.PUBLIC:
            return
        if not states.may_be_public(fresh.confidence):
            raise NeedsConfidence(
                _("Somebody must vouch for it first: only validated articles are shown to reporters.")
            )
        _check_complete(fresh)
        if fresh.needs_reading and not has_read:
            raise NeedsReading(
                _("Words of customers were filled into it. Read it, and say that nothing in it points to a person.")
            )
        fields = {
            "audience": states.PUBLIC,
            "published_at": fresh.published_at or at,
            "needs_reading": False,
            "changed_at": at,
        }
        _put(article, fields)
        record(article, "article.published", by=by.actor, at=at, data={"was_read": fresh.needs_reading})


def withdraw(article: Article, *, by: Agent, at: datetime, reason: str = "") -> None:
    """Show it to colleagues only, at once and everywhere. Raises NotAllowed."""
    access.check(by, "article.publish")
    with transaction.atomic():
        fresh = access.lock(article.pk)
        if fresh.audience == states.INTERNAL:
            return
        _put(article, {"audience": states.INTERNAL, "changed_at": at})
        record(article, "article.withdrawn", by=by.actor, at=at, reason=reason.strip()[:1000])


def review(article: Article, *, by: Agent, at: datetime, release: str = "") -> None:
    """It was looked at and holds, with ``release`` of the product: the promise is kept, and the clock begins anew.

    Raises NotAllowed, TooLong.
    """
    access.check(by, "article.write")
    if len(release.strip()) > 100:
        raise TooLong(100, "release")
    with transaction.atomic():
        fresh = access.lock(article.pk)
        promises.keep(fresh.about, kinds.ARTICLE_REVIEW, by=by.actor, at=at)
        fields = {
            "reviewed_at": at,
            "reviewed_by": by.name,
            "checked_release": release.strip() or fresh.checked_release,
            "review_at": None,
            "review_why": [],
            "not_helped_since_review": 0,
            "archive_suggested": False,
        }
        _put(article, fields)
        record(article, "article.reviewed", by=by.actor, at=at, data={"release": release.strip()})


def flag(article: Article, words: str, *, by: Agent, at: datetime) -> None:
    """Something in it is wrong or missing; it is looked at within days. Raises NeedsWords, TooLong."""
    access.check(by, "article.view")
    words = words.strip()
    if not words:
        raise NeedsWords(_("Say what is wrong or missing, so that the next person can put it right."), "words")
    if len(words) > LONGEST_NOTE:
        raise TooLong(LONGEST_NOTE, "words")
    with transaction.atomic():
        access.lock(article.pk)
        record(article, "article.flagged", by=by.actor, at=at, reason=words)


def _takes(article: Article, confidence: str) -> str:
    """The action a move takes: vouching is one of its own, and so is everything that reporters notice."""
    if article.audience == states.PUBLIC:
        return "article.publish"
    return "article.validate" if confidence == states.VALIDATED else "article.write"


def _check_complete(article: Article) -> None:
    for wording in Wording.objects.filter(article=article):
        if not wording.resolution.strip():
            raise NeedsWords(_("Write what to do first; until then it is work in progress."), "resolution")


def _end_promise(article: Article, *, by: Agent, at: datetime) -> None:
    if promises.pending(article.about, kinds.ARTICLE_REVIEW):
        promises.withdraw(article.about, kinds.ARTICLE_REVIEW, by=by.actor, at=at, reason=_("It rests in the archive."))


def _put(article: Article, fields: dict[str, Any]) -> None:
    Article.objects.filter(pk=article.pk).update(**fields)
    for name, value in fields.items():
        setattr(article, name, value)
