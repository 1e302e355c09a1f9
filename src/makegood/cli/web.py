"""The web process. It never loads what only the worker needs."""

from __future__ import annotations

import argparse

from makegood.cli.supervised import may_go_on, stop_with_supervisor
from makegood.config import asgi


def run(given: argparse.Namespace) -> int:
    """`makegood web`: serve requests until told to stop."""
    stop_with_supervisor()
    asgi.load()
    if not may_go_on():
        return 0
    asgi.serve(given.host, given.port)
    return 0
