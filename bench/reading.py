"""How long the queue, the report page and search take, seen from a client on the same machine, beside a bare ASGI app.

One agent signs in over HTTP and asks again and again on one kept-alive connection. What is measured is the time from
sending a request to having its whole answer, over loopback: server time and a little more. What client, server and
database stood in the kernel's run queue meanwhile, because other programs had the processors, is taken off; the time
by the clock on the wall is shown beside. The floor reads the same
rows with plain SQL prepared by hand and prints them into a table, without session, rights, templates or translation.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from django.db import connection

from bench import recording
from bench.fill import EMAIL, PASSWORD, SEED, Words
from bench.load import Client, Result, repeat
from bench.processes import cpu_seconds, family, free_port, makegood, running, waited_seconds
from makegood.engine.search.words import split
from makegood.life.reports.models import Report

EACH = 100
WARM = 10
BARS = {"queue": 50.0, "report": 50.0, "search": 100.0}
QUEUE = "/console/queue/"
VIEWS = ("", "?view=mine", "?view=late", "?view=escalated", "?view=waiting", "?view=unassigned", "?view=closed")
FILTERS = (
    "state:open severity:>=high",
    "state:open severity:critical team:bench-1",
    "state:open label:vip",
    "state:open assignee:none owed:<4h",
    "state:any age:<3d",
)


def measure(folder: Path) -> list[dict[str, object]]:
    """Read the reports that bench/fill.py has written; one row a scenario."""
    plan = folder / "floor.json"
    plan.write_text(json.dumps(recording.plan(reads=floor_reads())))
    asked = _asked(Words(random.Random(SEED)), random.Random(1))
    connection.close()
    port = free_port()
    env = {"MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}"}
    url = f"http://127.0.0.1:{port}/healthz"
    with running(makegood("web", "--port", str(port)), url=url, env=env, log=folder / "web.log") as web:
        client = sign_in(port)
        asked["queue, deeper pages"] = ("queue", list(_pages(client)))
        own = {}
        for name, (_kind, paths) in asked.items():
            own[name] = _run(client, paths, web.pid)
            print(f"  {name}: p95 {own[name][0].unhindered_at(0.95):.1f} ms", flush=True)
    floors = _floors(plan, folder, asked)
    return [_row(name, asked[name][0], *result, floors[name]) for name, result in own.items()]


def sign_in(port: int) -> Client:
    """A kept-alive connection of the bench's agent."""
    client = Client(port)
    _status, _headers, page = client.ask("GET", "/console/login/")
    token = page.decode().split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    form = urlencode({"csrfmiddlewaretoken": token, "email": EMAIL, "password": PASSWORD})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{port}/console/login/"}
    status, _headers, _body = client.ask("POST", "/console/login/", form, kind)
    if status != 302:
        raise RuntimeError(f"Signing in was answered with {status}")
    return client


def floor_reads() -> dict[str, list[str]]:
    """The rows a page is made of, as plain SQL: name of the page -> statements; every %s is the id or the words."""
    row = """SELECT r.id, r.title, r.state, r.severity, r.owed_at, r.received_at, r.last_said_at, c.name, a.name
        FROM reports_report r JOIN people_contact c ON c.id = r.contact_id
        LEFT JOIN people_agent a ON a.id = r.assignee_id"""
    of_report = "FROM {} WHERE report_id = %s ORDER BY id"
    if connection.vendor == "postgresql":
        hits = "SELECT ref FROM engine_searchdocument WHERE words @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT 51"
    else:
        hits = """SELECT d.ref FROM engine_search_report s CROSS JOIN engine_searchdocument d
            WHERE engine_search_report MATCH %s AND d.id = s.rowid ORDER BY s.rowid DESC LIMIT 51"""
    return {
        "queue": [f"{row} WHERE NOT (r.state = 'closed') ORDER BY r.owed_at, r.id LIMIT 51"],
        "report": [
            f"{row} WHERE r.id = %s",
            f"SELECT id, said_by, name, body, at {of_report.format('reports_message')}",
            f"SELECT id, kind, at, actor_name, data {of_report.format('reports_ledgerentry')}",
            f"SELECT id, kind, state, due_at {of_report.format('promises_promise')}",
        ],
        "search": [f"{row} WHERE r.id IN ({hits}) ORDER BY r.received_at DESC"],
    }


