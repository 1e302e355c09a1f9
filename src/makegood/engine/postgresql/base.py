"""Queries that are asked again and again stay prepared on the server.

Planning the forty queries of a page takes PostgreSQL longer than running them. Django binds values before it sends a
query, so that each is a new one; ``lib/statements`` binds only keys, and asks with a cursor from here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.types.numeric import Int8


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The query with its values, for logs: a cursor that sends values beside it does not have it."""
        if isinstance(cursor, base.ServerBindingCursor):
            return str(self.compose_sql(sql, params))  # type: ignore[attr-defined]
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, and ``prepared_cursor``."""

    ops_class = DatabaseOperations

    @property
    def prepares(self) -> bool:
        """Not where DATABASE_URL says ?prepare=no, for poolers that give each transaction another session."""
        return self.settings_dict["OPTIONS"].get("prepare_threshold") is not None

    def prepared_cursor(self) -> Any:
        """A cursor that sends values beside the query, wrapped like any other (errors, logs, counts)."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))  # type: ignore[attr-defined, call-arg]

    @staticmethod
    def typed(key: int | datetime) -> Any:
        """Every whole number as one type: for each the server would prepare a query of its own."""
        return Int8(key) if isinstance(key, int) else key
