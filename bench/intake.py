"""Reports accepted per second and CPU per report through the form's POST path, beside the bare app's."""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from django.db import connection

from bench import recording
from bench.load import Client, Result, drive
from bench.processes import cpu_seconds, family, free_port, makegood, running
from makegood.engine.models import Job
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report

CLIENTS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Sink:
    """A real SMTP server that counts what it is given."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.count += 1
        return "250 kept"


def measure(folder: Path, *, each: int) -> list[dict[str, object]]:
    """The floor, the web process alone, and web and worker with every acknowledgement mailed."""
    plan = folder / "floor.json"
    plan.write_text(json.dumps(recording.plan(writes=recording.record_writes())))
    connection.close()
    rows = [_floor(plan, folder, each=each), _web(folder, each=each)]
    rows.append(_web_and_worker(folder, each=each))
    for row in rows:
        row["of floor"] = round(float(row["accepted/s"]) / float(rows[0]["accepted/s"]), 2)
    return rows


def _floor(plan: Path, folder: Path, *, each: int) -> dict[str, object]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.floor:app", "--port", str(port), "--log-level", "warning"]
    with running(
        command, url=f"http://127.0.0.1:{port}/", env={"BENCH_FLOOR": str(plan)}, log=folder / "floor.log"
    ) as one:
        clients = [Client(port) for _ in range(CLIENTS)]

        def post(client: int, n: int) -> str | None:
            status, _headers, _body = clients[client].ask("POST", "/", recording.body(n, "x" * 64), FORM)
            return None if status == 200 else f"floor answered {status}"

        drive(post, clients=CLIENTS, each=20)
        before = cpu_seconds(family(one.pid))
        result = drive(post, clients=CLIENTS, each=each)
        return _row("bare ASGI app, same rows", result, cpu_seconds(family(one.pid)) - before)


def _web(folder: Path, *, each: int) -> dict[str, object]:
    port = free_port()
    env = {"MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}"}
    with running(
        makegood("web", "--port", str(port)), url=f"http://127.0.0.1:{port}/healthz", env=env, log=folder / "web.log"
    ) as one:
        _post_reports(port, each=30, begin=1_000_000)
        before = cpu_seconds(family(one.pid))
        result = _post_reports(port, each=each, begin=2_000_000)
        return _row("web process", result, cpu_seconds(family(one.pid)) - before)


def _web_and_worker(folder: Path, *, each: int) -> dict[str, object]:
    """CPU of both processes from the first report until its last acknowledgement has reached the sink."""
    port, sink = free_port(), Sink()
    smtp = Controller(sink, hostname="127.0.0.1", port=free_port())
    smtp.start()
    env = {
        "MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}?tls=none",
        "MAKEGOOD_MAIL_PER_HOUR": "10000000",
    }
    address = f"http://127.0.0.1:{port}/healthz"
    try:
        with (
            running(makegood("web", "--port", str(port)), url=address, env=env, log=folder / "web.log") as web,
            running(makegood("worker"), url=address, env=env, log=folder / "worker.log") as worker,
        ):
            _post_reports(port, each=30, begin=4_000_000)  # the worker has started and is warm, as the web process is
            _let_settle()
            pids, done = family(web.pid) + family(worker.pid), sink.count
            before, begun = cpu_seconds(pids), time.monotonic()
            result = _post_reports(port, each=each, begin=3_000_000)
            wanted = done + len(result.seconds)
            while sink.count < wanted and time.monotonic() - begun < 180:
                time.sleep(0.05)
            if sink.count < wanted:
                result.wrong.append(f"only {sink.count - done} of {len(result.seconds)} acknowledgements arrived")
            row = _row("web and worker, acknowledged by mail", result, cpu_seconds(pids) - before)
            row["mailed/s"] = round(len(result.seconds) / (time.monotonic() - begun))
            return row
    finally:
        smtp.stop()


def _let_settle() -> None:
    """Wait until the worker has done all that earlier measurements left to do."""
    deadline = time.monotonic() + 180
    while (
        LedgerEntry.objects.filter(delivered_at=None).exists()
        or Job.objects.filter(done_at=None, parked_at=None).exists()
        or OutgoingMail.objects.filter(state__in=("queued", "sending")).exists()
    ):
        if time.monotonic() > deadline:
            raise RuntimeError("The worker did not finish what earlier measurements left.")
        time.sleep(0.2)
    connection.close()


def _post_reports(port: int, *, each: int, begin: int) -> Result:
    """Post reports from many loopback addresses: nobody may send more than so many an hour from one."""
    numbers = itertools.count(begin)
    people: dict[int, tuple[Client, str]] = {}

    def post(client: int, n: int) -> str | None:
        if n % 400 == 0:
            people[client] = _visitor(port, f"127.{begin // 1_000_000}.{client + 1}.{n // 400 + 1}")
        person, token = people[client]
        status, headers, _body = person.ask("POST", "/report/send/", recording.body(next(numbers), token), FORM)
        return None if status == 303 else f"the form answered {status} {headers.get('Location', '')}"

    before = Report.objects.count()
    result = drive(post, clients=CLIENTS, each=each)
    made = Report.objects.count() - before
    if made != len(result.seconds) - len(result.wrong):
        result.wrong.append(f"{len(result.seconds)} answers but {made} reports")
    connection.close()
    return result


def _visitor(port: int, source: str) -> tuple[Client, str]:
    client = Client(port, source)
    _status, _headers, page = client.ask("GET", "/report/what/")
    token = page.decode().split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    return client, token


def _row(name: str, result: Result, cpu: float) -> dict[str, object]:
    if result.wrong:
        raise RuntimeError(f"{name}: {len(result.wrong)} wrong answers, first: {result.wrong[0]}")
    return {
        "what": name,
        "accepted/s": round(result.rate),
        "p50 ms": round(result.at(0.5), 1),
        "p95 ms": round(result.at(0.95), 1),
        "CPU ms/report": round(cpu * 1000 / len(result.seconds), 2),
    }
