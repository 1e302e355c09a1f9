"""What several tests of a run look at and none of them changes, made by the first of its workers that wants it."""

import fcntl
import json
import os
from pathlib import Path


def once(name, make):
    """What ``make()`` gave to whoever came first, as JSON gives it back; the others wait for it."""
    run = Path(os.environ["MAKEGOOD_TEST_RUN_DIR"])
    made = run / f"{name}.json"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(json.dumps(make()))
    return json.loads(made.read_text())
