"""`makegood adapter known`: the product's own judgement of likeness, asked from outside, for measuring it.

JSON lines in, one JSON line back for each. It begins with an empty store in a temporary folder, never the desk's.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def known(given: argparse.Namespace) -> int:
    """`makegood adapter known`: `add` a report; `query` which of those added are like another one, best first."""
    with tempfile.TemporaryDirectory(prefix="makegood-adapter-") as folder:
        os.environ["MAKEGOOD_DATA_DIR"] = folder
        os.environ["DATABASE_URL"] = ""
        if given.embeddings:
            (Path(folder) / "embeddings").symlink_to(Path(given.embeddings).resolve(), target_is_directory=True)
        importlib.import_module("django").setup()
        answer = importlib.import_module("makegood.cli.knowing").Known().answer
        _converse(answer)
    return 0


def _converse(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """A line that cannot be read or done is answered with its error, and the next one is read."""
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            said = answer(json.loads(line))
        except (ValueError, KeyError, TypeError) as trouble:
            said = {"error": f"{type(trouble).__name__}: {trouble}"}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()
