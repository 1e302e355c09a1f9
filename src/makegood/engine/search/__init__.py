"""Finding by words, newest first.

Offers ``index`` and ``remove`` (called by a job after the change, not in the request), ``find`` (ids only),
``excerpt``; ``rebuilding`` with ``forget`` and ``add_many`` to make everything anew. The full-text index belongs to an
adapter: FTS5 on SQLite, tsvector on PostgreSQL.
"""

from makegood.engine.search.finding import Hit, excerpt, find
from makegood.engine.search.indexing import add_many, forget, index, rebuilding, remove

__all__ = ["Hit", "add_many", "excerpt", "find", "forget", "index", "rebuilding", "remove"]
