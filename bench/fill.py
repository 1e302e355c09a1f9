"""Fill a migrated, installed database with n reports, fast: rows straight into the tables, the same on both databases.

Reports are spread over the two years before ``now``; eight in a hundred are open, each with one pending promise; of
these some are escalated, waiting for the reporter, labelled or somebody's. Words are drawn from a vocabulary of 20,000
by Zipf's law, so that common and rare words have believable frequencies.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone

from makegood.engine import search
from makegood.life.people.models import Agent, Contact, Team
from makegood.life.promises.models import Policy, Promise
from makegood.life.reports import states
from makegood.life.reports.models import Attachment, Category, Label, LedgerEntry, Message, Report
from makegood.life.searching import keeping, readings

SEED = 7
OPEN_SHARE = 0.08
MESSAGES = 5
FILE_SHARE = 0.1
CHUNK = 20_000
TEAMS, AGENTS = 5, 20
MINUTES = 1_050_000
EMAIL, PASSWORD = "bench@desk.example", "bench-password-1"
_SYLLABLES = [
    "ka", "lo", "mi", "ta", "re", "su", "no", "vi", "pa", "de", "la", "bo", "fi", "ge",
    "ru", "ste", "kan", "por", "tal", "web", "log", "mem", "ber", "da", "sy", "nc",
]  # fmt: skip

Row = dict[str, Any]


class Words:
    """A seeded source of sentences; ``vocabulary`` has the commonest word first."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        made = ("".join(chance.choice(_SYLLABLES) for _ in range(chance.randrange(2, 5))) for _ in range(20_000))
        self.vocabulary = list(dict.fromkeys(made))
        weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(self.vocabulary))))
        self._pool = chance.choices(self.vocabulary, cum_weights=weights, k=400_000)

    def some(self, low: int, high: int) -> str:
        length = self.chance.randrange(low, high)
        begin = self.chance.randrange(len(self._pool) - length)
        return " ".join(self._pool[begin : begin + length])


class Desk:
    """The teams, agents, kinds and policies that the rows refer to."""

    def __init__(self, now: datetime) -> None:
        password = make_password(PASSWORD)
        self.teams = [
            Team.objects.get_or_create(slug=f"bench-{n}", defaults={"name": f"Bench desk {n}"})[0] for n in range(TEAMS)
        ]
        self.agents = [_agent(n, password, now) for n in range(AGENTS)]
        self.agents[0].teams.add(self.teams[0])
        self.categories = list(Category.objects.order_by("pk").values_list("pk", flat=True)) or [None]
        self.labels = [Label.objects.get_or_create(name=name)[0].pk for name in ("billing", "app", "vip")]
        self.policies = {p.severity: p.pk for p in Policy.objects.filter(kind="next_update").order_by("valid_from")}


def _agent(n: int, password: str, now: datetime) -> Agent:
    email = EMAIL if n == 0 else f"bench{n}@desk.example"
    defaults = {"name": f"Bench Agent {n}", "role": "agent", "password": password, "created_at": now}
    return Agent.objects.get_or_create(email=email, defaults=defaults)[0]


