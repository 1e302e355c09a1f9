"""Tables whose rows are never changed and never deleted: the database itself refuses, whoever asks.

No constraint can say "never again", so this is a trigger, and the only kind of trigger there is. Emptying a whole
table (TRUNCATE on PostgreSQL, for a restore) is not refused: it takes the owner of the database, who could drop the
trigger too. SQLite drops a table's triggers when a later migration rebuilds the table: call ``refuse_changes`` again.
"""

from __future__ import annotations

from typing import Any

PREFIX = "append_only_"
_SQLITE = """
    CREATE TRIGGER {prefix}{table}_{verb} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES = """
    CREATE FUNCTION {prefix}{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
_POSTGRES_TRIGGER = """
    CREATE TRIGGER {prefix}{table} BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {prefix}{table}()"""


def refuse_changes(schema_editor: Any, table: str) -> None:
    """For a migration: from now on rows of ``table`` can only be added."""
    names = {"prefix": PREFIX, "table": table}
    if schema_editor.connection.vendor == "postgresql":
        statements = [_POSTGRES.format(**names), _POSTGRES_TRIGGER.format(**names)]
    else:
        statements = [_SQLITE.format(verb=verb, **names) for verb in ("UPDATE", "DELETE")]
    for sql in statements:
        schema_editor.execute(sql)


def allow_changes(schema_editor: Any, table: str) -> None:
    """The way back of ``refuse_changes``."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {PREFIX}{table}() CASCADE")
    else:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {PREFIX}{table}_{verb}")
