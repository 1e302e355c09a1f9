"""The scripts a new installation begins with, as data beside this file.

``install(at)`` adds what is missing and touches nothing that is there: an edited or retired script stays as it is.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.updates.models import Script, ScriptVersion

HERE = Path(__file__).parent


@cache
def read() -> list[dict[str, Any]]:
    """The entries of the data file."""
    found: list[dict[str, Any]] = tomllib.loads((HERE / "scripts.toml").read_text(encoding="utf-8"))["script"]
    return found


def shipped(moment: str) -> Script | None:
    """The script of ``moment`` (or slug) as it ships, unsaved: so that nothing goes unsaid on a bare installation."""
    for position, entry in enumerate(read()):
        if moment in (entry["slug"], entry["moment"]):
            return _script(position, entry)
    return None


def install(at: datetime) -> int:
    """Add the missing scripts; return how many were missing. Safe to repeat."""
    with transaction.atomic():
        there = set(Script.objects.values_list("slug", flat=True))
        missing = [(n, entry) for n, entry in enumerate(read()) if entry["slug"] not in there]
        for position, entry in missing:
            script = _script(position, entry)
            script.edited_at = at
            script.save(force_insert=True)
            keep_version(script, by=SYSTEM, at=at)
    return len(missing)


def keep_version(script: Script, *, by: Actor, at: datetime) -> ScriptVersion:
    """Write the present wording into the history."""
    return ScriptVersion.objects.create(
        script=script,
        version=script.version,
        titles=script.titles,
        subjects=script.subjects,
        bodies=script.bodies,
        by_name=by.name,
        at=at,
    )


def _script(position: int, entry: dict[str, Any]) -> Script:
    return Script(
        slug=entry["slug"],
        moment=entry["moment"],
        titles=entry["titles"],
        subjects=entry.get("subjects", {}),
        bodies={language: body.strip() for language, body in entry["bodies"].items()},
        position=position * 10,
    )
