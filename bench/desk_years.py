"""Two years at a desk, written straight into the tables: everything that insights are counted from, and nothing else.

Reports come in by weekday and hour, are answered, solved, closed, opened again; promises are kept and broken, people
called, known errors found and fixed. Seeded, so that the same count makes the same desk.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench.fill import CHUNK, Row, _insert, _next, _settle_numbers
from makegood.life.aftercare.models import Csat, Resolution, Survey
from makegood.life.escalation.models import Escalation
from makegood.life.learning.models import Recurrence
from makegood.life.people.models import Contact, Team
from makegood.life.problems.models import Membership, Problem, Surge
from makegood.life.promises import kinds
from makegood.life.promises.models import Policy, Promise
from makegood.life.reports import states
from makegood.life.reports.models import Category, Component, LedgerEntry, Report

DAYS = 730
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANNELS = ("web", "phone", "mail", "api", "widget")
TABLES = (Report, LedgerEntry, Promise, Resolution, Escalation, Survey, Csat, Membership)
RUNGS = (kinds.DUTY, kinds.DUTY, kinds.BACKUP, kinds.LEAD)


class Desk:
    """What the rows refer to."""

    def __init__(self, count: int, now: datetime, days: int, chance: random.Random) -> None:
        self.now, self.days, self.chance = now, days, chance
        self.teams = [
            Team.objects.get_or_create(slug=f"years-{n}", defaults={"name": f"Desk {n}"})[0].pk for n in range(4)
        ]
        parts = (f"part-{n}" for n in range(8))
        self.components = [Component.objects.get_or_create(slug=s, defaults={"name": s})[0].pk for s in parts]
        self.categories = list(Category.objects.order_by("pk").values_list("pk", flat=True)) or [None]
        self.policies = {(p.kind, p.severity): p.pk for p in Policy.objects.order_by("valid_from")}
        self.people = self._people(max(3, count // 3))
        self.problems = self._problems(max(2, min(400, count // 40)))

    def _people(self, count: int) -> range:
        first = _next(Contact)
        rows = (
            {"id": first + n, "key": f"y{first + n}", "name": f"Member {n}", "email": f"y{n}@bench.example"}
            for n in range(count)
        )
        _insert(Contact, ({**row, "created_at": self.now} for row in rows))
        return range(first, first + count)

    def _problems(self, count: int) -> list[tuple[int, datetime]]:
        found = []
        for n in range(count):
            opened = self.now - timedelta(days=self.chance.uniform(1, self.days))
            known, released = opened + 9 * HOUR, opened + timedelta(days=self.chance.uniform(2, 30))
            facts: dict[str, Any] = {"cause_known_at": known, "released_at": released}
            facts = {name: at for name, at in facts.items() if at < self.now}
            one = Problem.objects.create(
                title=f"Fault {n}", opened_at=opened, opened_by="Bench", updated_at=opened, **facts
            )
            found.append((one.pk, opened))
        return found


def fill(count: int, *, now: datetime, days: int = DAYS, seed: int = 11) -> None:
    """Write ``count`` reports of the ``days`` before ``now`` with all that happened to them."""
    chance = random.Random(seed)
    desk = Desk(count, now, days, chance)
    first = _next(Report)
    for begin in range(0, count, CHUNK):
        rows: dict[Any, list[Row]] = defaultdict(list)
        for n in range(begin, min(count, begin + CHUNK)):
            for model, row in _story(first + n, desk, chance):
                rows[model].append(row)
        with transaction.atomic():
            for model in TABLES:
                _insert(model, rows[model])
    for model in (Contact, *TABLES):
        _settle_numbers(model)
    _waves(desk, first, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _arrival(desk: Desk, chance: random.Random) -> datetime:
    while True:
        at = desk.now - timedelta(minutes=chance.uniform(1, desk.days * 1440))
        busy = (1.0 if at.weekday() < 5 else 0.3) * (1.0 if 7 <= at.hour < 18 else 0.15)
        if chance.random() < busy:
            return at


def _story(pk: int, desk: Desk, chance: random.Random) -> Iterator[tuple[Any, Row]]:
    """The rows of one report; what would lie after now has not happened yet."""
    at, now = _arrival(desk, chance), desk.now
    severity = chance.choices(states.SEVERITIES, (4, 20, 50, 26))[0]
    answered = at + chance.lognormvariate(3.4, 0.9) * MINUTE
    solved = answered + chance.lognormvariate(6.4, 1.1) * MINUTE
    again = solved + chance.uniform(1, 400) * HOUR if chance.random() < 0.07 else None
    told = again + chance.lognormvariate(6.0, 1.0) * MINUTE if again and again < now else solved
    closed = told + chance.uniform(2, 90) * HOUR
    report: Row = {
        "id": pk,
        "key": f"y{pk}",
        "title": f"Report {pk}",
        "state": states.CLOSED if closed < now else states.INVESTIGATING,
        "severity": severity,
        "severity_rank": states.SEVERITIES.index(severity),
        "category_id": chance.choice(desk.categories[: 1 + int(len(desk.categories) * chance.random())]),
        "component_id": chance.choice(desk.components) if chance.random() < 0.8 else None,
        "team_id": chance.choice(desk.teams),
        "contact_id": desk.people[int(len(desk.people) * chance.random() ** 2)],
        "channel": chance.choices(CHANNELS, (50, 20, 20, 4, 6))[0],
        "completeness": chance.randrange(20, 100),
        "received_at": at,
        "updated_at": at,
        "first_answered_at": answered if answered < now else None,
        "solved_at": told if told < now else None,
        "closed_at": closed if closed < now else None,
        "close_reason": chance.choice(("confirmed", "confirmed", "silence", "duplicate")) if closed < now else "",
    }
    yield Report, report
    yield LedgerEntry, _entry(pk, "report.received", at)
    if chance.random() < 0.08:
        moved = {"from": {"severity": chance.choice(states.SEVERITIES)}, "to": {"severity": severity}}
        yield LedgerEntry, _entry(pk, "report.severity_changed", at + 5 * MINUTE, moved)
    if again and again < now:
        yield LedgerEntry, _entry(pk, "report.reopened", again)
    if chance.random() < 0.3 and answered < now:
        yield LedgerEntry, _entry(pk, "promise.paused", answered)
        yield LedgerEntry, _entry(pk, "promise.resumed", answered + (solved - answered) * chance.random())
    yield from _told(pk, [one for one in (solved, told) if one < now], chance, now)
    yield from _promised(pk, at, severity, desk, chance)
    yield from _escalated(pk, at, severity, report, desk, chance)
    if chance.random() < 0.25:
        problem, opened = chance.choice(desk.problems)
        if opened > at or opened + 20 * HOUR < now:
            joined = {"problem_id": problem, "report_id": pk, "how": "agent", "joined_by": "Bench"}
            yield Membership, {**joined, "joined_at": max(at, opened)}


def _told(pk: int, moments: list[datetime], chance: random.Random, now: datetime) -> Iterator[tuple[Any, Row]]:
    for n, at in enumerate(dict.fromkeys(moments)):
        answer = chance.choice(("yes", "yes", "")) if n == len(set(moments)) - 1 else "no"
        words = {"solution": "Done.", "reporter_words": "Done.", "by_name": "Bench", "from_state": "fixing"}
        yield Resolution, {"report_id": pk, "at": at, "answer": answer, **words}
        yield LedgerEntry, _entry(pk, "report.solved", at)
    if moments and moments[-1] + HOUR < now:
        yield Survey, {"report_id": pk, "asked_at": moments[-1] + HOUR}
        rated = moments[-1] + chance.uniform(2, 60) * HOUR
        if chance.random() < 0.35 and rated < now:
            score = chance.choices((1, 2, 3, 4, 5), (4, 6, 12, 33, 45))[0]
            yield Csat, {"report_id": pk, "score": score, "at": rated}
            yield LedgerEntry, _entry(pk, "feedback.given", rated)


def _promised(pk: int, at: datetime, severity: str, desk: Desk, chance: random.Random) -> Iterator[tuple[Any, Row]]:
    for kind, hours in ((kinds.ACKNOWLEDGE, 0.1), (kinds.HEAR_BACK, 2), (kinds.NEXT_UPDATE, 20), (kinds.FOLLOW_UP, 60)):
        due = at + hours * HOUR
        ended = due + timedelta(minutes=chance.gauss(-60 * hours / 3, 60 * hours / 6 + 1))
        is_kept, is_late = ended < desk.now and chance.random() < 0.98, ended > due
        gone = not is_kept and ended < desk.now
        yield (
            Promise,
            {
                "report_id": pk,
                "kind": kind,
                "owed_to": "reporter",
                "severity": severity,
                "made_by": "Bench",
                "policy_id": desk.policies[kind, severity],
                "made_at": at,
                "counted_from": at,
                "due_at": due,
                "at_risk_at": due - 5 * MINUTE,
                "state": Promise.KEPT if is_kept else Promise.WITHDRAWN if gone else Promise.OPEN,
                "kept_at": ended if is_kept else None,
                "withdrawn_at": ended if gone else None,
                "broken_at": due if is_late and due < desk.now else None,
            },
        )


def _escalated(
    pk: int, at: datetime, severity: str, report: Row, desk: Desk, chance: random.Random
) -> Iterator[tuple[Any, Row]]:
    made = at + chance.uniform(5, 90) * MINUTE
    if chance.random() > 0.4 or made > desk.now:
        return
    taken = made + chance.lognormvariate(2.3, 0.8) * MINUTE
    ended = report["solved_at"] if report["solved_at"] and report["solved_at"] > made else None
    row = {"report_id": pk, "team_id": report["team_id"], "severity": severity, "by_name": "Bench", "at": made}
    yield Escalation, {**row, "accepted_at": taken if taken < desk.now else None, "ended_at": ended}
    yield LedgerEntry, _entry(pk, "escalation.made", made)
    if chance.random() < 0.5:
        called = {"whom": chance.choice(RUNGS), "names": ["Somebody"]}
        yield LedgerEntry, _entry(pk, "page.made", made + MINUTE, called)


def _waves(desk: Desk, first: int, count: int) -> None:
    """A few spikes, and what came back."""
    chance = desk.chance
    for _n in range(3):
        numbers = sorted(chance.sample(range(first, first + count), min(count, 6)))
        at = desk.now - timedelta(days=chance.uniform(1, min(60, desk.days)))
        Surge.objects.create(
            category_id=desk.categories[0], began_at=at, seen_at=at, ended_at=at + 2 * HOUR, count=6, people=5,
            expected=0.5, chance=1e-5, reports=numbers,
        )  # fmt: skip
    fixed = Problem.objects.filter(released_at__isnull=False).order_by("pk")
    for problem in fixed[::5]:
        report = chance.randrange(first, first + count)
        at = problem.released_at + timedelta(days=chance.uniform(0, 80))
        if at < desk.now:
            state = chance.choice((Recurrence.CAME_BACK, Recurrence.CONFIRMED, Recurrence.DISMISSED))
            Recurrence.objects.get_or_create(problem=problem, report_id=report, defaults={"state": state, "at": at})


def _entry(pk: int, kind: str, at: datetime, data: Row | None = None) -> Row:
    more = {"actor_kind": "system", "actor_name": "Bench", "delivered_at": at, "data": data or {}}
    return {"report_id": pk, "kind": kind, "at": at, **more}
