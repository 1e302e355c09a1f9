"""Fairfield Health, a fictional member portal: its people, its promises, over 200 reports of the last 60 days
and a few of the month before, so that a quarter can be spoken of.

Offers ``seed(now)``; ``people`` knows the logins. The stories are played through the same verbs as real reports, at
past moments, so the demo shows what the product does and nothing else. May import ``life``.
"""

from __future__ import annotations

import importlib
from datetime import datetime


def seed(now: datetime) -> None:
    """Write the demo desk into an empty database. Its stories are loaded only here: later starts do without them."""
    importlib.import_module("makegood.demo.seed").seed(now)
