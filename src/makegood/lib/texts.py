"""Words as data: in several languages (``{"en": "Reload", "de": "Neu laden"}``), as they come in, in paragraphs.

No models, no domain words.
"""

import re
from collections.abc import Mapping

FALLBACK = "en"
# What nobody can type, and the line ends of forms: browsers send CR LF for every line of a text field.
FOREIGN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


def in_language(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in ``language``, else in English, else in whatever language there is, else empty."""
    texts = texts or {}
    short = language.split("-")[0].lower()
    return texts.get(short) or texts.get(FALLBACK) or next((text for text in texts.values() if text), "")


def whole_number(text: str) -> int | None:
    """The number a form or an address means: at most 18 plain digits, as every database can hold; else None.

    ``str.isdigit`` would let pass "²", which ``int`` refuses, and a thousand nines, which no column takes.
    """
    return int(text) if len(text) <= 18 and text.isascii() and text.isdecimal() else None


def as_typed(text: str) -> str:
    """``text`` without control characters, each line ended by one LF: what every text is from the doors on."""
    return FOREIGN.sub("", _LINE_END.sub("\n", text))


def paragraphs(text: str) -> list[str]:
    """The parts of ``text`` between empty lines, whatever its lines end in."""
    return [part for part in _BETWEEN_PARAGRAPHS.split(_LINE_END.sub("\n", text)) if part.strip()]
