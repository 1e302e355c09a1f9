"""How Fairfield Health makes good: policies and limits in dollars, and somebody who decides every weekday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Unpack

from makegood.demo.scene import Clock
from makegood.life.compensation import deciding, letters, offers, policies, proposing, settling, states
from makegood.life.compensation.models import Compensation, Policy
from makegood.life.compensation.rules import Limit, Rules
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.reports.models import Report

USD = "USD"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_TERMS = {
    "en": "For your next premium or visit co-payment. One code for each use, not paid out in cash.",
    "de": "Für Ihren nächsten Beitrag oder Ihre nächste Zuzahlung. Einmal einlösbar, keine Barauszahlung.",
}
_OWN_WORDS = {
    "en": "You have told us of it more than once: {title}. I am ashamed that it came back to you, and I stay with it"
    " until it does not.",
    "de": "Sie haben es uns mehr als einmal gesagt: {title}. Es ist mir unangenehm, dass es wieder bei Ihnen auftrat,"
    " und ich bleibe dran, bis es das nicht mehr tut.",
}
# slug → everything of the policy; the narrower fits better.
_POLICIES: tuple[tuple[str, policies.Wording], ...] = (
    (
        "out-for-days",
        {
            "name": "Out for more than two days",
            "kind": "credit",
            "trigger": "solved",
            "form": "per_day",
            "currency": USD,
            "rate_minor": 400,
            "most_minor": 2_000,
            "from_minutes": 2_880,
            "is_automatic": True,
            "severities": ["critical", "high"],
            "position": 10,
        },
    ),
    (
        "promise-broken",
        {
            "name": "We broke a promise",
            "kind": "discount",
            "trigger": "broken",
            "form": "fixed",
            "currency": USD,
            "rate_minor": 1_000,
            "severities": ["critical", "high"],
            "terms": _TERMS,
        },
    ),
    (
        "twice",
        {
            "name": "The same thing failed twice",
            "kind": "gift",
            "trigger": "came_back",
            "form": "fixed",
            "currency": USD,
            "rate_minor": 4_000,
            "tier": 2,
            "terms": _TERMS,
        },
    ),
    (
        "goodwill",
        {
            "name": "Goodwill",
            "kind": "discount",
            "trigger": "by_hand",
            "form": "fixed",
            "terms": _TERMS,
            "currency": USD,
            "rate_minor": 1_500,
            "least_minor": 500,
            "most_minor": 15_000,
        },
    ),
    (
        "longer-cover",
        {
            "name": "Longer cover",
            "kind": "extension",
            "trigger": "by_hand",
            "form": "per_day",
            "currency": USD,
            "rate_minor": 900,
            "days": 1,
            "most_minor": 9_000,
            "from_minutes": 1_440,
        },
    ),
    ("again", {"name": "Doing it again by hand", "kind": "redo", "trigger": "by_hand"}),
    ("sorry", {"name": "A letter of apology", "kind": "letter", "trigger": "by_hand"}),
)


def furnish(admin: Agent, at: datetime) -> None:
    """Policies, limits and the budget, with one change of mind in between."""
    limits = {"agent": Limit(1_500, 2_500, 20_000), "lead": Limit(5_000, 25_000, 100_000), "admin": Limit(5_000, None)}
    rules = Rules(limits=limits, customer_most=20_000, customer_count=4, budget=30_000)
    policies.set_rules(USD, rules, by=admin.actor, at=at, reason="As agreed with finance for this year.")
    for slug, wording in _POLICIES:
        policies.set_policy(slug, by=admin.actor, at=at, **wording)
    later = at + 35 * DAY
    policies.set_policy("promise-broken", by=admin.actor, at=later, rate_minor=1_200, reason="Ten was too little.")


def plot(clock: Clock, agents: dict[str, Agent], now: datetime) -> Iterator[timedelta]:
    """Every morning: goodwill by hand where somebody was hit hard, decisions on what waits, answers, codes redeemed."""
    while True:
        at = clock.now
        if at.weekday() < 5:
            _be_generous(agents, at)
            if at < now - 20 * HOUR:
                _decide(agents, at)
            _answer(agents["Dora"].actor, at)
        yield DAY


def leave_waiting(agents: dict[str, Agent], now: datetime) -> None:
    """What waits on the desk at this moment: one above the proposer's limit, and one within it."""
    by, policy = agents["Dora"].actor, Policy.objects.get(slug="goodwill", is_current=True)
    rows = Report.objects.filter(state__in=["solved", "closed"], compensations=None, close_reason__in=["", "confirmed"])
    for report, minor in zip(rows.order_by("-id")[:2], (8_500, 1_200), strict=False):
        amount = proposing.Money(minor, USD)
        why = "She missed an appointment because of it." if minor > 5_000 else "He had to call us twice."
        _propose(report, policy, by=by, at=now - 3 * HOUR, amount=amount, why=why)


