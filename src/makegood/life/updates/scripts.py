"""Scripts: choosing one, filling its placeholders, refusing what is not filled, and editing the words.

A placeholder is ``{{ name }}`` with a name from ``PLACEHOLDERS``; nothing else is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib import rows, times
from makegood.lib.errors import Refusal
from makegood.lib.texts import FALLBACK, in_language, paragraphs
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Report
from makegood.life.reports.states import ERROR, QUESTION
from makegood.life.updates import named_times, wording
from makegood.life.updates.models import Script

# Every placeholder there is, with what it stands for.
PLACEHOLDERS = {
    "first_name": gettext_lazy("the reporter's first name"),
    "number": gettext_lazy("the number of the report"),
    "desk": gettext_lazy("the name of the desk"),
    "desk_phone": gettext_lazy("the desk's telephone number"),
    "agent": gettext_lazy("the name of whoever writes"),
    "promised_time": gettext_lazy("when the reporter hears from us next; bound to the promise"),
    "alternative": gettext_lazy("the safe way to get on meanwhile"),
    "known_error": gettext_lazy("what we know of an error that others see too, if there is one"),
    "status_link": gettext_lazy("the page of the report"),
    "questions": gettext_lazy("the questions asked"),
    "solution": gettext_lazy("what was done about the error"),
    "to_do": gettext_lazy("what the reporter needs to do now"),
    "missed_time": gettext_lazy("the time we had promised and did not keep"),
    "news": gettext_lazy("what is new, in a word to everybody a problem hit"),
    "made_good_with": gettext_lazy("what we give to make good"),
    "article": gettext_lazy("what to do, from the article chosen beside the report"),
    "article_link": gettext_lazy("the address of that article"),
}
# Filled when the message is sent, because only then is it certain.
BOUND_LATE = ("promised_time", "status_link")
IN_SUBJECT = ("number", "desk")
# What a report may simply not have; a paragraph about it then says nothing.
OPTIONAL = ("alternative", "desk_phone", "known_error")

MOMENTS = {
    "acknowledgement": gettext_lazy("acknowledgement"),
    "acknowledgement_question": gettext_lazy("acknowledgement of a question"),
    "first_response": gettext_lazy("first response"),
    "investigating": gettext_lazy("while investigating"),
    "escalated": gettext_lazy("escalated"),
    "update": gettext_lazy("update"),
    "ask": gettext_lazy("asking for information"),
    "answer_reminder": gettext_lazy("reminder of open questions"),
    "alternative": gettext_lazy("offer of another way"),
    "apology": gettext_lazy("apology"),
    "promise_broken": gettext_lazy("honest note on a broken promise"),
    "put_off": gettext_lazy("we need longer than we told"),
    "fixed": gettext_lazy("fixed"),
    "not_solved_sorry": gettext_lazy("not solved after all"),
    "follow_up": gettext_lazy("follow-up"),
    "follow_up_call": gettext_lazy("follow-up, spoken"),
    "follow_up_call_works": gettext_lazy("follow-up after they said that it works, spoken"),
    "recovery_call": gettext_lazy("call to somebody unhappy, spoken"),
    "survey": gettext_lazy("question how they were served"),
    "survey_again": gettext_lazy("the same question after a recovery"),
    "confirm_reminder": gettext_lazy("reminder to confirm"),
    "closing": gettext_lazy("closing"),
    "closed_silence": gettext_lazy("closed for want of an answer"),
    "reopened": gettext_lazy("reopened"),
    "question_answered": gettext_lazy("answer to a question"),
    "link_again": gettext_lazy("new link"),
    "make_good": gettext_lazy("offer to make good"),
    "make_good_again": gettext_lazy("offer to make good, the second time the same thing failed"),
    "made_good": gettext_lazy("made good without asking"),
    "apology_letter": gettext_lazy("letter of apology"),
    "announced_news": gettext_lazy("news of a problem, to everybody it hit"),
    "announced_fixed": gettext_lazy("a problem is fixed, to everybody it hit"),
    "first_response_question": gettext_lazy("first response to a question"),
    "investigating_question": gettext_lazy("while a question is being answered"),
    "update_question": gettext_lazy("update on a question"),
    "ask_question": gettext_lazy("asking for information about a question"),
    "answer_reminder_question": gettext_lazy("reminder of what we asked about a question"),
    "promise_broken_question": gettext_lazy("honest note on a broken promise about a question"),
    "put_off_question": gettext_lazy("we need longer for a question than we told"),
    "not_solved_sorry_question": gettext_lazy("the answer did not help"),
    "follow_up_question": gettext_lazy("follow-up of a question"),
    "survey_question": gettext_lazy("how they were served with a question"),
    "confirm_reminder_question": gettext_lazy("reminder to confirm an answer"),
    "closing_question": gettext_lazy("closing a question"),
    "closed_silence_question": gettext_lazy("question closed for want of an answer"),
    "reopened_question": gettext_lazy("question reopened"),
}
# A moment with this ending is the same one in the words of a question.
OF_A_QUESTION = "_question"
# Said by the product itself while something is owed: their words have to name when the reporter hears next.
NAME_THE_TIME = frozenset(
    {"acknowledgement", "acknowledgement_question", "escalated", "answer_reminder", "promise_broken"}
    | {"not_solved_sorry", "reopened", "put_off"}
    | {"answer_reminder_question", "promise_broken_question", "not_solved_sorry_question", "reopened_question"}
    | {"put_off_question"}
)
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


class UnknownPlaceholder(Refusal):
    """A script uses a placeholder that does not exist."""


class BadWording(Refusal):
    """A script names a time of its own, or leaves out the one its moment has to name."""


class UnfilledPlaceholder(Refusal):
    """A message still has a placeholder in it; ``names`` says which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        listed = ", ".join("{{ " + name + " }}" for name in names)
        super().__init__(_("Fill in %s first; a message with a gap cannot be sent.") % listed)


