"""The form that blacks out areas of a picture, for both doors: numbers for everybody, drawing where scripts run."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.engine.files import Box
from makegood.lib.errors import Refusal
from makegood.lib.texts import whole_number

EMPTY_ROWS = 2
SIDES = ("left", "top", "width", "height")


class NoNumber(Refusal):
    """Something else than a whole number stands in a field."""


def read(form: QueryDict) -> list[Box]:
    """The areas of a sent form; rows left empty count for nothing. Raises NoNumber."""
    columns = [form.getlist(side)[:100] for side in SIDES]
    boxes = []
    for place, texts in enumerate(zip(*columns, strict=False), 1):
        if not any(text.strip() for text in texts):
            continue
        numbers = [whole_number(text.strip()) for text in texts]
        known = [number for number in numbers if number is not None and number < 100_000]
        if len(known) < len(SIDES):
            raise NoNumber(_("Area %(n)s needs four whole numbers.") % {"n": place})
        boxes.append(Box(*known))
    return boxes


def context(key: str, form: QueryDict) -> dict[str, Any]:
    """What the template draws: the picture's size, the areas so far, and rows to write more."""
    width, height = files.size_of(key)
    texts = list(zip(*(form.getlist(side)[:100] for side in SIDES), strict=False))
    rows = [row for row in texts if any(text.strip() for text in row)]
    drawn = [row for row in rows if all(whole_number(text.strip()) is not None for text in row)]
    numbered = [(place, dict(zip(SIDES, row, strict=True))) for place, row in enumerate(rows, 1)]
    empty = [(len(rows) + place, dict.fromkeys(SIDES, "")) for place in range(1, EMPTY_ROWS + 1)]
    return {
        "width": width,
        "height": height,
        "drawn": [dict(zip(SIDES, row, strict=True)) for row in drawn],
        "rows": numbered,
        "empty_rows": empty,
    }
