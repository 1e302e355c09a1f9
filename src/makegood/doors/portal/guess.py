"""Which kinds of error the words sound like, so that the likely ones stand first. A guess; the reporter decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from makegood.doors.portal import forms
from makegood.lib.texts import in_language
from makegood.life.diagnosis import catalogue, lessons, suggesting
from makegood.life.reports.models import Category

_WORD = re.compile(r"\w{3,}")
_ANY_WORD = re.compile(r"[\w'-]+")
_TOO_COMMON = frozenset(
    _WORD.findall(
        "and the for not that this with from when was are but have has can cannot could you your there their then "
        "they der die das und oder nicht ein eine einen ist sind war mit von auf als wenn dann ich mir mein meine "
        "wird werden page seite does see sehe get got any all still only just shows show should where what which "
        "will would been into about after before please again noch wieder immer kann mehr sehr auch diese dieser "
        "sollte bitte nach beim seit"
    )
)
LIKELY = 3
# What a stem of a category's names and of its example counts, a thing people say of it, and what the desk has learnt.
NAME, HINT, SAID, SURE = 1.0, 0.4, 2.0, 6.0
LEAST = 0.3
# They fit anything, so they are never a guess.
_CATCH_ALL = ("other", "other-question")


@dataclass
class Option:
    """One radio button: its value, its words, whether it is chosen."""

    id: str
    value: str
    words: str
    hint: str = ""
    is_chosen: bool = False


@dataclass
class Kinds:
    """``likely`` stand first; ``others`` and ``questions`` follow; ``unsure`` is last and always open."""

    unsure: Option
    likely: list[Option] = field(default_factory=list)
    others: list[Option] = field(default_factory=list)
    questions: list[Option] = field(default_factory=list)

    @property
    def is_folded(self) -> bool:
        """Whether the others may be folded away: there is a guess, and what is chosen stands open."""
        return bool(self.likely) and not any(one.is_chosen for one in (*self.others, *self.questions))


def arrange(form: forms.Page, words: str, language: str | None, *, now: datetime) -> Kinds:
    """The options of the page on kinds, the likely ones first, by what the desk has learnt and what they sound like."""
    assert isinstance(form, forms.Kind)
    chosen = form["category"].value() or ""
    options = {one.pk: _option(one, language or "en", chosen) for one in form.categories}
    learnt = suggesting.of_words(words, channel="web", now=now).get(lessons.CATEGORY)
    likely = likeliest(form.categories, words, learnt.value if learnt else "")
    kinds = Kinds(Option("id_category_unsure", forms.telling.UNSURE, "", is_chosen=chosen == forms.telling.UNSURE))
    kinds.likely = [options[one.pk] for one in likely]
    rest = [one for one in form.categories if one not in likely]
    kinds.others = [options[one.pk] for one in rest if not one.is_question]
    kinds.questions = [options[one.pk] for one in rest if one.is_question]
    first = (kinds.likely or kinds.others or kinds.questions or [kinds.unsure])[0]
    first.id = "id_category_0"
    return kinds


def likeliest(categories: list[Category], words: str, learnt: str = "") -> list[Category]:
    """The few categories the words sound like, best first; none if nothing fits. ``learnt``: what the desk would say.

    Names weigh more than hints, words few categories have more than common ones, and what people say of such an
    error (the catalogue's sounds) more than either.
    """
    said, text, sounds = _stems(words), _normal(words), catalogue.sounds()
    known = {one.pk: _weighed(one) for one in categories if one.slug not in _CATCH_ALL}
    spread: dict[str, int] = {}
    for stems in known.values():
        for stem in stems:
            spread[stem] = spread.get(stem, 0) + 1
    scored = []
    for one in categories:
        own = known.get(one.pk, {})
        score = sum(weight / spread[stem] for stem, weight in own.items() if stem in said)
        if own:
            score += sum(_told(line) for line in sounds.get(one.slug, ()) if all(part in text for part in line))
        if own and learnt == str(one.pk):
            score += SURE
        scored.append((score, one))
    good = [pair for pair in scored if pair[0] >= LEAST]
    return [one for _score, one in sorted(good, key=lambda pair: (-pair[0], pair[1].position))[:LIKELY]]


def _weighed(one: Category) -> dict[str, float]:
    """The stems of a category and what each counts."""
    names = _stems(" ".join([*one.reporter_names.values(), *one.names.values()]))
    return dict.fromkeys(_stems(" ".join(one.hints.values())), HINT) | dict.fromkeys(names, NAME)


def _told(line: tuple[str, ...]) -> float:
    """The more words of it occur together, the more it says."""
    return SAID + sum(len(part.split()) for part in line) - 1


def _stems(words: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(words.lower()) if word not in _TOO_COMMON}


def _normal(words: str) -> str:
    return " " + " ".join(_ANY_WORD.findall(words.lower())) + " "


def _option(one: Category, language: str, chosen: str) -> Option:
    words = in_language(one.reporter_names, language) or in_language(one.names, language)
    value = forms.value_of(one)
    return Option(f"id_category_{one.slug}", value, words, in_language(one.hints, language), value == chosen)
