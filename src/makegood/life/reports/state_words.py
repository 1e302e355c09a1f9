"""The states of a report in words: a question has neither a cause nor a fix, so it says them in its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from makegood.life.reports import states

OF_ERROR = [
    (states.RECEIVED, _("received")),
    (states.INVESTIGATING, _("investigating")),
    (states.CAUSE_FOUND, _("cause found")),
    (states.FIXING, _("fix on its way")),
    (states.SOLVED, _("solved, not confirmed")),
    (states.CLOSED, _("closed")),
]
OF_QUESTION = [
    (states.RECEIVED, _("received")),
    (states.INVESTIGATING, _("being answered")),
    (states.SOLVED, _("answered, not confirmed")),
    (states.CLOSED, _("closed")),
]


_WORDS = {states.ERROR: dict(OF_ERROR), states.QUESTION: dict(OF_QUESTION)}


def named(kind: str, present: str) -> list[tuple[str, str]]:
    """The states a report of this kind may have, and the ``present`` one, even if only an error gets there."""
    return [(state, word(kind, state)) for state in dict.fromkeys((*_WORDS[kind], present))]


def word(kind: str, state: str) -> str:
    """One of them."""
    words = _WORDS[kind]
    return str(words.get(state) or words[states.INVESTIGATING])
