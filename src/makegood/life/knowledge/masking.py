"""Words without what points to a person: before anything a customer wrote is kept as a search or filled into a draft.

It finds what has a shape (addresses, numbers) and the names it is told. It cannot know what else is personal, so words
of customers become public only after somebody has read them (``lifecycle.publish``). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAIL, NUMBER, LINK, NAME = "[mail]", "[number]", "[link]", "[name]"
_LINK = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+")
# Six digits or more, however they are grouped, with letters in front as in a member number or an IBAN: "error 500",
# "2026" and "version 3.14.1" stay.
_NUMBER = re.compile(r"(?<![\w])(?:[A-Z]{1,4}[-/]?)?\+?(?:\(?\d\)?[ ./()-]{0,2}){5,}\d[A-Za-z0-9]*")
_VERSION = re.compile(r"v?\d{1,3}(?:\.\d{1,3}){1,3}", re.IGNORECASE)
_SHORTEST_NAME = 3


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """``text`` with mail addresses, links, long numbers and the given ``names`` (all their parts) blotted out."""
    text = _LINK.sub(LINK, text)
    text = _MAIL.sub(MAIL, text)
    text = _NUMBER.sub(lambda found: found[0] if _VERSION.fullmatch(found[0].strip()) else NUMBER, text)
    parts = {part for name in names for part in re.split(r"[\s,;]+", name) if len(part) >= _SHORTEST_NAME}
    if parts:
        known = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        text = re.sub(rf"(?<!\w)(?:{known})(?:['’]s|s)?(?!\w)", NAME, text, flags=re.IGNORECASE)
        text = re.sub(rf"{re.escape(NAME)}(?:[ ,-]+{re.escape(NAME)})+", NAME, text)
    return text


def has_blots(text: str) -> bool:
    """Whether something was blotted out."""
    return any(blot in text for blot in (MAIL, NUMBER, LINK, NAME))
