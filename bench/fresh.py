"""Every figure of the insights once more, by SQL on the rows themselves: nothing here knows of tallies.

Slots of days become moments in Python, so that the statements are the same on both databases. Values of a column are
compared in order; ``SKIP`` says that a cell is not looked at.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from makegood.life.insights.days import Period, Slot
from makegood.life.insights.plots import PLOTS, Asked
from makegood.life.insights.rolling import zone

SKIP = object()
Rows = dict[str, list[Any]]
NEWS = ("hear_back", "next_update", "after_escalation", "follow_up", "confirm")
DUE_KEPT = "state = 'kept' AND broken_at IS NULL AND kept_at <= due_at"
DUE_BROKEN = "(broken_at IS NOT NULL OR (state = 'open' AND due_at <= %s))"


def wrong(asked: Asked) -> list[str]:
    """What does not equal: a line each, with both values."""
    found = []
    for slug, check in CHECKS.items():
        table = PLOTS[slug].work(asked)
        expected = check(asked)
        shown = {row.key: [cell.value for cell in row.cells] for row in table.rows}
        for key in {*shown, *expected}:
            left, right = shown.get(key), expected.get(key)
            if left is None or right is None:
                if any(value not in (0, None, SKIP) for value in left or right or []):
                    found.append(f"{slug} {key}: {left} / fresh {right}")
            elif not all(_same(*pair) for pair in zip(left, right, strict=True)):
                found.append(f"{slug} {key}: {left} / fresh {right}")
    return found


def _same(shown: Any, fresh: Any) -> bool:
    if fresh is SKIP:
        return True
    if isinstance(shown, float) and isinstance(fresh, int | float):
        return math.isclose(shown, fresh, abs_tol=1e-9)
    return shown == fresh


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_plain(value) for value in values])
        return cursor.fetchall()


def _plain(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _moments(slot: Slot | Period) -> tuple[datetime, datetime]:
    return Period(slot.first, slot.last).moments(zone())


def _moment(value: Any) -> datetime:
    """SQLite hands out text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=connection.timezone)


