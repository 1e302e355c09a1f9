"""Words in several languages kept as data: ``{"en": "Reload", "de": "Neu laden"}``. No models, no domain words."""

from collections.abc import Mapping

FALLBACK = "en"


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
