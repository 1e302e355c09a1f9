"""One writer of this process at a time, in the order they came.

SQLite lets waiting writers sleep and try again, up to a tenth of a second each time: under load some wait for long
while others pass. Threads of one process need not meet there: they queue at a lock of our own before BEGIN IMMEDIATE.
Writers of other processes still meet at SQLite's.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

_GATE = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Holds the gate from the beginning of a transaction to its end, however it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_gate = False

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)  # type: ignore[no-any-return]

    def _start_transaction_under_autocommit(self) -> None:
        # Should the gate not open in time, SQLite's own lock decides, and says so in its own words.
        self._has_gate = self._has_gate or _GATE.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._has_gate:
            self._has_gate = False
            _GATE.release()


class Cursor(base.SQLiteCursorWrapper):
    """Writes %s as ? once for each statement, not each time it runs."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return _with_marks(query) if param_names is None else super().convert_query(query, param_names=param_names)  # type: ignore[misc]


@lru_cache(500)
def _with_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
