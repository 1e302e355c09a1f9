"""`makegood mail ingest` files raw mails from disk; `makegood mail in` takes one from a mail server's pipe.

Both keep first and file through the same code as every other way in.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

EX_TEMPFAIL = 75


def ingest(given: argparse.Namespace) -> int:
    """`makegood mail ingest`: file what lies on disk."""
    importlib.import_module("django").setup()
    ingesting = importlib.import_module("makegood.cli.ingesting")
    return ingesting.ingest(given, mails_in(given.files or ["-"]))


def take_in(given: argparse.Namespace) -> int:
    """`makegood mail in`: 0 only after it is committed; on trouble 75, and the mail server tries again.

    It loads Django by itself, so that not even a bad setting makes a mail bounce.
    """
    try:
        importlib.import_module("django").setup()
        return importlib.import_module("makegood.cli.taking").take_in(sys.stdin.buffer.read(), **envelope(given))
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the mail must not be lost
        print(f"makegood: not taken, try again later: {trouble!r}", file=sys.stderr)
        return EX_TEMPFAIL


def envelope(given: argparse.Namespace, environ: Any = os.environ) -> dict[str, Any]:
    """Sender and recipients from the options, else from what Postfix and its kin put into the environment."""
    sender = given.envelope_from if given.envelope_from is not None else environ.get("SENDER")
    recipients = list(given.to or [])
    if not recipients and (recipient := environ.get("RECIPIENT") or environ.get("ORIGINAL_RECIPIENT")):
        local, _at, domain = recipient.partition("@")
        extension = environ.get("EXTENSION", "")
        tail = f"+{extension}" if extension and "+" not in local else ""
        recipients = [f"{local}{tail}@{domain}" if domain else recipient]
    return {"sender": None if sender is None else sender.strip(" <>"), "recipients": recipients, "slug": given.mailbox}


def mails_in(names: list[str]) -> Iterator[tuple[str, bytes | OSError]]:
    """Every mail in these files, folders and mbox files ("-": standard input) with its name; or why there is none."""
    for name in names:
        path = Path(name)
        if name != "-" and path.is_dir():
            yield from mails_in([str(one) for one in sorted(path.rglob("*")) if one.is_file()])
            continue
        try:
            with sys.stdin.buffer if name == "-" else path.open("rb") as stream:
                yield from _split(name, stream)
        except OSError as trouble:
            yield name, trouble


def _split(name: str, stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """One mail, or the many of an mbox file, which begins with "From " and separates by an empty line and another."""
    first = stream.readline()
    if not first.startswith(b"From "):
        yield name, first + stream.read()
        return
    lines: list[bytes] = []
    count, was_empty = 1, False
    for line in stream:
        if was_empty and line.startswith(b"From "):
            yield f"{name}:{count}", b"".join(lines[:-1])
            lines, count = [], count + 1
        else:
            lines.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)
        was_empty = not line.strip()
    yield f"{name}:{count}" if count > 1 else name, b"".join(lines)
