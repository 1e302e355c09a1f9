"""Finding by words: newest first, or best first.

Offers ``index`` and ``remove`` (called by a job after the change, not in the request), ``find`` (ids only), ``best``
(of one kind, best first) and ``holds`` (a condition on rows); ``rebuilding`` with ``forget`` and ``add_many`` to make
everything anew. ``words`` says what may be looked for, and finds it again in a text. The full-text index belongs to an
adapter: FTS5 on SQLite, tsvector on PostgreSQL.
"""

from makegood.engine.search.finding import Hit, Visible, Walk, best, find, holds, walk
from makegood.engine.search.indexing import (
    MAX_BODY,
    add_many,
    bodies,
    count,
    forget,
    has,
    index,
    index_many,
    rebuilding,
    remove,
    shed,
    strays,
)
from makegood.engine.search.words import Phrase, Reader, Wanted

__all__ = [
    "MAX_BODY",
    "Hit",
    "Phrase",
    "Reader",
    "Visible",
    "Walk",
    "Wanted",
    "add_many",
    "best",
    "bodies",
    "count",
    "find",
    "forget",
    "has",
    "holds",
    "index",
    "index_many",
    "rebuilding",
    "remove",
    "shed",
    "strays",
    "walk",
]