class NoScript(Refusal):
    """There is no active script for this moment."""


@dataclass(frozen=True)
class Draft:
    """Words ready to be looked over. ``missing`` are placeholders nobody has filled; it cannot be sent with them."""

    subject: str
    body: str
    named_time: datetime | None
    missing: tuple[str, ...]
    script: str = ""


class Particulars(TypedDict, total=False):
    """What fills a script besides the report: ``values`` by placeholder, and when the reporter hears next."""

    by: Actor | None
    next_at: datetime | None
    values: Mapping[str, str]


def choose(moment: str, kind: str = ERROR) -> Script:
    """The script called ``moment`` (its slug), else the first active one of that moment, else the one that ships.
    For a question, the one in a question's words where there is one.

    Raises NoScript if there is none, or all of that moment were switched off.
    """
    of_question = moment + OF_A_QUESTION
    found = _active(of_question) if kind == QUESTION and of_question in MOMENTS else None
    found = found or _active(moment)
    if found is None:
        raise NoScript(_("There is no script for this moment: %s.") % moment)
    return found


def _active(moment: str) -> Script | None:
    there = rows.read(Script, "slug = %s OR moment = %s ORDER BY position, slug", [moment, moment])
    active = sorted((script for script in there if script.is_active), key=lambda script: script.slug != moment)
    return active[0] if active else None if there else wording.shipped(moment)


def render(moment: str, report: Report, *, now: datetime, **more: Unpack[Particulars]) -> Draft:
    """The script of ``moment`` (or slug) in the reporter's language, filled as far as the facts go.

    Without ``next_at`` the promised time stays a placeholder, to be bound when the message is sent. A paragraph about
    something there is not (no other way, a value given as empty) is left out.
    """
    script, next_at = choose(moment, report.kind), more.get("next_at")
    given = more.get("values", {})
    have = {**known_values(report, by=more.get("by")), **given}
    if next_at:
        have["promised_time"] = told_time(report, next_at, now=now)
    absent = {name for name in {*OPTIONAL, *given} if not have.get(name)} - {"first_name"}
    body = fill(drop_gaps(in_language(script.bodies, report.language), absent), have)
    subject = fill(in_language(script.subjects, report.language), have)
    return Draft(subject, body, next_at, unfilled(body, besides=BOUND_LATE), script.slug)


def known_values(report: Report, *, by: Actor | None = None) -> dict[str, str]:
    """What the report itself tells; nothing empty, so that a gap stays visible."""
    alternative = in_language(report.category.alternatives, report.language) if report.category else ""
    values = {
        "first_name": first_name(report.contact.name),
        "number": report.number,
        "desk": settings.DESK_NAME,
        "desk_phone": settings.DESK_PHONE,
        "agent": by.name if by and by.is_staff else settings.DESK_NAME,
        "alternative": alternative,
    }
    return {name: value for name, value in values.items() if value}


