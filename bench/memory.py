"""What the whole product holds in memory while nothing happens, and how soon it shows its first page."""

from __future__ import annotations

import time
from pathlib import Path

from bench.load import Client
from bench.processes import cpu_seconds, family, free_port, makegood, memory_mb, running
from bench.reading import sign_in

IDLE_SECONDS = 20
BARS = {"memory": 250.0, "start": 5.0}


def measure(folder: Path, *, queue: bool = True) -> list[dict[str, object]]:
    """Start `makegood serve` on an installed database, look at pages, let it rest."""
    port = free_port()
    env = {"MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}", "MAKEGOOD_MODE": "production"}
    command, url = makegood("serve", "--port", str(port)), f"http://127.0.0.1:{port}/report/what/"
    with running(command, url=url, env=env, log=folder / "serve.log"):
        pass  # Once, so that the next start is a warm one.
    begun = time.monotonic()
    with running(command, url=url, env=env, log=folder / "serve.log") as one:
        started = time.monotonic() - begun
        _look_around(port, signed_in=queue)
        time.sleep(IDLE_SECONDS / 2)
        everything = family(one.pid)
        before = cpu_seconds(everything)
        time.sleep(IDLE_SECONDS / 2)
        used = cpu_seconds(everything) - before
        memory = memory_mb(everything)
    return [
        _row("supervisor, web and worker at rest (PSS)", f"{memory:.0f} MB", memory <= BARS["memory"], "250 MB"),
        _row("warm start until the first page is there", f"{started:.1f} s", started <= BARS["start"], "5 s"),
        _row("processor time of all three at rest", f"{used / IDLE_SECONDS * 2 * 100:.1f} % of one core", None, ""),
    ]


def _look_around(port: int, *, signed_in: bool) -> None:
    """Every kind of page once, so that what is loaded late is loaded."""
    visitor = Client(port)
    for path in ("/", "/report/what/"):
        visitor.ask("GET", path)
    if signed_in:
        agent = sign_in(port)
        for path in ("/console/queue/", "/console/queue/?q=words+state:any", "/console/reports/1/"):
            agent.ask("GET", path)


def _row(what: str, figure: str, is_met: bool | None, bar: str) -> dict[str, object]:
    verdict = "" if is_met is None else f"{bar}: {'met' if is_met else 'MISSED'}"
    return {"what": what, "figure": figure, "bar": verdict}
