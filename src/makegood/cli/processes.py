"""The two long-lived processes: web and worker."""

from __future__ import annotations

import argparse
import os
import signal
import threading
import time

from makegood.config import asgi, env, logs
from makegood.doors.clock import worker as clock
from makegood.doors.mailbox.opening import Door


def web(given: argparse.Namespace) -> int:
    """Serve requests until told to stop."""
    _stop_with_supervisor()
    asgi.serve(given.host, given.port)
    return 0


def worker(_given: argparse.Namespace) -> int:
    """Do what is due until told to stop."""
    logs.set_up(env.read("MAKEGOOD_LOG"))
    _stop_with_supervisor()
    with Door():
        return clock.Worker().run()


def _stop_with_supervisor() -> None:
    """A child whose supervisor was killed must not live on beside the children of the next one."""
    parent = os.environ.get("MAKEGOOD_SUPERVISOR", "")
    if not parent.isdigit():
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
