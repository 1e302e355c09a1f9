"""What happened to the fix of a problem, in an agent's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from makegood.life.reports.models import LedgerEntry

Words = Callable[[LedgerEntry, Any], str]


def _about(words: str, *names: str) -> Words:
    return lambda entry, _names: _(words) % {name: entry.data.get(name) or "–" for name in names}


def _checked(entry: LedgerEntry, names: Any) -> str:
    words = {
        "added": gettext_noop("put on the check list: %(what)s"),
        "passed": gettext_noop("checked that it works: %(what)s"),
        "failed": gettext_noop("checked, and it does not work: %(what)s"),
        "open": gettext_noop("opened a line of the check list again: %(what)s"),
        "removed": gettext_noop("took off the check list: %(what)s"),
    }
    return _(words.get(str(entry.data.get("outcome")), words["added"])) % {"what": entry.data.get("what")}


WORDS: dict[str, tuple[str, Words]] = {
    "fix.linked": ("link", _about(gettext_noop("tied %(what)s to the fix: %(title)s"), "what", "title")),
    "fix.unlinked": ("minus", _about(gettext_noop("took %(what)s off the fix"), "what")),
    "fix.merged": ("duplicate", _about(gettext_noop("merged %(what)s: %(title)s"), "what", "title")),
    "fix.released": ("tag", _about(gettext_noop("released it in %(version)s"), "version")),
    "fix.deployed": ("upload", _about(gettext_noop("brought %(what)s to the customers"), "what")),
    "fix.checked": ("check", _checked),
    "fix.rollback_written": ("undo", _about(gettext_noop("wrote down how to take the fix back"))),
    "tracker.asked": ("external", _about(gettext_noop("asked for an issue in %(tracker)s"), "tracker")),
    "tracker.opened": ("external", _about(gettext_noop("opened %(key)s"), "key")),
    "tracker.said": ("send", _about(gettext_noop("sent a comment to %(tracker)s"), "tracker")),
}
