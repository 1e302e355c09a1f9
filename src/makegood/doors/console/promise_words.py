"""Promises in an agent's words: what is owed, to whom, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from makegood.life.promises import names
from makegood.life.reports.models import LedgerEntry


def moment(value: Any) -> str:
    """A moment from a ledger entry (ISO text) or a datetime, in the reader's zone."""
    if not value:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = timezone.localtime(at)
    return date_format(local, pgettext("date format", "D j M, H:i"))


def tell(entry: LedgerEntry) -> dict[str, Any]:
    """Words, icon and ring of a ``promise.*`` entry, which may speak of several promises at once."""
    told = entry.data.get("promises") or [entry.data]
    step = entry.kind.partition(".")[2]
    sentence = str(_SENTENCES.get(step) or "%(what)s")
    late = step == "kept" and any(one.get("late") for one in told)
    if late:
        sentence = _("Kept, but late: %(what)s")
    words = [sentence % _named(one) for one in told]
    ring = "broken" if late else _RINGS.get(step, "running")
    return {"words": " · ".join(dict.fromkeys(words)), "icon": "clock", "ring": ring, "is_clock": True}


def _named(told: dict[str, Any]) -> dict[str, str]:
    return {
        "what": names.name(str(told.get("kind") or "")),
        "due": moment(told.get("due_at")),
        "whom": names.whom(str(told.get("whom") or "")),
    }


_SENTENCES = {
    "made": gettext_lazy("Promised: %(what)s by %(due)s"),
    "moved": gettext_lazy("%(what)s is now promised by %(due)s"),
    "kept": gettext_lazy("Kept: %(what)s"),
    "broken": gettext_lazy("Late: %(what)s was due %(due)s"),
    "at_risk": gettext_lazy("At risk: %(what)s is due %(due)s"),
    "paused": gettext_lazy("Clock stopped, the reporter has the ball: %(what)s"),
    "resumed": gettext_lazy("Clock running again: %(what)s by %(due)s"),
    "restored": gettext_lazy("Owed again: %(what)s by %(due)s"),
    "withdrawn": gettext_lazy("No longer owed: %(what)s"),
    "rung_climbed": gettext_lazy("%(what)s is late, so %(whom)s was told"),
}
_RINGS = {
    "kept": "kept",
    "broken": "broken",
    "rung_climbed": "broken",
    "at_risk": "at_risk",
    "paused": "paused",
    "withdrawn": "withdrawn",
}
