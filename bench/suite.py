"""The order of measuring, and how the figures are printed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import insights, intake, mail, memory, reading, similar
from bench.fill import fill
from makegood.life.diagnosis import catalogue
from makegood.life.people.models import Team
from makegood.life.promises import book
from makegood.life.updates import wording


def run(
    folder: Path, parts: Iterable[str], *, each: int, sizes: list[int], mails: int = 10_000, keep: bool = False
) -> None:
    """Measure ``parts`` and print a table each. ``keep``: read what is in the database instead of filling it."""
    print(f"Database: {connection.vendor}", flush=True)
    if "intake" in parts:
        _fresh()
        _print("Intake, 4 clients", intake.measure(folder, each=each))
    if "mail" in parts:
        _fresh()
        connection.close()
        _print("Mail in", mail.measure(folder, count=mails))
    for size in sizes if "reading" in parts and not keep else []:
        _fill(size)
        _print(f"Reading, {size:,} reports", reading.measure(folder))
    if "reading" in parts and keep:
        _print("Reading", reading.measure(folder))
    for size in sizes if "insights" in parts else []:
        _fresh()
        _print(f"Insights, {size:,} reports", insights.measure(size))
    if "similar" in parts:
        _fresh()
        for title, rows in similar.measure(sizes):
            _print(title, rows)
    if "browser" in parts:
        from bench import browser  # noqa: PLC0415 - needs a Chromium, which the other parts do not

        if not keep:
            _fill(min(sizes))
        connection.close()
        _print("In the browser", browser.measure(folder))
    if "memory" in parts:
        if not keep:
            _fill(min(sizes))
        connection.close()
        _print("At rest", memory.measure(folder))


def _fill(size: int) -> None:
    begun = time.monotonic()
    _fresh()
    print(f"\nFilling in {size:,} reports …", flush=True)
    fill(size, now=timezone.now())
    print(f"… took {time.monotonic() - begun:.0f} s.", flush=True)


def _fresh() -> None:
    """An empty, installed database."""
    if connection.vendor == "sqlite":
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{end}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    Team.objects.get_or_create(slug="member-desk", defaults={"name": "Member desk"})
    book.install_defaults(timezone.now())
    catalogue.install()
    wording.install(timezone.now())


def _print(title: str, rows: list[Mapping[str, object]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    print(f"\n### {title}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for row in rows:
        print(f"| {' | '.join(str(row.get(name, '')) for name in names)} |", flush=True)
