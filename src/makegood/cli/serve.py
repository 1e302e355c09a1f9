"""The supervisor: keeps one web and one worker process running. Standard library only, about 12 MB.

A child that dies is started again, at once the first time, then with growing waits. SIGTERM or Ctrl-C is passed on and
both get 20 seconds to finish what they do. Killing any of the three with -9 loses nothing: children notice that their
supervisor is gone and stop by themselves.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType, MappingProxyType

STOP_SECONDS = 20
_CALM_AFTER = 60


def demo(given: argparse.Namespace) -> int:
    """`makegood demo`: prepare with demo data, then serve."""
    os.environ.setdefault("MAKEGOOD_MODE", "demo")
    return _serve(given, ["--demo"])


def production(given: argparse.Namespace) -> int:
    """`makegood serve`: prepare, then serve."""
    os.environ.setdefault("MAKEGOOD_MODE", "production")
    return _serve(given, [])


def _serve(given: argparse.Namespace, extra: list[str]) -> int:
    os.environ.setdefault("MAKEGOOD_BASE_URL", f"http://127.0.0.1:{given.port}")
    where = ["--host", given.host, "--port", str(given.port)]
    supervisor = Supervisor({"web": ["web", *where], "worker": ["worker"]})
    supervisor.start_ahead("web")
    prepared = subprocess.run([*_MAKEGOOD, "prepare", *where, *extra], check=False)  # noqa: S603
    if prepared.returncode:
        supervisor.call_off("web")
        return prepared.returncode
    return supervisor.run()


_MAKEGOOD = [sys.executable, "-m", "makegood"]


class Supervisor:
    """Runs ``children`` (name → arguments of makegood) until told to stop."""

    def __init__(self, children: dict[str, list[str]]) -> None:
        self.children = children
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.due: dict[str, float] = {}
        self.falls: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.stopping = False

    def start_ahead(self, name: str) -> None:
        """Start a child that loads its code and waits for the word, while the database is made ready beside it."""
        word, self.held[name] = os.pipe()
        self._start(name, {"MAKEGOOD_WAIT_FOR": str(word)}, pass_fds=(word,))
        os.close(word)

    def call_off(self, name: str) -> None:
        """The word will not come: the child sees the end of the pipe and ends by itself."""
        os.close(self.held.pop(name))
        self.running.pop(name).wait(STOP_SECONDS)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for held in self.held.values():
            with suppress(BrokenPipeError):  # It fell meanwhile, and is started again below.
                os.write(held, b"!")
            os.close(held)
        for name in self.children:
            if name not in self.running:
                self._start(name)
        while not self.stopping:
            for name, child in list(self.running.items()):
                if child.poll() is not None:
                    self._fell(name, child.returncode)
            for name, due in list(self.due.items()):
                if time.monotonic() >= due and not self.stopping:
                    self._start(name)
            time.sleep(0.1)
        return self._end()

    def _start(self, name: str, more: Mapping[str, str] = MappingProxyType({}), pass_fds: tuple[int, ...] = ()) -> None:
        self.due.pop(name, None)
        self.started[name] = time.monotonic()
        environment = os.environ | {"MAKEGOOD_SUPERVISOR": str(os.getpid())} | dict(more)
        # Own sessions: Ctrl-C reaches only the supervisor, which then stops both in order.
        self.running[name] = subprocess.Popen(  # noqa: S603
            [*_MAKEGOOD, *self.children[name]], env=environment, start_new_session=True, pass_fds=pass_fds
        )

    def _fell(self, name: str, code: int) -> None:
        del self.running[name]
        calm = time.monotonic() - self.started[name] > _CALM_AFTER
        self.falls[name] = 0 if calm else self.falls.get(name, 0) + 1
        wait = 0.0 if self.falls[name] <= 1 else min(30.0, 2.0 ** (self.falls[name] - 2))
        print(f"makegood: {name} ended ({code}); starting it again in {wait:g} s.", file=sys.stderr, flush=True)
        self.due[name] = time.monotonic() + wait

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> int:
        for child in self.running.values():
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
        return 0
