"""Rows by the shortest way, for the paths that every report passes: SQL composed once per model, then only executed.

Django composes each statement anew, which costs several times what running it does. Same tables, same conversions,
same connection and transaction; no signals, no ``pre_save`` fields (``auto_now``), concrete columns only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)
Prepare = Callable[[Any], Any]

# Their values go to the driver as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def new(model: type[Row], **given: Any) -> Row:
    """A row that is not kept yet: ``model(**given)`` without asking each descriptor.

    Raises TypeError for a name that is none of its fields.
    """
    plain, made, related = _beginning(model)
    row = model.__new__(model)
    row._state = ModelState()
    values = vars(row)
    values.update(plain)
    for name, make in made:
        values[name] = given[name] if name in given else make()
    for name, value in given.items():
        if name in values:
            values[name] = value
        elif name in related:
            values[related[name]] = None if value is None else value.pk
            row._state.fields_cache[name] = value
        else:
            raise TypeError(f"{model.__name__} has no field {name!r}.")
    return row


def insert(*rows: models.Model) -> None:
    """Insert rows of one model with one statement and give them their keys. Raises IntegrityError."""
    model = type(rows[0])
    sql, pick, fits = _inserting(model, len(rows))
    values: list[Any] = []
    for row in rows:
        given = list(pick(vars(row)))  # past the descriptors of foreign keys, which cost more than the value
        for place, fit in fits:
            if (value := given[place]) is not None:
                given[place] = fit(value)
        values += given
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: models.Model, **values: Any) -> None:
    """Set columns (``team_id``, not ``team``) on ``row`` and in the table."""
    names = tuple(values)
    sql, fits = _updating(type(row), names)
    for name, value in values.items():
        setattr(row, name, value)
    given = [value if fit is None else fit(value) for value, fit in zip(values.values(), fits, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, row.pk])


def read(model: type[Row], where: str, values: Iterable[Any]) -> list[Row]:
    """Rows of ``model`` that fit ``where``, which is SQL with %s marks and may end in ORDER BY and more."""
    names, converters = _reading(model)
    with connection.cursor() as cursor:
        cursor.execute(_where(model, where), list(values))
        found = [list(row) for row in cursor.fetchall()]
    for row in found:
        for place, convert, column in converters:
            row[place] = convert(row[place], column, connection)
    return [_made(model, names, row) for row in found]


def lock(model: type[Row], key: int) -> Row:
    """One row, fresh, held for change until the transaction ends. Raises the model's DoesNotExist.

    SQLite holds the whole file from the start of a transaction; elsewhere there must be one.
    """
    tail = ""
    if connection.features.has_select_for_update:
        if not connection.in_atomic_block:
            raise TransactionManagementError("A row can be held within a transaction only.")
        tail = " FOR UPDATE"
    found = read(model, f"id = %s{tail}", (key,))
    if not found:
        raise model.DoesNotExist(key)  # type: ignore[attr-defined]
    return found[0]


def by_key(model: type[Row], keys: Iterable[int | None]) -> dict[int, Row]:
    """Rows of ``model`` by primary key; keys there are not, and None, are left out."""
    wanted = sorted({key for key in keys if key is not None})
    return {row.pk: row for row in read(model, f"id IN ({marks(len(wanted))})", wanted)} if wanted else {}


def marks(count: int) -> str:
    """``count`` placeholders."""
    return ", ".join(["%s"] * count)


@lru_cache(64)
def moment(value: Any) -> Any:
    """A moment as the driver takes it, for SQL written by hand. One moment stands in many columns of many rows."""
    return connection.ops.adapt_datetimefield_value(value)


def _made(model: type[Row], names: list[str], values: list[Any]) -> Row:
    """A row read from the database: what ``Model.from_db`` makes of all columns, without asking each descriptor."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    vars(row).update(zip(names, values, strict=True))
    return row


@cache
def _beginning(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, str]]:
    """What a new row begins with: the same for all, made for each, and the column behind the name of a foreign key."""
    plain: dict[str, Any] = {}
    made, related = [], {}
    for field in model._meta.concrete_fields:
        if field.has_default() and callable(field.default):
            made.append((field.attname, field.default))
        else:
            plain[field.attname] = field.get_default()
        if field.is_relation:
            related[field.name] = field.attname
    return plain, made, related


@cache
def _inserting(model: type[models.Model], count: int) -> tuple[str, Prepare, list[tuple[int, Prepare]]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join([f"({marks(len(fields))})"] * count)
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {places} RETURNING id'  # noqa: S608 - names of ours only
    fits = [(place, fit) for place, field in enumerate(fields) if (fit := _prepare(field))]
    return sql, itemgetter(*[field.attname for field in fields]), fits


@cache
def _updating(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Prepare | None]]:
    fields = [_field(model, name) for name in names]
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    sql = f'UPDATE "{model._meta.db_table}" SET {changes} WHERE id = %s'  # noqa: S608
    return sql, [_prepare(field) for field in fields]


@lru_cache(1000)
def _where(model: type[models.Model], where: str) -> str:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}'  # noqa: S608


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Any, Col]]]:
    fields = model._meta.concrete_fields
    converters = []
    for place, field in enumerate(fields):
        column = Col(model._meta.db_table, field)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            converters.append((place, convert, column))
    return [field.attname for field in fields], converters


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _prepare(field: Any) -> Prepare | None:
    if field.is_relation or isinstance(field, _PLAIN):
        return None
    if isinstance(field, models.DateTimeField):
        return moment
    return lambda value: field.get_db_prep_save(value, connection)
