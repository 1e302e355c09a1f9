"""What each kind of promise, and each rung of the ladder, is called: one name, the same on every screen, in documents,
calls and explanations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from makegood.life.promises import kinds

NAMES: dict[str, Any] = {
    kinds.ACKNOWLEDGE: gettext_lazy("Acknowledgement"),
    kinds.HEAR_BACK: gettext_lazy("Answer from us"),
    kinds.NEXT_UPDATE: gettext_lazy("Next news"),
    kinds.AFTER_ESCALATION: gettext_lazy("Next news after an escalation"),
    kinds.ACCEPT: gettext_lazy("Acceptance by the technical team"),
    kinds.FIRST_ANSWER: gettext_lazy("First technical answer"),
    kinds.FOLLOW_UP: gettext_lazy("Follow-up"),
    kinds.CONFIRM: gettext_lazy("Question whether it is solved"),
    kinds.RECOVERY: gettext_lazy("Call to an unhappy reporter"),
    kinds.ACTION: gettext_lazy("Action"),
    kinds.PUBLIC_NEWS: gettext_lazy("Next public news of a problem"),
    kinds.RCA: gettext_lazy("Root cause analysis"),
    kinds.VERIFY: gettext_lazy("Check whether an action worked"),
    kinds.REVIEW: gettext_lazy("Regular review"),
    kinds.COMPENSATION: gettext_lazy("Decision on compensation"),
    kinds.ARTICLE_REVIEW: gettext_lazy("Review of an article"),
}

WHOM: dict[str, Any] = {
    kinds.DUTY: gettext_lazy("whoever is on duty"),
    kinds.BACKUP: gettext_lazy("the backup on duty"),
    "team": gettext_lazy("the whole team"),
    kinds.LEAD: gettext_lazy("the lead"),
    kinds.MANAGER: gettext_lazy("the manager"),
    kinds.EXECUTIVE: gettext_lazy("the executive"),
}


def name(kind: str) -> str:
    """The name of a kind in the reader's language; of one that is no more, its own word."""
    return str(NAMES.get(kind, kind.replace("_", " ")))


def whom(rung: str) -> str:
    """Whom a rung tells, in words."""
    return str(WHOM.get(rung, rung))
