"""Tables whose rows are never changed and never deleted: the database itself refuses, whoever asks.

No constraint can say "never again", so this is a trigger, and the only kind of trigger there is. Emptying a whole
table (TRUNCATE on PostgreSQL, for a restore) is not refused: it takes the owner of the database, who could drop the
trigger too. SQLite drops a table's triggers when a later migration rebuilds the table: call ``refuse_changes`` again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

PREFIX = "append_only_"
_SQLITE = """
    CREATE TRIGGER {prefix}{table}_{verb} BEFORE {verb} ON {table} {unless}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES = """
    CREATE FUNCTION {prefix}{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {unless} RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
_POSTGRES_TRIGGER = """
    CREATE TRIGGER {prefix}{table} BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {prefix}{table}()"""


def refuse_changes(schema_editor: Any, table: str, *, words: Iterable[str] = ()) -> None:
    """For a migration: from now on rows of ``table`` can only be added.

    ``words``: columns that may be emptied, and only that, when the person they tell of is erased.
    """
    emptied = [f"NEW.{name} IN ('', OLD.{name})" for name in words]
    names = {"prefix": PREFIX, "table": table}
    if schema_editor.connection.vendor == "postgresql":
        same = " - ".join(["to_jsonb({0})", *(f"'{name}'" for name in words)])
        rest = f"{same.format('NEW')} = {same.format('OLD')}"
        only = f"IF TG_OP = 'UPDATE' AND {' AND '.join([*emptied, rest])} THEN RETURN NEW; END IF;"
        statements = [_POSTGRES.format(unless=only if emptied else "", **names), _POSTGRES_TRIGGER.format(**names)]
    else:
        kept = [f"NEW.{name} IS OLD.{name}" for name in _columns(schema_editor, table) if name not in words]
        when = f"WHEN NOT ({' AND '.join([*emptied, *kept])})" if emptied else ""
        statements = [
            _SQLITE.format(verb=verb, unless=only, **names) for verb, only in (("UPDATE", when), ("DELETE", ""))
        ]
    for sql in statements:
        schema_editor.execute(sql)


def _columns(schema_editor: Any, table: str) -> list[str]:
    with schema_editor.connection.cursor() as cursor:
        described = schema_editor.connection.introspection.get_table_description(cursor, table)
    return [column.name for column in described]


def allow_changes(schema_editor: Any, table: str) -> None:
    """The way back of ``refuse_changes``."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {PREFIX}{table}() CASCADE")
    else:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {PREFIX}{table}_{verb}")
