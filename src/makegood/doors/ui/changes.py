"""What changed, in words short enough for one line: for the histories and the audit, in both doors of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.life.reports.models import LedgerEntry

MOST, LONGEST = 6, 60
# Columns people meet in histories, in their language; the others are named as they are called.
_NAMES = {
    "name": gettext_lazy("name"),
    "role": gettext_lazy("role"),
    "teams": gettext_lazy("teams"),
    "phone": gettext_lazy("phone"),
    "language": gettext_lazy("language"),
    "time_zone": gettext_lazy("time zone"),
    "page_webhook": gettext_lazy("page webhook"),
    "is_active": gettext_lazy("active"),
    "severity": gettext_lazy("severity"),
    "default_severity": gettext_lazy("default severity"),
    "category": gettext_lazy("category"),
    "team": gettext_lazy("team"),
    "state": gettext_lazy("state"),
    "position": gettext_lazy("position"),
}


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
    return str(_NAMES.get(name) or name.removesuffix("_id").removeprefix("is_").replace("_", " "))


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = next((str(text) for text in value.values() if text), "")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = "–" if value is None or value == "" else str(value)
    return text if len(text) < LONGEST else f"{text[: LONGEST - 3]}…"
