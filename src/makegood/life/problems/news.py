"""What the public is told of a problem, and by when it was promised to hear more.

A problem made public always says when the next news comes: a promise like any other, about the problem instead of a
report. It ends when there is nothing more to tell: the fix was announced, or it is no longer public.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions
from makegood.life.problems.actions import NeedsWords
from makegood.life.problems.models import Problem
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise


def publish(problem: Problem, *, by: Actor, at: datetime, next_news_at: datetime | None = None) -> None:
    """Offer the public words to reporters, and promise the next news (default: by policy). Raises NeedsWords,
    InThePast.
    """
    with transaction.atomic():
        fresh = access.lock(problem)
        if not fresh.public_titles or not fresh.public_texts:
            raise NeedsWords(
                _("Write the public title and text first: what people see and what they can do meanwhile.")
            )
        if fresh.is_protected:
            raise NeedsWords(_("A protected problem cannot be made public."))
        if not fresh.is_public:
            fields = {"is_public": True, "published_at": fresh.published_at or at}
            actions.put(problem, fresh, "problem.published", by=by, at=at, fields=fields)
        promise_news(problem, by=by, at=at, due_at=next_news_at)


def unpublish(problem: Problem, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Offer it to nobody any more; the promise of news ends with it."""
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.is_public:
            actions.put(problem, fresh, "problem.unpublished", by=by, at=at, fields={"is_public": False}, reason=reason)
        promises.withdraw(problem.about, kinds.PUBLIC_NEWS, by=by, at=at, reason=reason or _("No longer public."))
        _show(problem)


def promise_news(problem: Problem, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Promise:
    """Promise the next public news, keeping the promise before it: there is news now. Raises InThePast."""
    with transaction.atomic():
        fresh = access.lock(problem)
        promises.keep(fresh.about, kinds.PUBLIC_NEWS, by=by, at=at)
        promise = promises.make(
            fresh.about,
            kinds.PUBLIC_NEWS,
            by=by,
            at=at,
            due_at=due_at,
            severity=fresh.severity,
            team=fresh.team,
            agent=fresh.owner,
        )
        _show(problem)
    return promise


def tell_no_more(problem: Problem, *, by: Actor, at: datetime) -> None:
    """The last public news has been told: the promise is kept and none follows."""
    with transaction.atomic():
        promises.keep(problem.about, kinds.PUBLIC_NEWS, by=by, at=at)
        _show(problem)


def _show(problem: Problem) -> None:
    """Write the time of the running promise on the problem."""
    running = promises.pending(problem.about, kinds.PUBLIC_NEWS)
    due_at = min((promise.due_at for promise in running), default=None)
    Problem.objects.filter(pk=problem.pk).update(next_news_at=due_at)
    problem.next_news_at = due_at
