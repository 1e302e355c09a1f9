"""Django's own queries, composed once: for pages that ask forty times and would compose forty times at every look.

Composing a query takes Django three to ten times as long as running it and making rows of the answer. A ``Statement``
is composed at its first use; afterwards the same SQL runs with other keys. What may differ from use to use is whole
numbers that are compared with; everything else is part of the query. Same connection, transaction and conversions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, ClassVar, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")

# Stand-ins for keys while composing: no row has such a key, and no constant of a query is one of them.
_FIRST_STAND_IN = 7_430_981_205_331_907_000


class Statement(Generic[Row]):
    """``make`` gives the query for its keys: ``Statement(lambda report: Promise.objects.filter(report=report))``."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        self._composed: _Composed | None = None

    def __call__(self, *keys: int) -> list[Row]:
        """The rows for ``keys``. Raises TypeError for a key that is no whole number: None would need another query."""
        if not all(type(key) is int for key in keys):
            raise TypeError(f"A statement takes whole numbers, not {keys!r}.")
        if self._composed is None:
            stand_ins = range(_FIRST_STAND_IN, _FIRST_STAND_IN + len(keys))
            self._composed = _Composed(self._make(*stand_ins), len(keys))
        return self._composed.rows(keys)

    def first(self, *keys: int) -> Row | None:
        """The first row; write the query so that it gives no more than it must."""
        return next(iter(self(*keys)), None)


class _Composed:
    """A query and its SQL, and at which of its parameters which key stands."""

    def __init__(self, queryset: Any, count: int) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        self.params: list[Any] = list(params)
        self.places = [(n, one - _FIRST_STAND_IN) for n, one in enumerate(params) if _is_stand_in(one, count)]
        if {which for _place, which in self.places} != set(range(count)):
            raise ValueError("Each key of a statement must be compared with as it is.")
        # Which conversions the columns need depends on the kind of database only.
        columns = [expression for expression, _sql, _alias in self.compiler.select[: self.compiler.col_count]]
        converters = self.compiler.get_converters(columns)
        self.compiler.get_converters = lambda _expressions: converters  # type: ignore[method-assign]

    def rows(self, keys: Sequence[int]) -> list[Any]:
        params = self.params.copy()
        for place, which in self.places:
            params[place] = keys[which]
        asked: Any = _Asked(self, tuple(params))
        found = list(self.queryset._iterable_class(asked))
        if self.queryset._prefetch_related_lookups:
            models.prefetch_related_objects(found, *self.queryset._prefetch_related_lookups)
        return found


class _Asked:
    """What Django's iterables take for a queryset and its query: hands out the compiler that has done its work."""

    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, composed: _Composed, params: tuple[Any, ...]) -> None:
        self._composed, self._params = composed, params
        self.db, self._fields = DEFAULT_DB_ALIAS, composed.queryset._fields

    @property
    def query(self) -> _Asked:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._composed.queryset.query, name)

    def get_compiler(self, *_args: Any, **_named: Any) -> SQLCompiler:
        compiler = copy(self._composed.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_named: (self._composed.sql, self._params)  # type: ignore[method-assign]
        return compiler


def _is_stand_in(value: Any, count: int) -> bool:
    return type(value) is int and 0 <= value - _FIRST_STAND_IN < count