def _be_generous(agents: dict[str, Agent], at: datetime) -> None:
    """Twice a week somebody proposes something for a report that was solved the day before."""
    if at.weekday() not in (1, 3):
        return
    solved = Report.objects.filter(state="solved", compensations=None, solved_at__gt=at - 2 * DAY)
    report = solved.order_by("severity_rank", "-id").first()
    if report is None:
        return
    slug = ("goodwill", "goodwill", "longer-cover", "sorry")[report.pk % 4]
    policy = Policy.objects.get(slug=slug, is_current=True)
    person = agents[("Dora", "Noah", "Mina", "Tom")[report.pk % 4]]
    wish: proposing.Wish = {}
    if slug == "goodwill" and report.pk % 3 == 0:
        wish = {"amount": proposing.Money(4_500, USD), "why": "The claim was urgent, and nobody told them anything."}
    try:
        _propose(report, policy, by=person.actor, at=at, **wish)
    except (proposing.DoesNotFit, proposing.NothingLeft, proposing.OncePerFailure, letters.SameApology):
        return


def _propose(report: Report, policy: Policy, *, by: Actor, at: datetime, **wish: Unpack[proposing.Wish]) -> None:
    """Whom the same thing has failed again and again, a colleague writes to in words of their own."""
    try:
        proposing.propose(report, policy, by=by, at=at, **wish)
    except letters.NeedsOwnWords:
        wish["letter"] = _OWN_WORDS.get(report.language, _OWN_WORDS["en"]).format(title=report.title)
        proposing.propose(report, policy, by=by, at=at, **wish)


def _decide(agents: dict[str, Agent], at: datetime) -> None:
    for one in Compensation.objects.filter(state=states.PROPOSED).order_by("pk"):
        if one.pk % 9 == 4:
            reason = "They were not kept from anything; the follow-up said so."
            deciding.decline(one, by=agents["Emil"].actor, at=at, reason=reason)
            continue
        who = agents["Ada"] if one.pk % 7 == 3 else agents["Emil"]
        try:
            deciding.approve(one, by=who, at=at)
        except deciding.OverBudget:
            if one.pk % 2:
                why = "A key account; agreed with finance by telephone."
                deciding.approve(one, by=agents["Ada"], at=at, over_budget=why)
            else:
                deciding.decline(one, by=agents["Emil"].actor, at=at, reason="The month's budget is used up.")
        except deciding.OverCap:
            deciding.decline(one, by=agents["Emil"].actor, at=at, reason="They get something for this already.")


def _answer(till: Actor, at: datetime) -> None:
    """Most take it within a day or two, some say no; codes are used a few days later."""
    for one in Compensation.objects.filter(state=states.APPROVED, state_at__lt=at - 20 * HOUR).order_by("pk"):
        if one.contact is None or one.report is None or one.pk % 6 == 5:
            continue
        by = one.contact.actor
        if one.pk % 8 == 2:
            offers.refuse(one.report, one.contact, one.key, by=by, at=at, said="Thank you, it is fine as it is.")
            continue
        code = offers.accept(one.report, one.contact, one.key, by=by, at=at)
        if code and one.pk % 3:
            settling.redeem_code(code, by=till, at=at + 2 * HOUR, reference=f"Order {7_000 + one.pk}")
    for one in Compensation.objects.filter(state=states.ISSUED, state_at__lt=at - 3 * DAY).order_by("pk"):
        if one.kind not in states.CODED:
            settling.carry_out(one, by=till, at=at, reference=f"Booking {31_000 + one.pk}")
