"""The problems behind the demo's reports, played like them: each a generator that yields how long until the next step.

Colleagues open a problem when several members tell of the same, let later reports join, write down what they find,
tell the public, and let it go through the states. What would lie after *now* has not happened yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from makegood.demo import changes
from makegood.demo.scene import Clock, Moments
from makegood.life.people.models import Agent, Team
from makegood.life.problems import actions, membership, news, ranking, states
from makegood.life.problems.models import Membership, Problem
from makegood.life.reports.models import Component, Report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Fault:
    """``categories``: whose reports belong to it; ``days_ago``: when it was named; ``steps``: what follows, in days
    after that. ``public``: title, text and advice in English and German. ``overruled``: priority and why, by the lead.
    """

    title: str
    categories: tuple[str, ...]
    severity: str
    team: str
    owner: str
    days_ago: float
    symptom: str
    signatures: tuple[str, ...]
    cause: str
    workaround: str
    fix: str
    fixed_in: str
    steps: tuple[tuple[float, str], ...]
    public: tuple[dict[str, str], dict[str, str], dict[str, str]] | None = None
    note: str = ""
    overruled: tuple[int, str] | None = None


FAULTS = (
    Fault(
        "Sign-in loses the session after the identity service was updated",
        ("sign-in-failure",),
        "high",
        "sign-in",
        "Sofia",
        9.0,
        "Members are sent back to the start page, or read that their session is invalid. Their password is right.",
        ("Your session is invalid", "SessionStateMismatch"),
        "Since the update two nodes of the identity service sign sessions with different keys.",
        "Signing in once more within a minute mostly reaches the right node.",
        "One shared key store for both nodes; rolled out node by node.",
        "4.19.0",
        ((0.3, states.INVESTIGATING), (1.6, states.CAUSE_KNOWN), (6.0, states.FIXING)),
        (
            {"en": "Signing in fails for some members", "de": "Anmeldung gelingt manchen nicht"},
            {
                "en": "After signing in, some members are sent back to the start page. Your password is all right."
                " We have found the cause and are repairing it.",
                "de": "Nach der Anmeldung landen manche wieder auf der Startseite. Ihr Passwort stimmt. Wir haben die"
                " Ursache gefunden und beheben sie.",
            },
            {
                "en": "Please try once more after a minute. The app works as usual.",
                "de": "Bitte versuchen Sie es nach einer Minute noch einmal. Die App arbeitet wie gewohnt.",
            },
        ),
        note="The partner says their side has no error since Monday; it is ours.",
        overruled=(1, "Whoever cannot sign in can do nothing else, and the new cards go out this week"),
    ),
    Fault(
        "Searches in the archive take longer than the gateway waits",
        ("database-timeout", "search-empty"),
        "medium",
        "member-data",
        "Raj",
        20.0,
        "Searching invoices or doctors ends after a minute with a message, or with no result.",
        ("The request took too long", "Timeout, please try again later"),
        "",
        "A shorter period or a town's full name finds it.",
        "",
        "",
        ((1.0, states.INVESTIGATING),),
        note="Only since the archives were merged, as far as I can see.",
    ),
    Fault(
        "Forms are not sent when a field is filled in by the browser",
        ("form-not-submitting", "changes-not-saved"),
        "high",
        "portal-platform",
        "Eve",
        26.0,
        "Pressing Send or Save does nothing, or the old value comes back.",
        ("ValidationError: value unchanged",),
        "The form listens for typing only; what the browser fills in by itself is not noticed.",
        "Typing one letter and deleting it again.",
        "The form reads its fields when it is sent.",
        "4.18.4",
        ((0.5, states.CAUSE_KNOWN), (18.0, states.FIXING), (25.4, states.RELEASED)),
        note="The reproduction is in the test suite now.",
    ),
    Fault(
        "Gateway pointed to a machine that had been retired",
        ("server-error",),
        "critical",
        "portal-platform",
        "Max",
        44.0,
        "Claims and benefits answer with 500 or 502.",
        ("502 Bad Gateway", "Something went wrong (500)"),
        "A configuration change pointed the gateway to a retired machine.",
        "",
        "Rolled back; the deployment checks that its target answers.",
        "4.17.9",
        ((0.1, states.CAUSE_KNOWN), (0.2, states.RELEASED), (1.0, states.WATCHING), (12.0, states.RESOLVED)),
    ),
    Fault(
        "Amounts are added twice after a change of plan",
        ("price-wrong",),
        "high",
        "member-data",
        "Ines",
        30.0,
        "The monthly price or a co-payment is shown twice as high as in the letter.",
        (),
        "The change of plan left the old rate in place; both are added.",
        "The letter is right; nobody is charged twice.",
        "The old rate ends on the day before the new one begins.",
        "4.18.1",
        ((1.0, states.CAUSE_KNOWN), (4.0, states.RELEASED), (5.0, states.WATCHING), (24.0, states.CAME_BACK)),
        note="Two members told of it again after 4.18.1. Not all plans were covered.",
    ),
    Fault(
        "Pictures in the comparison of plans still come from the old content server",
        ("images-missing",),
        "low",
        "portal-platform",
        "Max",
        12.0,
        "Where the table of plans should be there is only a broken picture symbol. The prices are listed below it.",
        (),
        "",
        "",
        "",
        "",
        ((2.0, states.INVESTIGATING),),
    ),
)


def plots(clock: Clock, agents: dict[str, Agent], now: datetime) -> Iterator[tuple[datetime, Moments]]:
    """When each fault is named, and what follows from there."""
    for fault in FAULTS:
        yield now - fault.days_ago * DAY, _whole(clock, fault, agents, now)


def _whole(clock: Clock, fault: Fault, agents: dict[str, Agent], now: datetime) -> Moments:
    owner, lead, desk = agents[fault.owner], agents["Greta"], agents["Dora"]
    while (first := _matching(fault, clock.now).first()) is None:
        yield 6 * HOUR
    problem = actions.open_problem(fault.title, by=desk.actor, at=clock.now, of=first, severity=fault.severity)
    _gather(problem, fault, desk, clock.now)
    yield HOUR / 2
    team = Team.objects.filter(slug=fault.team).first()
    actions.hand_to(problem, by=lead.actor, at=clock.now, team=team, owner=owner, note="Please have a look.")
    words: dict[str, Any] = {"symptom": fault.symptom, "signatures": fault.signatures, "workaround": fault.workaround}
    actions.edit(problem, by=desk.actor, at=clock.now, **words)
    actions.set_components(problem, Component.objects.filter(team=team)[:1], by=desk.actor, at=clock.now)
    if fault.overruled:
        ranking.overrule(problem, fault.overruled[0], by=lead.actor, at=clock.now, reason=fault.overruled[1])
    begun, steps = clock.now, list(fault.steps)
    while True:
        due = begun + steps[0][0] * DAY if steps else None
        wait = min(6 * HOUR, due - clock.now) if due else 6 * HOUR
        yield max(timedelta(minutes=1), _before_news(problem, wait, clock.now))
        _gather(problem, fault, desk, clock.now)
        if due and clock.now >= due:
            _step(problem, fault, steps.pop(0)[1], owner=owner, desk=desk, at=clock.now)
        if fault.public and problem.state != states.OPEN and problem.state != states.INVESTIGATING:
            _tell(problem, fault, lead, clock.now)


def _matching(fault: Fault, until: datetime) -> QuerySet[Report]:
    """Reports of the last three weeks that tell of it and belong to no problem."""
    taken = Membership.objects.filter(report=OuterRef("pk"))
    told = Report.objects.filter(category__slug__in=fault.categories, kind="error", received_at__gt=until - 21 * DAY)
    return told.filter(~Exists(taken), received_at__lte=until).order_by("pk")


def _gather(problem: Problem, fault: Fault, desk: Agent, at: datetime) -> None:
    for report in _matching(fault, at):
        membership.join(problem, report, by=desk.actor, at=at)


def _step(problem: Problem, fault: Fault, state: str, *, owner: Agent, desk: Agent, at: datetime) -> None:
    if state == states.INVESTIGATING and fault.note:
        actions.note(problem, fault.note, by=owner.actor, at=at)
    if state == states.CAUSE_KNOWN:
        actions.edit(problem, by=owner.actor, at=at, cause=fault.cause)
    if state in (states.FIXING, states.RELEASED):
        actions.edit(problem, by=owner.actor, at=at, fix=fault.fix)
    if state == states.CAME_BACK and fault.note:
        actions.note(problem, fault.note, by=owner.actor, at=at)
    if states.FIXING in [step for _days, step in fault.steps]:
        changes.tell(problem, fault.fixed_in, state, owner=owner, desk=desk, at=at)
    more: dict[str, Any] = {"fixed_in": fault.fixed_in} if state == states.RELEASED else {}
    actions.move(problem, state, by=owner.actor, at=at, **more)


def _tell(problem: Problem, fault: Fault, lead: Agent, at: datetime) -> None:
    """Public words once the cause is known, then news before each promise falls due."""
    if not problem.is_public and fault.public:
        titles, texts, advice = fault.public
        actions.edit(problem, by=lead.actor, at=at, public_titles=titles, public_texts=texts, public_workarounds=advice)
    if problem.next_news_at is None or problem.next_news_at - at < HOUR:
        news.publish(problem, by=lead.actor, at=at, next_news_at=at + 7 * HOUR)


def _before_news(problem: Problem, wait: timedelta, at: datetime) -> timedelta:
    """``wait``, but back in time for the news that was promised."""
    return min(wait, problem.next_news_at - at - HOUR / 2) if problem.next_news_at else wait
