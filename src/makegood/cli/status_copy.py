"""`makegood status-copy`: the status page as plain files, for another host."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.db import Error
from django.utils import timezone

from makegood.doors.ui.status import copy


def run(given: argparse.Namespace) -> int:
    """Write every page into the folder; links are relative. Exit code 1 when the database or the folder fails."""
    target = Path(given.folder).expanduser().resolve()
    try:
        count = copy.export(target, timezone.now())
    except (Error, OSError) as trouble:
        print(f"The status page could not be written: {trouble}", file=sys.stderr)
        return 1
    print(f"{count} files of the status page are in {target}.")
    return 0