def _asked(words: Words, chance: random.Random) -> dict[str, tuple[str, list[str]]]:
    """Scenario -> (page, addresses)."""
    common, middle, rare = words.vocabulary[:20], words.vocabulary[100:1000], words.vocabulary[8000:16000]
    last = Report.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first = Report.objects.order_by("pk").values_list("pk", flat=True)[0]
    still = list(Report.objects.exclude(state="closed").order_by("-pk").values_list("pk", flat=True)[:20_000])
    bodies = [words.some(2, 4) for _ in range(EACH)]
    pairs = [(chance.choice(common), chance.choice(middle)) for _ in range(EACH)]
    return {
        "queue, owed next": ("queue", [QUEUE]),
        "queue, views": ("queue", [QUEUE + view for view in VIEWS]),
        "queue, filters": ("queue", [f"{QUEUE}?{urlencode({'q': text})}" for text in FILTERS]),
        "report, open": ("report", [f"/console/reports/{chance.choice(still)}/" for _ in range(EACH)]),
        "report, any": ("report", [f"/console/reports/{chance.randint(first, last)}/" for _ in range(EACH)]),
        "search, a rare word": ("search", [_search(chance.choice(rare)) for _ in range(EACH)]),
        "search, a word": ("search", [_search(chance.choice(middle)) for _ in range(EACH)]),
        "search, a common word": ("search", [_search(word) for word in common]),
        "search, two words": ("search", [_search(" ".join(chance.sample(middle, 2))) for _ in range(EACH)]),
        "search, common and rare": (
            "search",
            [_search(f"{chance.choice(common)} {chance.choice(rare)}") for _ in range(EACH)],
        ),
        "search, words in a row": ("search", [_search(f'"{text}"') for text in bodies]),
        "search, open with a word": ("search", [_search(chance.choice(middle), "state:open") for _ in range(EACH)]),
        "everything, a rare word": ("search", [_everything(chance.choice(rare)) for _ in range(EACH)]),
        "everything, a word": ("search", [_everything(chance.choice(middle)) for _ in range(EACH)]),
        "everything, a common word": ("search", [_everything(word) for word in common]),
        "everything, two words": ("search", [_everything(" ".join(chance.sample(middle, 2))) for _ in range(EACH)]),
        "everything, words in a row": ("search", [_everything(f'"{text}"') for text in bodies]),
        "everything, one word and not another": ("search", [_everything(f"{a} -{b}") for a, b in pairs]),
        "everything, beginning of a word": ("search", [_everything(chance.choice(middle)[:4]) for _ in range(EACH)]),
        "everything, open with a word": (
            "search",
            [_everything(f"{chance.choice(middle)} state:open") for _ in range(EACH)],
        ),
        "messages, a word": ("search", [_everything(f"{chance.choice(middle)} in:messages") for _ in range(EACH)]),
        "messages, common and another": ("search", [_everything(f"{a} {b} in:messages") for a, b in pairs]),
        "files, a word": ("search", [_everything(f"{chance.choice(middle)} in:files") for _ in range(EACH)]),
        "people, a name": ("search", [_everything(f"member {chance.randrange(last)} in:people") for _ in range(EACH)]),
        "counts of a word": ("search", [_everything(chance.choice(middle), "tabs/") for _ in range(EACH)]),
        "counts of a common word": ("search", [_everything(word, "tabs/") for word in common]),
    }


def _everything(words: str, part: str = "") -> str:
    return f"/console/search/{part}?{urlencode({'q': words})}"


