"""What both long-lived processes do: end with their supervisor."""

from __future__ import annotations

import os
import signal
import threading
import time


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