def first_name(name: str) -> str:
    """The name to greet somebody by."""
    return name.split()[0].strip(",") if name.split() else ""


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put ``values`` in place of their placeholders; a greeting without a name closes up, other gaps stay."""
    if not values.get("first_name"):
        words = re.sub(r"[ ,]{0,3}\{\{ {0,3}first_name {0,3}\}\}", "", words)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1].strip()) or match[0], words)


def unfilled(words: str, *, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The placeholders still in ``words``, known or not, in order, each once."""
    names = dict.fromkeys(match.strip() for match in _PLACEHOLDER.findall(words))
    return tuple(name for name in names if name not in besides)


def drop_gaps(words: str, names: Collection[str]) -> str:
    """Leave out the paragraphs that hold one of these placeholders: there is nothing to say in them."""
    return "\n\n".join(part for part in paragraphs(words) if not set(unfilled(part)) & set(names))


def told_time(report: Report, moment: datetime, *, now: datetime) -> str:
    """A moment in the reporter's language and zone, with the zone's name."""
    return times.in_words(moment, language=report.language, zone=reporter_zone(report), now=now)


def reporter_zone(report: Report) -> ZoneInfo:
    return times.zone(report.contact.time_zone, settings.DESK_TIME_ZONE)


def check(words: str, *, allowed: tuple[str, ...] = tuple(PLACEHOLDERS)) -> None:
    """Raise UnknownPlaceholder for the first name that may not stand in ``words``, with the ones that may."""
    for name in unfilled(words):
        if name not in allowed:
            listed = ", ".join("{{ " + known + " }}" for known in allowed)
            raise UnknownPlaceholder(
                _("There is no placeholder called “%(name)s” here. You can use: %(listed)s")
                % {"name": name, "listed": listed}
            )


def check_body(moment: str, words: str, *, at: datetime) -> None:
    """Raise UnknownPlaceholder or BadWording for words that cannot be the script of ``moment``.

    A time written into a script is a promise nobody has made, each time it is used.
    """
    check(words)
    zone = times.zone(settings.DESK_TIME_ZONE)
    for named in named_times.find(words, now=at, zone=zone):
        raise BadWording(
            _("“%s” is the same in every message, whatever was promised. Write {{ promised_time }} instead.")
            % named.words
        )
    if words and moment in NAME_THE_TIME and "promised_time" not in unfilled(words):
        raise BadWording(_("This message has to say when they hear from us next: write {{ promised_time }} into it."))


class Wording(TypedDict, total=False):
    """The parts of a script a person may change."""

    titles: dict[str, str]
    subjects: dict[str, str]
    bodies: dict[str, str]
    is_active: bool


def add(moment: str, *, by: Actor, at: datetime, **words: Unpack[Wording]) -> Script:
    """A script of one's own for ``moment``. It stands behind those there are, so that what is said by itself stays.

    Raises UnknownPlaceholder, BadWording, NoScript for a moment there is not.
    """
    if moment not in MOMENTS:
        raise NoScript(_("There is no script for this moment: %s.") % moment)
    _check(moment, words, at)
    # Never the name of a moment: the script that is called so is what is said at it.
    stem = f"own-{slugify(in_language(words.get('titles', {}), FALLBACK))}"[:50].rstrip("-")
    with transaction.atomic():
        taken = set(Script.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug = next(name for n in count(1) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)
        last = Script.objects.aggregate(last=Max("position"))["last"] or 0
        made = Script.objects.create(
            slug=slug, moment=moment, position=last + 1, edited_by=by.name, edited_at=at, **words
        )
        wording.keep_version(made, by=by, at=at)
        ledger.record(None, "script.added", by=by, at=at, data={"script": slug, "moment": moment})
    return made


def _check(moment: str, words: Wording, at: datetime) -> None:
    for body in words.get("bodies", {}).values():
        check_body(moment, body, at=at)
    for subject in words.get("subjects", {}).values():
        check(subject, allowed=IN_SUBJECT)


def edit(script: Script, *, by: Actor, at: datetime, **words: Unpack[Wording]) -> Script:
    """Change the words of a script; the earlier wording is kept. Raises UnknownPlaceholder, BadWording."""
    _check(script.moment, words, at)
    with transaction.atomic():
        fresh = Script.objects.select_for_update().get(pk=script.pk)
        for name, value in words.items():
            setattr(fresh, name, value)
        fresh.version, fresh.edited_by, fresh.edited_at = fresh.version + 1, by.name, at
        fresh.save()
        wording.keep_version(fresh, by=by, at=at)
        ledger.record(None, "script.edited", by=by, at=at, data={"script": fresh.slug, "version": fresh.version})
    return fresh
