"""``python -m bench [intake|mail|reading|insights|similar|browser|memory …] [--sizes 10000,…]``: see README.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

PARTS = ["intake", "mail", "reading", "insights", "similar", "browser", "memory"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=["intake", "mail", "reading", "insights", "similar", "browser", "memory"]
    )
    parser.add_argument(
        "--sizes", default="10000,100000,1000000", help="how many reports reading, insights and similar fill in"
    )
    parser.add_argument("--each", type=int, default=500, help="posts of each of the four clients")
    parser.add_argument("--mails", type=int, default=10_000, help="how many mails the mail part files in a row")
    parser.add_argument("--keep", action="store_true", help="with BENCH_DATA: read what that folder's database holds")
    parser.add_argument("--embeddings", default="", help="similar: with the sentence model in this folder")
    given = parser.parse_args()
    if "BENCH_DATA" not in os.environ:
        _in_a_folder_of_its_own(given.embeddings)
        return
    os.environ |= {"MAKEGOOD_DATA_DIR": os.environ["BENCH_DATA"], "DJANGO_SETTINGS_MODULE": "makegood.config.settings"}
    django.setup()
    _run(given)


def _in_a_folder_of_its_own(embeddings: str) -> None:
    """Start again with an empty data directory, so that no measurement ever meets anybody's data."""
    with tempfile.TemporaryDirectory(prefix="makegood-bench-") as folder:
        if embeddings:
            (Path(folder) / "embeddings").symlink_to(Path(embeddings).resolve(), target_is_directory=True)
        env = {
            **os.environ,
            "BENCH_DATA": folder,
        }
        sys.exit(subprocess.run([sys.executable, "-m", "bench", *sys.argv[1:]], env=env, check=False).returncode)


def _run(given: argparse.Namespace) -> None:
    from bench import suite  # noqa: PLC0415 - needs Django set up

    suite.run(
        Path(os.environ["BENCH_DATA"]),
        given.parts,
        each=given.each,
        sizes=[int(size) for size in given.sizes.split(",")],
        mails=given.mails,
        keep=given.keep,
    )


if __name__ == "__main__":
    main()
