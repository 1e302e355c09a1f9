"""Migrations that make many tables at once.

Django looks at all related models anew after each table, and here nearly all are related: making every table took
fifteen seconds of processor time, nearly all of it for that. Tables made one after the other are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """As Django's; tables that are made one after the other are made together."""

    def __init__(self, name: str, app_label: str) -> None:
        super().__init__(name, app_label)
        self.operations = _together(self.operations)  # type: ignore[misc]


class CreateModels(Operation):
    """Several ``CreateModel`` of one app, none of which needs a field that is added later."""

    def __init__(self, tables: list[migrations.CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        rendered = state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            state.reload_models({(app_label, table.name_lower) for table in self.tables}, delay=False)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(table.describe() for table in self.tables)


def _together(operations: Iterable[Operation]) -> list[Operation]:
    found: list[Operation] = []
    for is_table, some in groupby(operations, key=lambda one: isinstance(one, migrations.CreateModel)):
        same = list(some)
        found += [CreateModels(same)] if is_table and len(same) > 1 else same  # type: ignore[arg-type]
    return found