def _search(words: str, rest: str = "state:any") -> str:
    return f"{QUEUE}?{urlencode({'q': f'{words} {rest}'})}"


def _pages(client: Client) -> Iterator[str]:
    """The addresses one meets pressing More thirty times."""
    path = QUEUE
    for _page in range(30):
        _status, _headers, body = client.ask("GET", path)
        _before, found, rest = body.decode().partition('rel="next"')
        if not found:
            return
        path = QUEUE + _before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        yield path


def _run(client: Client, paths: list[str], pid: int) -> tuple[Result, float]:
    """How long the answers took, and the processor time of the web process for each, in milliseconds."""

    def get(n: int) -> str | None:
        status, _headers, body = client.ask("GET", paths[n % len(paths)])
        is_whole = body.rstrip().endswith((b"</html>", b"</nav>"))
        return None if status == 200 and is_whole else f"{paths[n % len(paths)]} answered {status}"

    before = cpu_seconds(family(pid))
    result = _timed(get, pid)
    return result, (cpu_seconds(family(pid)) - before) * 1000 / (EACH + WARM)


def _floors(plan: Path, folder: Path, asked: dict[str, tuple[str, list[str]]]) -> dict[str, Result]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.floor:app", "--port", str(port), "--log-level", "warning"]
    env = {"BENCH_FLOOR": str(plan)}
    with running(command, url=f"http://127.0.0.1:{port}/", env=env, log=folder / "floor.log") as floor:
        client = Client(port)
        return {name: _timed(_floor(client, kind, paths), floor.pid) for name, (kind, paths) in asked.items()}


def _floor(client: Client, kind: str, paths: list[str]) -> Callable[[int], str | None]:
    def get(n: int) -> str | None:
        status, _headers, _body = client.ask("GET", _floor_path(kind, paths[n % len(paths)]))
        return None if status == 200 else f"the floor answered {status}"

    return get


def _floor_path(kind: str, path: str) -> str:
    """What the floor is asked for when the product is asked for ``path``: the plain words, joined by and."""
    if kind == "report":
        return f"/report?id={path.strip('/').rpartition('/')[2]}"
    if kind == "queue":
        return "/queue"
    typed = parse_qs(urlsplit(path).query)["q"][0].split()
    plain = split(" ".join(word for word in typed if ":" not in word and not word.startswith("-")))
    return f"/search?q={quote((' & ' if connection.vendor == 'postgresql' else ' ').join(plain))}"


def _timed(work: Callable[[int], str | None], pid: int) -> Result:
    """One after the other; the waiting of client, server and the database's processes for a processor is counted."""
    repeat(work, times=WARM, waited=float)
    took_part = [os.getpid(), *family(pid), *_backends()]
    result = repeat(work, times=EACH, waited=lambda: waited_seconds(took_part))
    if result.wrong:
        raise RuntimeError(f"{len(result.wrong)} wrong answers, first: {result.wrong[0]}")
    return result


def _backends() -> list[int]:
    """PostgreSQL's processes that serve this database, if it runs on this machine."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        found = [pid for (pid,) in cursor.fetchall()]
    connection.close()
    return found


def _row(name: str, kind: str, result: Result, cpu: float, floor: Result) -> dict[str, object]:
    p95 = result.unhindered_at(0.95)
    return {
        "what": name,
        "p50 ms": round(result.unhindered_at(0.5), 1),
        "p95 ms": round(p95, 1),
        "CPU ms": round(cpu, 1),
        "floor p50": round(floor.unhindered_at(0.5), 1),
        "floor p95": round(floor.unhindered_at(0.95), 1),
        "times floor": round(result.at(0.5) / floor.at(0.5)),
        "p50, p95 as it was": f"{result.at(0.5):.0f}, {result.at(0.95):.0f}",
        "bar": f"{BARS[kind]:.0f} ms: {'met' if p95 <= BARS[kind] else 'MISSED'}",
    }
