"""Our own reasons why a clock stood still or was timed anew: kept as texts of the catalogue, said in any language.

What a colleague typed is said as it was typed, and to colleagues only.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from makegood.life.reports import states

WAITING_FOR_REPORTER = gettext_noop("Waiting for the reporter's answer.")
DESK_ASKED = gettext_noop("The technical team asked the desk.")
SEVERITY_NOW = {
    states.CRITICAL: gettext_noop("The severity is critical now."),
    states.HIGH: gettext_noop("The severity is high now."),
    states.MEDIUM: gettext_noop("The severity is medium now."),
    states.LOW: gettext_noop("The severity is low now."),
}
CLOSED = gettext_noop("The report was closed.")
SOONER = gettext_noop("A sooner promise took its place.")
TAKEN_BACK = gettext_noop("The message was taken back.")
CAUSE_TAKEN_BACK = gettext_noop("What promised it was taken back.")

# What a reporter reads instead; a reason that is not here is none of theirs.
_TO_REPORTER = {
    WAITING_FOR_REPORTER: gettext_noop("we waited for your answer"),
    **dict.fromkeys(SEVERITY_NOW.values(), gettext_noop("we weighed it anew")),
}
_OURS = (WAITING_FOR_REPORTER, DESK_ASKED, *SEVERITY_NOW.values())


def shown(reason: str, *, to_reporter: bool = False) -> str:
    """``reason`` in the language in force, without its full stop; to the reporter only what concerns them."""
    ours = _as_kept().get(reason, "")
    if to_reporter:
        return gettext(_TO_REPORTER[ours]) if ours in _TO_REPORTER else ""
    return (gettext(ours) if ours else reason).rstrip(".")


@cache
def _as_kept() -> dict[str, str]:
    """Every way one of our reasons may stand in a row → its text. They were once kept in the language of whoever acted,
    and the severity by its code.
    """
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {gettext(text): text for text in _OURS}
            found |= {gettext("The severity is %s now.") % code: text for code, text in SEVERITY_NOW.items()}
    return found | {text: text for text in _OURS}
