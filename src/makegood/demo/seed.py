"""Play a quarter at the desk of Fairfield Health through the ordinary verbs, in the order in which things happened."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import translation

from makegood.demo import (
    faults,
    insights,
    knowledge,
    learning,
    making_good,
    plots,
    privacy,
    status,
    today,
)
from makegood.demo.people import add_members, add_staff
from makegood.demo.scene import Clock, Scene
from makegood.demo.stories import STORIES
from makegood.engine.models import Job
from makegood.lib import rows
from makegood.life import reactions
from makegood.life.diagnosis import catalogue
from makegood.life.insights import rolling
from makegood.life.people.models import Agent, Contact
from makegood.life.promises import book
from makegood.life.promises.models import Promise
from makegood.life.promises.sweep import sweep
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report, SavedView
from makegood.life.searching import keeping
from makegood.life.updates import wording

COUNT = 200
DAYS = 60
# Before these days a few reports of which little is told, so that figures have a quarter to speak of.
QUARTER, LONG_AGO = 91, 36
# Days are counted once, when they are over; of the reviews only the last are held.
AT_THE_END = {"insights.roll", "insights.open_reviews", "insights.send_week"}


def seed(now: datetime, *, count: int = COUNT) -> None:
    """Fill an empty database with staff, members, catalogue and ``count`` reports of the 60 days before ``now``."""
    chance = random.Random(20)  # noqa: S311 - the demo is to be the same each time
    with translation.override("en"):
        agents = add_staff(now)
        _install(now - timedelta(days=QUARTER + 30))
        members = add_members(now, chance)
        _play(now, chance, agents, members, count)
        knowledge.seed(now, chance, agents)
        react(now)
        privacy.play(agents, now)
        keeping.index_all(now=now)
        insights.furnish()
        rolling.rebuild(now)
        insights.hold_reviews(agents, now)
    _send_what_was_owed(now)


def _install(at: datetime) -> None:
    book.install_defaults(at)
    catalogue.install()
    wording.install(at)
    for position, (name, query) in enumerate((("Coverage and entitlement", "category:entitlement-wrong"),)):
        SavedView.objects.get_or_create(name=name, defaults={"query": f"state:open {query}", "position": position})


def _play(now: datetime, chance: random.Random, agents: dict[str, Agent], members: list[Contact], count: int) -> None:
    clock = Clock(now - timedelta(days=QUARTER + 1))
    making_good.furnish(agents["Ada"], clock.now)
    status.furnish(agents, clock.now)
    agenda: list[tuple[datetime, int, Iterator[timedelta]]] = []
    for number, start in enumerate(sorted(_arrivals(now, chance, count))):
        scene = _scene(clock, chance, agents, members, number, age=now - start)
        heapq.heappush(agenda, (start, number, _plot(scene)))
    others = [*faults.plots(clock, agents, now), *status.plots(clock, agents, now)]
    others += insights.wave(clock, agents, members, now)
    for number, (start, plot) in enumerate(others, count):
        heapq.heappush(agenda, (start, number, plot))
    for number, (start, plot) in enumerate(learning.plots(clock, agents, now), count + 100):
        heapq.heappush(agenda, (start, number, plot))
    for number, (start, plot) in enumerate(today.plots_of_today(clock, agents, members, now), count + 200):
        heapq.heappush(agenda, (start, number, plot))
    mornings = (now - timedelta(days=DAYS - 1)).replace(hour=9, minute=20)
    heapq.heappush(agenda, (mornings, -1, making_good.plot(clock, agents, now)))
    for number in range(10_000, 10_000 + min(LONG_AGO, count)):
        start = now - timedelta(days=chance.uniform(DAYS + 1, QUARTER))
        scene = _scene(clock, chance, agents, members, number, age=now - start)
        heapq.heappush(agenda, (start, number, plots.long_ago(scene)))
    quarters = 1
    while agenda:
        at, number, going_on = heapq.heappop(agenda)
        if at > now - timedelta(days=DAYS * (4 - quarters) / 4) and quarters < 4:
            print(f"  … {quarters * 25} %", flush=True)
            quarters += 1
        if at > now:
            continue
        _let_time_pass(clock, at)
        wait = next(going_on, None)
        react(at)
        if wait is not None:
            heapq.heappush(agenda, (at + wait, number, going_on))
    _let_time_pass(clock, now)
    making_good.leave_waiting(agents, now)
    react(now)


def _plot(scene: Scene) -> Iterator[timedelta]:
    """The older ones have all been picked up at last; of the newest some still lie there."""
    is_forgotten = not scene.attentive and not scene.is_brief and scene.chance.random() < 0.4
    return plots.forgotten(scene) if is_forgotten else plots.whole(scene)


def _arrivals(now: datetime, chance: random.Random, count: int) -> Iterator[datetime]:
    """Moments at which reports come in: weekdays and mornings more often, the last day denser."""
    for number in range(count):
        if number >= count - 26:
            yield now - timedelta(minutes=chance.uniform(4, 2200))
            continue
        while True:
            at = now - timedelta(minutes=chance.uniform(2200, DAYS * 1440))
            busy = 1.0 if at.weekday() < 5 else 0.35
            if chance.random() < busy * (1.0 if 7 <= at.hour < 17 else 0.25):
                yield at
                break


def _scene(
    clock: Clock,
    chance: random.Random,
    agents: dict[str, Agent],
    members: list[Contact],
    number: int,
    *,
    age: timedelta,
) -> Scene:
    story = chance.choice(STORIES)
    contact = chance.choice(members)
    if story.language == "de" and contact.language != "de":
        contact.language = "de"
        contact.save(update_fields=["language"])
    desk = [agents[name] for name in ("Dora", "Noah", "Mina", "Tom")]
    technical = [agents[name] for name in ("Eve", "Ines", "Max")]
    return Scene(
        clock,
        chance,
        story,
        contact,
        dora=chance.choice(desk),
        eve=chance.choice(technical),
        number=number,
        channel=insights.door(chance.random()),
        attentive=chance.random() < (0.8 if age < timedelta(hours=14) else 0.93),
        ending=chance.choices(("yes", "no", "silence"), (78, 7, 15))[0],
        is_brief=age > timedelta(days=9),
        is_taken_soon=age > timedelta(hours=9) or chance.random() < 0.5,
    )


def _let_time_pass(clock: Clock, until: datetime) -> None:
    """Let promises fall due, and once a day the periodic work be done, on the way to ``until``."""
    while (due := _next_due()) is not None and due <= until:
        sweep(due)
        react(due)
    if clock.now.date() != until.date():
        for name, (_every, work) in reactions.PERIODIC.items():
            if name not in AT_THE_END:
                work(until)
        react(until)
    clock.now = until


def _next_due() -> datetime | None:
    found = rows.read(Promise, "next_step_at IS NOT NULL AND state = %s ORDER BY next_step_at LIMIT 1", [Promise.OPEN])
    return found[0].next_step_at if found else None


def react(now: datetime) -> None:
    """Run the reactions of whatever has been recorded, as the worker would; the words are indexed at the end."""
    while entries := rows.read(LedgerEntry, "delivered_at IS NULL ORDER BY id LIMIT 200", ()):
        eventful = [(entry, following) for entry in entries if (following := _following(entry))]
        for entry, following in eventful:
            for reaction in following:
                reaction(entry, now)
        with connection.cursor() as cursor:
            mark = "UPDATE reports_ledgerentry SET delivered_at = %s WHERE delivered_at IS NULL AND id <= %s"
            cursor.execute(mark, [rows.moment(now), entries[-1].pk])
        if not eventful:
            return


def _following(entry: LedgerEntry) -> list[reactions.Reaction]:
    return [reaction for reaction in reactions.after(entry) if reaction not in keeping.REACTIONS]


def _send_what_was_owed(now: datetime) -> None:
    """Mails of the past have left long ago; what is being played has no worker of its own."""
    OutgoingMail.objects.filter(state="queued", send_after__lte=now - timedelta(minutes=1)).update(
        state="sent", sent_at=F("send_after"), attempts=1
    )
    Job.objects.filter(done_at=None, run_at__lte=now, name="send_page").delete()
    Report.objects.filter(state="closed").update(owed_at=None)
