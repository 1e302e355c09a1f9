"""Writing the index: one document per thing, in step with its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from makegood.engine.models import SearchDocument
from makegood.engine.search.adapters import adapter
from makegood.lib import rows

MAX_BODY = 150_000


def index(kind: str, ref: int, *, title: str, body: str) -> bool:
    """Make ``kind`` ``ref`` findable by these words; return whether anything changed. May be repeated freely.

    A document keeps its place in the order: newest first means first indexed last.
    """
    title, body = title.replace("\x00", ""), body[:MAX_BODY].replace("\x00", "")
    with transaction.atomic(savepoint=False):
        if _add(kind, ref, title, body):
            return True
        old = SearchDocument.objects.select_for_update().filter(kind=kind, ref=ref).first()
        if old is None or (old.title, old.body) == (title, body):
            return False
        adapter().leaving(old, title, body)
        rows.update(old, title=title, body=body)
        adapter().added(old)
    return True


def index_many(kind: str, documents: Iterable[tuple[int, str, str]]) -> None:
    """The same for several things (ref, title, body), in few statements as long as they are new."""
    wanted = {ref: (title.replace("\x00", ""), body[:MAX_BODY].replace("\x00", "")) for ref, title, body in documents}
    with transaction.atomic(savepoint=False):
        there = SearchDocument.objects.filter(kind=kind, ref__in=wanted).values_list("ref", "title", "body")
        known = {ref: (title, body) for ref, title, body in there}
        new = [
            SearchDocument(kind=kind, ref=ref, title=t, body=b) for ref, (t, b) in wanted.items() if ref not in known
        ]
        adapter().added(*SearchDocument.objects.bulk_create(new))
        for ref, (title, body) in wanted.items():
            if known.get(ref, (title, body)) != (title, body):
                index(kind, ref, title=title, body=body)


def _add(kind: str, ref: int, title: str, body: str) -> bool:
    """Insert unless it is there; most documents are written once, so this comes first."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [kind, ref, title, body])
        row = cursor.fetchone()
    if row is None:
        return False
    adapter().added(SearchDocument(pk=row[0], kind=kind, ref=ref, title=title, body=body))
    return True


_ADD = """
    INSERT INTO engine_searchdocument (kind, ref, title, body) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, ref) DO NOTHING RETURNING id"""


def remove(kind: str, ref: int) -> bool:
    """Make it unfindable; whether it was findable."""
    with transaction.atomic():
        old = SearchDocument.objects.select_for_update().filter(kind=kind, ref=ref).first()
        if old is None:
            return False
        adapter().leaving(old)
        old.delete()
    return True


def has(kind: str, ref: int) -> bool:
    """Whether there is a document of it."""
    return SearchDocument.objects.filter(kind=kind, ref=ref).exists()


def count(kind: str) -> int:
    """How many things of ``kind`` can be found."""
    return SearchDocument.objects.filter(kind=kind).count()


def bodies(kind: str, refs: list[int]) -> dict[int, str]:
    """What documents hold, by thing."""
    return dict(SearchDocument.objects.filter(kind=kind, ref__in=refs).values_list("ref", "body"))


def strays(kind: str, there: QuerySet[Any], *, after: int, limit: int = 1000) -> tuple[list[int], int]:
    """Among the next ``limit`` documents those whose thing is no longer ``there``, and where to go on (0: done)."""
    refs = list(
        SearchDocument.objects.filter(kind=kind, ref__gt=after).order_by("ref").values_list("ref", flat=True)[:limit]
    )
    known = set(there.filter(pk__in=refs).values_list("pk", flat=True))
    return [ref for ref in refs if ref not in known], refs[-1] if len(refs) == limit else 0


def add_many(kind: str, documents: Iterable[tuple[int, str, str]]) -> None:
    """Documents (ref, title, body) that are not there yet; only inside ``rebuilding``."""
    rows = [
        SearchDocument(kind=kind, ref=ref, title=title.replace("\x00", ""), body=body[:MAX_BODY].replace("\x00", ""))
        for ref, title, body in documents
    ]
    SearchDocument.objects.bulk_create(rows, batch_size=1000)


def forget(kind: str) -> None:
    """Take every document of ``kind`` away; only inside ``rebuilding``."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM engine_searchdocument WHERE kind = %s", [kind])


def shed() -> bool:
    """One step of letting go of what was removed, in the index's own files as well; whether there is more to do."""
    with transaction.atomic():
        return adapter().shed()


@contextmanager
def rebuilding() -> Iterator[None]:
    """Documents are written anew, all or nothing, and the full-text index is made from them at the end."""
    with transaction.atomic():
        kinds = adapter().suspend()
        yield
        adapter().rebuild(kinds)
