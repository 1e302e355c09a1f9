"""What a new installation begins with: categories, questions, safe steps, policies, scripts. Also adds what a release
brings.

Run after every migration; it never overwrites what a person edited.
"""

from __future__ import annotations

from datetime import datetime

from makegood.life.diagnosis import catalogue
from makegood.life.promises import book
from makegood.life.updates import wording


def begin(at: datetime) -> int:
    """Add whatever is missing; return how many rows are new. Safe to repeat."""
    book.install_defaults(at)
    return catalogue.install() + wording.install(at)
