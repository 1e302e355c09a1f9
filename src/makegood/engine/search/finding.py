"""Reading the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from makegood.engine.models import SearchDocument
from makegood.engine.search import words
from makegood.engine.search.adapters import adapter

_LAST = 1 << 62
_PAGE = 100
_MAX_PAGES = 10


@dataclass(frozen=True)
class Hit:
    """``place`` is the cursor for the next page; ``ref`` the primary key of the thing."""

    place: int
    kind: str
    ref: int


def find(
    text: str,
    *,
    kinds: tuple[str, ...] = (),
    limit: int = 50,
    before: int | None = None,
    visible: Callable[[list[int]], set[int]] | None = None,
) -> list[Hit]:
    """Things with all the words of ``text`` (the last one may go on), newest first.

    ``visible`` says which of some refs the seeker may see; only these are returned. For somebody who may see very
    little, the search ends after the newest thousand hits.
    """
    found: list[Hit] = []
    place = before or _LAST
    for _page in range(_MAX_PAGES):
        size = limit if visible is None else max(limit, _PAGE)
        rows = adapter().page(text, kinds=kinds, before=place, limit=size)
        allowed = {row[2] for row in rows} if visible is None else visible([row[2] for row in rows])
        found += [Hit(*row) for row in rows if row[2] in allowed]
        if len(found) >= limit or len(rows) < size:
            break
        place = rows[-1][0]
    return found[:limit]


def excerpt(hit: Hit, text: str) -> list[tuple[str, bool]]:
    """A piece of a hit's body near the first word found, as (piece, is it a hit) pairs."""
    body = SearchDocument.objects.filter(pk=hit.place).values_list("body", flat=True).first() or ""
    return words.excerpt(body, text)
