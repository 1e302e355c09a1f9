"""From the pages of the form to what intake files: which values a draft may hold, what is wrong with them, what they
mean. The final POST goes through here only, so it stays cheap; no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.intake.telling import HINDRANCES, Told
from makegood.life.people import reaching
from makegood.life.reports import states

UNSURE = "unsure"
QUESTION = "question:"
ANSWER = "answer_"
# Field → the most characters it keeps.
LONGEST = {
    "what": 20_000,
    "known": 16,
    "unhelpful": 340,
    "offered": 170,
    "category": 80,
    "page": 500,
    "began_at": 200,
    "browser": 100,
    "os": 100,
    "device": 100,
    "screen": 40,
    "doing": 10_000,
    "expected": 10_000,
    "hindrance": 20,
    "deadline": 300,
    "name": 200,
    "email": 254,
    "phone": 40,
    "second_email": 254,
    "preferred_way": 10,
}
_MACHINE = ("page", "browser", "os", "device", "screen")
_FACTS = ("doing", "expected", "began_at", "deadline")


@dataclass(frozen=True)
class Problem:
    """What keeps a report from being sent: on which page, at which field, in a sentence."""

    step: str
    field: str
    sentence: str


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """The values a draft keeps of what a page sent: known fields, at most twice the length they may have.

    Too long words are kept that far so that a person can shorten them instead of losing them.
    """
    found = {}
    for name, value in values.items():
        longest = LONGEST.get(name) or (5_000 if name.startswith(ANSWER) and len(name) < 80 else 0)
        if longest:
            found[name] = str(value)[: longest * 2]
    return found


def problems(data: Mapping[str, str]) -> list[Problem]:
    """Everything that must be put right before the report can be sent."""
    found = []
    what = data.get("what", "").strip()
    if not what:
        found.append(Problem("what", "what", say_what()))
    too_long = [
        name
        for name, longest in LONGEST.items()
        if name not in ("known", "unhelpful") and len(data.get(name, "")) > longest
    ]
    found += [Problem(step_of(name), name, too_long_words(LONGEST[name])) for name in too_long]
    email, phone = data.get("email", "").strip(), data.get("phone", "").strip()
    if not email and not phone:
        found.append(Problem("reach", "email", say_reach()))
    if "phone" not in too_long and (slip := _slip(reaching.check_phone, phone)):
        found.append(Problem("reach", "phone", slip))
    way = data.get("preferred_way", "")
    if way == "phone" and email and not phone:
        found.append(Problem("reach", "phone", _("You would rather be called: give us a number, or choose e-mail.")))
    if way == "email" and phone and not email:
        found.append(Problem("reach", "email", _("You would rather have mail: give us an address, or choose phone.")))
    for name in ("email", "second_email"):
        if slip := _slip(reaching.check_email, data.get(name, "")):
            found.append(Problem("reach", name, slip))
    return found


def _slip(check: Callable[[str], None], value: str) -> str:
    """What is wrong with ``value``, in a sentence."""
    try:
        check(value)
    except Refusal as refusal:
        return str(refusal)
    return ""


def step_of(field: str) -> str:
    """The page a field stands on."""
    for step, fields in {
        "where": ("page", "began_at", "browser", "os", "device", "screen"),
        "doing": ("doing", "expected"),
        "how-bad": ("hindrance", "deadline"),
        "reach": ("name", "email", "phone", "second_email", "preferred_way"),
        "kind": ("category",),
    }.items():
        if field in fields:
            return step
    return "what"


def told(data: Mapping[str, str], *, key: str, language: str, zone: str = "") -> Told:
    """What intake files, from the values of a draft that has no problems."""
    value = {name: data.get(name, "").strip() for name in LONGEST}
    facts = {name: value[name] for name in _FACTS if value[name]}
    answers = {name.removeprefix(ANSWER): words for name, words in data.items() if name.startswith(ANSWER) and words}
    return Told(
        what=_whole_story(value),
        idempotency_key=key,
        kind=states.QUESTION if value["category"].startswith(QUESTION) else states.ERROR,
        category=category_of(value),
        hindrance=value["hindrance"] if value["hindrance"] in HINDRANCES else "",
        language=language,
        name=value["name"],
        email=value["email"],
        phone=value["phone"],
        second_email=value["second_email"],
        preferred_way=value["preferred_way"] if value["preferred_way"] in ("email", "phone") else "",
        time_zone=zone,
        known=value["known"],
        facts=facts,
        answers=answers,
        environment={name: value[name] for name in _MACHINE if value[name]},
    )


def category_of(data: Mapping[str, str]) -> str:
    """The slug of the category chosen; empty where they are not sure or have not chosen yet."""
    chosen = data.get("category", "").strip()
    return "" if chosen == UNSURE else chosen.removeprefix(QUESTION)


def _whole_story(value: Mapping[str, str]) -> str:
    """The first message: what happened, then what was asked about it, each under its own words."""
    parts = [value["what"]]
    for name, heading in (
        ("doing", _("What I did before")),
        ("expected", _("What I expected")),
        ("began_at", _("Since when")),
        ("deadline", _("I need it by")),
    ):
        if value[name]:
            parts.append(f"{heading}: {value[name]}")
    return "\n\n".join(parts)


def say_what() -> str:
    return _("Tell us in your own words what happened.")


def say_reach() -> str:
    return _("Give us an e-mail address or a phone number, so that we can answer you.")


def too_long_words(longest: int) -> str:
    return _("Please keep this under %(n)s characters. You can add a file for the rest.") % {
        "n": number_format(longest, force_grouping=True)
    }
