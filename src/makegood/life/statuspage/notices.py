"""A problem that a person made public has a notice on the status page; this keeps the two in step.

Only a person makes a problem public (``problems.news.publish``), and only what they wrote for the public is taken. From
then on the notice follows what happens to the problem, one rule each, so that it never claims more than the inside:
told again with other words, moved back, come back, announced as fixed, held to the end of its watch, taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.problems import access, news, states
from makegood.life.problems.models import Problem, key_of
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import components, mails, standing, updates, wording
from makegood.life.statuspage.components import Why
from makegood.life.statuspage.models import Delivery, Notice, PublicComponent, StateChange, Update

# What a problem's ledger may say that concerns its notice.
KINDS = (
    "problem.published",
    "problem.unpublished",
    "problem.state_changed",
    "problem.came_back",
    "problem.protected",
    "problem.merged",
    "problem.unmerged",
    "promise.made",
    "announcement.started",
)

# What makes it public, and so begins a notice in the name of whoever did it.
_BEGINS = ("problem.published", "problem.unmerged", "problem.protected")


def follow(entry: LedgerEntry, now: datetime) -> None:
    """Reaction: bring the notice of a problem in step with it. The same entry again changes nothing."""
    key = key_of(entry.about)
    problem = Problem.objects.filter(pk=key).first() if key is not None else None
    if problem is None:
        return
    with transaction.atomic():
        fresh = access.lock(problem)
        found = Notice.objects.filter(problem=fresh).first()
        notice = updates.lock(found) if found else None
        by = Actor(entry.actor_kind, entry.actor_id, entry.actor_name)
        if not is_public(fresh):
            _hide(notice, fresh, entry, at=now)
        elif notice is None and entry.kind in _BEGINS:
            _begin(fresh, entry, by=by, at=now)
        elif notice is not None:
            _keep_up(notice, fresh, entry, by=by, at=now)


def is_public(problem: Problem) -> bool:
    """Whether anything of it may be told to the public at this moment."""
    return problem.is_public and not problem.is_protected and problem.merged_into_id is None


def proposed(problem: Problem) -> dict[str, str]:
    """The shown components a problem hits, each with the state its severity suggests: key → state."""
    state = standing.BY_SEVERITY[problem.severity]
    shown = PublicComponent.objects.filter(component__problems=problem, is_shown=True, component__is_active=True)
    return dict.fromkeys(shown.values_list("key", flat=True), state)


def _begin(problem: Problem, entry: LedgerEntry, *, by: Actor, at: datetime) -> None:
    state = standing.AT_MOST[problem.state]
    notice = Notice.objects.create(
        kind=Notice.TROUBLE,
        problem=problem,
        titles=problem.public_titles,
        state=state,
        began_at=problem.published_at or at,
        made_at=at,
        made_by=entry.actor_name,
        updated_at=at,
    )
    unhurt = state in (standing.MONITORING, standing.RESOLVED)
    hit = proposed(problem)
    updates.say(
        notice,
        state,
        problem.public_texts,
        by=by,
        at=at,
        states=dict.fromkeys(hit, standing.OPERATIONAL) if unhurt else hit,
        next_news_at=problem.next_news_at,
        once=f"entry:{entry.pk}",
    )


def _keep_up(notice: Notice, problem: Problem, entry: LedgerEntry, *, by: Actor, at: datetime) -> None:
    """The first rule that fits; none when the notice says already what is so."""
    if Update.objects.filter(once=f"entry:{entry.pk}").exists():
        return
    if notice.titles != problem.public_titles and problem.public_titles:
        notice.titles = problem.public_titles
        Notice.objects.filter(pk=notice.pk).update(titles=notice.titles)
    if not notice.is_shown:
        notice.is_shown = True
        Notice.objects.filter(pk=notice.pk).update(is_shown=True)
        _settle(notice, entry, by=by, at=at)
    at_most = standing.AT_MOST[problem.state]
    if standing.claims_more(notice.state, problem.state):  # it is not over after all
        news.owe(problem, by=SYSTEM, at=at)
    if entry.kind == "problem.came_back" and at_most != notice.state:
        _say(notice, at_most, wording.said(wording.CAME_BACK), entry, states=proposed(problem), at=at)
    elif standing.claims_more(notice.state, problem.state):
        _say(notice, at_most, wording.said(wording.LOOKING_AGAIN), entry, states=proposed(problem), at=at)
    elif entry.kind in ("promise.made", "problem.published") and _is_news(notice, problem):
        updates.say(
            notice,
            at_most,
            problem.public_texts,
            by=by,
            at=at,
            next_news_at=problem.next_news_at,
            once=f"entry:{entry.pk}",
        )
    elif _is_announced_fix(entry) and notice.state in standing.UNREPAIRED and at_most == standing.MONITORING:
        _say(notice, standing.MONITORING, wording.said(wording.FIX_IS_OUT), entry, states=_mended(notice), at=at)
    elif problem.state == states.RESOLVED and notice.state == standing.MONITORING and _by_itself(entry):
        _say(notice, standing.RESOLVED, wording.said(wording.HELD), entry, at=at)
        news.tell_no_more(problem, by=SYSTEM, at=at)


def _say(
    notice: Notice,
    state: str,
    texts: Mapping[str, str],
    entry: LedgerEntry,
    *,
    at: datetime,
    states: Mapping[str, str] | None = None,
) -> None:
    once, kind = f"entry:{entry.pk}", Update.BY_ITSELF
    next_news_at = _next_news_of(notice)
    more: updates.Saying = {"once": once, "kind": kind, "next_news_at": next_news_at}
    if states:
        more["states"] = states
    updates.say(notice, state, texts, by=SYSTEM, at=at, **more)


def _next_news_of(notice: Notice) -> datetime | None:
    """As it stands by now: the row the notice holds may be from before it was promised."""
    return Problem.objects.filter(pk=notice.problem_id or 0).values_list("next_news_at", flat=True).first()


def _is_news(notice: Notice, problem: Problem) -> bool:
    """Whether the problem's public words are others than those told last by a person."""
    last = notice.updates.filter(kind=Update.NEWS).order_by("-id").first()
    return bool(problem.public_texts) and (last is None or last.texts != problem.public_texts)


def _is_announced_fix(entry: LedgerEntry) -> bool:
    return entry.kind == "announcement.started" and entry.data.get("what") == "fixed"


def _by_itself(entry: LedgerEntry) -> bool:
    """A person who resolves a problem says the last word to the public themselves; the end of a watch has nobody."""
    return entry.kind == "problem.state_changed" and entry.actor_kind == SYSTEM.kind


def _mended(notice: Notice) -> dict[str, str]:
    return dict.fromkeys(notice.affected.values_list("component__key", flat=True), standing.OPERATIONAL)


def _hide(notice: Notice | None, problem: Problem, entry: LedgerEntry, *, at: datetime) -> None:
    """No longer public while it is open, or protected: gone from the page. What was resolved stays in the history."""
    if notice is None or not notice.is_shown or (notice.is_over and not problem.is_protected):
        return
    notice.is_shown = False
    Notice.objects.filter(pk=notice.pk).update(is_shown=False, updated_at=at)
    mails.withdraw(Delivery.objects.filter(update__notice=notice))
    _settle(notice, entry, by=Actor(entry.actor_kind, entry.actor_id, entry.actor_name), at=at)


def _settle(notice: Notice, entry: LedgerEntry, *, by: Actor, at: datetime) -> None:
    touched = notice.affected.values_list("component", flat=True)
    components.settle(touched, Why(StateChange.PROBLEM, f"PRB-{notice.problem_id}: {entry.kind}", by), at=at)
