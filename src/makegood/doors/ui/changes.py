"""What changed, in words short enough for one line: for the histories and the audit, in both doors of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from makegood.life.reports.models import LedgerEntry

MOST, LONGEST = 6, 60


def in_words(entry: LedgerEntry) -> str:
    """'severity: medium → high' for each value that changed; empty where none did."""
    old, new = entry.data.get("from"), entry.data.get("to")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ""
    # A rank is what the database sorts by; its name stands beside it.
    parts = [f"{_label(name)}: {_short(old.get(name))} → {_short(new[name])}" for name in new if name[-5:] != "_rank"]
    return "; ".join(parts[:MOST])


def _label(name: str) -> str:
    """The name of a field as words: ``is_active`` is "active"."""
    return name.removesuffix("_id").removeprefix("is_").replace("_", " ")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = next((str(text) for text in value.values() if text), "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = "–" if value is None or value == "" else str(value)
    return text if len(text) < LONGEST else f"{text[: LONGEST - 3]}…"