def fill(count: int, *, now: datetime, seed: int = SEED) -> None:
    """Write ``count`` reports with messages, ledger entries, promises and search documents."""
    chance = random.Random(seed)
    words, desk = Words(chance), Desk(now)
    people = max(1, count // 5)
    first_contact, first = _next(Contact), _next(Report)
    _insert(
        Contact,
        (
            {
                "id": first_contact + n,
                "key": f"{chance.getrandbits(60):x}",
                "name": f"Member {n}",
                "email": f"member{n}@bench.example",
                "created_at": now,
            }
            for n in range(people)
        ),
    )
    for begin in range(0, count, CHUNK):
        with transaction.atomic():
            numbers = range(begin, min(count, begin + CHUNK))
            reports = [_report(first + n, count - n, count, chance, words, desk, now) for n in numbers]
            for row in reports:
                row["contact_id"] = first_contact + chance.randrange(people)
            _write(reports, chance, words, desk, now)
    for model in (Contact, Report, Message, LedgerEntry, Promise, Attachment, Report.labels.through):
        _settle_numbers(model)
    with search.rebuilding():
        for some in readings.missing():
            search.add_many(readings.KIND, [(key, name, words.some(50, 400)) for key, name, _nothing in some])
    keeping.index_all(now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _write(reports: list[Row], chance: random.Random, words: Words, desk: Desk, now: datetime) -> None:
    _insert(Report, reports)
    _insert(Message, _messages(reports, chance, words))
    _insert(LedgerEntry, _entries(reports))
    _insert(Promise, _promises(reports, desk, now))
    _insert(Report.labels.through, _labels(reports, chance, desk))
    _insert(Attachment, _files(reports, chance))


def _report(pk: int, ago: int, count: int, chance: random.Random, words: Words, desk: Desk, now: datetime) -> Row:
    received = now - timedelta(minutes=ago * MINUTES / count)
    is_open = chance.random() < OPEN_SHARE
    severity = chance.choices(states.SEVERITIES, (2, 18, 50, 30))[0]
    row: Row = {
        "id": pk,
        "key": f"{chance.getrandbits(60):x}",
        "title": words.some(4, 10),
        "state": chance.choice(states.IN_WORK) if is_open else states.CLOSED,
        "severity": severity,
        "severity_rank": states.SEVERITIES.index(severity),
        "team_id": chance.choice(desk.teams).pk,
        "category_id": chance.choice(desk.categories),
        "assignee_id": chance.choice(desk.agents).pk if chance.random() < 0.6 else None,
        "environment": {"browser": "Firefox 140", "os": "Windows 11"},
        "received_at": received,
        "updated_at": received,
        "last_said_at": received,
        "last_said_by": "contact",
    }
    if not is_open:
        return row | {"closed_at": min(now, received + timedelta(days=3))}
    return row | {
        "owed_at": now + timedelta(minutes=chance.randrange(-600, 6000)),
        "owed_kind": "next_update",
        "owed_state": "running",
        "is_escalated": chance.random() < 0.05,
        "waiting_for_reporter": chance.random() < 0.1,
    }


def _messages(reports: list[Row], chance: random.Random, words: Words) -> Iterable[Row]:
    for report in reports:
        for turn in range(MESSAGES):
            at = report["received_at"] + timedelta(hours=turn)
            yield {
                "report_id": report["id"],
                "key": f"{chance.getrandbits(60):x}",
                "said_by": "agent" if turn % 2 else "contact",
                "name": "Somebody",
                "body": words.some(15, 60),
                "at": at,
                "visible_at": at,
            }


def _entries(reports: list[Row]) -> Iterable[Row]:
    for report in reports:
        for kind in ("report.received", "message.said", "report.state_changed"):
            yield {
                "report_id": report["id"],
                "kind": kind,
                "at": report["received_at"],
                "actor_kind": "system",
                "actor_name": "Makegood",
                "data": {"old": {"state": "received"}, "new": {"state": report["state"]}},
                "delivered_at": report["received_at"],
            }


def _promises(reports: list[Row], desk: Desk, now: datetime) -> Iterable[Row]:
    for report in reports:
        owed = report.get("owed_at")
        due = owed or report["received_at"] + timedelta(hours=4)
        yield {
            "report_id": report["id"],
            "kind": "next_update",
            "owed_to": "reporter",
            "severity": report["severity"],
            "team_id": report["team_id"],
            "made_by": "Makegood",
            "policy_id": desk.policies[report["severity"]],
            "made_at": report["received_at"],
            "counted_from": report["received_at"],
            "due_at": due,
            "at_risk_at": due - timedelta(minutes=30),
            "next_step_at": owed if owed and owed > now else None,
            "state": Promise.OPEN if owed else Promise.KEPT,
            "kept_at": None if owed else due,
        }


def _labels(reports: list[Row], chance: random.Random, desk: Desk) -> Iterable[Row]:
    for report in reports:
        if chance.random() < 0.05:
            yield {"report_id": report["id"], "label_id": chance.choice(desk.labels)}


def _files(reports: list[Row], chance: random.Random) -> Iterable[Row]:
    """Logs, whose words go straight into the index."""
    for report in reports:
        if chance.random() < FILE_SHARE:
            key = f"{chance.getrandbits(60):x}"
            yield {
                "report_id": report["id"],
                "key": key,
                "name": f"trace-{report['id']}.log",
                "media_type": "application/octet-stream",
                "size": 1,
                "storage_key": key,
                "at": report["received_at"],
            }


def _next(model: type[Model]) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1  # type: ignore[attr-defined]


def _settle_numbers(model: type[Model]) -> None:
    """Let the next row of the table get a number that is free."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)


def _insert(model: type[Model], rows: Iterable[Row]) -> None:
    """Rows into the table by the driver's own bulk way: executemany on SQLite, COPY on PostgreSQL."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.attname in first]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{model._meta.db_table}"'
    plan = [(field.attname, _plain(_default(field))) for field in fields]
    values = ([_plain(row[name]) if name in row else default for name, default in plan] for row in _again(first, rows))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = ", ".join("?" for _ in fields)
            cursor.cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _again(first: Row, rows: Iterable[Row]) -> Iterable[Row]:
    return itertools.chain([first], rows)


def _default(field: Any) -> Any:
    if field.default is NOT_PROVIDED:
        return None if field.null else ""
    return field.default() if callable(field.default) else field.default


def _plain(value: Any) -> Any:
    """A value as the driver takes it."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime) and connection.vendor == "sqlite":
        return str(timezone.make_naive(value, timezone.get_default_timezone()))
    return value
