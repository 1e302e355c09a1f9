"""Bodies: JSON only, without double names, not nested without end, without characters nobody can type."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from makegood.doors.api.problems import Problem
from makegood.lib.texts import as_typed

DEEPEST = 12


class CarefulParser(Parser):
    """What the API reads bodies with."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read(request.body)


def read(body: bytes) -> Any:
    """The values in ``body``. Raises Problem."""
    try:
        values = json.loads(body, object_pairs_hook=_named_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem("unreadable") from None
    return cleaned(values)


def cleaned(values: Any, depth: int = 0) -> Any:
    """``values`` as forms are read: no control characters, lines end in LF. Raises Problem when nested too deeply."""
    if depth > DEEPEST:
        raise Problem("unreadable")
    if isinstance(values, str):
        return as_typed(values)
    if isinstance(values, list):
        return [cleaned(value, depth + 1) for value in values]
    if isinstance(values, dict):
        return {as_typed(name): cleaned(value, depth + 1) for name, value in values.items()}
    return values


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice in one object.")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON.")
