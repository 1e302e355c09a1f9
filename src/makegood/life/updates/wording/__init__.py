"""The scripts an installation has until somebody words its own, as data beside this file.

``install(at)`` runs with every release: it adds what is missing, and a script nobody ever edited takes the words that
ship now, as a new version. Whoever edited or retired a script keeps it just so.
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
PARTS = ("titles", "subjects", "bodies")


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
    """Add the missing scripts and renew what nobody edited; return how many changed. Safe to repeat."""
    with transaction.atomic():
        there = {script.slug: script for script in Script.objects.all()}
        shipping = [_script(n, entry) for n, entry in enumerate(read())]
        changed = [_renewed(there[one.slug], one) if one.slug in there else one for one in shipping]
        for script in filter(None, changed):
            script.edited_at = at
            script.save()
            keep_version(script, by=SYSTEM, at=at)
    return len([script for script in changed if script])


def _renewed(script: Script, shipping: Script) -> Script | None:
    """``script`` with the words that ship now, as its next version; None where a person edited it or nothing is new."""
    if script.edited_by or all(getattr(script, part) == getattr(shipping, part) for part in PARTS):
        return None
    for part in PARTS:
        setattr(script, part, getattr(shipping, part))
    script.version += 1
    return script


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