def _minutes(begun: Any, ended: Any) -> int:
    minutes = int((_moment(ended) - _moment(begun)).total_seconds() // 60)
    digits = len(str(minutes))
    return minutes if digits <= 3 else minutes // 10 ** (digits - 3) * 10 ** (digits - 3)


def _rank(values: list[int], share: float) -> int | None:
    return sorted(values)[max(1, math.ceil(share * len(values))) - 1] if values else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def flow(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.slots():
        begin, end = _moments(slot)
        came = ask("SELECT count(*) FROM reports_report WHERE received_at >= %s AND received_at < %s", begin, end)
        shut = "SELECT count(*) FROM reports_report WHERE state = 'closed' AND closed_at >= %s AND closed_at < %s"
        still = (
            "SELECT count(*) FROM reports_report WHERE received_at < %s AND NOT (state = 'closed' AND closed_at < %s)"
        )
        rows[slot.first.isoformat()] = [came[0][0], ask(shut, begin, end)[0][0], ask(still, end, end)[0][0]]
    return rows


def _durations(column: str) -> Callable[[Asked], Rows]:
    def check(asked: Asked) -> Rows:
        rows = {}
        for slot in asked.period.weeks():
            found = ask(
                f"SELECT received_at, {column} FROM reports_report WHERE {column} >= %s AND {column} < %s",
                *_moments(slot),
            )
            took = [_minutes(*pair) for pair in found]
            rows[slot.first.isoformat()] = [_rank(took, 0.5), _rank(took, 0.9), len(took)]
        return rows

    return check


def waiting(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.weeks():
        solved = ask(
            "SELECT id, received_at, solved_at FROM reports_report WHERE solved_at >= %s AND solved_at < %s",
            *_moments(slot),
        )
        ours = theirs = 0
        for pk, begun, ended in solved:
            turns = ask(
                "SELECT kind, at FROM reports_ledgerentry WHERE report_id = %s AND kind IN ('promise.paused',"
                " 'promise.resumed') ORDER BY id", pk,
            )  # fmt: skip
            stopped, seconds = None, 0.0
            for kind, at in [*turns, ("promise.resumed", ended)]:
                if stopped is not None:
                    seconds += max(0.0, (min(_moment(at), _moment(ended)) - stopped).total_seconds())
                stopped = max(_moment(at), _moment(begun)) if kind == "promise.paused" else None
            with_them = int(seconds // 60)
            theirs += with_them
            ours += max(0, int((_moment(ended) - _moment(begun)).total_seconds() // 60) - with_them)
        n = len(solved)
        each = [round(ours / n), round(theirs / n)] if n else [None, None]
        rows[slot.first.isoformat()] = [*each, _ratio(theirs, ours + theirs), n]
    return rows


def _due(asked: Asked, slot: Slot | Period, by: str) -> dict[str, tuple[int, int, int]]:
    sql = (
        f"SELECT {by}, sum(CASE WHEN {DUE_KEPT} THEN 1 ELSE 0 END), sum(CASE WHEN {DUE_BROKEN} THEN 1 ELSE 0 END),"
        " sum(CASE WHEN state = 'open' AND due_at <= %s THEN 1 ELSE 0 END)"
        f" FROM promises_promise WHERE due_at >= %s AND due_at < %s GROUP BY {by}"
    )
    return {key: (kept, broken, still) for key, kept, broken, still in ask(sql, asked.now, asked.now, *_moments(slot))}


def kept(asked: Asked) -> Rows:
    found = _due(asked, asked.period, "kind")
    return {kind: [good, bad, still, _ratio(good, good + bad)] for kind, (good, bad, still) in found.items()}


def classes(asked: Asked) -> Rows:
    found = _due(asked, asked.period, "severity")
    return {severity: [good, bad, _ratio(good, good + bad)] for severity, (good, bad, _still) in found.items()}


def on_time(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.weeks():
        found = _due(asked, slot, "kind")
        good, bad = (sum(row[place] for row in found.values()) for place in (0, 1))
        news = [sum(found[kind][place] for kind in NEWS if kind in found) for place in (0, 1)]
        rows[slot.first.isoformat()] = [_ratio(good, good + bad), _ratio(news[0], sum(news)), bad, good + bad]
    return rows


def _pareto(column: str) -> Callable[[Asked], Rows]:
    def check(asked: Asked) -> Rows:
        found = ask(
            f"SELECT {column}, count(*), count(DISTINCT contact_id) FROM reports_report WHERE received_at >= %s"
            f" AND received_at < %s GROUP BY {column}",
            *_moments(asked.period),
        )
        return {str(key or 0): [count, people, SKIP] for key, count, people in found}

    return check


def channels(asked: Asked) -> Rows:
    sql = "SELECT channel, count(*) FROM reports_report WHERE received_at >= %s AND received_at < %s GROUP BY channel"
    found = dict(ask(sql, *_moments(asked.period)))
    return {channel: [count, count / sum(found.values())] for channel, count in found.items()}


def _rhythm(sql: str) -> Callable[[Asked], Rows]:
    def check(asked: Asked) -> Rows:
        more = [asked.now] if sql.count("%s") == 3 else []
        counts: Counter[tuple[int, int]] = Counter()
        for (at,) in ask(sql, *_moments(asked.period), *more):
            local = _moment(at).astimezone(zone())
            counts[local.weekday(), local.hour] += 1
        return {str(day): [counts[day, hour] for hour in range(24)] for day in range(7)}

    return check


def duplicates(asked: Asked) -> Rows:
    sql = (
        "SELECT m.problem_id, count(*) FROM problems_membership m JOIN reports_report r ON r.id = m.report_id"
        " WHERE m.left_at IS NULL AND r.received_at >= %s AND r.received_at < %s GROUP BY m.problem_id"
    )
    found = sorted(ask(sql, *_moments(asked.period)), key=lambda row: -row[1])
    # Twenty are shown; of those with as many as the twentieth, any.
    least = found[19][1] if len(found) >= 20 else 0
    rows: Rows = {str(key): [count, count - 1] for key, count in found if count > least}
    return rows | {str(key): [SKIP, SKIP] for key, count in found if count == least}


def funnel(asked: Asked) -> Rows:
    of = "FROM reports_report r WHERE r.received_at >= %s AND r.received_at < %s"
    conditions = {
        "received": "1 = 1",
        "acknowledged": "EXISTS (SELECT 1 FROM promises_promise p WHERE p.report_id = r.id AND p.kind = 'acknowledge'"
        " AND p.state = 'kept')",
        "complete": "r.completeness >= 50",
        "escalated": "EXISTS (SELECT 1 FROM escalation_escalation e WHERE e.report_id = r.id)",
        "fixed": "EXISTS (SELECT 1 FROM aftercare_resolution a WHERE a.report_id = r.id AND a.withdrawn_at IS NULL)",
        "confirmed": "EXISTS (SELECT 1 FROM aftercare_resolution a WHERE a.report_id = r.id AND a.withdrawn_at IS NULL"
        " AND a.answer = 'yes')",
        "surveyed": "EXISTS (SELECT 1 FROM aftercare_csat c WHERE c.report_id = r.id)",
    }
    span = _moments(asked.period)
    counts = {stage: ask(f"SELECT count(*) {of} AND {said}", *span)[0][0] for stage, said in conditions.items()}
    return {stage: [count, _ratio(count, counts["received"])] for stage, count in counts.items()}


def severity(asked: Asked) -> Rows:
    reports = ask(
        "SELECT id, severity FROM reports_report WHERE received_at >= %s AND received_at < %s", *_moments(asked.period)
    )
    first: dict[int, str] = {}
    sql = (
        "SELECT l.report_id, l.data FROM reports_ledgerentry l JOIN reports_report r ON r.id = l.report_id WHERE"
        " l.kind = 'report.severity_changed' AND r.received_at >= %s AND r.received_at < %s ORDER BY l.id"
    )
    for report, data in ask(sql, *_moments(asked.period)):
        data = json.loads(data) if isinstance(data, str) else data
        first.setdefault(report, data["from"]["severity"])
    names = ("critical", "high", "medium", "low")
    counts = Counter((first.get(pk, now), now) for pk, now in reports)
    return {name: [counts[name, now] for now in names] for name in names}


def reopened(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.weeks():
        told = ask(
            "SELECT report_id, at FROM aftercare_resolution WHERE withdrawn_at IS NULL AND at >= %s AND at < %s",
            *_moments(slot),
        )
        back = 0
        for report, at in told:
            sql = (
                "SELECT count(*) FROM reports_ledgerentry WHERE report_id = %s AND kind = 'report.reopened'"
                " AND at > %s AND at <= %s"
            )
            back += ask(sql, report, _moment(at), _moment(at) + timedelta(days=14))[0][0] > 0
        rows[slot.first.isoformat()] = [_ratio(back, len(told)), back, len(told)]
    return rows


def satisfaction(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.weeks():
        span = _moments(slot)
        good = "sum(CASE WHEN score >= 4 THEN 1 ELSE 0 END)"
        sql = f"SELECT count(*), {good} FROM aftercare_csat WHERE at >= %s AND at < %s"
        n, good = ask(sql, *span)[0]
        asked_sql = (
            "SELECT count(*), count(c.id) FROM aftercare_survey s LEFT JOIN aftercare_csat c ON"
            " c.report_id = s.report_id WHERE s.asked_at >= %s AND s.asked_at < %s"
        )
        of, answered = ask(asked_sql, *span)[0]
        share = good / n if n >= 5 else None
        rows[slot.first.isoformat()] = [share, SKIP, SKIP, _ratio(answered, of), n]
    return rows


def known(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.days()[-120:]:
        end = min(_moments(slot)[1], asked.now)
        then = (
            "p.cause_known_at <= %s AND (p.released_at IS NULL OR p.released_at > %s) AND (p.resolved_at IS NULL OR"
            " p.resolved_at > %s) AND p.merged_into_id IS NULL"
        )
        count = ask(f"SELECT count(*) FROM problems_problem p WHERE {then}", end, end, end)[0][0]
        sql = (
            "SELECT count(DISTINCT r.contact_id), count(DISTINCT r.id) FROM problems_membership m JOIN problems_problem"
            f" p ON p.id = m.problem_id JOIN reports_report r ON r.id = m.report_id WHERE {then} AND m.joined_at <= %s"
            " AND (m.left_at IS NULL OR m.left_at > %s)"
        )
        people, reports = ask(sql, end, end, end, end, end)[0]
        rows[slot.first.isoformat()] = [people, reports, count]
    return rows


def calls(asked: Asked) -> Rows:
    rows = {}
    for slot in asked.period.weeks():
        made = ask("SELECT at, accepted_at FROM escalation_escalation WHERE at >= %s AND at < %s", *_moments(slot))
        paged = ask(
            "SELECT count(*) FROM reports_ledgerentry WHERE kind = 'page.made' AND at >= %s AND at < %s",
            *_moments(slot),
        )
        took = [_minutes(at, taken) for at, taken in made if taken]
        rows[slot.first.isoformat()] = [("sum", paged[0][0]), SKIP, SKIP, _rank(took, 0.5), len(made)]
    # In and outside the desk's hours are two cells of one sum.
    table = PLOTS["calls"].work(asked)
    for row in table.rows:
        fresh = rows[row.key]
        both = sum(int(cell.value or 0) for cell in row.cells[:2])
        fresh[0] = SKIP if both == fresh[0][1] else -1
    return rows


def depth(asked: Asked) -> Rows:
    found = ask(
        "SELECT data FROM reports_ledgerentry WHERE kind = 'page.made' AND at >= %s AND at < %s",
        *_moments(asked.period),
    )
    rungs = Counter((json.loads(data) if isinstance(data, str) else data)["whom"] for (data,) in found)
    return {rung: [count, count / len(found)] for rung, count in rungs.items()}


def cohort(asked: Asked) -> Rows:
    fixed = ask(
        "SELECT id, released_at FROM problems_problem WHERE merged_into_id IS NULL AND released_at >= %s AND"
        " released_at < %s", *_moments(asked.period),
    )  # fmt: skip
    months: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for pk, at in fixed:
        begun = _moment(at)
        sql = (
            "SELECT min(at) FROM learning_recurrence WHERE problem_id = %s AND state IN ('came_back', 'confirmed')"
            " AND at >= %s"
        )
        back = ask(sql, pk, begun)[0][0]
        month = begun.astimezone(zone()).date().replace(day=1).isoformat()
        months[month].append((begun, _moment(back) if back else None))
    rows: Rows = {}
    for month, problems in months.items():
        cells: list[Any] = [len(problems)]
        for days in (7, 30, 60, 90):
            old = all(asked.now - begun >= timedelta(days=days) for begun, _back in problems)
            hits = sum(1 for begun, back in problems if back and back - begun < timedelta(days=days))
            cells.append(hits / len(problems) if old else None)
        rows[month] = cells
    return rows


def age(asked: Asked) -> Rows:
    counts: Counter[str] = Counter()
    for (at,) in ask("SELECT received_at FROM reports_report WHERE state <> 'closed'"):
        hours = (asked.now - _moment(at)).total_seconds() / 3600
        counts[
            "4h" if hours < 4 else "24h" if hours < 24 else "3d" if hours < 72 else "7d" if hours < 168 else "older"
        ] += 1
    return {key: [counts[key]] for key in ("4h", "24h", "3d", "7d", "older")}


CHECKS: dict[str, Callable[[Asked], Rows]] = {
    "flow": flow,
    "age": age,
    "answer": _durations("first_answered_at"),
    "solve": _durations("solved_at"),
    "waiting": waiting,
    "kept": kept,
    "classes": classes,
    "on_time": on_time,
    "categories": _pareto("category_id"),
    "components": _pareto("component_id"),
    "channels": channels,
    "duplicates": duplicates,
    "rhythm_received": _rhythm("SELECT received_at FROM reports_report WHERE received_at >= %s AND received_at < %s"),
    "rhythm_escalated": _rhythm("SELECT at FROM escalation_escalation WHERE at >= %s AND at < %s"),
    "rhythm_broken": _rhythm(
        "SELECT due_at FROM promises_promise WHERE due_at >= %s AND due_at < %s AND " + DUE_BROKEN
    ),
    "funnel": funnel,
    "severity": severity,
    "reopened": reopened,
    "satisfaction": satisfaction,
    "known": known,
    "calls": calls,
    "depth": depth,
    "cohort": cohort,
}  # fmt: skip
