"""A wording as it is read: its parts in order, each as HTML; and as plain words for a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.lib import markup
from makegood.life.knowledge.models import Wording

PARTS = (
    ("issue", gettext_lazy("What people see or ask")),
    ("environment", gettext_lazy("Where it happens")),
    ("resolution", gettext_lazy("What to do")),
    ("cause", gettext_lazy("Why it happens")),
)


@dataclass(frozen=True)
class Part:
    name: str
    title: str
    html: SafeString


def parts(texts: dict[str, str], *, picture: Callable[[str], str]) -> list[Part]:
    """What stands in ``texts``, in order, without what is empty. ``picture``: key → address, empty for none."""
    words = markup.Words(copy=_("Copy"), copied=_("Copied"), table=_("Table"))
    return [
        Part(name, str(title), SafeString(markup.render(texts[name], picture=picture, words=words, below=3)))
        for name, title in PARTS
        if texts.get(name, "").strip()
    ]


def texts_of(wording: Wording) -> dict[str, str]:
    """The fields as plain data."""
    return {name: getattr(wording, name) for name in Wording.TEXTS}


def said(wording: Wording) -> str:
    """What to do, as a message says it."""
    return markup.plain(wording.resolution)


def summary(wording: Wording, *, longest: int = 200) -> str:
    """A line or two on what it is about."""
    words = _line(wording.issue or wording.resolution)
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0] + "…"


@lru_cache(2_000)
def _line(text: str) -> str:
    """Kept, because a list asks for fifty of them each time."""
    return " ".join(markup.plain(text).split())
