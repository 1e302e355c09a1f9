"""Which words call for a lead: a small list a language, looked up word by word, so that the answer can say why. Pure.

No model guesses moods: a list one can read, and put right, is fairer to whoever wrote and to whoever is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

MOST = 200
LONGEST = 60


def found(text: str, words: Mapping[str, Sequence[str]], language: str) -> list[str]:
    """The entries of the list of ``language`` that stand in ``text``, in the order of the list, each once.

    An entry is a word or a phrase; ``*`` at its end takes any ending with it. Case, line breaks and the kind of
    apostrophe do not matter.
    """
    said = _plain(text)
    entries = words.get(language.split("-")[0].lower()) or ()
    return [entry for entry in dict.fromkeys(entries) if _pattern(entry).search(said)]


def tidied(lines: str) -> list[str]:
    """The entries of a text with one a line: trimmed, small, each once."""
    entries = (" ".join(line.split()).casefold() for line in lines.splitlines())
    return list(dict.fromkeys(entry for entry in entries if entry.strip("* ")))


@lru_cache(1000)
def _pattern(entry: str) -> re.Pattern[str]:
    plain = _plain(entry)
    ending = r"\w*" if plain.endswith("*") else ""
    return re.compile(rf"(?<!\w){re.escape(plain.rstrip('*'))}{ending}(?!\w)")


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()
