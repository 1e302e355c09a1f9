"""What the public is told of a problem, and by when it was promised to hear more.

A problem made public always says when the next news comes: a promise like any other, about the problem instead of a
report. It ends when there is nothing more to tell: the fix was announced, or it is no longer public.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.life.people.actors import Actor
from makegood.life.problems import access, actions, states
from makegood.life.problems.actions import NeedsWords
from makegood.life.problems.models import Problem, key_of
from makegood.life.promises import about as promises
from makegood.life.promises import actions as promise_actions
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
        if fresh.merged_into_id:
            raise NeedsWords(_("This problem was merged into PRB-%d; make that one public.") % fresh.merged_into_id)
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


def fall_silent(problem: Problem, *, by: Actor, at: datetime, reason: str) -> None:
    """Unpublish without a word of its own: what it follows from is in the ledger already (a merge)."""
    with transaction.atomic():
        access.lock(problem)
        Problem.objects.filter(pk=problem.pk).update(is_public=False)
        problem.is_public = False
        if promises.pending(problem.about, kinds.PUBLIC_NEWS):
            promises.withdraw(problem.about, kinds.PUBLIC_NEWS, by=by, at=at, reason=reason)
        _show(problem)


def speak_again(problem: Problem, *, by: Actor, at: datetime, due_at: datetime | None) -> None:
    """Take ``fall_silent`` back; the news is promised for when it was, or by policy if that has passed."""
    with transaction.atomic():
        access.lock(problem)
        Problem.objects.filter(pk=problem.pk).update(is_public=True)
        problem.is_public = True
        _promise(problem, by=by, at=at, due_at=due_at if due_at and due_at > at else None)


def promise_news(problem: Problem, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Promise:
    """Promise the next public news, keeping the promise before it: there is news now. Raises InThePast."""
    with transaction.atomic():
        access.lock(problem)
        promises.keep(problem.about, kinds.PUBLIC_NEWS, by=by, at=at)
        promise = _promise(problem, by=by, at=at, due_at=due_at)
        _told(problem, at)
    return promise


def bring_forward(promise: Promise, *, by: Actor, at: datetime, due_at: datetime, reason: str) -> None:
    """Name a sooner time for promised public news, and show it on the problem. A later one is named by news.

    Raises as ``promises.actions.move``.
    """
    with transaction.atomic():
        problem = access.lock(Problem.objects.get(pk=key_of(promise.about) or 0))
        promise_actions.move(promise, by=by, at=at, due_at=due_at, reason=reason)
        _show(problem)


def is_owed(problem: Problem) -> bool:
    """Whether the public was promised news that has not come."""
    return bool(promises.pending(problem.about, kinds.PUBLIC_NEWS))


def owe(problem: Problem, *, by: Actor, at: datetime) -> None:
    """What is public and not put right says when the next news comes; by policy, unless that is said already."""
    with transaction.atomic():
        fresh = access.lock(problem)
        if fresh.is_public and fresh.state in states.UNFIXED and not is_owed(fresh):
            _promise(problem, by=by, at=at, due_at=None)


def owe_no_more(problem: Problem, *, by: Actor, at: datetime, reason: str) -> None:
    """There will be no more public news, for a reason colleagues can read."""
    with transaction.atomic():
        promises.withdraw(problem.about, kinds.PUBLIC_NEWS, by=by, at=at, reason=reason)
        _show(problem)


def tell_no_more(problem: Problem, *, by: Actor, at: datetime) -> None:
    """The last public news has been told: the promise is kept and none follows."""
    with transaction.atomic():
        promises.keep(problem.about, kinds.PUBLIC_NEWS, by=by, at=at)
        _told(problem, at)
        _show(problem)


def _promise(problem: Problem, *, by: Actor, at: datetime, due_at: datetime | None) -> Promise:
    fresh = access.lock(problem)
    owed: dict[str, Any] = {"due_at": due_at, "severity": fresh.severity, "team": fresh.team, "agent": fresh.owner}
    promise = promises.make(fresh.about, kinds.PUBLIC_NEWS, by=by, at=at, **owed)
    _show(problem)
    return promise


def _told(problem: Problem, at: datetime) -> None:
    Problem.objects.filter(pk=problem.pk).update(last_news_at=at)
    problem.last_news_at = at


def _show(problem: Problem) -> None:
    """Write the time of the running promise on the problem."""
    running = promises.pending(problem.about, kinds.PUBLIC_NEWS)
    due_at = min((promise.due_at for promise in running), default=None)
    Problem.objects.filter(pk=problem.pk).update(next_news_at=due_at)
    problem.next_news_at = due_at
