"""Plays what was learnt: the analyses are written once they are owed, their actions go on for weeks."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from makegood.demo import lessons
from makegood.demo.lessons import Deed, Lesson, Plan
from makegood.demo.scene import Clock, Moments
from makegood.life.people.models import Agent, Team
from makegood.life.problems import actions as problems
from makegood.life.problems import states as problem_states
from makegood.life.problems.models import Problem
from makegood.life.rca import actions, causes, review, states, timeline, writing
from makegood.life.rca.models import Action, Rca

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLDEST = 84


def plots(clock: Clock, agents: dict[str, Agent], now: datetime) -> Iterator[tuple[datetime, Moments]]:
    """A problem of the quarter's beginning, and each lesson from the day it is owed."""
    yield now - OLDEST * DAY, _older(clock, agents)
    for lesson in lessons.LESSONS:
        begins = now - OLDEST * DAY if lesson.problem == lessons.OLDER else now - 45 * DAY
        yield begins + HOUR, _learn(clock, agents, lesson)
    yield now - 20 * DAY, _again(clock, agents)


def _older(clock: Clock, agents: dict[str, Agent]) -> Moments:
    raj, greta = agents["Raj"], agents["Greta"]
    problem = problems.open_problem(lessons.OLDER, by=greta.actor, at=clock.now, severity="high")
    team = Team.objects.get(slug="member-data")
    problems.hand_to(problem, by=greta.actor, at=clock.now, team=team, owner=raj)
    yield 5 * HOUR
    told: dict[str, Any] = {
        "cause": "One unreadable line ends the import.",
        "fix": "Such lines are put aside; the import ends red.",
    }
    problems.edit(problem, by=raj.actor, at=clock.now, **told)
    for days, state in ((8, problem_states.RELEASED), (1, problem_states.WATCHING), (30, problem_states.RESOLVED)):
        yield days * DAY
        more: dict[str, Any] = {"fixed_in": "4.16.2"} if state == problem_states.RELEASED else {}
        problems.move(problem, state, by=raj.actor, at=clock.now, **more)


def _learn(clock: Clock, agents: dict[str, Agent], lesson: Lesson) -> Moments:
    while (rca := Rca.objects.filter(problem__title=lesson.problem).select_related("problem").first()) is None:
        yield 6 * HOUR
    yield 20 * HOUR
    owner = rca.owner or agents["Greta"]
    begun = _write(rca, lesson, owner, clock.now)
    yield 4 * HOUR
    proposed = _propose(rca, lesson, agents, clock.now)
    yield 3 * HOUR
    review.submit(rca, by=owner.actor, at=clock.now)
    if lesson.ends == lessons.PUBLISHED:
        yield 18 * HOUR
        reader = agents[lesson.reviewer]
        review.approve(rca, by=reader if reader.pk != owner.pk else agents["Max"], at=clock.now)
        yield 2 * HOUR
        review.publish(rca, by=agents["Greta"].actor, at=clock.now)
    yield from _carry_on(clock, agents, begun, proposed)


def _again(clock: Clock, agents: dict[str, Agent]) -> Moments:
    """What came back is analysed once more."""
    while (problem := Problem.objects.filter(title=lessons.AGAIN, state=problem_states.CAME_BACK).first()) is None:
        yield 12 * HOUR
    yield 3 * DAY
    rca = writing.begin(problem, by=agents["Greta"].actor, at=clock.now)
    words: dict[str, Any] = {**lessons.AGAIN_WORDS}
    writing.edit(rca, by=agents["Ines"].actor, at=clock.now, **words)
    timeline.refresh(rca, by=agents["Ines"].actor, at=clock.now)


def _write(rca: Rca, lesson: Lesson, owner: Agent, at: datetime) -> datetime:
    first = rca.problem.opened_at
    facts: dict[str, Any] = {**lesson.words, **lesson.kinds, "public_texts": lesson.public}
    writing.edit(rca, by=owner.actor, at=at, **facts)
    timeline.refresh(rca, by=owner.actor, at=at)
    for days, words in lesson.by_hand:
        timeline.add(rca, first + days * DAY, words, by=owner.actor, at=at)
    keys: list[int] = []
    for words, kind, road, confidence, effects in lesson.causes:
        to = [keys[number - 1] for number in effects]
        facts = {"kind": kind, "road": road, "confidence": confidence}
        if confidence == "sure" and kind == "condition":
            facts["evidence"] = f"/console/problems/{rca.problem.number}/fix/"
        keys.append(causes.add(rca, words, by=owner.actor, at=at, effects=to, **facts).pk)
    return at


def _propose(rca: Rca, lesson: Lesson, agents: dict[str, Agent], at: datetime) -> list[tuple[Action, Plan]]:
    return [
        (
            actions.propose(
                rca.problem,
                plan.title,
                by=agents[plan.owner].actor,
                at=at,
                rca=rca,
                kind=plan.kind,
                strength=plan.strength,
                owner=agents[plan.owner],
                verifier=agents[plan.verifier],
                measure=plan.measure,
                verify_after_days=plan.verify_after,
                wanted_by=at + plan.due_in * DAY if plan.due_in else None,
            ),
            plan,
        )
        for plan in lesson.plans
    ]


def _carry_on(clock: Clock, agents: dict[str, Agent], begun: datetime, proposed: list[tuple[Action, Plan]]) -> Moments:
    """What becomes of the actions, in the order of its days."""
    agenda: list[tuple[float, int, Deed]] = []
    for place, (_action, plan) in enumerate(proposed):
        for deed in plan.deeds:
            heapq.heappush(agenda, (deed.days, place, deed))
    while agenda:
        days, place, deed = heapq.heappop(agenda)
        wait = begun + days * DAY - clock.now
        if wait > timedelta(0):
            yield wait
        action, plan = proposed[place]
        action.refresh_from_db()
        _do(action, plan, deed, agents, clock.now)


def _do(action: Action, plan: Plan, deed: Deed, agents: dict[str, Agent], at: datetime) -> None:
    """One deed, unless what came back in between has made it pointless."""
    owner, verifier = agents[plan.owner], agents[plan.verifier]
    if deed.deed == "accept" and action.state == states.PROPOSED:
        actions.accept(action, by=agents["Greta"].actor, at=at)
    elif deed.deed == "start" and action.state == states.ACCEPTED:
        actions.start(action, by=owner.actor, at=at)
    elif deed.deed == "implement" and action.state in states.TO_DO:
        actions.implement(action, by=owner.actor, at=at, words=deed.words)
    elif deed.deed in ("verify", "fail") and action.state in states.TO_CHECK:
        actions.verify(action, worked=deed.deed == "verify", by=verifier, at=at, words=deed.words)
    elif deed.deed == "decline" and action.state in states.TO_DO:
        actions.decline(action, by=owner.actor, at=at, reason=deed.words)
