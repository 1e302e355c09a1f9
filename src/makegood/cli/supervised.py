"""What long-lived processes do: wait for their supervisor's word where they are told to, and end with it."""

from __future__ import annotations

import os
import signal
import threading
import time


def may_go_on() -> bool:
    """Wait for the supervisor's word that all is prepared, if one was announced; False if it will not come."""
    word = os.environ.pop("MAKEGOOD_WAIT_FOR", "")
    if not word.isdigit():
        return True
    with os.fdopen(int(word), "rb") as pipe:
        return bool(pipe.read(1))


def stop_with_supervisor() -> None:
    """A child whose supervisor was killed must not live on beside the children of the next one."""
    parent = os.environ.get("MAKEGOOD_SUPERVISOR", "")
    if not parent.isdigit():
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
