"""The whole product as real processes, for tests that kill it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from tests.tables import address, on_server, tables

# Runs a command in a process that has Django loaded already.
COMMAND = "from makegood.cli import main; main()"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Product:
    """An installation of its own in ``folder``, on SQLite or, where DATABASE_URL is set, in a database of its own.

    Its tables are copied from the first one's, which takes no time, unless it ``is_bare``: then it begins from nothing.
    """

    def __init__(self, folder, *, is_bare=False, **settings):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = ""
        self.environment = os.environ | {
            "MAKEGOOD_DATA_DIR": str(folder),
            "MAKEGOOD_BASE_URL": self.url,
            "MAKEGOOD_MODE": "demo",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.processes, self.forker = [], None
        if "DATABASE_URL" in os.environ:
            self.database = f"mg_{uuid.uuid4().hex[:12]}"
            self.environment["DATABASE_URL"] = address(self.database)
            like = "" if is_bare else f' TEMPLATE "{tables()}"'
            on_server(f'CREATE DATABASE "{self.database}"{like}')
        elif not is_bare:
            shutil.copy(tables(), folder)

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.forker is not None:
            self.forker.communicate()
        if self.database:
            on_server(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def run(self, *words, check=True):
        """Run one command to its end; return its output. Not started anew: see ``fork``."""
        done = self.fork(COMMAND, *words)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def ask(self, code):
        """Run Python in the product's Django; return what it prints."""
        done = self.fork(code)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def fork(self, code, *words, load=()):
        """Run Python in a process forked from one that has Django and the modules in ``load`` loaded already."""
        out, err = self.folder / "forked.out", self.folder / "forked.err"
        for file in (out, err):
            file.unlink(missing_ok=True)
        order = {"code": code, "words": words, "load": load, "out": str(out), "err": str(err), "wait": True}
        return subprocess.CompletedProcess(code, self._order(order), out.read_text(), err.read_text())

    def start_forked(self, name):
        """A process that lives on, as ``start`` starts it, and in a tenth of the time: where starting is no matter."""
        log = str(self.folder / f"{name}.log")
        Path(log).touch()
        order = {"code": COMMAND, "words": [name], "load": [f"makegood.cli.{name}"], "out": log, "err": log}
        process = Forked(self._order(order | {"wait": False}), self)
        self.processes.append(process)
        return process

    def _order(self, order):
        if self.forker is None:
            self.forker = self._start_forker()
        self.forker.stdin.write(json.dumps(order) + "\n")
        self.forker.stdin.flush()
        answer = self.forker.stdout.readline()
        assert answer, self.log("forks")
        return int(answer)

    def _start_forker(self):
        with (self.folder / "forks.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.forks"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self, *arguments):
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "makegood", *arguments], env=self.environment, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def start_web(self):
        process = self.start("web", "--port", str(self.port))
        self.wait_until(lambda: self.get("/healthz")[0] == 200)
        return process

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def get(self, path, headers=None):
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.url + path, headers=headers or {}), timeout=10
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    @staticmethod
    def wait_until(is_so, seconds=60, *, every=0.05):
        """Wait for ``is_so()`` to become true, at most ``seconds``. What asks the product itself asks now and then."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, "It did not happen in time."
            time.sleep(every)


class Forked:
    """A process that the forker has started: what a Popen can do, as far as it is used here."""

    def __init__(self, pid, product):
        self.pid, self.product, self.returncode = pid, product, None

    def poll(self):
        if self.returncode is None and _has_ended(self.pid):
            self.wait()
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            if timeout is not None:
                self._expect(timeout)
            self.returncode = self.product._order({"end_of": self.pid})
        return self.returncode

    def _expect(self, timeout):
        deadline = time.monotonic() + timeout
        while not _has_ended(self.pid):
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(COMMAND, timeout)
            time.sleep(0.02)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self):
        os.kill(self.pid, signal.SIGTERM)


def _has_ended(pid):
    """Whether only its exit code is left of it."""
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "Z"


def children_of(pid):
    """name (web, worker) → process id of the supervisor's children."""
    found = {}
    for folder in os.listdir("/proc"):
        if not folder.isdigit():
            continue
        try:
            with open(f"/proc/{folder}/stat") as stat, open(f"/proc/{folder}/cmdline", "rb") as line:
                parent, words = int(stat.read().rsplit(")", 1)[1].split()[1]), line.read().split(b"\0")
        except OSError:
            continue
        if parent == pid and b"makegood" in words:
            found[words[words.index(b"makegood") + 1].decode()] = int(folder)
    return found


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def megabytes(pid):
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.MULTILINE)[1]) / 1024
