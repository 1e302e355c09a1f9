"""What of a ledger entry is a fact and stays, and what is words and goes. Pure.

That something happened, when, by whom of ours, between which states: that is what figures of the past are made of.
What somebody wrote, and what anybody was called, is not.
"""

from __future__ import annotations

import re
from typing import Any

MARK = "erased"
# Under these names stands a word of our own tables, never one that somebody typed.
_OURS = frozenset(
    {
        *("state", "severity", "kind", "close_reason", "owed_kind", "owed_state", "outcome", "way", "channel", "ring"),
        *("answer", "before", "purpose", "whom", "field", "sign", "hindrance", "form", "provider"),
    }
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_SLUG = re.compile(r"[a-z][a-z_]{1,24}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def of(data: Any) -> dict[str, Any]:
    """``data`` of an entry without a word, marked as such. The same again changes nothing."""
    kept = _kept("", data)
    return {**(kept if isinstance(kept, dict) else {}), MARK: True}


def _kept(name: str, value: Any) -> Any:
    """``value`` as far as it is a fact; None where it is not."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        kept = {key: _kept(key, one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one is not None or value[key] is None}
    if isinstance(value, list):
        return [kept for one in value if (kept := _kept(name, one)) is not None]
    text = str(value)
    if _MOMENT.fullmatch(text) or (name in _OURS and _SLUG.fullmatch(text)):
        return text
    if name == "currency" and _CURRENCY.fullmatch(text):
        return text
    return None
