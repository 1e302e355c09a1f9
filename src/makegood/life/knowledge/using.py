"""What is done with the knowledge base, as events without persons; and whether a report followed where help was shown.

A browser that was shown help holds a random secret for a day; we keep its hash, when help was shown and when a report
was sent, never whose or which. Words that were searched are kept masked. The portal may import this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from makegood.engine import search
from makegood.engine.search import Wanted
from makegood.engine.search.words import phrase
from makegood.lib.keys import secret_token, token_hash
from makegood.life.knowledge.masking import NAME, mask
from makegood.life.knowledge.models import Article, Use, Visit

FORM, HELP, CONSOLE, PHONE, API = Use.FORM, Use.HELP, Use.CONSOLE, Use.PHONE, Use.API
A_DAY = timedelta(days=1)
LONGEST = 200
_CONTACT = "contact"
_MOST_OFFERED = 100


def searched(words: str, language: str, *, door: str, found: int, at: datetime) -> None:
    """Somebody searched; in vain if ``found`` is 0. A search for nothing is none."""
    kept = private(words) if not found else mask(_line(words))
    if kept:
        _add(Use.SEARCHED, door, language, at, words=kept[:LONGEST], found=min(found, 999))


def shown(articles: Iterable[int], language: str, *, door: str, at: datetime) -> None:
    """These were offered to somebody who had not asked for them, or listed as what was found."""
    rows = [Use(kind=Use.SHOWN, door=door, article_id=one, language=language, at=at) for one in articles]
    Use.objects.bulk_create(rows)


def read(article: int, language: str, *, door: str, at: datetime) -> None:
    """Somebody opened it."""
    _add(Use.READ, door, language, at, article=article)


def voted(article: int, language: str, *, door: str, helped: bool, at: datetime) -> None:
    """Somebody said that it solved their case, or did not."""
    _add(Use.HELPED if helped else Use.NOT_HELPED, door, language, at, article=article)


def linked(article: Article, *, door: str, at: datetime) -> None:
    """A colleague linked it to a report."""
    _add(Use.LINKED, door, article.language, at, article=article.pk)


def private(words: str) -> str:
    """Searched words without addresses, numbers, and any two words that are the name of somebody we know."""
    kept = mask(_line(words))
    pieces = kept.split()
    hit: set[int] = set()
    for place in range(len(pieces) - 1):
        both = phrase(f"{pieces[place]} {pieces[place + 1]}")
        if len(both.words) == 2 and search.find(Wanted.made([[both]]), kinds=(_CONTACT,), limit=1):
            hit |= {place, place + 1}
    return " ".join(NAME if place in hit else piece for place, piece in enumerate(pieces)).replace(
        f"{NAME} {NAME}", NAME
    )


def begin_visit(secret: str, *, door: str, at: datetime) -> tuple[int, str]:
    """The visit of the browser that holds ``secret``, or a new one, and its secret."""
    if secret:
        there = Visit.objects.filter(secret_hash=token_hash(secret), began_at__gt=at - A_DAY).first()
        if there is not None:
            return there.pk, secret
    secret = secret_token()
    return Visit.objects.create(secret_hash=token_hash(secret), door=door, began_at=at).pk, secret


def help_shown(visit: int, articles: Iterable[int] = (), *, at: datetime) -> list[int]:
    """The browser was shown help; of ``articles`` offered without being asked for, those it had not seen yet."""
    with transaction.atomic():
        there = Visit.objects.select_for_update().filter(pk=visit).first()
        if there is None:
            return []
        new = [one for one in articles if one not in there.offered]
        if new or there.shown_at is None:
            offered = [*there.offered, *new][-_MOST_OFFERED:]
            Visit.objects.filter(pk=visit).update(shown_at=there.shown_at or at, offered=offered)
    return new


def said_solved(secret: str, *, at: datetime) -> None:
    """Whoever holds ``secret`` says that help helped."""
    _mark(secret, "solved_at", at)


def report_sent(secret: str, *, at: datetime) -> None:
    """Whoever holds ``secret`` sent a report. The report itself is not named."""
    _mark(secret, "reported_at", at)


def _mark(secret: str, field: str, at: datetime) -> None:
    if secret:
        Visit.objects.filter(secret_hash=token_hash(secret), **{field: None}).update(**{field: at})


def _add(
    kind: str, door: str, language: str, at: datetime, *, article: int | None = None, words: str = "", found: int = 0
) -> None:
    with transaction.atomic():
        Use.objects.create(
            kind=kind, door=door, article_id=article, language=language[:8], words=words, found=found, at=at
        )


def _line(words: str) -> str:
    return " ".join(words.lower().split())[:LONGEST]
