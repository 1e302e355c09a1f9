"""What makes the figures of the demo worth looking at: doors, parts, a wave of reports, reviews that were held."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from makegood.demo import plots
from makegood.demo.scene import Clock, Moments, Scene
from makegood.demo.stories import STORIES
from makegood.life.insights import letters, reviews, rolling
from makegood.life.insights.days import Period, day_of, whole_month_before, whole_week_before
from makegood.life.insights.models import Improvement, Review
from makegood.life.people.models import Agent, Contact
from makegood.life.problems import surging
from makegood.life.reports.models import Component, Report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKS = 5
DOORS = ((0.2, "phone"), (0.38, "mail"), (0.44, "widget"), (0.46, "api"))
PARTS = {
    "sign-in": ("Sign-in", ("sign-in-failure",)),
    "claims": ("Claims and invoices", ("server-error", "database-timeout", "price-wrong", "history-missing")),
    "account": ("Account and family", ("profile-wrong", "changes-not-saved", "dependants-missing", "not-syncing")),
    "search": ("Search and directory", ("search-empty", "filters-wrong", "provider-data", "images-missing")),
    "portal": ("Portal pages", ("page-stuck", "navigation", "form-not-submitting", "service-unavailable")),
    "cover": ("Cover and entitlement", ("entitlement-wrong", "feature-missing")),
}
DECIDED = (
    ("Say on the sign-in page when the identity service is slow", "Sofia", 12, "done"),
    ("Two people at the desk from 8 to 10 on Mondays", "Emil", 16, "done"),
    ("Ask for the page and the time in the first question", "Dora", 20, "dropped"),
    ("An alarm when a certificate runs out within 30 days", "Eve", 17, "open"),
    ("Write the article on the 502 at noon", "Dora", 24, "open"),
)
NOTES = (
    "A calm week. The morning after the update was the hard part; everybody was told by noon.",
    "Most of what broke was handed over late in the day. We try a hand-over at four.",
    "The search came back after its fix. We look at it together on Thursday.",
    "Good words from members on how quickly they heard. Keep that.",
)
REASONS = {"accept": "Handed over after five; nobody looked before the morning.", "hear_back": "Two of us were ill."}


def door(chance: float) -> str:
    """By which door a report comes."""
    return next((name for limit, name in DOORS if chance < limit), "web")


def wave(
    clock: Clock, agents: dict[str, Agent], members: list[Contact], now: datetime
) -> list[tuple[datetime, Moments]]:
    """Seven members within half an hour, ten days ago: a spike, noticed with the third of them."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    start = (now - 10 * DAY).replace(hour=9, minute=10, second=0, microsecond=0)
    start -= max(0, start.weekday() - 4) * DAY
    story = next(story for story in STORIES if story.category == "service-unavailable")
    found: list[tuple[datetime, Moments]] = []
    for n, contact in enumerate(chance.sample(members, 7)):
        scene = Scene(
            clock, chance, story, contact, dora=agents["Dora"], eve=agents["Max"], number=9000 + n, is_brief=True
        )
        found.append((start + n * timedelta(minutes=4), plots.whole(scene)))
    return [*found, (start + timedelta(minutes=9), _watching(clock))]


def _watching(clock: Clock) -> Iterator[timedelta]:
    """The clock looks each minute; here, as often as it matters."""
    for wait in (10, 20, 60, 60):
        surging.watch(clock.now)
        yield timedelta(minutes=wait)
    surging.watch(clock.now)


def furnish() -> None:
    """The parts of the product that reports are about."""
    for slug, (name, categories) in PARTS.items():
        part, _made = Component.objects.get_or_create(slug=slug, defaults={"name": name})
        Report.objects.filter(component=None, category__slug__in=categories).update(component=part)


def hold_reviews(agents: dict[str, Agent], now: datetime) -> None:
    """The last weeks and the last month: held and signed but for the newest; some of what was decided is late."""
    today = day_of(now, rolling.zone())
    week = whole_week_before(today)
    for back in range(WEEKS - 1, -1, -1):
        period = Period(week.first - back * 7 * DAY, week.last - back * 7 * DAY)
        _hold(Review.WEEK, period, agents, now, is_signed=back > 0, number=WEEKS - back)
    _hold(Review.MONTH, whole_month_before(today), agents, now, is_signed=True, number=0)
    letters.subscribe(agents["Emil"], at=now - 30 * DAY)


def _hold(kind: str, period: Period, agents: dict[str, Agent], now: datetime, *, is_signed: bool, number: int) -> None:
    emil, opened = agents["Emil"], period.moments(rolling.zone())[1] + 6 * HOUR
    review = reviews.open_review(kind, period, at=min(opened, now))
    if review is None or not is_signed:
        return
    held = min(opened + 5 * HOUR, now)
    note = NOTES[number % len(NOTES)]
    reviews.write(review, by=emil.actor, at=held, version=1, notes=note, reasons=REASONS if number % 2 else {})
    if kind == Review.WEEK:
        _decide(review, number - 1, agents, held, now)
    reviews.sign(review, by=emil, at=min(held + HOUR, now))


def _decide(review: Review, number: int, agents: dict[str, Agent], held: datetime, now: datetime) -> None:
    words, owner, days, state = DECIDED[number % len(DECIDED)]
    due_on = day_of(held, rolling.zone()) + days * DAY
    made = reviews.decide(review, words, by=agents["Emil"].actor, at=held, owner=agents[owner], due_on=due_on)
    ended = held + (days - 3) * DAY
    if state != Improvement.OPEN and ended < now:
        reason = "It is asked on the form already." if state == Improvement.DROPPED else ""
        reviews.end(made, state, by=agents[owner].actor, at=ended, reason=reason)
