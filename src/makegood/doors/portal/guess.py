"""Which kinds of error the words sound like, so that the likely ones stand first. A guess; the reporter decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from makegood.doors.portal import forms
from makegood.lib.texts import in_language
from makegood.life.reports.models import Category

_WORD = re.compile(r"\w{3,}")
_TOO_COMMON = frozenset(
    _WORD.findall(
        "and the for not that this with from when was are but have has can cannot could you your there their then they "
        "der die das und oder nicht ein eine einen ist sind war mit von auf als wenn dann ich mir mein meine wird "
        "werden page seite does see sehe get got any all still only just shows show"
    )
)
LIKELY = 3
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


def arrange(form: forms.Page, words: str, language: str | None) -> Kinds:
    """The options of the page on kinds, the likely ones first."""
    assert isinstance(form, forms.Kind)
    chosen = form["category"].value() or ""
    options = {one.pk: _option(one, language or "en", chosen) for one in form.categories}
    likely = likeliest(form.categories, words)
    kinds = Kinds(Option("id_category_unsure", forms.telling.UNSURE, "", is_chosen=chosen == forms.telling.UNSURE))
    kinds.likely = [options[one.pk] for one in likely]
    rest = [one for one in form.categories if one not in likely]
    kinds.others = [options[one.pk] for one in rest if not one.is_question]
    kinds.questions = [options[one.pk] for one in rest if one.is_question]
    first = (kinds.likely or kinds.others or kinds.questions or [kinds.unsure])[0]
    first.id = "id_category_0"
    return kinds


def likeliest(categories: list[Category], words: str) -> list[Category]:
    """The few categories that share the rarest words with ``words``; none if nothing is shared."""
    said = _stems(words)
    known = {
        one.pk: _stems(" ".join([*one.reporter_names.values(), *one.names.values(), *one.hints.values()]))
        for one in categories
        if one.slug not in _CATCH_ALL
    }
    spread: dict[str, int] = {}
    for stems in known.values():
        for stem in stems:
            spread[stem] = spread.get(stem, 0) + 1
    scored = [(sum(1 / spread[stem] for stem in known.get(one.pk, set()) & said), one) for one in categories]
    good = [pair for pair in scored if pair[0] >= 0.3]
    return [one for _score, one in sorted(good, key=lambda pair: (-pair[0], pair[1].position))[:LIKELY]]


def _stems(words: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(words.lower()) if word not in _TOO_COMMON}


def _option(one: Category, language: str, chosen: str) -> Option:
    words = in_language(one.reporter_names, language) or in_language(one.names, language)
    value = forms.value_of(one)
    return Option(f"id_category_{one.slug}", value, words, in_language(one.hints, language), value == chosen)
