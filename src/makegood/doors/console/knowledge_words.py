"""What happened to an article, in an agent's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from makegood.life.knowledge.models import Article
from makegood.life.reports.models import LedgerEntry

Words = Callable[[LedgerEntry, Any], str]


def _about(words: str, *names: str) -> Words:
    return lambda entry, _names: _(words) % {name: entry.data.get(name) or "–" for name in names}


def _written(entry: LedgerEntry, names: Any) -> str:
    problem = entry.data.get("problem")
    return _("wrote it, from %(problem)s") % {"problem": problem} if problem else _("wrote it")


def _edited(entry: LedgerEntry, names: Any) -> str:
    version = entry.data.get("version")
    if not version:
        return _("changed its facts")
    told = {"version": version, "language": str(entry.data.get("language", "")).upper()}
    return _("changed the words: version %(version)s (%(language)s)") % told


def _settled(entry: LedgerEntry, names: Any) -> str:
    confidence = (entry.data.get("to") or {}).get("confidence", "")
    named = dict(Article.CONFIDENCE).get(confidence, confidence)
    if entry.data.get("no_longer_public"):
        return _("said that it is “%(named)s”, so that only colleagues read it") % {"named": named}
    return _("said that it is “%(named)s”") % {"named": named}


def _reviewed(entry: LedgerEntry, names: Any) -> str:
    release = entry.data.get("release")
    return (
        _("looked at it with %(release)s: it holds") % {"release": release} if release else _("looked at it: it holds")
    )


WORDS: dict[str, tuple[str, Words]] = {
    "article.written": ("book", _written),
    "article.edited": ("edit", _edited),
    "article.translated": ("globe", _about(gettext_noop("wrote it in another language: %(title)s"), "title")),
    "article.settled": ("check", _settled),
    "article.published": ("globe", _about(gettext_noop("showed it to reporters"))),
    "article.withdrawn": ("lock", _about(gettext_noop("showed it to colleagues only"))),
    "article.reviewed": ("refresh", _reviewed),
    "article.flagged": ("flag", _about(gettext_noop("found something wrong or missing"))),
    "article.linked": ("book", _about(gettext_noop("linked %(number)s: %(title)s"), "number", "title")),
    "article.unlinked": ("minus", _about(gettext_noop("took %(number)s off again"), "number")),
}
