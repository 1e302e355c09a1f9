"""Text cut into words that compare well across writers and languages. Pure.

Lower case, without accents; names written in one piece (``setTimeOut``) count whole and in their parts; English endings
are cut off lightly (for other languages that did not help); Chinese, Japanese, Korean and Thai become pairs of
neighbouring characters, because nobody writes spaces there, or not where words end.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

MAX_TEXT = 20_000
MAX_WORD = 40

# Runs of a script without spaces, or any other run of letters and digits.
_DENSE = (
    "\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff"
)
_RUN = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_ACCENT = re.compile("[\u0300-\u036f]")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Words that join others, in the languages most reports are written in. They say nothing and make half of all postings.
_JOINING = frozenset(
    """
    a all also am an and any are as at be been before being but by can could did do does for from get got had has
    have he her his how i if in into is it its just me my no not of on or our she so some such than that the their
    them then there these they this to too use used using very via was we were what when where which while who will
    with would you your aber als am auch auf aus bei bin bis das dass dem den der des die doch durch ein eine einem
    einen einer er es fur haben hat ich ihr im ist kann kein keine man mein mich mir mit nach nicht noch nur oder
    ohne sich sie sind und uns vom von war wenn werden wie wir wird zu zum zur uber au aux avec ce ces cette dans de
    des du elle en est et il je la le les lors ma mais mon ne nous on ou par pas pour qu que qui sa sans se ses son
    sur un une vous al con como cuando del el es esta este lo los las mas mi muy para pero por porque se si sin su
    sus una uno y che ci da dei del della di gli ho il io non nel nella per piu quando sono un ao com da das do dos
    ele em essa esse eu foi isso mas meu na nao nas no nos os para pela pelo por quando sem ser sua tem uma um bij
    dat de een en er het ik is maar met mijn naar niet om ook op te van voor wat wordt zijn
    """.split()  # noqa: SIM905 - a hundred quote marks help nobody
)
_HELD = ("ss", "us", "is")


def words(text: str) -> list[str]:
    """The words of ``text`` in their order, parts of composed names behind the whole."""
    found: list[str] = []
    for run in _RUN.findall(plain(text[:MAX_TEXT])):
        if _IS_DENSE.match(run):
            found += [a + b for a, b in pairwise(run)] or [run]
        else:
            found += _of_run(run)
    return found


def spelling(text: str) -> dict[str, str]:
    """How ``text`` first writes each of its words, in lower case: what a person reads instead of the bare stem."""
    found: dict[str, str] = {}
    for run in _RUN.findall(text[:MAX_TEXT]):
        stems = () if _IS_DENSE.match(run) else _of_run(plain(run))
        if stems:
            found.setdefault(stems[0], run.lower())
    return found


def plain(text: str) -> str:
    """Without accents, full-width forms and ligatures."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _ACCENT.sub("", composed))


@lru_cache(maxsize=50_000)
def _of_run(run: str) -> tuple[str, ...]:
    """The word of a run of letters and digits and, if it is composed, those of its parts."""
    whole = run.lower()
    if whole in _JOINING or (len(whole) == 1 and whole.isascii()):
        return ()
    found = [stem(whole[:MAX_WORD])]
    if run.isascii() and not run.islower():
        parts = _PART.findall(run)
        if len(parts) > 1:
            found += [stem(part.lower()[:MAX_WORD]) for part in parts if len(part) > 1]
    return tuple(found)


def stem(word: str) -> str:
    """``word`` without an English ending: crashes, crashed and crashing are one."""
    if len(word) < 4 or not word.isascii():
        return word
    word = _singular(word)
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith("ed") and len(word) > 4:
        word = word[:-2]
    elif word.endswith("e") and len(word) > 4:
        return word[:-1]
    else:
        return word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(_HELD) else word
