"""Full-text indexes: the only place with their SQL. ``adapter()`` is the one for the database in use."""

from types import ModuleType
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func

from makegood.engine.search.adapters import postgres, sqlite
from makegood.engine.search.words import Wanted


def adapter() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else sqlite


class Holds(Func):
    """Whether the document of ``kind`` with this primary key holds what is wanted, as a condition in a query."""

    output_field = BooleanField()

    def __init__(self, key: Any, *, kind: str, wanted: Wanted) -> None:
        super().__init__(key)
        self.kind, self.wanted = kind, wanted

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> Any:  # type: ignore[override]
        key, _no_values = compiler.compile(self.source_expressions[0])
        return adapter().holds(self.kind, key, self.wanted)
