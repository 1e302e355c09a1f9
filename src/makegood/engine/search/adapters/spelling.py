"""A word that may go on, spelt out: the words there are that begin like it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from makegood.engine.search.words import Phrase, Wanted


def spelt_out(wanted: Wanted, longer: Callable[[str], list[str]], *, most: int) -> Wanted:
    """The same, with whole words instead of one that goes on, unless there are none or more than ``most``.

    ``longer`` gives the words that begin with a text, to one more than ``most``.
    """

    def each(phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        return tuple(one for some in phrases for one in spell(some))

    def spell(one: Phrase) -> list[Phrase]:
        found = longer(one.words[-1]) if one.goes_on else []
        return [Phrase((*one.words[:-1], word)) for word in found] if 0 < len(found) <= most else [one]

    return Wanted(tuple(map(each, wanted.groups)), each(wanted.without))
