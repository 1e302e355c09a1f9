"""Resolving a public problem by hand: the last word to the public, or why there is none, is part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent
from makegood.life.problems import access as problem_access
from makegood.life.problems import actions as problems
from makegood.life.problems import news, states
from makegood.life.problems.models import Problem
from makegood.life.statuspage import access, standing, updates, wording
from makegood.life.statuspage.models import Notice, Update


@dataclass(frozen=True)
class Last:
    """``words`` (language → text) are the last news and end the notice; else ``no_news_reason`` says to colleagues why
    nobody is told more than that it is resolved."""

    words: Mapping[str, str] = field(default_factory=dict)
    no_news_reason: str = ""

    @property
    def told(self) -> dict[str, str]:
        return {code: text for code, text in self.words.items() if text.strip()}

    @property
    def is_settled(self) -> bool:
        return bool(self.told or self.no_news_reason.strip())


NOTHING = Last()


def resolve(problem: Problem, *, by: Agent, at: datetime, reason: str = "", last: Last = NOTHING) -> None:
    """Move it to resolved, and settle what the public was promised, if it was.

    Raises OwesNews without a word on that, NotYours, BadUpdate, NotAMove.
    """
    with transaction.atomic():
        problem_access.lock(problem)
        is_owed = problem.is_public and news.is_owed(problem)
        if is_owed and last.is_settled:
            access.check_may_publish(by)
        problems.move(problem, states.RESOLVED, by=by.actor, at=at, reason=reason, is_news_settled=last.is_settled)
        if is_owed:
            _settle(problem, last.told, last.no_news_reason.strip(), by=by, at=at)


def _settle(problem: Problem, words: Mapping[str, str], why: str, *, by: Agent, at: datetime) -> None:
    notice = Notice.objects.filter(problem=problem, is_shown=True, ended_at=None).first()
    if words and notice is not None:
        updates.post(notice, standing.RESOLVED, words, by=by, at=at)
    elif words:
        problems.edit(problem, by=by.actor, at=at, public_texts=updates.checked(words))
        news.tell_no_more(problem, by=by.actor, at=at)
    else:
        news.owe_no_more(problem, by=by.actor, at=at, reason=why)
        if notice is not None:
            said = wording.said(wording.RESOLVED)
            updates.say(updates.lock(notice), standing.RESOLVED, said, by=SYSTEM, at=at, kind=Update.BY_ITSELF)
