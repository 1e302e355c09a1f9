"""Finding by words, newest first.

Offers ``index`` and ``remove`` (called by a job after the change, not in the request), ``find`` (ids only) and
``holds`` (a condition on rows); ``rebuilding`` with ``forget`` and ``add_many`` to make everything anew. ``words`` says
what may be looked for, and finds it again in a text. The full-text index belongs to an adapter: FTS5 on SQLite,
tsvector on PostgreSQL.
"""

from makegood.engine.search.finding import Hit, Visible, find, holds
from makegood.engine.search.indexing import add_many, forget, index, rebuilding, remove
from makegood.engine.search.words import Phrase, Reader, Wanted

__all__ = [
    "Hit",
    "Phrase",
    "Reader",
    "Visible",
    "Wanted",
    "add_many",
    "find",
    "forget",
    "holds",
    "index",
    "rebuilding",
    "remove",
]
