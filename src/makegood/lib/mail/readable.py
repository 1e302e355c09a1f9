"""The whole of a mail as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from makegood.lib.mail.gathering import Shown
from makegood.lib.mail.markup import to_text


def text_of(shown: Iterable[Shown]) -> str:
    """Everything the sender wrote or quoted: the text where there is one, else what the HTML says."""
    return "\n\n".join(piece for one in shown if (piece := tidy(_text(one))))


def tidy(text: str) -> str:
    """Line ends and beginnings of the text trimmed; at most two empty lines together."""
    trimmed = "\n".join(line.rstrip(" \t\u00a0") for line in text.split("\n"))
    return re.sub(r"\n{4,}", "\n\n\n", trimmed).strip("\n\t \u00a0")


def says_little(text: str, html: str) -> bool:
    """Whether a text part only says that there is an HTML part."""
    return not text.strip() or (len(text) < 300 and len(html) > 2000 and "html" in text.lower())


def _text(one: Shown) -> str:
    return one.text if not one.html or not says_little(one.text, one.html) else to_text(one.html)
