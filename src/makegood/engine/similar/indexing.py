"""Writing the index: one document per thing, replaced or removed without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from makegood.engine.models import SimilarDocument
from makegood.engine.similar import meaning, postings, sentences
from makegood.engine.similar.terms import Document, Terms, say
from makegood.lib import rows

_BATCH = 500


def put(document: Document) -> bool:
    """Make it comparable as it is now; return whether anything changed. May be repeated freely."""
    terms = _terms(document)
    packed = terms.pack()
    vector = _vector(document, packed)
    with transaction.atomic(savepoint=False):
        postings.write_alone()
        old = _kept(document)
        if old is None:
            _add([(document, terms, vector)])
            return True
        same = (bytes(old.terms), old.cluster, old.created_at) == (packed, document.cluster, document.created_at)
        if same and (vector is None or vector == _bytes(old.vector)):
            return False
        before = Terms.unpack(bytes(old.terms))
        era = postings.era_of(old.pk)
        postings.count(era, documents=0, words=terms.body_length - before.body_length)
        postings.take_out(old.pk, before.listed() - terms.listed())
        postings.add([(old.pk, terms.listed() - before.listed())])
        rows.update(old, terms=packed, vector=vector, cluster=document.cluster, created_at=document.created_at)
    return True


def put_new(documents: Iterable[Document]) -> None:
    """Many documents that are not there yet, several times faster than one by one: inside ``rebuilding``.

    Without what they mean, which takes far longer than all else: ``put`` each of those that ``not_understood`` names.
    """
    batch: list[tuple[Document, Terms, bytes | None]] = []
    for document in documents:
        batch.append((document, _terms(document), None))
        if len(batch) == _BATCH:
            _add(batch)
            batch = []
    if batch:
        _add(batch)


def put_again(documents: Iterable[Document]) -> None:
    """These as they are now, in one transaction, and whatever the lists have lost of them. What they mean is kept where
    their words did not change; ``put`` each of those that ``not_understood`` names."""
    made = [(one, _terms(one)) for one in documents]
    with transaction.atomic():
        postings.write_alone()
        there = _kept_of(made)
        _add([(one, terms, None) for one, terms in made if (one.kind, one.ref) not in there])
        listed = []
        for one, terms in made:
            old = there.get((one.kind, one.ref))
            if old is not None:
                _replace(old, one, terms)
                listed.append((old.pk, terms.listed()))
        postings.mend(listed)


def refs(kind: str, *, after: int, most: int) -> list[int]:
    """What of a kind is indexed, by number, above ``after``."""
    some = SimilarDocument.objects.filter(kind=kind, ref__gt=after).order_by("ref")
    return list(some.values_list("ref", flat=True)[:most])


def count_again() -> None:
    """Count anew how many documents and words there are, an era at a time."""
    for era in sorted({*postings.size().eras, *postings.eras_of_documents()}):
        with transaction.atomic():
            postings.write_alone()
            packed = postings.heads(era)
            postings.set_count(era, documents=len(packed), words=sum(map(Terms.body_length_of, packed)))


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


def not_understood(*, before: int | None = None, most: int = 200) -> list[tuple[int, str, int]]:
    """Documents whose meaning the sentence model has not read yet, newest first: (place, kind, ref).

    ``before`` is the last place of the batch before. Empty where there is no model.
    """
    model = sentences.model()
    if model is None:
        return []
    sql = """
        SELECT id, kind, ref FROM engine_similardocument
        WHERE id < %s AND (vector IS NULL OR substr(vector, 1, 4) <> %s) ORDER BY id DESC LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [before or 1 << 62, meaning.head(model), most])
        return cursor.fetchall()


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


def _vector(document: Document, packed: bytes) -> bytes | None:
    """What a sentence model makes of it, if there is one; not again of the same words.

    Before the transaction: it takes longer than all the rest, and others wait for their turn to write.
    """
    model = sentences.model()
    if model is None:
        return None
    old = _kept(document)
    if old is not None and bytes(old.terms) == packed and meaning.is_of(model, old.vector):
        return _bytes(old.vector)
    return meaning.of(model, document.title, document.text)


def _replace(old: SimilarDocument, document: Document, terms: Terms) -> None:
    before, packed = Terms.unpack(bytes(old.terms)), terms.pack()
    if before.listed() - terms.listed():
        postings.take_out(old.pk, before.listed() - terms.listed())
    if (bytes(old.terms), old.cluster, old.created_at) != (packed, document.cluster, document.created_at):
        vector = _bytes(old.vector) if bytes(old.terms) == packed else None
        rows.update(old, terms=packed, vector=vector, cluster=document.cluster, created_at=document.created_at)


def _kept_of(made: Iterable[tuple[Document, Terms]]) -> dict[tuple[str, int], SimilarDocument]:
    wanted: dict[str, list[int]] = {}
    for one, _terms_of_it in made:
        wanted.setdefault(one.kind, []).append(one.ref)
    found = [row for kind, some in wanted.items() for row in SimilarDocument.objects.filter(kind=kind, ref__in=some)]
    return {(row.kind, row.ref): row for row in found}


def _kept(document: Document) -> SimilarDocument | None:
    found = rows.read(SimilarDocument, "kind = %s AND ref = %s", [document.kind, document.ref])
    return next(iter(found), None)


def _bytes(column: bytes | memoryview | None) -> bytes | None:
    return None if column is None else bytes(column)


def _add(batch: list[tuple[Document, Terms, bytes | None]]) -> None:
    if not batch:
        return
    new = [
        rows.new(
            SimilarDocument,
            kind=d.kind,
            ref=d.ref,
            cluster=d.cluster,
            created_at=d.created_at,
            terms=terms.pack(),
            vector=vector,
        )
        for d, terms, vector in batch
    ]
    with transaction.atomic(savepoint=False):
        postings.write_alone()
        rows.insert(*new)
        by_era: dict[int, list[int]] = {}
        for row, (_document, terms, _vector) in zip(new, batch, strict=True):
            by_era.setdefault(postings.era_of(row.pk), []).append(terms.body_length)
        for era, lengths in sorted(by_era.items()):
            postings.count(era, documents=len(lengths), words=sum(lengths))
        postings.add((row.pk, terms.listed()) for row, (_document, terms, _vector) in zip(new, batch, strict=True))
