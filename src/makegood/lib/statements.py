"""Django's own queries, composed once: for pages that ask forty times and would compose forty times at every look.

Composing a query takes Django three to ten times as long as running it and making rows of the answer. A ``Statement``
is composed at its first use; afterwards the same SQL runs with other keys. What may differ from use to use is whole
numbers and moments that are compared with; everything else is part of the query. Same connection, transaction and
conversions. PostgreSQL keeps it prepared, too: planning a query of a page takes longer than running it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")

Key = int | datetime

# Stand-ins for keys while composing: no row has such a key, and no constant of a query is one of them.
_FIRST_NUMBER = 7_430_981_205_331_907_000
_FIRST_MOMENT = datetime(9741, 3, 5, 4, 7, 11, 830_977, tzinfo=UTC)


class Statement(Generic[Row]):
    """``make`` gives the query for its keys: ``Statement(lambda report: Promise.objects.filter(report=report))``.

    The first ``spare`` keys may stand nowhere in it.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], *, spare: int = 0) -> None:
        self._make, self._spare = make, spare
        self._composed: _Composed | None = None
        self._kinds: list[type] = []

    def __call__(self, *keys: Key) -> list[Row]:
        """The rows for ``keys``. Raises TypeError for a key that is neither a whole number nor a moment, or not what
        it was at the first use: None would need another query."""
        kinds = [type(key) for key in keys]
        if self._composed is None:
            if not set(kinds) <= {int, datetime}:
                raise TypeError(f"A statement takes whole numbers and moments, not {keys!r}.")
            self._composed, self._kinds = self._compose(kinds), kinds
        elif kinds != self._kinds:
            raise TypeError(f"This statement takes {self._kinds!r}, not {keys!r}.")
        return self._composed.rows(keys)

    def first(self, *keys: Key) -> Row | None:
        """The first row; write the query so that it gives no more than it must."""
        return next(iter(self(*keys)), None)

    def _compose(self, kinds: list[type]) -> _Composed:
        stand_ins: list[Key] = [_stand_in(n, kind) for n, kind in enumerate(kinds)]
        return _Composed(self._make(*stand_ins), stand_ins, self._spare)


class _Composed:
    """A query and its SQL, and at which of its parameters which key stands."""

    def __init__(self, queryset: Any, stand_ins: list[Key], spare: int) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:  # nothing can be meant by it, whatever the keys
            self.sql = ""
            return
        self.params: list[Any] = list(params)
        which = {_as_param(key): n for n, key in enumerate(stand_ins)}
        self.places = [(place, which[one]) for place, one in enumerate(params) if _can_be_key(one) and one in which]
        self.is_prepared = getattr(connection, "prepares", False)
        if self.is_prepared:
            self.sql = _with_constants(self.sql, self.params, {place for place, _n in self.places})
        if {n for _place, n in self.places} | set(range(spare)) != set(range(len(stand_ins))):
            raise ValueError("Each key of a statement must be compared with as it is.")
        # Which conversions the columns need depends on the kind of database only.
        columns = [expression for expression, _sql, _alias in self.compiler.select[: self.compiler.col_count]]
        converters = self.compiler.get_converters(columns)
        self.compiler.get_converters = lambda _expressions: converters  # type: ignore[method-assign]

    def rows(self, keys: Sequence[Key]) -> list[Any]:
        if not self.sql:
            return []
        answer = self._answer(keys)
        if not answer:
            return []
        if self.compiler.has_extra_select:
            answer = [row[: self.compiler.col_count] for row in answer]
        asked: Any = _Asked(self.queryset, self.compiler, answer)
        found = list(self.queryset._iterable_class(asked))
        if self.queryset._prefetch_related_lookups:
            models.prefetch_related_objects(found, *self.queryset._prefetch_related_lookups)
        return found

    def _answer(self, keys: Sequence[Key]) -> list[Any]:
        database: Any = connection
        if self.is_prepared:
            params = [database.typed(keys[which]) for _place, which in self.places]
        else:
            params = self.params.copy()
            for place, which in self.places:
                params[place] = _as_param(keys[which])
        with database.prepared_cursor() if self.is_prepared else database.cursor() as cursor:
            cursor.execute(self.sql, tuple(params))
            return cursor.fetchall()  # type: ignore[no-any-return]


class _Asked:
    """What Django's iterables take for a queryset and its query: hands out the compiler with the answer in hand."""

    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, queryset: Any, compiler: SQLCompiler, answer: list[Any]) -> None:
        self._query, self._compiler, self._answer = queryset.query, compiler, answer
        self.db, self._fields = DEFAULT_DB_ALIAS, queryset._fields

    @property
    def query(self) -> _Asked:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, *_args: Any, **_named: Any) -> SQLCompiler:
        compiler = copy(self._compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *_args, **_named: [self._answer]  # type: ignore[method-assign, assignment]
        return compiler


def _stand_in(n: int, kind: type) -> Key:
    return _FIRST_MOMENT + timedelta(days=n) if kind is datetime else _FIRST_NUMBER + n


def _as_param(key: Key) -> Any:
    """As Django hands it to the database: SQLite keeps moments as text."""
    return connection.ops.adapt_datetimefield_value(key) if isinstance(key, datetime) else key


def _can_be_key(value: Any) -> bool:
    return type(value) in (int, str, datetime)


def _with_constants(sql: str, params: list[Any], keys: set[int]) -> str:
    """``sql`` with all written into it that is no key: the server need not guess the type of a constant."""
    values, write = iter(enumerate(params)), connection.ops.compose_sql  # type: ignore[attr-defined]

    def written(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%%"
        place, value = next(values)
        return "%s" if place in keys else write("%s", [value]).replace("%", "%%")

    return re.sub("%[%s]", written, sql)
