"""How colleagues are called in a text: ``@eve-eriksen``, ``@portal-platform``, ``@payments``. Pure."""

from __future__ import annotations

import re
import unicodedata

# Not inside a word or an address: "dora@desk.example" mentions nobody.
_HANDLE = re.compile(r"(?<![\w@./-])@([\w](?:[\w-]{0,58}[\w])?)")
MOST = 20
LONGEST = 60


def found(text: str) -> list[str]:
    """The handles in ``text``, lower case, in order, each once, at most twenty."""
    return list(dict.fromkeys(match.lower() for match in _HANDLE.findall(text)))[:MOST]


def of(name: str) -> str:
    """The handle of a name: ``Zoë de Vries`` is ``zoe-de-vries``. Empty for a name without letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
