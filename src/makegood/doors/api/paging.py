"""Cursors: opaque, signed, and bound to the list and filter they came from. A page costs the same wherever it is."""

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from pydantic import BaseModel, BeforeValidator, Field

from makegood.doors.api import problems
from makegood.doors.api.area import Answer
from makegood.lib.texts import whole_number

MOST = 200
_SALT = "makegood.api.cursor"
Row = TypeVar("Row", bound=Model)
Shape = TypeVar("Shape")


def _plain(value: Any) -> Any:
    """Digits only: no sign, no space, no underscore, which ``int`` would let pass."""
    if isinstance(value, str):
        found = whole_number(value)
        if found is None:
            raise ValueError("Write a whole number in digits.")
        return found
    return value


Number = Annotated[int, BeforeValidator(_plain)]
RowId = Annotated[Number, Field(ge=1, le=10**18 - 1)]


class Paging(BaseModel):
    """Which part of a list."""

    limit: Annotated[Number, Field(ge=1, le=MOST, description="How many at most.")] = 50
    cursor: Annotated[str, Field(max_length=400, description="`next` of the page before.")] = ""


class Listed(BaseModel, Generic[Shape]):
    """One page of a list."""

    items: list[Shape]
    next: Annotated[str | None, Field(description="The cursor of the next page; null at the end.")]


def walk(
    request: HttpRequest, rows: QuerySet[Row], paging: Paging, *, by: tuple[str, ...] = ("pk",), falling: bool = False
) -> tuple[list[Row], str]:
    """One page of ``rows`` in the order of ``by``, and the cursor of the next one. Raises Problem."""
    sign = "-" if falling else ""
    if place := read_cursor(request, paging.cursor):
        rows = rows.filter(_beyond(by, _values(place, len(by)), falling))
    found = list(rows.order_by(*(f"{sign}{name}" for name in by))[: paging.limit + 1])
    if len(found) <= paging.limit:
        return found, ""
    last = found[paging.limit - 1]
    return found[: paging.limit], make_cursor(request, json.dumps([_told(getattr(last, name)) for name in by]))


def listed(
    request: HttpRequest, rows: Iterable[Row], cursor: str, shown: Callable[[Row], Any], shape: type[Any]
) -> Answer:
    """A page as it goes out, with the address of the next one in ``Link``."""
    page = Listed[shape](items=[shown(row) for row in rows], next=cursor or None)  # type: ignore[valid-type]
    if not cursor:
        return Answer(page)
    query = urlencode({**request.GET.dict(), "cursor": cursor})
    return Answer(page, headers={"Link": f'<{settings.BASE_URL}{request.path}?{query}>; rel="next"'})


def make_cursor(request: HttpRequest, place: str) -> str:
    """``place`` in this list, as a word only we can have written."""
    inner = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    return f"{inner}.{_mark(request, inner)}"


def read_cursor(request: HttpRequest, cursor: str) -> str:
    """The place a cursor stands for; empty for none. Raises Problem for one that is not of this list."""
    if not cursor:
        return ""
    inner, _dot, mark = cursor.partition(".")
    if not constant_time_compare(mark, _mark(request, inner)):
        raise problems.invalid("query/cursor", "This cursor belongs to another list, or to none.")
    return base64.urlsafe_b64decode(inner + "=" * (-len(inner) % 4)).decode()


def _mark(request: HttpRequest, inner: str) -> str:
    filters = sorted((name, value) for name, value in request.GET.items() if name not in ("cursor", "limit"))
    return salted_hmac(_SALT, json.dumps([request.path, filters, inner]), algorithm="sha256").hexdigest()[:24]


def _values(place: str, count: int) -> list[Any]:
    values = json.loads(place)
    assert len(values) == count
    return [datetime.fromisoformat(value) if isinstance(value, str) else value for value in values]


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _beyond(by: tuple[str, ...], values: list[Any], falling: bool) -> Q:
    """Rows after the place, in a form both databases walk an index for."""
    word = "lt" if falling else "gt"
    if len(by) == 1:
        return Q(**{f"{by[0]}__{word}": values[0]})
    (first, second), (at, pk) = by, values
    return Q(**{f"{first}__{word}e": at}) & (Q(**{f"{first}__{word}": at}) | Q(**{f"{second}__{word}": pk}))
