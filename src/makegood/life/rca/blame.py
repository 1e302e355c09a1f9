"""Words that blame a person where a cause was asked for. Pure.

"Human error" is where an analysis begins, not where it ends: somebody could do it because something let them. So it is
said, never forbidden; whoever writes decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What ends the asking in English and German, whoever is meant.
_WORDS = re.compile(
    r"\b(?:human|operator|user|pilot|engineer|developer|agent|admin)(?:'s|s)?\s+(?:errors?|mistakes?|faults?|failures?)\b"
    r"|\b(?:careless\w*|negligen\w*|incompeten\w*|sloppy|sloppiness|inattenti\w*|did(?:n't| not) pay attention)\b"
    r"|\b(?:somebody|someone|he|she|they)\s+(?:forgot|overlooked|failed to|should have)\b"
    r"|\b(?:menschliche[rsn]?\s+(?:versagen|fehler)|bedien(?:er|ungs)?fehler|anwenderfehler|benutzerfehler"
    r"|unachtsam\w*|fahrl(?:ä|ae)ssig\w*|nachl(?:ä|ae)ssig\w*|schlamp\w*|unf(?:ä|ae)hig\w*)\b",
    re.IGNORECASE,
)
_SHORTEST = 3


def found_in(words: str, names: Iterable[str]) -> str:
    """The words in ``words`` that blame somebody: a phrase of the list, or one of ``names``; empty if none."""
    phrase = _WORDS.search(words)
    if phrase:
        return phrase[0]
    spoken = {word.casefold(): word for word in re.findall(r"\w[\w'-]*", words)}
    for name in names:
        if name.strip() and re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", words, re.IGNORECASE):
            return name.strip()
        # A first or a last name alone, as it is written: "Rose" is somebody, "rose" is what the queue did.
        for part in name.split():
            if len(part) >= _SHORTEST and spoken.get(part.casefold()) == part and part[:1].isupper():
                return part
    return ""
