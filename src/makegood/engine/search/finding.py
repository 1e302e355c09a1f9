"""Reading the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Exists, F, OuterRef

from makegood.engine.models import SearchDocument
from makegood.engine.search.adapters import Holds, adapter
from makegood.engine.search.words import Phrase, Wanted

_LAST = 1 << 62
_PAGE = 100
_MAX_PAGES = 10
# A word that so many things hold is common; of common words so many are looked at in pairs, and so many hits of each.
_COMMON, _MOST_COMMON, _TOGETHER = 1_500, 5, 60

# Of some things of one kind, by primary key, those that the seeker may see.
Visible = Callable[[str, list[int]], set[int]]


@dataclass(frozen=True)
class Hit:
    """``place`` is the cursor for the next page; ``ref`` the primary key of the thing."""

    place: int
    kind: str
    ref: int


@dataclass(frozen=True)
class Walk:
    """Hits, newest first. ``rest``: the cursor behind which there may be more, None at the end."""

    hits: list[Hit]
    rest: int | None


def find(
    text: str | Wanted,
    *,
    kinds: tuple[str, ...] = (),
    limit: int = 50,
    before: int | None = None,
    visible: Visible | None = None,
) -> list[Hit]:
    """Things that hold what is wanted, newest first. A ``text`` means all its words, the last of which may go on.

    What must not occur is nothing to go by without ``kinds``. ``visible`` says what the seeker may see; only that is
    returned. For somebody who may see very little, the search ends after the newest thousand hits.
    """
    wanted = Wanted.of(text) if isinstance(text, str) else text
    return walk(wanted, kinds=kinds, limit=limit, before=before, visible=visible).hits


def walk(
    wanted: Wanted,
    *,
    kinds: tuple[str, ...] = (),
    limit: int = 50,
    before: int | None = None,
    visible: Visible | None = None,
) -> Walk:
    """The same, and where to go on."""
    if not wanted.groups and not (wanted.without and kinds):
        return Walk([], None)
    found: list[Hit] = []
    place: int | None = before or _LAST
    # Most seekers may see most hits: a page is asked for first, and more only if it did not fill.
    size, most = limit + 1, max(limit + 1, _PAGE)
    for _page in range(_MAX_PAGES):
        rows = [Hit(*row) for row in adapter().page(wanted, kinds=kinds, before=place, limit=size)]
        found += rows if visible is None else _seen(rows, visible)
        place = rows[-1].place if len(rows) == size else None
        if len(found) > limit or place is None:
            break
        size = most
    return Walk(found[:limit], found[limit - 1].place if len(found) > limit else place)


def best(
    asked: Sequence[Phrase], *, kind: str, limit: int = 50, visible: Visible | None = None, among: int = 300
) -> list[tuple[Hit, str, str]]:
    """Things of one ``kind`` that hold any of what is ``asked``, likely the best first, with their titles and bodies.

    For things looked up by what they say, not by when they came. What costs is common words: to rank whatever holds one
    takes seconds where a hundred thousand things do. So candidates are ranked by the rarer words alone, and common ones
    count where they come together. ``among``: so many candidates are looked at for what the seeker may see.
    """
    if not asked:
        return []
    held = adapter().held_by(asked, kind=kind, most=_COMMON)
    rare = [one for one, count in zip(asked, held, strict=True) if count < _COMMON]
    rows = adapter().ranked(Wanted((tuple(rare),)), kind=kind, limit=among) if rare else []
    common = [one for one in asked if one not in rare][:_MOST_COMMON]
    together = [tuple(asked), *(() if rare else combinations(common, 2))]
    for some in together:
        if len(rows) < among or len(some) == len(asked):
            wanted = Wanted(tuple((one,) for one in some))
            rows += adapter().page(wanted, kinds=(kind,), before=_LAST, limit=_TOGETHER)
    hits = [Hit(*row) for row in dict.fromkeys(rows)]
    found = (hits if visible is None else _seen(hits, visible))[: max(limit, among)]
    said = SearchDocument.objects.filter(pk__in=[hit.place for hit in found]).values_list("pk", "title", "body")
    words = {pk: (title, body) for pk, title, body in said}
    return [(hit, *words[hit.place]) for hit in found if hit.place in words]


def _seen(hits: list[Hit], visible: Visible) -> list[Hit]:
    refs: dict[str, list[int]] = {}
    for hit in hits:
        refs.setdefault(hit.kind, []).append(hit.ref)
    allowed = {kind: visible(kind, some) for kind, some in refs.items()}
    return [hit for hit in hits if hit.ref in allowed[hit.kind]]


def holds(kind: str, wanted: Wanted, *, key: str = "pk") -> Any:
    """A condition on rows whose primary key is ``key``: their document of ``kind`` holds what is wanted.

    Asked of each row a list comes to; to find the rows by it, ``find`` is the way.
    """
    documents = SearchDocument.objects.filter(kind=kind, ref=OuterRef(key))
    return Exists(documents.filter(Holds(F("pk"), kind=kind, wanted=wanted)))
