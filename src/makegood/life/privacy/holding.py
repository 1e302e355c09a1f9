"""What one model holds of a person: which rows, what of them is handed over, and how they become nobody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet

from makegood.engine import files
from makegood.life.privacy.scope import Scope

ERASED = "[erased]"
Whose = Callable[[Scope], Q]


@dataclass(frozen=True)
class Holding:
    """``blank``: what stands in which field afterwards; without it the rows go. ``change`` works out more for one row.
    ``still``: which rows hold anything yet, if ``blank`` alone does not tell. ``files``: fields that name bytes.
    ``beside``: what else must forget these rows, before they change. ``shown``: the fields that are handed over; none
    where another row tells the same."""

    name: str
    says: Any
    model: type[Model]
    whose: Whose
    blank: Mapping[str, Any] | None = None
    change: Callable[[Any], Mapping[str, Any]] | None = None
    still: Q | None = None
    files: tuple[str, ...] = ()
    beside: Callable[[list[Any]], object] | None = None
    shown: tuple[str, ...] = field(default=())

    def all(self, scope: Scope) -> QuerySet[Any]:
        """Every row of theirs."""
        return self.model._default_manager.filter(self.whose(scope)).order_by("pk")

    def left(self, scope: Scope) -> QuerySet[Any]:
        """Those that still hold something."""
        if self.blank is None:
            return self.all(scope)
        still = self.still
        if still is None:
            still = Q()
            for name, value in self.blank.items():
                still |= Q(**{f"{name}__isnull": False}) if value is None else ~Q(**{name: value})
        return self.all(scope).filter(still)

    def erase(self, scope: Scope, *, most: int) -> int:
        """Make some of them nobody's; how many. Bytes go first: killed in between, the rows are found again."""
        rows = list(self.left(scope)[:most])
        for name in self.files:
            files.forget_keys(*(getattr(row, name) for row in rows))
        if self.beside and rows:
            self.beside(rows)
        these = self.model._default_manager.filter(pk__in=[row.pk for row in rows])
        if self.blank is None:
            these.delete()
        elif self.change is None:
            these.update(**self.blank)
        else:
            for row in rows:
                these.filter(pk=row.pk).update(**{**self.blank, **self.change(row)})
        return len(rows)


def on_reports(path: str = "report") -> Whose:
    """Of their reports."""
    return lambda scope: Q(**{f"{path}__in": scope.reports})


def of_contact(path: str = "contact") -> Whose:
    return lambda scope: Q(**{f"{path}__in": scope.contacts})


def with_address(path: str) -> Whose:
    """To or from an address of theirs."""
    return lambda scope: Q(**{f"{path}__in": scope.emails})


def either(*ways: Whose) -> Whose:
    def whose(scope: Scope) -> Q:
        found = Q()
        for way in ways:
            found |= way(scope)
        return found

    return whose


def both(first: Whose, **more: Any) -> Whose:
    """``first``, and these values."""
    return lambda scope: first(scope) & Q(**more)
