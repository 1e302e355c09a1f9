"""What was typed into a page whose session had run out: carried through signing in, and offered again.

It travels in the sign-in page itself, signed, so that nobody can put words into somebody's hands; never a password or a
token, never a file. Sending it takes one click more: whoever signs in sees first what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest

from makegood.doors.ui.mishaps import SECRET

_SALT = "console.carried"
_LIFE = timedelta(hours=1)
_MOST = 400_000
_ABOUT = re.compile(r"/console/(?:reports/(\d+)|problems/(PRB-\d+))/")


@dataclass(frozen=True)
class Carried:
    """Where it was to go, every field of it, and the page it was typed into."""

    path: str
    fields: list[tuple[str, str]]
    page: str

    @property
    def words(self) -> list[str]:
        """What a person wrote of it, to be read before it is sent."""
        return [text for _name, text in self.fields if " " in text.strip()]

    @property
    def about(self) -> str:
        """The number of the report or problem it was written at, if its address names one."""
        found = _ABOUT.match(self.path)
        return f"MG-{found[1]}" if found and found[1] else found[2] if found else ""


def sealed(request: HttpRequest, page: str) -> str:
    """What ``request`` carried, for a hidden field; empty if nobody typed anything, or too much."""
    if request.method != "POST":
        return ""
    fields = [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if isinstance(text, str) and not SECRET.search(name)
    ]
    if not any(text.strip() for _name, text in fields):
        return ""
    seal = signing.dumps([request.get_full_path(), fields, page], salt=_SALT, compress=True)
    return seal if len(seal) <= _MOST else ""


def opened(seal: str) -> Carried | None:
    """The other way round; None if it is not ours or too old."""
    try:
        found: Any = signing.loads(seal, salt=_SALT, max_age=_LIFE)
    except signing.BadSignature:
        return None
    path, fields, page = found
    return Carried(path, [(name, text) for name, text in fields], page)
