"""What a field might be, in words beside it: how sure that is, and because of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.life.diagnosis.models import FieldSuggestion


@dataclass(frozen=True)
class Suggested:
    """``name`` as the list beside it calls ``value``; ``sure`` in percent; ``because`` in one sentence, or empty.

    ``is_first``: the key takes this one."""

    value: str
    name: str
    sure: int
    because: str
    is_first: bool


def in_words(row: FieldSuggestion | None, choices: Iterable[tuple[Any, Any]], *, is_first: bool) -> Suggested | None:
    """A suggestion as it is shown; None for none, or for one that can no longer be chosen."""
    names: Mapping[str, Any] = {str(value): name for value, name in choices} if row else {}
    if row is None or row.value not in names:
        return None
    sure = min(99, round(row.confidence * 100))
    return Suggested(row.value, str(names[row.value]), sure, _because(row), is_first)


def _because(row: FieldSuggestion) -> str:
    if not row.words:
        return ""
    words = _("because of %(words)s") % {"words": ", ".join(f"“{word}”" for word in row.words)}
    if row.alike_of < 2 or not row.alike:
        return words
    counts = {"alike": row.alike, "all": row.alike_of, "word": row.words[0]}
    told = ngettext(
        "%(alike)s of %(all)s report that says “%(word)s” was filed so",
        "%(alike)s of %(all)s reports that say “%(word)s” were filed so",
        row.alike_of,
    )
    return f"{words}; {told % counts}"
