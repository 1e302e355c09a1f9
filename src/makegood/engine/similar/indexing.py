"""Writing the index: one document per thing, replaced or removed without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from makegood.engine.models import SimilarDocument
from makegood.engine.similar import postings
from makegood.engine.similar.terms import Document, Terms, say
from makegood.lib import rows

_BATCH = 500


def put(document: Document) -> bool:
    """Make it comparable as it is now; return whether anything changed. May be repeated freely."""
    terms = _terms(document)
    packed = terms.pack()
    with transaction.atomic():
        postings.write_alone()
        old = next(iter(rows.read(SimilarDocument, "kind = %s AND ref = %s", [document.kind, document.ref])), None)
        if old is None:
            _add([(document, terms)])
            return True
        if (bytes(old.terms), old.cluster, old.created_at) == (packed, document.cluster, document.created_at):
            return False
        before = Terms.unpack(bytes(old.terms))
        era = postings.era_of(old.pk)
        postings.count(era, documents=0, words=terms.body_length - before.body_length)
        postings.take_out(old.pk, before.listed() - terms.listed())
        postings.add([(old.pk, terms.listed() - before.listed())])
        rows.update(old, terms=packed, cluster=document.cluster, created_at=document.created_at)
    return True


def put_new(documents: Iterable[Document]) -> None:
    """Many documents that are not there yet, several times faster than one by one: inside ``rebuilding``."""
    batch: list[tuple[Document, Terms]] = []
    for document in documents:
        batch.append((document, _terms(document)))
        if len(batch) == _BATCH:
            _add(batch)
            batch = []
    if batch:
        _add(batch)


def regroup(kind: str, refs: Iterable[int], *, cluster: str) -> int:
    """These documents now have that cause in common (empty: none that is known); how many there were."""
    return SimilarDocument.objects.filter(kind=kind, ref__in=list(refs)).update(cluster=cluster)


def remove(kind: str, ref: int) -> bool:
    """Forget it, down to the last number; whether it was there."""
    with transaction.atomic():
        postings.write_alone()
        old = SimilarDocument.objects.filter(kind=kind, ref=ref).first()
        if old is None:
            return False
        terms = Terms.unpack(bytes(old.terms))
        postings.count(postings.era_of(old.pk), documents=-1, words=-terms.body_length)
        postings.take_out(old.pk, terms.listed())
        old.delete()
    return True


@contextmanager
def rebuilding() -> Iterator[None]:
    """The index is empty inside and filled anew with ``put_new``, all or nothing."""
    with transaction.atomic():
        postings.write_alone()
        postings.clear()
        yield


def _terms(document: Document) -> Terms:
    said = say(
        document.title,
        document.text,
        marks=document.signatures,
        facets=document.facets,
        context=document.context,
    )
    return Terms.of(said, at=document.created_at)


def _add(batch: list[tuple[Document, Terms]]) -> None:
    new = [
        SimilarDocument(kind=d.kind, ref=d.ref, cluster=d.cluster, created_at=d.created_at, terms=terms.pack())
        for d, terms in batch
    ]
    with transaction.atomic():
        postings.write_alone()
        rows.insert(*new)
        by_era: dict[int, list[int]] = {}
        for row, (_document, terms) in zip(new, batch, strict=True):
            by_era.setdefault(postings.era_of(row.pk), []).append(terms.body_length)
        for era, lengths in sorted(by_era.items()):
            postings.count(era, documents=len(lengths), words=sum(lengths))
        postings.add((row.pk, terms.listed()) for row, (_document, terms) in zip(new, batch, strict=True))
