"""Planned work: announced ahead, reminded of, begun and ended by the clock or by hand, and each step told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.statuspage import access, standing, updates, wording
from makegood.life.statuspage.models import Notice, PublicComponent, Update

# Announced longer ahead than this, people are reminded once more.
REMIND_BEFORE = timedelta(hours=24)
LONGEST_TITLE = 200
LONGEST = timedelta(days=30)


class BadPlan(Refusal):
    """The plan lacks a title, or its times cannot be."""


class NotNow(Refusal):
    """The maintenance is not in a state in which this can be done."""


@dataclass(frozen=True)
class Plan:
    """What is to be done and when; ``components``: keys of those under maintenance meanwhile."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    components: Iterable[str] = ()
    begins_by_itself: bool = True
    ends_by_itself: bool = True


def plan(wanted: Plan, *, by: Agent, at: datetime) -> Notice:
    """Announce it now. Raises NotYours, BadPlan, BadUpdate."""
    access.check_may_publish(by)
    titles, texts = _titles(wanted.titles), updates.checked(wanted.texts)
    _check_times(wanted, at=at)
    with transaction.atomic():
        notice = Notice.objects.create(
            kind=Notice.MAINTENANCE,
            titles=titles,
            state=standing.SCHEDULED,
            impact=standing.NONE,
            began_at=wanted.starts_at,
            until=wanted.ends_at,
            begins_by_itself=wanted.begins_by_itself,
            ends_by_itself=wanted.ends_by_itself,
            remind_at=_reminder(wanted.starts_at, at),
            made_at=at,
            made_by=by.name,
            updated_at=at,
        )
        _record(notice, by=by.actor, at=at, what="planned")
        states = dict.fromkeys(_shown(wanted.components), standing.MAINTENANCE)
        updates.say(notice, standing.SCHEDULED, texts, by=by.actor, at=at, states=states)
    return notice


def move(notice: Notice, starts_at: datetime, ends_at: datetime, *, by: Agent, at: datetime) -> Notice:
    """Another time, before it has begun; everybody is told. Raises NotYours, NotNow, BadPlan."""
    access.check_may_publish(by)
    with transaction.atomic():
        fresh = _open(notice, standing.SCHEDULED)
        _check_times(Plan({}, {}, starts_at, ends_at), at=at)
        if (fresh.began_at, fresh.until) == (starts_at, ends_at):
            return fresh
        fresh.began_at, fresh.until, fresh.remind_at = starts_at, ends_at, _reminder(starts_at, at)
        fresh.save(update_fields=["began_at", "until", "remind_at"])
        _record(fresh, by=by.actor, at=at, what="moved")
        texts = wording.said(wording.MOVED, time=starts_at, now=at)
        updates.say(fresh, standing.SCHEDULED, texts, by=by.actor, at=at)
    return fresh


def post(notice: Notice, state: str, texts: Mapping[str, str], *, by: Agent, at: datetime) -> Update:
    """A person's word: begin it, say how it goes, verify, complete. Only ever forwards. Raises NotYours, NotNow,
    BadUpdate.
    """
    access.check_may_publish(by)
    words = updates.checked(texts)
    with transaction.atomic():
        fresh = _open(notice)
        steps = standing.MAINTENANCE_STATES
        if state not in steps or steps.index(state) < steps.index(fresh.state):
            raise NotNow(_("A maintenance goes only forwards."))
        return _step(fresh, state, words, by=by.actor, at=at)


def call_off(notice: Notice, *, by: Agent, at: datetime) -> Update:
    """It does not take place. Raises NotYours, NotNow."""
    access.check_may_publish(by)
    with transaction.atomic():
        fresh = _open(notice, standing.SCHEDULED)
        _record(fresh, by=by.actor, at=at, what="called_off")
        return updates.say(fresh, standing.COMPLETED, wording.said(wording.CALLED_OFF), by=by.actor, at=at)


def keep_time(now: datetime) -> int:
    """Periodic: remind, begin, end what is due; each step once. Returns how many there were."""
    waiting = Notice.objects.filter(kind=Notice.MAINTENANCE, ended_at=None, is_shown=True).order_by("began_at")
    return sum(_keep_time_of(one, now) for one in waiting[:200])


def _keep_time_of(notice: Notice, now: datetime) -> int:
    with transaction.atomic():
        fresh = updates.lock(notice)
        steps = 0
        if fresh.state == standing.SCHEDULED and fresh.remind_at and fresh.remind_at <= now < fresh.began_at:
            fresh.remind_at = None
            fresh.save(update_fields=["remind_at"])
            texts = wording.said(wording.REMINDER, time=fresh.began_at, now=now)
            updates.say(fresh, fresh.state, texts, by=SYSTEM, at=now, kind=Update.BY_ITSELF)
            steps += 1
        if fresh.state == standing.SCHEDULED and fresh.begins_by_itself and fresh.began_at <= now:
            _step(fresh, standing.IN_PROGRESS, wording.said(wording.BEGINS), by=SYSTEM, at=now)
            steps += 1
        if fresh.state == standing.IN_PROGRESS and fresh.until and fresh.until <= now:
            if fresh.ends_by_itself:
                _step(fresh, standing.COMPLETED, wording.said(wording.COMPLETED), by=SYSTEM, at=now)
            else:
                _step(fresh, standing.VERIFYING, wording.said(wording.WORK_IS_DONE), by=SYSTEM, at=now)
            steps += 1
    return steps


def _step(fresh: Notice, state: str, texts: Mapping[str, str], *, by: Actor, at: datetime) -> Update:
    if state != standing.SCHEDULED and fresh.started_at is None:
        fresh.started_at = at
        fresh.save(update_fields=["started_at"])
    kind = Update.BY_ITSELF if by == SYSTEM else Update.NEWS
    return updates.say(fresh, state, texts, by=by, at=at, kind=kind)


def _open(notice: Notice, *states: str) -> Notice:
    fresh = updates.lock(notice)
    if fresh.is_trouble or fresh.is_over or (states and fresh.state not in states):
        raise NotNow(_("This maintenance has gone on meanwhile. Look at it again."))
    return fresh


def _titles(titles: Mapping[str, str]) -> dict[str, str]:
    found = {code: " ".join(text.split()) for code, text in titles.items() if text.strip()}
    if not found:
        raise BadPlan(_("Give it a title: what is done, in a few words."))
    if any(len(text) > LONGEST_TITLE for text in found.values()):
        raise BadPlan(_("That is too long: at most %d characters fit here.") % LONGEST_TITLE)
    return found


def _check_times(wanted: Plan, *, at: datetime) -> None:
    if wanted.starts_at < at:
        raise BadPlan(_("It cannot begin in the past."))
    if not wanted.starts_at < wanted.ends_at <= wanted.starts_at + LONGEST:
        raise BadPlan(_("It must end after it begins, within thirty days."))


def _reminder(starts_at: datetime, at: datetime) -> datetime | None:
    remind_at = starts_at - REMIND_BEFORE
    return remind_at if remind_at - at > REMIND_BEFORE else None


def _shown(keys: Iterable[str]) -> list[str]:
    return list(PublicComponent.objects.filter(key__in=list(keys), is_shown=True).values_list("key", flat=True))


def _record(notice: Notice, *, by: Actor, at: datetime, what: str) -> None:
    until = notice.until.isoformat() if notice.until else ""
    data = {"notice": notice.key, "what": what, "starts_at": notice.began_at.isoformat(), "ends_at": until}
    ledger.record(None, "status.planned", by=by, at=at, data=data, about=notice.about)
