"""Decides where a run of tests keeps its data, before anything else loads: never in anybody's real data directory.

Each run, and each worker of a run, has a fresh folder of its own: a database file beside the write-ahead log of an
earlier one that was killed fails with "disk I/O error". A plugin named in pyproject.toml, because pytest-django reads
the settings before any conftest is read.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import tables

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if not _worker:
    os.environ["MAKEGOOD_TEST_RUN_DIR"] = tempfile.mkdtemp(prefix="makegood-test-")
_folder = Path(os.environ["MAKEGOOD_TEST_RUN_DIR"], _worker or "main")
_folder.mkdir(exist_ok=True)
os.environ["MAKEGOOD_DATA_DIR"] = str(_folder)
# Many tests start the product: compiling it anew for each start would take a second of each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


_ahead = None


def pytest_configure(config):
    """Where there are workers, the tables are made while they still gather the tests."""
    global _ahead
    if not _worker and config.getoption("numprocesses", 0) and not config.getoption("collectonly"):
        words = [sys.executable, "-c", "from tests.tables import tables; tables()"]
        _ahead = subprocess.Popen(words, cwd=config.rootpath, start_new_session=True)


def pytest_unconfigure():
    if _ahead is not None and _ahead.poll() is None:  # nobody has asked for them
        os.killpg(_ahead.pid, signal.SIGKILL)
        _ahead.wait()
    if not _worker:
        tables.forget(os.environ["MAKEGOOD_TEST_RUN_DIR"])
        shutil.rmtree(os.environ["MAKEGOOD_TEST_RUN_DIR"], ignore_errors=True)
