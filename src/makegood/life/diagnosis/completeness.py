"""How much of the error document is known, and what is worth asking next. Pure.

Every fact has a worth from 1 to 10. Percent = worth of what is known ÷ worth of what applies. A fact that does not
apply (how often, when it happened once) is neither asked nor counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

ERROR, QUESTION = "error", "question"


@dataclass(frozen=True)
class Fact:
    """A line of the error document: its ``worth`` and what it is called, per language."""

    slug: str
    worth: int
    names: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Completeness:
    """``missing`` is ordered by worth, the most telling first."""

    percent: int
    missing: tuple[Fact, ...]
    known: tuple[Fact, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


# What any error document wants to know (A3), in the order in which it is told.
FACTS: tuple[Fact, ...] = (
    Fact("happened", 10, {"en": "What happened", "de": "Was passiert ist"}),
    Fact("doing", 8, {"en": "The steps before it", "de": "Die Schritte davor"}),
    Fact("expected", 6, {"en": "What was expected", "de": "Was erwartet wurde"}),
    Fact("error_message", 8, {"en": "The exact error message", "de": "Der genaue Fehlertext"}),
    Fact("picture", 4, {"en": "A picture of it", "de": "Ein Bild davon"}),
    Fact("page", 4, {"en": "The page it happened on", "de": "Die betroffene Seite"}),
    Fact("began_at", 5, {"en": "When it began", "de": "Seit wann"}),
    Fact("browser", 3, {"en": "Browser", "de": "Browser"}),
    Fact("os", 2, {"en": "Operating system", "de": "Betriebssystem"}),
    Fact("device", 2, {"en": "Device", "de": "Gerät"}),
    Fact("repeatable", 5, {"en": "Whether it happens again", "de": "Ob es wieder passiert"}),
    Fact("frequency", 3, {"en": "How often", "de": "Wie oft"}),
    Fact("hinders", 5, {"en": "What it stops them from doing", "de": "Woran es hindert"}),
    Fact("how_bad", 4, {"en": "How bad it is", "de": "Wie schlimm es ist"}),
    Fact("how_many", 2, {"en": "How many people are affected", "de": "Wie viele betroffen sind"}),
    Fact("logs", 1, {"en": "Logs or data", "de": "Protokolle oder Daten"}),
    Fact("reach", 5, {"en": "How to reach them", "de": "Wie man sie erreicht"}),
)
BY_SLUG = {fact.slug: fact for fact in FACTS}
# Facts that decide whether a safe step is safe just now; they are no line of the error document.
CONDITIONS = frozenset({"unsaved_form", "payment_under_way", "cannot_sign_in_again", "shared_device"})
ASKED_OF_A_QUESTION = frozenset({"happened", "page", "device", "reach"})


def assess(
    known: Mapping[str, str], *, kind: str = ERROR, extra: Iterable[Fact] = (), asked: Collection[str] = ()
) -> Completeness:
    """Weigh the facts that are ``known`` (slug → value; empty means unknown) against those that apply.

    ``extra`` are the facts a category adds; ``asked`` those a person was asked and has nothing to say on, which
    count as settled.
    """
    applying = [fact for fact in (*FACTS, *_new(extra)) if applies(fact.slug, known, kind=kind)]
    have = tuple(fact for fact in applying if known.get(fact.slug, "").strip() or fact.slug in asked)
    missing = tuple(sorted((fact for fact in applying if fact not in have), key=lambda fact: -fact.worth))
    total = sum(fact.worth for fact in applying)
    percent = 100 * sum(fact.worth for fact in have) // total if total else 100
    return Completeness(percent, missing, have)


def applies(slug: str, known: Mapping[str, str], *, kind: str = ERROR) -> bool:
    """Whether a fact is worth knowing given what else is known."""
    if kind == QUESTION:
        return slug in ASKED_OF_A_QUESTION or slug == "goal"
    if slug in CONDITIONS:
        return False
    if slug == "frequency":
        return known.get("repeatable", "") not in ("no", "once")
    return True


def _new(extra: Iterable[Fact]) -> list[Fact]:
    seen, fresh = set(BY_SLUG), []
    for fact in extra:
        if fact.slug not in seen:
            seen.add(fact.slug)
            fresh.append(fact)
    return fresh
