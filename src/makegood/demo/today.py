"""What stands at the desk when the demo is first opened: each state a report can be in, whatever the hour or day.

Chance makes most of the demo; some states last for minutes or hours only, so that chance may leave them out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from makegood.demo import plots, sayings
from makegood.demo.scene import Clock, Moments, Scene
from makegood.demo.stories import STORIES
from makegood.life.aftercare import actions as aftercare
from makegood.life.escalation import actions as escalation
from makegood.life.escalation.queries import open_of
from makegood.life.people.models import Agent, Contact
from makegood.life.reports import actions as reports
from makegood.life.reports import states
from makegood.life.updates import actions as updates

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_FOREVER = timedelta(days=90)
_LOOKING = {
    "en": "Hello {{ first_name }},\n\nwe are on it with the colleagues who look after this page.",
    "de": "Guten Tag {{ first_name }},\n\nwir sind daran, mit allen, die diese Seite betreuen.",
}
_CANNOT_SEE = (
    "With a test member of the same plan the page is fine. Which plan, and since which day? Then we look again."
)
_WHICH = "Is the time on the picture the time of the error? Our log has nothing at that minute."


def plots_of_today(
    clock: Clock, agents: dict[str, Agent], members: list[Contact], now: datetime
) -> Iterator[tuple[datetime, Moments]]:
    """When each begins, and how it goes on: as far as the state it is to show, and no further."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    stories = [story for story in STORIES if story.category not in ("how-to", "where-is")]
    people = chance.sample(members, len(_TODAY))
    for number, (hours_ago, plot) in enumerate(_TODAY):
        scene = Scene(
            clock,
            chance,
            chance.choice([story for story in stories if story.language == people[number].language] or stories),
            people[number],
            dora=agents[("Dora", "Noah", "Mina", "Tom")[number % 4]],
            eve=agents[("Eve", "Ines", "Max")[number % 3]],
            number=9100 + number,
            channel=("web", "mail", "phone")[number % 3],
        )
        yield now - hours_ago * HOUR, plot(scene, now)


def _begun(scene: Scene) -> Moments:
    plots.receive(scene)
    yield 6 * MINUTE
    reports.assign(scene.report, scene.dora, by=scene.dora.actor, at=scene.clock.now)
    yield 4 * MINUTE


def _promise(scene: Scene, until: datetime) -> None:
    """Say that we are on it, and when they hear next."""
    scene.report.refresh_from_db()
    words = _LOOKING[scene.report.language if scene.report.language in _LOOKING else "en"]
    words = words.replace("{{ first_name }}", scene.contact.name.split()[0])
    updates.reply(scene.report, words, by=scene.dora.actor, at=scene.clock.now, next_at=until, undo=plots.NO_UNDO)


def _waits(scene: Scene, now: datetime) -> Moments:
    """We asked, and the clocks wait for the answer."""
    yield from _begun(scene)
    scene.report.refresh_from_db()
    plots.ask(scene)
    yield _FOREVER


def _sleeps(scene: Scene, now: datetime) -> Moments:
    """Put aside until the colleague who knows it is back; the promise is for later still."""
    yield from _begun(scene)
    _promise(scene, now + 28 * HOUR)
    yield 5 * MINUTE
    reports.snooze(scene.report, now + 20 * HOUR, by=scene.dora.actor, at=scene.clock.now)
    yield _FOREVER


def _at_risk(scene: Scene, now: datetime) -> Moments:
    """Nearly all of the time that was promised is over."""
    yield from _begun(scene)
    _promise(scene, now + 50 * MINUTE)
    yield _FOREVER


def _broken(scene: Scene, now: datetime) -> Moments:
    """Nobody gave the news that was promised: the ladder climbs."""
    yield from _begun(scene)
    _promise(scene, now - 2 * HOUR)
    yield _FOREVER


def _comes_back(scene: Scene, now: datetime) -> Moments:
    """Solved, and it was not: opened again at a higher severity."""
    yield from _begun(scene)
    _promise(scene, now + HOUR)
    yield 3 * HOUR
    plots.solve_now(scene)
    yield max(MINUTE, now - 40 * MINUTE - scene.clock.now)
    scene.report.refresh_from_db()
    said = sayings.STILL_BROKEN[scene.story.language]
    aftercare.confirm(scene.report, "no", by=scene.contact.actor, at=scene.clock.now, said=said)
    yield _FOREVER


def _goes_back(scene: Scene, now: datetime) -> Moments:
    """The technical side hands it back to the desk, with what it would need."""
    yield from _with_the_technical_side(scene, now)
    if made := open_of(scene.report):
        escalation.accept(made, by=scene.eve.actor, at=scene.clock.now)
        yield 30 * MINUTE
        escalation.hand_back(made, reason=_CANNOT_SEE, by=scene.eve.actor, at=scene.clock.now)
    yield _FOREVER


def _asked_back(scene: Scene, now: datetime) -> Moments:
    """The technical side asks the desk, and its own clock waits."""
    yield from _with_the_technical_side(scene, now)
    if made := open_of(scene.report):
        escalation.ask_back(made, _WHICH, by=scene.eve.actor, at=scene.clock.now)
    yield _FOREVER


def _found(scene: Scene, now: datetime) -> Moments:
    """The cause is known, the fix is not begun."""
    yield from _with_the_technical_side(scene, now)
    if made := open_of(scene.report):
        escalation.answer(made, scene.story.cause, by=scene.eve.actor, at=scene.clock.now, state=states.CAUSE_FOUND)
    yield _FOREVER


def _fixed_soon(scene: Scene, now: datetime) -> Moments:
    """The fix is being made."""
    yield from _with_the_technical_side(scene, now)
    if made := open_of(scene.report):
        escalation.answer(made, scene.story.solution, by=scene.eve.actor, at=scene.clock.now, state=states.FIXING)
    yield _FOREVER


def _new(scene: Scene, now: datetime) -> Moments:
    """Nobody has looked at it yet."""
    plots.receive(scene)
    yield _FOREVER


def _with_the_technical_side(scene: Scene, now: datetime) -> Moments:
    yield from _begun(scene)
    _promise(scene, now + 5 * HOUR)
    yield 5 * MINUTE
    reason = scene.chance.choice(sayings.REASONS)
    escalation.escalate(scene.report, by=scene.dora.actor, at=scene.clock.now, reason=reason)
    yield 10 * MINUTE


_TODAY: tuple[tuple[float, Callable[[Scene, datetime], Moments]], ...] = (
    (26, _waits),
    (7, _waits),
    (3, _waits),
    (22, _sleeps),
    (4, _sleeps),
    (9, _at_risk),
    (8, _broken),
    (20, _comes_back),
    (5, _goes_back),
    (2.5, _asked_back),
    (6, _found),
    (11, _fixed_soon),
    (0.15, _new),
)
