"""The words of an announcement: suggested, checked before anybody reads them, and filled for one person.

They are ours alone. What a reporter wrote never stands in them, and a placeholder is one of the few below.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.announcements.models import Announcement
from makegood.life.people.actors import Actor
from makegood.life.people.models import Contact
from makegood.life.reports.conversation import MAX_BODY
from makegood.life.reports.models import Report
from makegood.life.updates import scripts
from makegood.life.updates.automatic import nameless

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MOMENTS = {Announcement.NEWS: "announced_news", Announcement.FIXED: "announced_fixed"}
# Filled for each person; everything else must be written out.
FOR_EACH = ("first_name", "number", "promised_time", "status_link")
ALLOWED = (*FOR_EACH, "agent", "desk", "desk_phone")
# A mail shows so many words; an announcement that long is an article.
LONGEST = min(MAX_BODY, 10_000)


class BadText(Refusal):
    """A text cannot be sent as it is; ``language`` says which."""

    def __init__(self, language: str, words: str) -> None:
        self.language = language
        super().__init__(words)


def suggested(kind: str, *, by: Actor) -> dict[str, str]:
    """The script of the moment in every language, with what is the same for all filled in and the gaps left open."""
    try:
        bodies = scripts.choose(MOMENTS[kind]).bodies
    except scripts.NoScript:
        return {}
    same = {"agent": by.name, "desk": settings.DESK_NAME, "desk_phone": settings.DESK_PHONE}
    keep = {name: "{{ " + name + " }}" for name in FOR_EACH}
    return {language: scripts.fill(bodies.get(language, ""), {**same, **keep}) for language in LANGUAGES}


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts there are, one a known language, ends trimmed. Raises BadText for what is longer than a mail."""
    found = {}
    for language in LANGUAGES:
        words = str(texts.get(language, "")).replace("\x00", "").replace("\r\n", "\n").strip()
        if len(words) > LONGEST:
            raise BadText(language, _("At most %d characters fit into one message.") % LONGEST)
        if words:
            found[language] = words
    return found


def check(texts: Mapping[str, str]) -> None:
    """Raise BadText unless something is written, and nothing is left open but what is filled for each person."""
    if not texts:
        raise BadText(LANGUAGES[0], _("Write the words first."))
    for language, words in texts.items():
        gaps = scripts.unfilled(words, besides=_fillable())
        unknown = [name for name in gaps if name not in scripts.PLACEHOLDERS]
        if unknown:
            listed = ", ".join("{{ " + name + " }}" for name in _fillable())
            told = {"name": unknown[0], "listed": listed}
            raise BadText(language, _("There is no placeholder called “%(name)s” here. You can use: %(listed)s") % told)
        if gaps:
            raise BadText(language, str(scripts.UnfilledPlaceholder(gaps)))


def words_for(texts: Mapping[str, str], report: Report) -> str:
    """What the reporter of ``report`` reads, but for what is bound when it is said: their language, their name.

    The name is left out where a stranger may have typed it, as in every mail that goes out by itself.
    """
    return _named(in_language(texts, report.language), report.contact, nameless(report.contact, report))


def words_for_sample(texts: Mapping[str, str], language: str, contact: Contact) -> str:
    """The same for a person who does not exist, to look at a text nobody reads yet, or to mail it to oneself."""
    return _named(in_language(texts, language), contact, {})


def reads(texts: Mapping[str, str], language: str) -> str:
    """The language somebody of ``language`` reads it in: their own, else English, else what there is."""
    short = language.split("-")[0].lower()
    wanted = in_language(texts, language)
    return short if texts.get(short) else next((code for code, words in texts.items() if words == wanted), "")


def _named(words: str, contact: Contact, left_out: Mapping[str, str]) -> str:
    return scripts.fill(words, {"first_name": scripts.first_name(contact.name), **left_out})


def _fillable() -> tuple[str, ...]:
    return ALLOWED if settings.DESK_PHONE else tuple(name for name in ALLOWED if name != "desk_phone")
