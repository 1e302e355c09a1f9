"""The next public word on a notice: frozen as it is told, sent to subscribers, with the time of the one after it.

News on a problem is the problem's public news: its words become the problem's public words, and the time named is its
promise. So what reporters read on their pages and what everybody reads here are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine.queue import enqueue
from makegood.lib import rows
from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.problems import access as problem_access
from makegood.life.problems import actions as problems
from makegood.life.problems import news
from makegood.life.problems.models import Problem, key_of
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.reports import ledger
from makegood.life.reports.models import LedgerEntry
from makegood.life.statuspage import access, components, standing, wording
from makegood.life.statuspage.components import Why
from makegood.life.statuspage.models import Affected, Notice, PublicComponent, StateChange, Update

JOB = "status.slice"
LONGEST_TEXT = 5_000
_PRIORITY = 6


class BadUpdate(Refusal):
    """The words are missing or too long."""


class SaysTooMuch(Refusal):
    """The page would claim more than is true inside."""


class NeedsTime(Refusal):
    """News says when the next news comes, unless it is the last."""


class NotOpen(Refusal):
    """It is over, or no longer public."""


class Saying(TypedDict, total=False):
    """``states``: component key → its state from now on. ``impact``: as set by hand, empty: by the components.

    ``once``: what caused it, so that it is said once. ``kind``: as on Update.
    """

    states: Mapping[str, str]
    impact: str
    next_news_at: datetime | None
    once: str
    kind: str


def post(
    notice: Notice, state: str, texts: Mapping[str, str], *, by: Agent, at: datetime, **more: Unpack[Saying]
) -> Update:
    """A person's word on a problem's notice. Raises NotYours, NotOpen, SaysTooMuch, BadUpdate, NeedsTime, InThePast."""
    access.check_may_publish(by)
    words, next_news_at = checked(texts), more.get("next_news_at")
    with transaction.atomic():
        problem = problem_access.lock(_problem_of(notice))
        fresh = lock(notice)
        _check_open(fresh, problem)
        _check_state(state, problem, more.get("states") or {})
        if state != standing.RESOLVED and next_news_at is None:
            raise NeedsTime(_("Say when the next news comes. Everybody who reads this is promised that time."))
        made = say(fresh, state, words, by=by.actor, at=at, **more)
        problems.edit(problem, by=by.actor, at=at, public_texts=words)
        if state == standing.RESOLVED:
            news.tell_no_more(problem, by=by.actor, at=at)
        else:
            news.promise_news(problem, by=by.actor, at=at, due_at=next_news_at)
    return made


def say(
    fresh: Notice, state: str, texts: Mapping[str, str], *, by: Actor, at: datetime, **more: Unpack[Saying]
) -> Update:
    """Write an update on a locked notice, settle the components it names, put its sending in line."""
    before = {one.component.key: one for one in fresh.affected.select_related("component")}
    named = _set_affected(fresh, state, more.get("states"), before)
    by_hand = more.get("impact", fresh.impact_by_hand)
    impact = standing.impact(named.values(), set_by_hand=by_hand) if fresh.is_trouble else standing.NONE
    worst_yet = (
        max(fresh.impact, impact, key=standing.IMPACTS.index) if not by_hand and fresh.updates.exists() else impact
    )
    is_over = state in (standing.RESOLVED, standing.COMPLETED)
    fields: dict[str, Any] = {"state": state, "impact": worst_yet, "impact_by_hand": by_hand, "updated_at": at}
    fields["ended_at"] = at if is_over else None
    _put(fresh, fields)
    made = Update.objects.create(
        notice=fresh,
        kind=more.get("kind", Update.NEWS),
        state=state,
        impact=worst_yet,
        titles=fresh.titles,
        texts=dict(texts),
        components=[
            {"key": key, "state": now, "before": before[key].state if key in before else standing.OPERATIONAL}
            for key, now in named.items()
        ],
        next_news_at=None if is_over else more.get("next_news_at"),
        begins_at=None if fresh.is_trouble else fresh.began_at,
        ends_at=fresh.until,
        at=at,
        by_name=by.name,
        once=more.get("once"),
    )
    source = StateChange.PROBLEM if fresh.is_trouble else StateChange.MAINTENANCE
    touched = PublicComponent.objects.filter(key__in={*before, *named}).values_list("pk", flat=True)
    components.settle(touched, Why(source, _reason(fresh), by), at=at)
    data = {"update": made.pk, "state": state, "kind": made.kind, "notice": fresh.key}
    ledger.record(None, "status.updated", by=by, at=at, data=data, about=_about(fresh))
    enqueue(JOB, f"{made.pk}:0", {"update": made.pk, "turn": 0}, run_at=at, priority=_PRIORITY)
    return made


def own_up(entry: LedgerEntry, now: datetime) -> None:
    """On ``promise.broken``: the news the public was promised is late. Say so on the page, once a promise."""
    if entry.data.get("kind") != kinds.PUBLIC_NEWS:
        return
    promise = Promise.objects.filter(pk=entry.data.get("promise")).first()
    if promise is None or promise.state != Promise.OPEN:
        return
    notice = Notice.objects.filter(problem=key_of(promise.about), is_shown=True, ended_at=None).first()
    once = f"late:{promise.pk}:{promise.timing}"
    if notice is None or Update.objects.filter(once=once).exists():
        return
    with transaction.atomic():
        fresh = lock(notice)
        texts = wording.said(wording.LATE, time=promise.due_at, now=now)
        if fresh.is_shown and not fresh.is_over:
            say(fresh, fresh.state, texts, by=SYSTEM, at=now, kind=Update.LATE, once=once)


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """The words as they may be told. Raises BadUpdate."""
    found = {code: text.replace("\r\n", "\n").strip() for code, text in texts.items() if text.strip()}
    if not found:
        raise BadUpdate(_("Write what there is to tell, in at least one language."))
    if any(len(text) > LONGEST_TEXT for text in found.values()):
        raise BadUpdate(_("That is too long: at most %d characters fit here.") % LONGEST_TEXT)
    return found


def lock(notice: Notice) -> Notice:
    """Take the row for change within the present transaction and return it fresh."""
    return rows.lock(Notice, notice.pk)


def _problem_of(notice: Notice) -> Problem:
    if notice.problem is None:
        raise NotOpen(_("This is not a problem."))
    return notice.problem


def _check_open(fresh: Notice, problem: Problem) -> None:
    if not problem.is_public or problem.is_protected or problem.merged_into_id or not fresh.is_shown:
        raise NotOpen(_("This problem is not public any more, so there is nothing to tell here."))
    if fresh.is_over:
        raise NotOpen(_("This is resolved. If it came back, say so on the problem; the page follows."))


def _check_state(state: str, problem: Problem, states: Mapping[str, str]) -> None:
    if state not in standing.TROUBLE_STATES:
        raise BadUpdate(_("Choose where it stands."))
    if standing.claims_more(state, problem.state):
        words = {"inside": problem.get_state_display()}
        raise SaysTooMuch(
            _("Inside, the problem is “%(inside)s”. The page cannot claim more: move the problem on first.") % words
        )
    if any(one not in standing.COMPONENT_STATES for one in states.values()):
        raise BadUpdate(_("Choose one of the states."))
    if state in standing.UNREPAIRED and states and set(states.values()) == {standing.OPERATIONAL}:
        raise SaysTooMuch(_("While it is being repaired, at least one component it hits cannot be operational."))


def _set_affected(
    fresh: Notice, state: str, states: Mapping[str, str] | None, before: Mapping[str, Affected]
) -> dict[str, str]:
    """Write what the notice says of components; without ``states`` it stays. Resolved: they are operational again."""
    if state in (standing.RESOLVED, standing.COMPLETED):
        fresh.affected.update(state=standing.OPERATIONAL)
        return dict.fromkeys(before, standing.OPERATIONAL)
    if states is None:
        return {key: one.state for key, one in before.items()}
    known = {one.key: one for one in PublicComponent.objects.filter(key__in=list(states), is_shown=True)}
    fresh.affected.exclude(component__key__in=list(known)).delete()
    for key, one in known.items():
        Affected.objects.update_or_create(notice=fresh, component=one, defaults={"state": states[key]})
    return {key: states[key] for key in known}


def _reason(fresh: Notice) -> str:
    return f"PRB-{fresh.problem_id}" if fresh.problem_id else f"{fresh.titles.get('en') or fresh.key}"


def _about(fresh: Notice) -> str:
    return fresh.about_problem or fresh.about


def _put(fresh: Notice, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(fresh, name, value)
    Notice.objects.filter(pk=fresh.pk).update(**fields)
